"""Products that are bought in one season: more often than everything else is in the same months, in several years.

A customer counts once a month for a product, so that one who buys daily does not make a season. For each product and
each three months an exact binomial test asks whether so many of its customers fall there, when the share of everything
sold in these months is what chance would give. All tests together are held to 5 % false findings (Benjamini and
Hochberg), and a season has to be seen in two years, by enough people, and be clearly above.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from regulars.insights.cubes.counting import shift
from regulars.insights.habits.testing import adjusted, at_least
from regulars.insights.tables import ProductMonth, Tally

YEAR, YEARS, SEASON = 12, 3, 3
FEWEST, CLEARLY, FALSE = 15, 1.5, 0.05
SEASONS = "seasons"
TWICE = 2
Sold = dict[int, dict[date, int]]  # product: month: customers


@dataclass(frozen=True)
class Season:
    """A product and the month in which its three months begin."""

    product: int
    at: int
    count: int
    total: int
    years: int
    expected: float
    chance: float


def in_season(month: int, at: int) -> bool:
    """Whether `month` (1 to 12) is one of the three that begin with `at`."""
    return (month - at) % YEAR < SEASON


def seasons_of(sold: Sold) -> list[tuple[Season, float]]:
    """Return the seasons that hold, each with its q-value, the strongest first; at most one for a product."""
    everything: dict[date, int] = defaultdict(int)
    for months in sold.values():
        for month, people in months.items():
            everything[month] += people
    tried = [
        one
        for product, months in sold.items()
        for at in range(1, YEAR + 1)
        if (one := _try(product, at, months, everything))
    ]
    best: dict[int, tuple[Season, float]] = {}
    for one, q in zip(tried, adjusted([one.chance for one in tried]), strict=True):
        holds = q < FALSE and one.years >= TWICE and one.count >= FEWEST and one.count >= CLEARLY * one.expected
        if holds and (one.product not in best or q < best[one.product][1]):
            best[one.product] = (one, q)
    return sorted(best.values(), key=lambda pair: pair[1])


def _try(product: int, at: int, months: dict[date, int], everything: dict[date, int]) -> Season | None:
    total, whole = sum(months.values()), sum(everything.values())
    if total < FEWEST or not whole:
        return None
    inside = [month for month in everything if in_season(month.month, at)]
    count, share = sum(months.get(month, 0) for month in inside), sum(everything[month] for month in inside) / whole
    above: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for month in inside:
        year = month.year - (month.month < at)  # December belongs to the winter that begins with it
        above[year][0] += months.get(month, 0)
        above[year][1] += everything[month] * total / whole
    years = sum(seen > CLEARLY * usual for seen, usual in above.values())
    return Season(product, at, count, total, years, share * total, at_least(count, total, share))


def seasons_subject(part: int) -> str:
    """The subject of the tallies of the slice `part`; those of all orders have `SEASONS`."""
    return f"{SEASONS}-{part}"


def tally_seasons(today: date, kept: "QuerySet[Any] | None" = None) -> list[Tally]:
    """Find the seasons of products in the last three whole years, the strongest first; of `kept` months of products
    (those of a choice of orders), else of all orders."""
    end = today.replace(day=1)
    months: QuerySet[Any] = ProductMonth.objects.all() if kept is None else kept
    rows = months.filter(month__gte=shift(end, -YEARS * YEAR), month__lt=end)
    sold: Sold = defaultdict(dict)
    for product, month, people in rows.values_list("product", "month", "customers"):
        sold[product][month] = people
    return [
        Tally(
            label=str(one.product), count=one.count, total=one.total,
            detail={"at": one.at, "years": one.years, "expected": round(one.expected, 1), "q": q},
        )
        for one, q in seasons_of(sold)
    ]  # fmt: skip
