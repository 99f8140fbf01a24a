"""What thanks do by themselves: occasions are found."""

from regulars.lib.schedule import every
from regulars.promises.thanks.occasions import search_all


@every(minutes=10)
def find_occasions() -> None:
    """Let every rule that is switched on look at what happened since it last did."""
    search_all()
