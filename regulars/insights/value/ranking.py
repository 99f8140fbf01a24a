"""Ranks, tiers that are stable at their edge, and concentration. Pure functions over arrays.

Who comes in: whoever is among the top so many percent of those who bought in the window, at once. Who goes out: only
somebody whose value is more than a tenth below the edge of the tier, or who has been below it for 30 days in a row. So
two customers of nearly the same value don't change places every night, and nobody stays for ever. Fewer than ten
customers have no top tenth: nobody is gold then.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

NONE, SILVER, GOLD = 0, 1, 2
FEWEST = 10  # customers in the window; below it there is no top tenth
SLACK = 0.9  # of the edge: whoever is worth at least that stays for now
PATIENCE = 30  # days below the edge after which nobody stays


@dataclass(frozen=True)
class Ranking:
    """`order` are the places of those with a value, best first; `ranks` is 1 for the best, 0 for nobody's; equal values
    share a rank. `gold` and `silver` are how many places each tier has, `edges` the value of the last of them."""

    order: "NDArray[Any]"
    ranks: "NDArray[Any]"
    gold: int
    silver: int
    edges: dict[int, int]

    @property
    def of(self) -> int:
        """How many have a value."""
        return len(self.order)


def places(of: int, percent: int) -> int:
    """Return how many of `of` customers are the top `percent`: rounded, at least one; 0 when there are too few."""
    return 0 if of < FEWEST or not percent else max(1, int(of * percent / 100 + 0.5))


def rank(values: "NDArray[Any]", lately: "NDArray[Any]", ids: "NDArray[Any]", gold: int, silver: int) -> Ranking:
    """Rank customers by `values` (those above 0), then by who bought last, then by who has been known longest."""
    import numpy as np

    there = np.flatnonzero(values > 0)
    order = there[np.lexsort((ids[there], -lately[there], -values[there]))]
    sorted_values = values[order]
    ranks = np.zeros(len(values), dtype=np.int32)
    ranks[order] = 1 + np.searchsorted(-sorted_values, -sorted_values, side="left")
    top = places(len(order), gold)
    both = places(len(order), gold + silver) if silver else top
    edges = {}
    if top:
        edges[GOLD] = int(sorted_values[top - 1])
    if both > top:
        edges[SILVER] = int(sorted_values[both - 1])
    return Ranking(order, ranks, top, both - top, edges)


def tiers(
    ranking: Ranking, values: "NDArray[Any]", before: "NDArray[Any]", below: "NDArray[Any]", today: int
) -> "tuple[NDArray[Any], NDArray[Any]]":
    """Return the tier of each, and since when they have been below the edge of the tier they keep.

    That is a day number, 0 for whoever is not. `before` are the tiers they were in and `below` the same days of the
    count before. For tiers without memory pass zeros: then nobody is held.
    """
    import numpy as np

    due = np.zeros(len(values), dtype=np.int8)
    due[ranking.order[: ranking.gold + ranking.silver]] = SILVER
    due[ranking.order[: ranking.gold]] = GOLD
    after, since = due.copy(), np.zeros(len(values), dtype=np.int32)
    patient = (below == 0) | (today - below < PATIENCE)
    begun = np.where(below > 0, below, today)
    if GOLD in ranking.edges:
        held = (before == GOLD) & (due < GOLD) & (values >= ranking.edges[GOLD] * SLACK) & patient
        after[held], since[held] = GOLD, begun[held]
    if SILVER in ranking.edges:
        fell = (after < SILVER) & (values >= ranking.edges[SILVER] * SLACK)
        held = fell & (((before == SILVER) & patient) | (before == GOLD))
        after[held], since[held] = SILVER, np.where(before == SILVER, begun, today)[held]
    return after, since


def curve(sorted_values: "NDArray[Any]", points: int = 50) -> list[list[float]]:
    """Return [share of customers, share of value] from 0 to 1 for values sorted from the highest; [] without value."""
    import numpy as np

    total = float(sorted_values.sum())
    if not len(sorted_values) or total <= 0:
        return []
    sums = np.concatenate([[0.0], np.cumsum(sorted_values) / total])
    at = np.linspace(0, 1, points + 1)
    shares = np.interp(at * len(sorted_values), np.arange(len(sums)), sums)
    return [[round(float(x), 4), round(float(y), 4)] for x, y in zip(at, shares, strict=True)]


def share_of_top(sorted_values: "NDArray[Any]", percent: int) -> float | None:
    """Return the share of the value that the top `percent` bring; None when there are too few to say."""
    many, total = places(len(sorted_values), percent), float(sorted_values.sum())
    return round(float(sorted_values[:many].sum()) / total, 4) if many and total > 0 else None
