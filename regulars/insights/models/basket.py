"""What people who take one product take next: which other product they first buy within eight weeks.

For each pair, of those who took A and had not taken B by then, the share that took B within eight weeks after their
first A; beside it the same share after the first purchase of any other product. An exact binomial test asks for a
difference, and all pairs together are held to 5 % false findings (Benjamini and Hochberg 1995).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regulars.insights.habits.testing import adjusted, at_least
from regulars.insights.models.fitting import Floats

WITHIN = 56  # days
FEWEST, BOUGHT, LIFT, SHARE, FALSE = 20, 8, 1.5, 0.15, 0.05
PRODUCTS = 200  # the most bought are looked at
NEVER = np.inf


@dataclass(frozen=True)
class Follows:
    """Of `total` people who took `first` and not yet `then`, `count` took it within eight weeks; chance gives
    `expected`."""

    first: int
    then: int
    count: int
    total: int
    expected: float
    q: float


def first_days(who: npt.NDArray[np.int64], product: npt.NDArray[np.int64], day: npt.NDArray[np.int64],
               customers: int, products: int) -> Floats:  # fmt: skip
    """Return the day on which each customer (row) first took each product (column); infinity for never."""
    found = np.full((customers, products), NEVER)
    np.minimum.at(found, (who, product), day.astype(np.float64))
    return found


def follows(first: Floats, today: int) -> list[Follows]:
    """Return the pairs that hold, the strongest first, from the days of `first_days`."""
    size = first.shape[1]
    total, count = np.zeros((size, size)), np.zeros((size, size))
    for one in range(size):
        took = first[first[:, one] <= today - WITHIN]
        ahead = took - took[:, one : one + 1]
        total[one], count[one] = (ahead > 0).sum(0), ((ahead > 0) & (ahead <= WITHIN)).sum(0)
    whole, hits = total.sum(0), count.sum(0)
    # The share after any other product: without the pair itself.
    share = np.where(whole > total, (hits - count) / np.maximum(whole - total, 1), 0.0)
    return _holding(total, count, share)


def _holding(total: Floats, count: Floats, share: Floats) -> list[Follows]:
    """The pairs that are tested and hold; those with too few people are not looked at."""
    pairs = [(int(a), int(b)) for a, b in np.argwhere((total >= FEWEST) & (share > 0) & (share < 1)) if a != b]
    worth = [count[pair] >= max(BOUGHT, SHARE * total[pair], LIFT * share[pair] * total[pair]) for pair in pairs]
    chances = [
        at_least(int(count[pair]), int(total[pair]), float(share[pair])) if good else 1.0
        for pair, good in zip(pairs, worth, strict=True)
    ]
    found = [
        Follows(*pair, int(count[pair]), int(total[pair]), float(share[pair] * total[pair]), q)
        for pair, good, q in zip(pairs, worth, adjusted(chances), strict=True)
        if good and q < FALSE
    ]
    return sorted(found, key=lambda one: -one.count / one.total)
