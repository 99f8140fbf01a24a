"""Products that one customer buys again and again in a rhythm of their own: "filter papers every 8 weeks".

Whoever buys at random has gaps of all lengths. Greenwood's statistic, the sum of the squares of the gaps as shares of
the whole time, is small only where they are alike; how small chance makes it for so many gaps is simulated once (20,000
draws of random times, a fixed seed). All customers and products of a batch are held to 5 % false findings (Benjamini
and Hochberg). A product needs five days of purchase, gaps of three weeks and more on average, and must not be part of
most of what they buy: that is their usual order.

M. Greenwood, "The Statistical Study of Infectious Diseases", Journal of the Royal Statistical Society 109 (1946),
85-110.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from regulars.insights.habits.testing import adjusted

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST, SHORTEST, MOST_GAPS = 5, 21, 30
USUAL, FALSE = 0.5, 0.05
DRAWS, SEED = 20_000, 1946
DUE, GONE = 0.75, 2.0  # shares of the gap: from when it is due, from when it was given up


@dataclass(frozen=True)
class Repeat:
    """Somebody buys `product` every `gap` days: on `count` days so far, last on the day `last`."""

    who: int
    product: int
    count: int
    gap: float
    last: int
    q: float = 1.0

    def is_open(self, today: int) -> bool:
        """Whether it goes on: it was not left out twice in a row."""
        return today - self.last <= GONE * self.gap


def greenwood(gaps: Sequence[int]) -> float:
    """Return the sum of squares of the gaps' shares: 1 / n where all are alike, near 2 / (n + 1) by chance."""
    whole = sum(gaps)
    return sum((gap / whole) ** 2 for gap in gaps) if whole else 1.0


@cache
def _by_chance(gaps: int) -> "NDArray[Any]":
    import numpy as np

    drawn = np.random.default_rng(SEED + gaps).exponential(size=(DRAWS, gaps))
    shares = drawn / drawn.sum(axis=1, keepdims=True)
    made: NDArray[Any] = np.sort((shares**2).sum(axis=1))
    return made


def chance_of(gaps: Sequence[int]) -> float:
    """Return how likely random times are to have gaps as alike as these, or more."""
    below = int(_by_chance(len(gaps)).searchsorted(greenwood(gaps), "right"))
    return (below + 1) / (DRAWS + 1)


def repeats_of(days: Mapping[tuple[int, int], Sequence[int]], visits: Mapping[int, int], today: int) -> list[Repeat]:
    """Return what is bought in a rhythm, of `days` of purchase (sorted) by (customer, product).

    `visits` are all days of purchase of each customer. One for each customer at most: what is due first.
    """
    tried = list(_tried(days, visits))
    q = adjusted([chance for _one, chance in tried])
    best: dict[int, Repeat] = {}
    for (one, _chance), value in zip(tried, q, strict=True):
        if value >= FALSE or not one.is_open(today):
            continue
        known = best.get(one.who)
        if known is None or one.last + one.gap < known.last + known.gap:
            best[one.who] = Repeat(one.who, one.product, one.count, one.gap, one.last, value)
    return list(best.values())


def _tried(days: Mapping[tuple[int, int], Sequence[int]], visits: Mapping[int, int]) -> Iterable[tuple[Repeat, float]]:
    for (who, product), found in days.items():
        if len(found) < FEWEST or len(found) >= USUAL * visits[who]:
            continue
        gaps = [later - earlier for earlier, later in pairwise(found)][-MOST_GAPS:]
        gap = sum(gaps) / len(gaps)
        if gap >= SHORTEST:
            yield Repeat(who, product, len(found), gap, found[-1]), chance_of(gaps)
