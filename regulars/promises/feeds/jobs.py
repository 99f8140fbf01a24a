"""What happens by itself to calendar files."""

from regulars.lib.schedule import every
from regulars.promises.models.feed import CalendarFile


@every(hours=6)
def forget_calendar_files() -> None:
    """Delete files that nobody said yes to."""
    CalendarFile.forget_old()
