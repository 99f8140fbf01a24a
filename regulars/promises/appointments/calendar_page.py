"""What a calendar shows: whose, which days, and where each appointment stands in the grid."""

from calendar import Calendar
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from math import lcm
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from regulars.access.models import Organisation, Team, User
from regulars.lib.prepared import prepared
from regulars.lib.text import number_in
from regulars.promises.appointments.calendar import Slot, occurrences, occurrences_at, slots
from regulars.promises.appointments.calendar_chips import draw_chips, draw_number
from regulars.promises.appointments.occurrence import Occurrence
from regulars.promises.times.wall_time import from_wall, to_wall

VIEWS = ("day", "week", "month")
QUARTERS = 4  # rows of an hour
MOST_LANES = 12
SHOWN_OF_DAY = 4  # in a month
SUNDAY_FIRST = frozenset("US CA MX BR JP KR TW IN IL PH AR CO PE VE ZA TH HK SA".split())  # noqa: SIM905
USUAL_DAY = (7, 20)
FIRST_YEAR, LAST_YEAR = 1971, 2380


@dataclass
class Block:
    """One appointment in one day of a grid.

    `row` and `rows` are quarters of an hour from the top of the grid, `lane` and `lanes` the columns it takes of those
    that its day has. All count from 1.
    """

    occurrence: Occurrence
    start: datetime  # by the wall
    end: datetime
    day: date
    row: int = 1
    rows: int = 1
    lane: int = 1
    lanes: int = 1
    colleagues: list[User] = field(default_factory=list)

    @property
    def begins_here(self) -> bool:
        """Whether it begins on this day and can be dragged by this block."""
        return self.start.date() == self.day

    @property
    def ends_here(self) -> bool:
        """Whether it ends on this day."""
        return (self.end - timedelta(seconds=1)).date() == self.day

    @property
    def movable(self) -> bool:
        """Whether it can be moved from here."""
        one = self.occurrence
        return self.begins_here and one.is_planned and not one.is_hidden

    @property
    def clock(self) -> str:
        """ "10:00–11:30"."""
        return f"{self.start:%H:%M}–{self.end:%H:%M}"

    @property
    def begins(self) -> str:
        """ "10:00"."""
        return f"{self.start:%H:%M}"

    @property
    def iso(self) -> str:
        """Its start by the wall, as forms send it."""
        return f"{self.start:%Y-%m-%dT%H:%M}"

    @property
    def tone(self) -> str:
        """How it looks: planned, held, no_show, cancelled, or busy."""
        return "busy" if self.occurrence.is_hidden else self.occurrence.status

    @property
    def with_whom(self) -> str:
        """The names that its title does not say already."""
        title = self.occurrence.title
        return ", ".join(name for name in self.occurrence.names if name not in title)


@dataclass
class Day:
    """One day with what stands on it."""

    date: date
    blocks: list[Block] = field(default_factory=list)
    columns: int = 1
    is_outside: bool = False  # of the month that is shown
    slots: list[Slot] = field(default_factory=list)
    more: int = 0  # a month has no room for
    number: str = ""  # drawn, in a month
    chips: str = ""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.blocks) + self.more

    @property
    def iso(self) -> str:
        """The day as addresses have it."""
        return self.date.isoformat()

    @property
    def is_today(self) -> bool:
        """Whether it is today."""
        return self.date == timezone.localdate()


@prepared
def _colleagues() -> QuerySet[User]:
    return User.objects.active()


@prepared
def _teams() -> QuerySet[Team]:
    return Team.objects.all()


@prepared
def _members(team: int) -> QuerySet[User, int]:
    return User.objects.active().filter(teams=team).values_list("pk", flat=True)


