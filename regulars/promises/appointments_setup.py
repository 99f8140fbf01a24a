"""What appointments add to the floors below: a module, a place, panels, commands, a kind of entry."""

from django.utils.translation import gettext_lazy as _

from regulars.timeline import kinds


def register() -> None:
    """Make it known; called in `apps.ready()`."""
    kinds.register(kinds.EntryKind("no_show", _("No-show"), "user-round-x", by_hand=False))
