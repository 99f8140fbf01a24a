"""What referrals add to the registries; called once in `apps.ready()`."""

from django.utils.translation import gettext_lazy as _

from regulars.timeline import kinds


def register() -> None:
    """Make the kind of entry known."""
    kinds.register(
        kinds.EntryKind("referral", _("Referral"), "waypoints", by_hand=False, template="contacts/referral_entry.html")
    )
