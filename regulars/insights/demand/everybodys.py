"""The habits of each customer of a batch, as rows of Habit: what they buy again, in which season, when they come, what
people like them take next. Each sort by its own test (`insights/habits`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from regulars.insights.demand import reading
from regulars.insights.demand.reading import Part
from regulars.insights.habits.own_seasons import INSIDE, OwnSeason, own_seasons_of
from regulars.insights.habits.repeats import DUE, GONE, Repeat, repeats_of
from regulars.insights.habits.seasons import SEASONS
from regulars.insights.habits.weekdays import shares_of, weekdays_of
from regulars.insights.tables import DemandRun, Habit, Tally
from regulars.orders.models import Product

if TYPE_CHECKING:
    from numpy.typing import NDArray

ACTIVE = 400  # days of silence after which nobody has habits any more
AHEAD = 28  # days before a season in which a word is in time
NEXT_WITHIN = 56
Row = dict[str, Any]
Pairs = dict[tuple[int, int], list[int]]


@dataclass(frozen=True)
class Past:
    """Who bought which product on which days, and came on which days; customers and products by id, days sorted."""

    days: Pairs
    visits: dict[int, list[int]]


def habits_of(run: DemandRun, read: Part, products: "NDArray[Any]") -> list[Row]:
    """Return what was found of the customers of one batch. Reads only."""
    past, cut = _past(read, products, reading.cut_of(run.as_of)), reading.cut_of(run.as_of)
    return [{**row, "found_on": run.as_of} for row in _rows(run, past, cut)]


def _rows(run: DemandRun, past: Past, cut: int) -> Iterator[Row]:
    counts = {who: len(days) for who, days in past.visits.items()}
    yield from (_repeat(one) for one in repeats_of(past.days, counts, cut))
    seasons = {
        int(row.label): row.detail["at"]
        for row in Tally.objects.filter(subject=SEASONS)
        if row.count >= INSIDE * row.total
    }
    for season in own_seasons_of(past.days, past.visits, seasons):
        yield _season(season, run.as_of)
    everybody = shares_of(run.basket.get("weekdays", []))
    for one in weekdays_of(past.visits, everybody, cut):
        yield {
            "contact_id": one.who, "kind": Habit.Kind.WEEKDAY, "at": one.weekday, "count": one.count,
            "total": one.total, "expected": one.expected, "q": one.q,
        }  # fmt: skip
    yield from _next(run, past, cut)


def _past(read: Part, products: "NDArray[Any]", cut: int) -> Past:
    """Group by customer and product: of those who bought lately, and of products that are still offered."""
    import numpy as np

    sales, ids = read.sales, read.ids
    last = np.zeros(sales.customers, dtype=np.int64)
    np.maximum.at(last, sales.visitor, sales.visited)
    active = last > cut - ACTIVE
    seen = active[sales.visitor]
    visits = _grouped(ids[sales.visitor[seen]], sales.visited[seen])
    gone = list(Product.objects.filter(is_active=False).values_list("pk", flat=True))
    chosen = (sales.who >= 0) & ~np.isin(products[sales.product], gone) if sales.products else sales.who >= 0
    chosen &= active[np.maximum(sales.who, 0)]
    size = max(sales.products, 1)
    pairs = _grouped(ids[sales.who[chosen]] * size + sales.product[chosen], sales.day[chosen])
    days = {(key // size, int(products[key % size])): found for key, found in pairs.items()}
    return Past(days, visits)


def _grouped(keys: "NDArray[Any]", days: "NDArray[Any]") -> dict[int, list[int]]:
    """Different days by key, sorted."""
    import numpy as np

    if not len(keys):
        return {}
    pairs = np.unique(np.stack([keys, days], axis=1), axis=0)
    known, starts = np.unique(pairs[:, 0], return_index=True)
    parts = np.split(pairs[:, 1], starts[1:])
    return {int(key): part.tolist() for key, part in zip(known, parts, strict=True)}


def _repeat(one: Repeat) -> Row:
    last = date.fromordinal(one.last)
    return {
        "contact_id": one.who, "kind": Habit.Kind.REPEAT, "product_id": one.product, "count": one.count,
        "gap": one.gap, "last_on": last, "due_on": last + timedelta(days=round(DUE * one.gap)),
        "until": last + timedelta(days=round(GONE * one.gap)), "q": one.q,
    }  # fmt: skip


def _season(one: OwnSeason, today: date) -> Row:
    start, end = next_season(one.at, one.length, today, date.fromordinal(one.last))
    return {
        "contact_id": one.who, "kind": Habit.Kind.SEASON, "product_id": one.product, "at": one.at,
        "length": one.length, "count": one.count, "total": one.total, "years": one.years,
        "last_on": date.fromordinal(one.last), "due_on": start - timedelta(days=AHEAD), "until": end, "q": one.q,
    }  # fmt: skip


def next_season(at: int, length: int, today: date, last: date) -> tuple[date, date]:
    """Return the first and last day of the season that is next: the running one, unless they bought in it already."""
    year = today.year - 1
    while True:
        start = date(year, at, 1)
        months = at - 1 + length
        end = date(year + months // 12, months % 12 + 1, 1) - timedelta(days=1)
        if end >= today and not start <= last <= end:
            return start, end
        year += 1


def _next(run: DemandRun, past: Past, cut: int) -> Iterator[Row]:
    """What people who took the same take next: for who took it first within eight weeks."""
    after: dict[int, list[Row]] = {}
    for one in run.basket.get("follows", []):
        after.setdefault(one["first"], []).append(one)
    best: dict[int, Row] = {}
    for (who, product), days in past.days.items():
        if days[0] <= cut - NEXT_WITHIN:
            continue
        for one in after.get(product, ()):
            if (who, one["then"]) not in past.days and _share(one) > _share(best.get(who)):
                best[who] = one
    for who, one in best.items():
        yield {
            "contact_id": who, "kind": Habit.Kind.NEXT, "product_id": one["then"], "because_id": one["first"],
            "count": one["count"], "total": one["total"], "expected": one["expected"], "q": one["q"],
            "last_on": date.fromordinal(_newest(past.days[who, one["first"]])),
        }  # fmt: skip


def _share(one: Row | None) -> float:
    return one["count"] / one["total"] if one else 0.0


def _newest(days: Sequence[int]) -> int:
    return days[-1]
