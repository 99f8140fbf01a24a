"""A month of free times as a visitor sees it: weeks of days, and the times of the day that is looked at."""

from calendar import Calendar as Months
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR

from regulars.access.models import Organisation, User
from regulars.promises.booking.free_times import Span, wall_moment
from regulars.promises.booking.page_times import Free, bounds, free_times
from regulars.promises.booking.words import time_in_words
from regulars.promises.models import Appointment, BookingPage
from regulars.promises.times.due import business_zone

STAMP = "%Y%m%dT%H%MZ"
# Countries whose calendars begin with Sunday.
SUNDAY_FIRST = {"US", "CA", "MX", "BR", "CO", "PE", "VE", "JP", "KR", "TW", "HK", "PH", "IL", "SA", "ZA", "IN"}


@dataclass(frozen=True)
class Day:
    """One square of the month: how many times are free, and the address that shows them."""

    date: date
    count: int
    url: str
    is_chosen: bool
    is_in_month: bool


@dataclass(frozen=True)
class Slot:
    """One free time: what is shown and what is sent."""

    start: datetime
    label: str
    stamp: str


@dataclass
class Month:
    """What a visitor chooses from. `zone` is the one it is shown in; everything is empty when nothing is free."""

    zone: ZoneInfo
    first: date
    weeks: list[list[Day]] = field(default_factory=list)
    weekdays: list[tuple[str, str]] = field(default_factory=list)
    chosen: date | None = None
    slots: list[Slot] = field(default_factory=list)
    previous_url: str = ""
    next_url: str = ""


def read_stamp(text: str) -> datetime | None:
    """Return the moment behind "20261124T1000Z", or None."""
    try:
        return datetime.strptime(text, STAMP).replace(tzinfo=timezone.get_fixed_timezone(0))
    except ValueError:
        return None


def slot(start: datetime) -> Slot:
    """Return a free time as it is shown in the current zone."""
    return Slot(start, time_in_words(start), f"{start:{STAMP}}")


@dataclass(frozen=True)
class Asked:
    """What a visitor looks at: a day or a month, and what stays in every address ("zone", "from")."""

    day: str = ""
    month: str = ""
    kept: dict[str, str] = field(default_factory=dict)

    def url(self, **more: str) -> str:
        """Return the query of another day or month."""
        return "?" + urlencode({key: value for key, value in {**self.kept, **more}.items() if value})


def month_of(
    page: BookingPage, hosts: Sequence[User], asked: Asked, zone: ZoneInfo, *, besides: Appointment | None = None
) -> Month:
    """Return the month that was asked for, or the first one with a free time; shown in `zone`.

    The day is the one that was asked for, else the first with a free time. Looks at as many months as it takes.
    """
    now = timezone.now()
    organisation = Organisation.current()
    may = bounds(page, business_zone(organisation), now)
    earliest, latest = (moment.astimezone(zone).date().replace(day=1) for moment in may)
    wanted = _read_day(asked.day) or _read_day(f"{asked.month}-01")
    first = min(max((wanted or earliest).replace(day=1), earliest), latest)
    free = free_times(page, _span(first, zone), hosts, now=now, besides=besides)
    while not free and not wanted and first < latest:
        first = _next(first)
        free = free_times(page, _span(first, zone), hosts, now=now, besides=besides)
    opens = 6 if organisation and organisation.country in SUNDAY_FIRST else 0
    return _drawn(asked, zone, first, free, (earliest, latest), opens)


def _drawn(asked: Asked, zone: ZoneInfo, first: date, free: Free, months: tuple[date, date], opens: int) -> Month:
    by_day: dict[date, list[datetime]] = {}
    for start in free:
        by_day.setdefault(start.astimezone(zone).date(), []).append(start)
    wanted = _read_day(asked.day)
    chosen = wanted if wanted in by_day else min(by_day, default=None)
    today = timezone.now().astimezone(zone).date()
    weeks = [
        [
            Day(
                day, len(by_day.get(day, ())) if day.month == first.month else 0, asked.url(day=day.isoformat()),
                day == chosen, day.month == first.month,
            )
            for day in week
        ]
        for week in Months(opens).monthdatescalendar(first.year, first.month)
        if week[-1] >= today
    ]  # fmt: skip
    order = [(opens + n) % 7 for n in range(7)]
    return Month(
        zone,
        first,
        weeks,
        [(str(WEEKDAYS_ABBR[n]), str(WEEKDAYS[n])) for n in order],
        chosen,
        [slot(start) for start in by_day.get(chosen, [])] if chosen else [],
        asked.url(month=f"{first - timedelta(days=1):%Y-%m}") if first > months[0] else "",
        asked.url(month=f"{_next(first):%Y-%m}") if first < months[1] else "",
    )


def nearest(free: Free, start: datetime, at_most: int = 6) -> list[Slot]:
    """Return the free times closest to `start`, in order."""
    close = sorted(free, key=lambda one: abs(one - start))[:at_most]
    return [slot(one) for one in sorted(close)]


def _span(first: date, zone: ZoneInfo) -> Span:
    return Span(wall_moment(first, 0, zone), wall_moment(_next(first), 0, zone))


def _next(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _read_day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2300 else None
