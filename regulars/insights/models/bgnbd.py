"""BG/NBD: buys at a rate of one's own, and may leave after any purchase.

P. S. Fader, B. G. S. Hardie and K. L. Lee, "'Counting Your Customers' the Easy Way: An Alternative to the Pareto/NBD
Model", Marketing Science 24 (2005), 275-284. Rates are gamma (`r`, `alpha`), the chance to leave after a purchase is
beta (`a`, `b`). Time is in any unit; `alpha` has that unit. Equation numbers below are those of the paper.
"""

import numpy as np

from regulars.insights.models.fitting import Fit, Floats, LogLikelihood, Parameters, Rows, compress, distinct, maximise

NAMES = ("r", "alpha", "a", "b")
NEAR_ONE = 1e-6  # the expectation has a removable pole at a = 1


def fit(x: Floats, t_x: Floats, T: Floats, weight: Floats | None = None) -> Fit:
    """Fit to customers with `x` repeat purchases, the last at age `t_x`, seen until age `T`.

    Each row counts `weight` times. Raises NotEnough and BadData.
    """
    return fit_rows(compress(x, t_x, T, weight))


def fit_rows(rows: Rows, start: Parameters | None = None) -> Fit:
    """Fit to distinct rows, from `start` alone where one is given."""
    age = max(rows.age, 1e-9)
    starts = [dict(start)] if start else [
        {"r": r, "alpha": age * alpha, "a": a, "b": b}
        for r, alpha, a, b in ((0.5, 0.2, 0.8, 2.5), (2.0, 0.6, 0.5, 6.0), (0.2, 0.05, 2.0, 2.0))
    ]  # fmt: skip
    bounds = {"r": (1e-4, 1e4), "alpha": (age * 1e-5, age * 1e5), "a": (1e-4, 1e3), "b": (1e-4, 1e4)}
    return maximise("bgnbd", log_likelihood, rows, starts, bounds)


def log_likelihood(rows: Rows) -> LogLikelihood:
    """Return the function of the parameters that gives the log-likelihood (equation 6) and its gradient by NAMES."""
    from scipy.special import digamma, gammaln

    x, count = rows.by_x

    def at(parameters: Parameters) -> tuple[float, Floats]:
        r, alpha, a, b = (parameters[name] for name in NAMES)
        total, left, log_T, log_t = _both(parameters, rows.x, rows.t_x, rows.T)
        value = count @ (
            gammaln(r + x) - gammaln(r) + gammaln(a + b) - gammaln(a + b + x) + gammaln(b + x) - gammaln(b)
        )
        value += rows.customers * r * np.log(alpha) + rows.weight @ total
        stayed, n = 1 - left, rows.customers
        psi_ab = count @ (digamma(a + b) - digamma(a + b + x))
        gone = rows.weight * left
        gradient = np.array([
            count @ (digamma(r + x) - digamma(r)) + n * np.log(alpha) - rows.weight @ (stayed * log_T + left * log_t),
            n * r / alpha - rows.weight @ ((r + rows.x) * (stayed / (alpha + rows.T) + left / (alpha + rows.t_x))),
            psi_ab + gone.sum() / a,
            psi_ab + count @ (digamma(b + x) - digamma(b)) - (gone / np.where(rows.x > 0, b + rows.x - 1, 1)).sum(),
        ])  # fmt: skip
        return float(value), gradient

    return at


def _both(parameters: Parameters, x: Floats, t_x: Floats, T: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """ln of the bracket of equation 6, the share in it of having left, and ln(alpha + T), ln(alpha + t_x)."""
    r, alpha, a, b = (parameters[name] for name in NAMES)
    log_T, log_t = np.log(alpha + T), np.log(alpha + t_x)
    stays = -(r + x) * log_T
    leaves = np.where(x > 0, np.log(a) - np.log(np.where(x > 0, b + x - 1, 1.0)) - (r + x) * log_t, -np.inf)
    total = np.logaddexp(stays, leaves)
    return total, np.exp(leaves - total), log_T, log_t


def p_alive(parameters: Parameters, x: Floats, t_x: Floats, T: Floats) -> Floats:
    """The chance that a customer is still one at age `T`; who never bought again has not left by the model.

    P. S. Fader and B. G. S. Hardie, "Computing P(alive) Using the BG/NBD Model" (2008), equation 2.
    """
    return 1 - _both(parameters, x, t_x, T)[1]


def expected(parameters: Parameters, x: Floats, t_x: Floats, T: Floats, horizon: float) -> Floats:
    """Expected purchases in the `horizon` after `T`: equation 10."""
    return p_alive(parameters, x, t_x, T) * expected_if_alive(parameters, x, T, horizon)


def expected_if_alive(parameters: Parameters, x: Floats, T: Floats, horizon: float) -> Floats:
    """Equation 10 without its denominator, for customers who have not left at `T`.

    By Euler's transformation (1-z)^(r+x) 2F1(r+x, b+x; a+b+x-1; z) = (1-z)^(a-1) 2F1(a+b-1-r, a-1; a+b+x-1; z), whose
    terms stay small however many purchases there are. It hangs on (x, T) only, which many customers share.
    """
    from scipy.special import hyp2f1

    r, alpha, a, b = (parameters[name] for name in NAMES)
    if abs(a - 1) < NEAR_ONE:
        a = 1 + NEAR_ONE
    first, codes = distinct(x, T)
    x, T = x[first], T[first]
    z = horizon / (alpha + T + horizon)
    series = hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
    found = (a + b + x - 1) / (a - 1) * (1 - np.exp((a - 1) * np.log1p(-z)) * series)
    return np.asarray(np.maximum(found, 0.0)[codes])


def p_buys(parameters: Parameters, x: Floats, t_x: Floats, T: Floats, horizon: float) -> Floats:
    """The chance of at least one purchase in the `horizon` after `T`.

    Who is alive buys next after a gamma-mixed exponential time (equation 3 with the rate updated by x and T), and can
    leave only after that: P(alive) × (1 - ((α+T)/(α+T+t))^(r+x)).
    """
    r, alpha = parameters["r"], parameters["alpha"]
    return p_alive(parameters, x, t_x, T) * -np.expm1((r + x) * -np.log1p(horizon / (alpha + T)))


def next_purchase(parameters: Parameters, x: Floats, T: Floats, share: float) -> Floats:
    """The time after `T` by which a `share` of customers like this one, still with us, have bought again."""
    r, alpha = parameters["r"], parameters["alpha"]
    return np.asarray((alpha + T) * np.expm1(-np.log1p(-share) / (r + x)))


def simulate(parameters: Parameters, x: Floats, T: Floats, horizon: float, random: np.random.Generator) -> Floats:
    """One future of each customer alive at `T`: purchases until the horizon or until leaving (section 3)."""
    r, alpha, a, b = (parameters[name] for name in NAMES)
    rate = random.gamma(r + x) / (alpha + T)
    until_leaving = random.geometric(np.clip(random.beta(a, b + x), 1e-12, 1.0))
    return np.minimum(random.poisson(rate * horizon), until_leaving).astype(np.float64)
