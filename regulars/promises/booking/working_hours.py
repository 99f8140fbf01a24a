"""When colleagues work: their week, their days off, and the hours as people write them ("9–12:30, 13:30–17")."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from regulars.access.models import Organisation, User
from regulars.promises.booking.free_times import DAY, Week
from regulars.promises.models import DayOff, WorkingHours
from regulars.promises.times.wall_time import zone_named

USUAL: Week = [[[540, 1020]]] * 5 + [[], []]  # nine to five from Monday to Friday, until somebody says otherwise
RANGES_A_DAY = 6

_TIME = r"(\d{1,2})(?:[:.h](\d{2})?)?\s*(am|pm|uhr)?"
_RANGE = re.compile(rf"{_TIME}\s*(?:-|–|—|to|bis|until)\s*{_TIME}")


def weeks_of(users: Iterable[User]) -> dict[int, Week]:
    """Return the working week of each of `users`, the usual one for those who set none. One query."""
    ids = [user.pk for user in users]
    set_ones = dict(WorkingHours.objects.filter(user__in=ids).values_list("user_id", "weekly"))
    return {pk: set_ones.get(pk) or USUAL for pk in ids}


def set_week(user: User, week: Week) -> None:
    """Keep `week` as the hours of `user`."""
    WorkingHours.objects.update_or_create(user=user, defaults={"weekly": week})


def zone_of(user: User, organisation: Organisation | None) -> ZoneInfo:
    """The zone in which the hours of `user` are meant: their own, else the business's."""
    return zone_named(user.time_zone or (organisation.time_zone if organisation else "UTC"))


def days_off(users: Collection[int], first: date, last: date) -> dict[int, set[date]]:
    """Return which days from `first` to `last` each of `users` has off, holidays of the business too. One query."""
    rows = DayOff.objects.filter(Q(user__in=users) | Q(user=None), removed_at=None)
    rows = rows.filter(last_day__gte=first, first_day__lte=last)
    found: dict[int, set[date]] = {pk: set() for pk in users}
    for row in rows:
        begin, end = max(row.first_day, first), min(row.last_day, last)
        days = {begin + timedelta(days=n) for n in range((end - begin).days + 1)}
        for pk in found if row.user_id is None else [row.user_id]:
            found[pk] |= days
    return found


# Hours as people write them.


def read_hours(text: str) -> list[list[int]]:
    """Return `[[540, 750], [810, 1020]]` for "9–12:30, 13:30–17"; [] for nothing.

    Raises ValueError with a sentence for the person who typed it.
    """
    found = [_read_range(part) for part in re.split(r"[,;]|\band\b|\bund\b", text.lower()) if part.strip()]
    if len(found) > RANGES_A_DAY:
        raise ValueError(_("That is more than a day can hold. Six stretches are the most."))
    found.sort()
    for (_a, end), (start, _b) in pairwise(found):
        if start < end:
            raise ValueError(_("Two of these overlap."))
    return found


def _read_range(part: str) -> list[int]:
    match = _RANGE.fullmatch(part.strip())
    if not match:
        raise ValueError(_("Write hours like this: 9–12:30, 13:30–17"))
    start_half, end_half = match[3], match[6]
    start = _minutes(match[1], match[2], start_half or (end_half if end_half == "am" else None))
    end = _minutes(match[4], match[5], end_half)
    if end == 0:
        end = DAY
    if start >= end:
        raise ValueError(_("The end comes after the beginning, on the same day."))
    return [start, end]


def _minutes(hours: str, minutes: str | None, half: str | None) -> int:
    found = 60 * int(hours) + int(minutes or 0)
    if half in ("am", "pm"):
        if not 1 <= int(hours) <= 12:
            raise ValueError(_("There is no such time."))
        found = found % (12 * 60) + (12 * 60 if half == "pm" else 0)
    if found > DAY or int(minutes or 0) > 59:
        raise ValueError(_("There is no such time."))
    if found % 5:
        raise ValueError(_("Use steps of five minutes."))
    return found


def hours_in_words(ranges: Sequence[Sequence[int]]) -> str:
    """Return "9:00–12:30, 13:30–17:00" as `read_hours` reads it."""
    return ", ".join(f"{a // 60}:{a % 60:02}–{b // 60}:{b % 60:02}" for a, b in ranges)
