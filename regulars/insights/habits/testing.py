"""Tests that don't cry wolf: the exact binomial test, and Benjamini and Hochberg's control of false discoveries.

Pure functions. Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.
"""

from collections.abc import Sequence
from math import exp, lgamma, log, log1p

NOTHING = 1e-18  # of a sum: less than it can tell


def at_least(count: int, total: int, share: float) -> float:
    """Return the chance of `count` or more of `total` where each has the chance `share`: exact, in logs, so that large
    numbers do no harm. 1.0 for a count of nought."""
    if count <= 0 or share >= 1:
        return 1.0
    if share <= 0 or count > total:
        return 0.0
    if count > total * share:
        return min(1.0, _tail(count, total, share))
    return max(0.0, 1.0 - _tail(total - count + 1, total, 1 - share))  # the chance of fewer, seen from the misses


def _tail(count: int, total: int, share: float) -> float:
    """The chance of `count` or more, which is more than is usual: each term is less than the one before, so that few of
    many thousands are worth adding."""
    whole = lgamma(total + 1) - lgamma(count + 1) - lgamma(total - count + 1)
    term = exp(whole + count * log(share) + (total - count) * log1p(-share))
    found, odds = term, share / (1 - share)
    for k in range(count, total):
        term *= odds * (total - k) / (k + 1)
        found += term
        if term <= found * NOTHING:
            break
    return found


def adjusted(chances: Sequence[float]) -> list[float]:
    """Return the q-value of each p-value: what is below 0.05 holds at most 5 % false findings, on average."""
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    found, least = [1.0] * len(chances), 1.0
    for rank in range(len(order), 0, -1):
        at = order[rank - 1]
        least = min(least, chances[at] * len(chances) / rank)
        found[at] = least
    return found
