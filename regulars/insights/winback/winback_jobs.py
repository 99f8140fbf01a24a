"""Every night everybody's warnings are counted anew, and what attempts came to."""

from regulars.access.models import Organisation
from regulars.insights.churn.keeping import look_tonight
from regulars.lib.schedule import every


@every(hours=24)
def count_warnings() -> None:
    """Queue the count, where somebody wants to know."""
    organisation = Organisation.current()
    if organisation is not None and organisation.has_module("winback"):
        look_tonight.enqueue()
