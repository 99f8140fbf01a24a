"""What contacts do by themselves: the bin empties."""

from regulars.contacts.actions.binning import empty_bins
from regulars.lib.schedule import every


@every(hours=1)
def empty_bin() -> None:
    """Delete for good what has been in the bin for 30 days."""
    empty_bins()
