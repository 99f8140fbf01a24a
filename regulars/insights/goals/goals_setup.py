"""What goals add to the floors below: a module, a place, commands."""

from django.utils.translation import gettext_lazy as _

from regulars.lib import modules, navigation, palette

MODULE, ICON = "goals", "target"


def register() -> None:
    """Make goals known; called in `apps.ready()`."""
    modules.register(
        modules.Module(
            MODULE,
            _("Goals"),
            _("What you want to reach, by when, where you are, and what would reach it."),
            ICON,
            order=62,
        )
    )
    navigation.register(navigation.NavItem(_("Goals"), "goals", ICON, order=49, module=MODULE))
    for command in (
        palette.Command("goals", _("Goals"), ICON, "goals", module=MODULE, order=32, also=_("target objective aim")),
        palette.Command("goal-add", _("Set a goal"), ICON, "goal-add", permission="insights", module=MODULE, order=33),
    ):
        palette.register(command)
