"""The app's registration with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """`regulars.desk`: see its package docstring."""

    name = "regulars.desk"
    label = "desk"

    def ready(self) -> None:
        """Make the places, modules and operations of the desk known."""
        from regulars.desk import palette_commands
        from regulars.desk.handover import register_hand_over
        from regulars.desk.sample import register_sample
        from regulars.desk.today import setup as today_setup
        from regulars.lib import counts, modules, navigation

        palette_commands.register()
        register_sample()
        register_hand_over()
        today_setup.register()
        due = counts.at("today")
        navigation.register(navigation.NavItem(_("Today"), "today", "sun", order=10, key="t", phone="bar", count=due))
        for item in (
            navigation.NavItem(_("Business"), "business", "store", order=20, where="settings", permission="settings"),
            navigation.NavItem(
                _("Modules"), "modules", "toggle-right", order=22, where="settings", permission="settings"
            ),
        ):
            navigation.register(item)
        modules.register(
            modules.Module(
                "dates",
                _("Birthdays and dates"),
                _("Today shows birthdays, anniversaries and renewals of the next two weeks."),
                "cake",
                order=20,
            )
        )
        modules.register(
            modules.Module(
                "rhythm",
                _("Gone quiet"),
                _("Today shows who has been silent for much longer than is usual for them."),
                "activity",
                order=30,
                off_for=("law",),
            )
        )
