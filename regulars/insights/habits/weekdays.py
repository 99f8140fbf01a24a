"""The weekday on which one customer comes: "comes on Saturdays, 9 of 11 visits".

An exact binomial test asks whether so many of their days of purchase fall on one weekday, when everybody's share of
that weekday is what chance would give: a shop that is full on Saturdays has no Saturday habits. Days of the last twelve
months count; every customer with eight of them is tried with seven weekdays, and all tests of a batch are held to 5 %
false findings (Benjamini and Hochberg). At least half of the visits have to be on that day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from regulars.insights.habits.testing import adjusted, at_least

FEWEST, HALF, FALSE, WEEK, YEAR = 8, 0.5, 0.05, 7, 365


@dataclass(frozen=True)
class Weekday:
    """Somebody came on `weekday` (0 is Monday) on `count` of `total` days; chance would give `expected`."""

    who: int
    weekday: int
    count: int
    total: int
    expected: float
    q: float = 1.0


def weekday_of(day: int) -> int:
    """Return the weekday of a day number, 0 for Monday."""
    return (day - 1) % WEEK


def shares_of(counts: Sequence[float]) -> list[float]:
    """Return the share of each weekday of everybody's visits; a seventh each where there are none."""
    whole = sum(counts)
    return [count / whole for count in counts] if whole else [1 / WEEK] * WEEK


def weekdays_of(visits: Mapping[int, Sequence[int]], share: Sequence[float], today: int) -> list[Weekday]:
    """Return who comes on a weekday of their own. `visits` are days of purchase by customer, `share` everybody's."""
    tried, chances = [], []
    for who, days in visits.items():
        recent = [day for day in days if day > today - YEAR]
        if len(recent) < FEWEST:
            continue
        one = _best(who, recent, share)
        tried.append(one)
        enough = one.count >= HALF * one.total
        chances.append(at_least(one.count, one.total, share[one.weekday]) if enough else 1.0)
    # The six other weekdays of each were looked at, too.
    q = adjusted([*chances, *[1.0] * (len(chances) * (WEEK - 1))])
    return [
        Weekday(one.who, one.weekday, one.count, one.total, one.expected, value)
        for one, value in zip(tried, q, strict=False)
        if value < FALSE and one.count >= HALF * one.total
    ]


def _best(who: int, days: Sequence[int], share: Sequence[float]) -> Weekday:
    """The weekday that stands out most."""
    counts = [0] * WEEK
    for day in days:
        counts[weekday_of(day)] += 1
    best = max(range(WEEK), key=lambda at: counts[at] - share[at] * len(days))
    return Weekday(who, best, counts[best], len(days), share[best] * len(days))
