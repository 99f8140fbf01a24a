"""Gamma-Gamma: what one purchase comes to, for each customer.

P. S. Fader and B. G. S. Hardie, "The Gamma-Gamma Model of Monetary Value" (2013). The amount of a purchase is gamma
with shape `p`, its scale differs between customers by a gamma with `q` and `v`. It takes for granted that how much and
how often somebody buys have nothing to do with each other; `link` says how true that is.
"""

import numpy as np

from regulars.insights.models.fitting import BadData, Fit, Floats, LogLikelihood, NotEnough, Parameters, search

NAMES = ("p", "q", "v")
FEWEST = 10


def fit(x: Floats, mean: Floats, weight: Floats | None = None, *, start: Parameters | None = None) -> Fit:
    """Fit to customers with `x` >= 1 purchases of `mean` amount; others are left out. Raises NotEnough, BadData.

    Amounts are in any unit; `v` has that unit.
    """
    x, mean = np.asarray(x, dtype=np.float64), np.asarray(mean, dtype=np.float64)
    weights = np.ones_like(x) if weight is None else np.asarray(weight, dtype=np.float64)
    if not (np.isfinite(x).all() and np.isfinite(mean).all()):
        raise BadData("A number is missing.")
    usable = (x >= 1) & (mean > 0) & (weights > 0)
    x, mean, weights = x[usable], mean[usable], weights[usable]
    if weights.sum() < FEWEST:
        raise NotEnough(f"{round(weights.sum())} of at least {FEWEST} customers have purchases with an amount.")
    if np.ptp(mean) <= 1e-9 * mean.max():
        raise NotEnough("Everybody spends the same, so there is nothing to tell apart.")
    middle = float(np.average(mean, weights=weights))
    starts = [dict(start)] if start else [
        {"p": p, "q": q, "v": max(q - 1, 0.5) * middle / p} for p, q in ((6.0, 4.0), (1.5, 3.0), (20.0, 6.0))
    ]  # fmt: skip
    bounds = {"p": (1e-3, 1e4), "q": (1e-3, 1e4), "v": (middle * 1e-6, middle * 1e6)}
    size = float(weights.sum())
    step = max(1, len(x) // 10_000)
    part = slice(None, None, step)
    rough = log_likelihood(x[part], mean[part], weights[part])
    return search(
        "gammagamma", rough, log_likelihood(x, mean, weights), (float(weights[part].sum()), size), starts, bounds
    )


def log_likelihood(x: Floats, mean: Floats, weight: Floats) -> LogLikelihood:
    """Return the function of the parameters that gives the log-likelihood (equation 1a) and its gradient in p, q, v."""
    from scipy.special import digamma, gammaln

    values, codes = np.unique(x, return_inverse=True)
    count, log_sum = np.bincount(codes, weight), np.log(x * mean)
    n, constant = float(weight.sum()), -float(weight @ np.log(mean))

    def at(parameters: Parameters) -> tuple[float, Floats]:
        p, q, v = (parameters[name] for name in NAMES)
        px = p * values
        log_v = np.log(v + x * mean)
        value = count @ (gammaln(px + q) - gammaln(px)) + n * (q * np.log(v) - gammaln(q)) + constant
        value += weight @ (p * x * log_sum - (p * x + q) * log_v)
        gradient = np.array([
            count @ (values * (digamma(px + q) - digamma(px))) + weight @ (x * (log_sum - log_v)),
            count @ digamma(px + q) + n * (np.log(v) - digamma(q)) - weight @ log_v,
            n * q / v - weight @ ((p * x + q) / (v + x * mean)),
        ])  # fmt: skip
        return float(value), gradient

    return at


def expected_spend(parameters: Parameters, x: Floats, mean: Floats) -> Floats:
    """The expected amount of one's next purchases: the mean of oneself, drawn towards everybody's (equation 5).

    Where q <= 1 everybody's mean is endless; then one's own mean is all there is.
    """
    p, q, v = (parameters[name] for name in NAMES)
    if q <= 1:
        return np.where(x > 0, mean, np.nan)
    return p * (v + x * mean) / (p * x + q - 1)


def usable(fit: Fit) -> bool:
    """Whether its expectations mean something: it converged inside its bounds, and everybody's mean has an end."""
    return fit.converged and not fit.message and fit.parameters["q"] > 1


def spread(parameters: Parameters, x: Floats) -> Floats:
    """The standard deviation of the logarithm of one's true mean amount after `x` purchases.

    The scale is gamma with shape p x + q (equation 4), whose logarithm has the variance trigamma(p x + q).
    """
    from scipy.special import polygamma

    values, codes = np.unique(x, return_inverse=True)
    return np.asarray(np.sqrt(polygamma(1, parameters["p"] * values + parameters["q"]))[codes])


def link(x: Floats, mean: Floats) -> float:
    """The correlation of how often and how much, which the model takes for nought; nan where one is constant."""
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(mean) == 0:
        return float("nan")
    return float(np.corrcoef(x, mean)[0, 1])
