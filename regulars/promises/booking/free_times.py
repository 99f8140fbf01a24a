"""Which times are free: working hours without what is taken, in steps. Pure functions, no database.

Every moment that goes in or out is aware and in UTC; lengths are `timedelta`. Working hours are wall-clock times of a
zone, so that nine o'clock stays nine o'clock when the clocks change. A wall-clock time that does not exist on a day
(spring) counts as the moment the clock jumps; one that exists twice (autumn) as the first when something begins then
and as the second when it ends.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = 24 * 60  # minutes
TICK = timedelta(minutes=5)

Week = Sequence[Sequence[Sequence[int]]]  # seven days, Monday first, of [start, end] in minutes after midnight


class Span(NamedTuple):
    """From `start` up to, and not including, `end`."""

    start: datetime
    end: datetime


def wall_moment(day: date, minutes: int, zone: ZoneInfo, *, ends: bool = False) -> datetime:
    """Return the moment at which clocks in `zone` show `minutes` after midnight of `day`; 1440 is the next midnight."""
    wanted = datetime.combine(day, time()) + timedelta(minutes=minutes)
    early, late = sorted(wanted.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early == late:
        return early
    if early.astimezone(zone).replace(tzinfo=None, fold=0) == wanted:  # it exists twice
        return late if ends else early
    while early.astimezone(zone).replace(tzinfo=None, fold=0) < wanted:  # it doesn't exist: find the jump
        early += TICK
    return early


def day_spans(day: date, hours: Iterable[Sequence[int]], zone: ZoneInfo) -> list[Span]:
    """Return the working hours of one day as moments."""
    spans = [Span(wall_moment(day, a, zone), wall_moment(day, b, zone, ends=True)) for a, b in hours]
    return [span for span in spans if span.start < span.end]


def working_spans(week: Week, zone: ZoneInfo, first: date, last: date, days_off: Collection[date] = ()) -> list[Span]:
    """Return when somebody works from `first` to `last` (days in `zone`, both included), in order, day by day."""
    spans: list[Span] = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day not in days_off:
            spans += joined(day_spans(day, week[day.weekday()], zone))
    return spans


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return the same times as spans that neither touch nor overlap, in order."""
    found: list[Span] = []
    for span in sorted(spans):
        if span.start >= span.end:
            continue
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def free_starts(
    working: Sequence[Span],
    busy: Iterable[Span],
    *,
    length: timedelta,
    step: timedelta,
    before: timedelta = timedelta(),
    after: timedelta = timedelta(),
    earliest: datetime,
    latest: datetime,
) -> list[datetime]:
    """Return when an appointment of `length` may start, from `earliest` to `latest` (both included), in order.

    It lies inside `working` (also across spans that touch, such as two days at midnight), starts a whole number of
    `step` after one of its spans does, and keeps `before` and `after` clear of everything `busy`.
    Raises ValueError for a length or step of nothing.
    """
    if length <= timedelta() or step <= timedelta():
        raise ValueError("An appointment and its steps take time.")
    taken = joined(busy)
    begins = [span.start for span in taken]

    def is_clear(start: datetime) -> bool:
        at = bisect_right(begins, start - before)
        inside = at > 0 and taken[at - 1].end > start - before
        return not inside and (at == len(taken) or begins[at] >= start + length + after)

    whole = joined(working)
    offered = {start for span in working for start in _grid(span, step, earliest, latest)}
    return [start for start in sorted(offered) if is_clear(start) and _fits(Span(start, start + length), whole)]


def _grid(span: Span, step: timedelta, earliest: datetime, latest: datetime) -> Iterator[datetime]:
    start = span.start + max(-(-(earliest - span.start) // step), 0) * step
    while start < span.end and start <= latest:
        yield start
        start += step


def _fits(span: Span, whole: Sequence[Span]) -> bool:
    at = bisect_right(whole, span.start, key=lambda one: one.start) - 1
    return at >= 0 and span.end <= whole[at].end


def ticks(span: Span) -> list[datetime]:
    """Return the beginnings of all five minutes that `span` touches."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    at = epoch + (span.start - epoch) // TICK * TICK
    found = []
    while at < span.end:
        found.append(at)
        at += TICK
    return found
