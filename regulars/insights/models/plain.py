"""The two plain rules that a model has to beat before anybody is asked to believe it."""

import numpy as np

from regulars.insights.models.fitting import Floats

SAME_RATE, LAST_YEAR = "same_rate", "last_year"
YOUNGEST = 1.0  # weeks: a rate from less is no rate


def same_rate(x: Floats, T: Floats, horizon: float) -> Floats:
    """Buys on as often as before: `x` repeat purchases in `T` weeks, carried on for `horizon` weeks."""
    return x / np.maximum(T, YOUNGEST) * horizon


def last_year(bought_then: Floats) -> Floats:
    """Buys as often as in the same days a year ago."""
    return np.asarray(bought_then, dtype=np.float64)


def p_buys(expected: Floats) -> Floats:
    """The chance of a purchase where so many are expected and nothing more is known: 1 - e^-m, as by chance in time."""
    return -np.expm1(-expected)
