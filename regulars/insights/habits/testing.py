"""Tests that don't cry wolf: the exact binomial test, and Benjamini and Hochberg's control of false discoveries.

Pure functions. Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.
"""

from collections.abc import Sequence
from math import exp, lgamma, log, log1p


def at_least(count: int, total: int, share: float) -> float:
    """Return the chance of `count` or more of `total` where each has the chance `share`: exact, in logs, so that large
    numbers do no harm. 1.0 for a count of nought."""
    if count <= 0 or share >= 1:
        return 1.0
    if share <= 0 or count > total:
        return 0.0
    whole, hit, miss = lgamma(total + 1), log(share), log1p(-share)
    terms = [
        whole - lgamma(k + 1) - lgamma(total - k + 1) + k * hit + (total - k) * miss for k in range(count, total + 1)
    ]
    top = max(terms)
    return min(1.0, exp(top) * sum(exp(term - top) for term in terms))


def adjusted(chances: Sequence[float]) -> list[float]:
    """Return the q-value of each p-value: what is below 0.05 holds at most 5 % false findings, on average."""
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    found, least = [1.0] * len(chances), 1.0
    for rank in range(len(order), 0, -1):
        at = order[rank - 1]
        least = min(least, chances[at] * len(chances) / rank)
        found[at] = least
    return found
