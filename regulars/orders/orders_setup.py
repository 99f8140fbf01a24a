"""What orders add to the lower floors: called once, when the app is ready."""

from django.utils.translation import gettext_lazy as _

from regulars.timeline import kinds


def register() -> None:
    """Make orders known to navigation, timeline, Brief, search, exports and the page of a contact."""
    kinds.register(kinds.EntryKind("order", _("Order"), "shopping-bag", by_hand=False))
