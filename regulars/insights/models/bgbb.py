"""BG/BB: came or did not, in each of a number of periods (weeks, years, fairs), until one leaves.

P. S. Fader, B. G. S. Hardie and J. Shang, "Customer-Base Analysis in a Discrete-Time Noncontractual Setting", Marketing
Science 29 (2010), 1086-1108. The chance to come is beta (`alpha`, `beta`), the chance to leave beta (`gamma`, `delta`).
Equation numbers are those of the paper.
"""

import numpy as np

from regulars.insights.models.fitting import (
    BadData,
    Fit,
    Floats,
    LogLikelihood,
    NotEnough,
    Parameters,
    distinct,
    search,
)

NAMES = ("alpha", "beta", "gamma", "delta")


def fit(x: Floats, t_x: Floats, n: Floats, weight: Floats | None = None, *, start: Parameters | None = None) -> Fit:
    """Fit to customers who came in `x` of `n` periods, last in period `t_x` (0: never). Raises NotEnough, BadData."""
    x, t_x, n = (np.asarray(column, dtype=np.float64) for column in (x, t_x, n))
    weights = np.ones_like(x) if weight is None else np.asarray(weight, dtype=np.float64)
    _check(x, t_x, n, weights)
    first, codes = distinct(x, t_x, n)
    count = np.bincount(codes, weights, len(first)).astype(np.float64)
    at = log_likelihood(x[first], t_x[first], n[first], count)
    size = float(count.sum())
    starts = [dict(start)] if start else [
        dict(zip(NAMES, values, strict=True))
        for values in ((1.0, 1.0, 0.7, 3.0), (0.5, 2.0, 0.5, 6.0), (3.0, 2.0, 1.0, 1.0))
    ]  # fmt: skip
    return search("bgbb", at, at, (size, size), starts, dict.fromkeys(NAMES, (1e-4, 1e4)))


def _check(x: Floats, t_x: Floats, n: Floats, weight: Floats) -> None:
    if not weight.sum() > 1:
        raise NotEnough("One customer is no sample." if weight.sum() else "There are no customers.")
    whole = np.isfinite(x) & np.isfinite(t_x) & np.isfinite(n) & (x == np.floor(x)) & (t_x == np.floor(t_x))
    wrong = ~(whole & (n == np.floor(n)) & (x >= 0) & (x <= t_x) & (t_x <= n) & ((x > 0) == (t_x > 0)) & (weight >= 0))
    if wrong.any():
        raise BadData(f"Row {int(np.argmax(wrong)) + 1}: 0 ≤ x ≤ t_x ≤ n must hold, in whole periods.")
    if not (x * weight).sum() > 0:
        raise NotEnough("Nobody came again, so there is nothing to learn.")


def log_likelihood(x: Floats, t_x: Floats, n: Floats, weight: Floats) -> LogLikelihood:
    """Return the function of the parameters that gives the log-likelihood (equation 5) and its gradient.

    The terms of a row are: alive to the end, and left after period t_x + i for each i; each is a product of two beta
    functions, whose logarithms have digamma functions for derivatives.
    """

    def at(parameters: Parameters) -> tuple[float, Floats]:
        terms, slopes = _terms(parameters, x, t_x, n)
        total = np.logaddexp.reduce(terms, axis=1)
        shares = np.exp(terms - total[:, None]) * weight[:, None]
        return float(weight @ total), np.array([float((shares * slope).sum()) for slope in slopes])

    return at


def _terms(parameters: Parameters, x: Floats, t_x: Floats, n: Floats) -> tuple[Floats, list[Floats]]:
    """ln of each term of equation 5, rows × (1 + most silent periods), -inf where there is none; their gradients."""
    from scipy.special import betaln, digamma

    a, b, c, d = (parameters[name] for name in NAMES)
    silent = np.arange(int((n - t_x).max(initial=0)))[None, :]
    x, t_x, n = x[:, None], t_x[:, None], n[:, None]
    lived = np.hstack([n, np.minimum(t_x + silent, n)])  # periods that one was a customer for
    left = np.hstack([np.zeros_like(n), np.ones(silent.shape) * np.ones_like(n)])
    there = np.hstack([np.ones_like(n, dtype=bool), t_x + silent < n])
    terms = betaln(a + x, b + lived - x) - betaln(a, b) + betaln(c + left, d + lived) - betaln(c, d)
    came, left_by = digamma(a + b) - digamma(a + b + lived), digamma(c + d) - digamma(c + d + left + lived)
    slopes = [
        came + digamma(a + x) - digamma(a),
        came + digamma(b + lived - x) - digamma(b),
        left_by + digamma(c + left) - digamma(c),
        left_by + digamma(d + lived) - digamma(d),
    ]
    return np.where(there, terms, -np.inf), slopes


def p_alive(parameters: Parameters, x: Floats, t_x: Floats, n: Floats) -> Floats:
    """The chance that a customer is still one in period n + 1: equation 11 at m = n + 1."""
    return np.exp(_alive_through(parameters, x, n, 1) - _row(parameters, x, t_x, n))


def expected(parameters: Parameters, x: Floats, t_x: Floats, n: Floats, periods: int) -> Floats:
    """In how many of the next `periods` one is expected to come: equation 13, as the sum before it is closed."""
    from scipy.special import betaln

    a, b = parameters["alpha"], parameters["beta"]
    comes = betaln(a + x + 1, b + n - x) - betaln(a + x, b + n - x)
    row = _row(parameters, x, t_x, n)
    found = np.zeros_like(row)
    for ahead in range(1, periods + 1):
        found += np.exp(_alive_through(parameters, x, n, ahead) - row + comes)
    return found


def _alive_through(parameters: Parameters, x: Floats, n: Floats, ahead: int) -> Floats:
    from scipy.special import betaln

    a, b, c, d = (parameters[name] for name in NAMES)
    return np.asarray(betaln(a + x, b + n - x) - betaln(a, b) + betaln(c, d + n + ahead) - betaln(c, d))


def _row(parameters: Parameters, x: Floats, t_x: Floats, n: Floats) -> Floats:
    return np.asarray(np.logaddexp.reduce(_terms(parameters, x, t_x, n)[0], axis=1))
