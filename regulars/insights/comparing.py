"""Comparing shares of people: intervals and differences. Pure functions of counts, without arrays.

Wilson (1927) for one share; Newcombe (1998), method 10, for the difference of two; the weights of Mantel and Haenszel
with the variance of Greenland and Robins (1985) for a difference between groups matched in strata. All with 95 %.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054
ENOUGH = 20  # people in each group, below which nothing is said


@dataclass(frozen=True)
class Share:
    """`count` of `total` people, as a share from 0 to 1 with its 95 % interval."""

    count: int
    total: int

    @property
    def value(self) -> float:
        """The share that was seen; 0 of nobody."""
        return self.count / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share lies, by Wilson's score: (0, 1) for nobody."""
        return wilson(self.count, self.total)

    @property
    def is_enough(self) -> bool:
        """Whether anything may be said of them."""
        return self.total >= ENOUGH


@dataclass(frozen=True)
class Difference:
    """A difference of two shares, `low` to `high` being its 95 % interval, all from -1 to 1."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether nought lies outside the interval."""
        return self.low > 0 or self.high < 0


def wilson(count: int, total: int, z: float = Z95) -> tuple[float, float]:
    """Return the score interval of Wilson for `count` of `total`."""
    if not total:
        return 0.0, 1.0
    share, squared = count / total, z * z
    middle = (share + squared / (2 * total)) / (1 + squared / total)
    half = z * sqrt(share * (1 - share) / total + squared / (4 * total * total)) / (1 + squared / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def difference(one: Share, other: Share) -> Difference:
    """Return `one` less `other` with Newcombe's hybrid score interval."""
    (low1, high1), (low2, high2) = one.interval, other.interval
    gap = one.value - other.value
    low = gap - sqrt((one.value - low1) ** 2 + (high2 - other.value) ** 2)
    high = gap + sqrt((high1 - one.value) ** 2 + (other.value - low2) ** 2)
    return Difference(gap, max(-1.0, low), min(1.0, high))


@dataclass(frozen=True)
class Stratum:
    """People alike before: those who got something, and those who did not, each with the outcome."""

    got: Share
    not_got: Share


def matched(strata: Iterable[Stratum]) -> Difference | None:
    """Return the common difference of shares over strata (Mantel and Haenszel); None where no stratum has both.

    Each stratum weighs n1·n0/(n1+n0). The variance is that of Greenland and Robins, which holds for few large and for
    many small strata.
    """
    weights = gaps = spread = 0.0
    for stratum in strata:
        got, other = stratum.got, stratum.not_got
        together = got.total + other.total
        if not got.total or not other.total:
            continue
        weights += got.total * other.total / together
        gaps += (got.count * other.total - other.count * got.total) / together
        spread += (
            got.count * (got.total - got.count) * other.total**3
            + other.count * (other.total - other.count) * got.total**3
        ) / (got.total * other.total * together**2)
    if not weights:
        return None
    value, half = gaps / weights, Z95 * sqrt(spread) / weights
    return Difference(value, max(-1.0, value - half), min(1.0, value + half))
