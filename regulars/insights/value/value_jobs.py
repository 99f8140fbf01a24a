"""Every night tiers are counted anew, a little after the day has turned where the business is."""

from regulars.access.models import Organisation
from regulars.insights.tiers import recount_tonight
from regulars.lib.schedule import every


@every(hours=24)
def count_tiers() -> None:
    """Queue the count, where somebody wants to know."""
    organisation = Organisation.current()
    if organisation is not None and organisation.has_module("insights"):
        recount_tonight.enqueue()