class CalendarPage:
    """A calendar as one colleague asked for it: `view`, `on` (a day in it), `who` ("", "all", "team-3", "7")."""

    def __init__(self, user: User, organisation: Organisation, asked: "dict[str, str]") -> None:
        self.user, self.organisation = user, organisation
        self.view = asked.get("view", "") if asked.get("view") in VIEWS else "week"
        self.on = _day(asked.get("on", ""))
        self.zone = timezone.get_current_timezone()
        self.colleagues = _colleagues()
        self.teams = _teams()
        self.who = asked.get("who", "")
        self.shown = self._whose()

    def _whose(self) -> list[User]:
        if self.who == "all":
            return self.colleagues
        kind, _dash, key = self.who.rpartition("-")
        if kind == "team":
            team = number_in(key)
            members = set() if team is None else set(_members(team))
            return [one for one in self.colleagues if one.pk in members]
        found = [one for one in self.colleagues if str(one.pk) == self.who and one != self.user]
        if not found:
            self.who = ""
        return found or [self.user]

    @property
    def is_shared(self) -> bool:
        """Whether it shows more than one colleague, so that each appointment says whose it is."""
        return len(self.shown) > 1

    @property
    def whose(self) -> str:
        """Whose calendar it is, in words."""
        if self.who == "all":
            return _("Everybody")
        if self.who.startswith("team-"):
            return next((team.name for team in self.teams if self.who == f"team-{team.pk}"), "")
        return _("My calendar") if self.shown == [self.user] else str(self.shown[0]) if self.shown else ""

    def address(self, **changes: str) -> str:
        """The address of this calendar with something changed."""
        asked = {"view": self.view, "on": self.on.isoformat(), "who": self.who, **changes}
        return f"{reverse('calendar')}?{urlencode({key: value for key, value in asked.items() if value})}"

    @cached_property
    def day_address(self) -> str:
        """The address of the view of one day, without the day."""
        who = f"&who={self.who}" if self.who else ""
        return f"{reverse('calendar')}?view=day{who}&on="

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """Whose calendar can be shown: words, address, whether it is."""
        known = [("", _("My calendar")), ("all", _("Everybody"))]
        known += [(f"team-{team.pk}", team.name) for team in self.teams]
        known += [(str(one.pk), str(one)) for one in self.colleagues if one != self.user]
        return [(words, self.address(who=key), key == self.who) for key, words in known]

    @property
    def views(self) -> list[tuple[str, str, str, bool]]:
        """Day, week, month: name, words, address, whether it is shown."""
        words = {"day": _("Day"), "week": _("Week"), "month": _("Month")}
        return [(name, words[name], self.address(view=name), name == self.view) for name in VIEWS]

    @cached_property
    def dates(self) -> list[date]:
        """The days that are shown."""
        if self.view == "day":
            return [self.on]
        if self.view == "week":
            first = self.on - timedelta(days=(self.on.weekday() - self._first_weekday) % 7)
            return [first + timedelta(days=number) for number in range(7)]
        return list(Calendar(self._first_weekday).itermonthdates(self.on.year, self.on.month))

    @property
    def _first_weekday(self) -> int:
        return 6 if self.organisation.country in SUNDAY_FIRST else 0

    @property
    def title(self) -> str:
        """The days that are shown, in words."""
        if self.view == "day":
            return date_format(self.on, _("l j F Y"))
        if self.view == "month":
            return date_format(self.on, "F Y")
        first, last = self.dates[0], self.dates[-1]
        same = _("j") if first.month == last.month else _("j M")
        return f"{date_format(first, same)} – {date_format(last, _('j M Y'))}"

    @property
    def before(self) -> str:
        """The address of the days before."""
        return self.address(on=self._turn(-1).isoformat())

    @property
    def after(self) -> str:
        """The address of the days after."""
        return self.address(on=self._turn(1).isoformat())

    def _turn(self, step: int) -> date:
        if self.view == "month":
            edge = self.on.replace(day=1) + timedelta(days=-1 if step < 0 else 31)
            return edge.replace(day=1)
        return self.on + timedelta(days=step * (7 if self.view == "week" else 1))

    @cached_property
    def days(self) -> list[Day]:
        """The days with what stands on each."""
        may_move, today = self.user.can("log"), timezone.localdate()
        for shown in self._placed:
            if self.view != "month":
                arrange(shown, self.hours[0], len(self.hours) * QUARTERS)
                continue
            shown.number = draw_number(shown, self.day_address, is_today=shown.date == today)
            shown.chips = draw_chips(shown, may_move=may_move, is_shared=self.is_shared)
        return self._placed

    @cached_property
    def _placed(self) -> list[Day]:
        start = from_wall(datetime.combine(self.dates[0], time()), self.zone)
        end = from_wall(datetime.combine(self.dates[-1] + timedelta(days=1), time()), self.zone)
        ids = [one.pk for one in self.shown]
        days = {day: Day(day, is_outside=self._is_outside(day)) for day in self.dates}
        if self.view == "month":
            self._place_first(days, slots(ids, start, end))
        else:
            for one in occurrences(ids, start, end, self.user):
                self._place(days, one, one)
        return list(days.values())

    def _is_outside(self, day: date) -> bool:
        return self.view == "month" and day.month != self.on.month

    def _place_first(self, days: dict[date, Day], found: list[Slot]) -> None:
        """Put as many on each day of a month as it has room for; only of those we need to know what they are."""
        for slot in found:
            for day in self._days_of(slot, days):
                days[day].slots.append(slot)
        for shown in days.values():
            room = SHOWN_OF_DAY if len(shown.slots) <= SHOWN_OF_DAY else SHOWN_OF_DAY - 1
            shown.more, shown.slots = max(0, len(shown.slots) - room), shown.slots[:room]
        known = occurrences_at({slot for shown in days.values() for slot in shown.slots}, self.user)
        for shown in days.values():
            for slot in shown.slots:
                if slot in known:
                    self._place({shown.date: shown}, slot, known[slot])

    def _days_of(self, slot: Slot | Occurrence, days: dict[date, Day]) -> list[date]:
        """The days that it touches, of those that are shown."""
        first = to_wall(slot.start, self.zone).date()
        last = (to_wall(slot.end, self.zone) - timedelta(seconds=1)).date()
        count = max(1, (last - first).days + 1)
        touched = (first + timedelta(days=number) for number in range(count))
        return [day for day in touched if day in days]

    def _place(self, days: dict[date, Day], slot: Slot | Occurrence, one: Occurrence) -> None:
        """Put an appointment on each day that it touches."""
        start, end = to_wall(one.start, self.zone), to_wall(one.end, self.zone)
        end = end if end > start else start + (one.end - one.start)  # the hour that comes twice
        team = [self._names[pk] for pk in one.user_ids if pk in self._names]
        for day in self._days_of(slot, days):
            days[day].blocks.append(Block(one, start, end, day, colleagues=team))

    @cached_property
    def _names(self) -> dict[int, User]:
        return {one.pk: one for one in self.colleagues}

    @cached_property
    def hours(self) -> list[int]:
        """The hours of the grid: those of a usual day, more when something begins or ends outside of it."""
        blocks = [block for day in self._placed for block in day.blocks]
        first = min([USUAL_DAY[0], *(block.start.hour for block in blocks if block.begins_here)])
        ends = [block.end.hour + bool(block.end.minute) or 24 for block in blocks if block.ends_here]
        return list(range(first, max([USUAL_DAY[1], *ends])))

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands on it."""
        return not any(day.blocks for day in self._placed)

    @property
    def usual_start(self) -> str:
        """When a new appointment begins unless something else is said: soon, or on the first day that is shown."""
        soon = next_start()
        if soon.date() in self.dates:
            return f"{soon:%Y-%m-%dT%H:%M}"
        first = self.on if self.view == "month" else self.dates[0]
        return f"{first.isoformat()}T09:00"

    @property
    def weeks(self) -> list[list[Day]]:
        """The days of a month by week."""
        return [self.days[at : at + 7] for at in range(0, len(self.days), 7)]

    @property
    def now_row(self) -> int:
        """Where the current time stands in the grid, 0 when outside of it."""
        now = timezone.localtime()
        row = (now.hour - self.hours[0]) * QUARTERS + now.minute // 15 + 1
        return row if 1 <= row <= len(self.hours) * QUARTERS else 0


def next_start() -> datetime:
    """When a new appointment may begin: the next full hour of a usual day, by the wall of the current zone."""
    soon = timezone.localtime().replace(minute=0, second=0, microsecond=0, tzinfo=None) + timedelta(hours=1)
    if soon.hour < USUAL_DAY[0]:
        return soon.replace(hour=9)
    return soon if soon.hour < USUAL_DAY[1] else (soon + timedelta(days=1)).replace(hour=9)


def arrange(day: Day, first_hour: int, height: int) -> None:
    """Give each block its rows (of `height`), and lanes beside those that overlap it."""
    top = datetime.combine(day.date, time(first_hour))
    for block in day.blocks:
        begin = int((block.start - top).total_seconds() // 900) if block.begins_here else 0
        end = -int((top - block.end).total_seconds() // 900) if block.ends_here else height
        block.row = max(1, min(begin + 1, height - 1))
        block.rows = max(2, min(end, height) + 1 - block.row)
    groups = _overlapping(day.blocks)
    taken = [_fill_lanes(group) for group in groups]
    day.columns = min(MOST_LANES, lcm(*taken)) if taken else 1
    for group, lanes in zip(groups, taken, strict=True):
        width = max(1, day.columns // lanes)
        for block in group:
            block.lane, block.lanes = min((block.lane - 1) * width + 1, day.columns - width + 1), width


def _overlapping(blocks: list[Block]) -> list[list[Block]]:
    """Groups of blocks that overlap each other, directly or by way of others."""
    groups: list[list[Block]] = []
    last = 0
    for block in sorted(blocks, key=lambda block: (block.row, -block.rows)):
        if not groups or block.row >= last:
            groups.append([])
        groups[-1].append(block)
        last = max(last, block.row + block.rows)
    return groups


def _fill_lanes(group: list[Block]) -> int:
    """Give each block of a group the first lane that is free; returns how many lanes that takes."""
    ends: list[int] = []
    for block in group:
        free = next((lane for lane, end in enumerate(ends) if end <= block.row), len(ends))
        ends[free : free + 1] = [block.row + block.rows]
        block.lane = free + 1
    return len(ends)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else timezone.localdate()
