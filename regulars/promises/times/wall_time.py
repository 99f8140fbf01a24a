"""Times as a clock on the wall shows them, and what becomes of them when the clocks change."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone
from django.utils.translation import gettext as _


def zone_named(name: str) -> ZoneInfo:
    """The time zone called `name`; UTC for one that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def from_wall(wall: datetime, zone: tzinfo) -> datetime:
    """Return the moment (UTC) at which a clock in `zone` shows `wall` (naive).

    A time that comes twice is the first one; a time that is skipped is as much later as the clocks are put forward.
    """
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def to_wall(moment: datetime, zone: tzinfo) -> datetime:
    """Return what a clock in `zone` shows at `moment`, naive."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def remark(wall: datetime, zone: tzinfo) -> str:
    """Return one sentence when `wall` (naive) does not exist in `zone` or exists twice, "" otherwise."""
    became = to_wall(from_wall(wall, zone), zone)
    if became != wall:
        words = _("The clocks go forward that night: %(time)s does not exist, so it is at %(became)s.")
        return words % {"time": f"{wall:%H:%M}", "became": f"{became:%H:%M}"}
    again = wall.replace(tzinfo=zone, fold=1)
    if again.utcoffset() != wall.replace(tzinfo=zone, fold=0).utcoffset():
        return _("The clocks go back that night: %(time)s comes twice, and the first one is meant.") % {
            "time": f"{wall:%H:%M}"
        }
    return ""


def own_zone_name() -> str:
    """The name of the zone this request is shown in."""
    return timezone.get_current_timezone_name()
