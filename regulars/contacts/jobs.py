"""What contacts do by themselves: the bin empties."""

from regulars.contacts.actions.binning import empty_bins
from regulars.contacts.actions.bringing import mend_totals
from regulars.lib.schedule import every


@every(hours=1)
def empty_bin() -> None:
    """Delete for good what has been in the bin for 30 days."""
    empty_bins()


@every(hours=24)
def mend_introducers() -> None:
    """Bring the kept totals of introducers in line with what is there: records may have gone for good."""
    mend_totals()
