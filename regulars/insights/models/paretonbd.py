"""Pareto/NBD: buys at a rate of one's own until one leaves, unseen, at a time of one's own.

D. C. Schmittlein, D. G. Morrison and R. Colombo, "Counting Your Customers: Who Are They and What Will They Do Next?",
Management Science 33 (1987), 1-24; in the notation of P. S. Fader and B. G. S. Hardie, "A Note on Deriving the
Pareto/NBD Model and Related Expressions" (2005), whose equation numbers stand below. Rates of buying are gamma (`r`,
`alpha`), rates of leaving gamma (`s`, `beta`).

The likelihood is usually written with the difference of two Gauss hypergeometric functions, A_0 (equations 20 to 22).
That difference loses all digits when both are near each other, and its gradient has no closed form. But A_0/(r+s+x) is
the integral of (α+τ)^-(r+x) (β+τ)^-(s+1) over τ from t_x to T (equation 18): the integrand is positive and smooth, its
derivatives by the parameters are integrals of the same sort. So it is integrated by Gauss and Legendre's rule, in a
variable in which it is nearly flat, and value and gradient are sums of positive terms.
"""

from dataclasses import dataclass

import numpy as np

from regulars.insights.models.fitting import Fit, Floats, LogLikelihood, Parameters, Rows, compress, maximise

NAMES = ("r", "alpha", "s", "beta")
NODES, SHARES = np.polynomial.legendre.leggauss(14)
SLOWEST = 1e-3
BLOCK = 8_192


def fit(x: Floats, t_x: Floats, T: Floats, weight: Floats | None = None) -> Fit:
    """Fit to customers with `x` repeat purchases, the last at age `t_x`, seen until age `T`.

    Each row counts `weight` times. Raises NotEnough and BadData.
    """
    return fit_rows(compress(x, t_x, T, weight))


def fit_rows(rows: Rows, start: Parameters | None = None) -> Fit:
    """Fit to distinct rows, from `start` alone where one is given."""
    age = max(rows.age, 1e-9)
    starts = [dict(start)] if start else [
        {"r": r, "alpha": age * alpha, "s": s, "beta": age * beta}
        for r, alpha, s, beta in ((0.6, 0.3, 0.6, 0.4), (2.0, 0.6, 1.5, 3.0), (0.3, 0.1, 0.3, 2.0))
    ]  # fmt: skip
    bounds = {"r": (1e-4, 1e4), "alpha": (age * 1e-5, age * 1e5), "s": (1e-4, 1e3), "beta": (age * 1e-5, age * 1e5)}
    return maximise("paretonbd", log_likelihood, rows, starts, bounds)


@dataclass(frozen=True, eq=False)
class _Integral:
    """ln of ∫ (α+τ)^-p (β+τ)^-q dτ, and under that density the means of ln(α+τ), 1/(α+τ), ln(β+τ), 1/(β+τ)
    where these were asked for."""

    log: Floats
    means: tuple[Floats, Floats, Floats, Floats]


def integral(
    parameters: Parameters, p: Floats, q: float, start: Floats, end: Floats, *, means: bool = False
) -> _Integral:
    """Integrate (α+τ)^-p (β+τ)^-q from `start` to `end` (arrays of one length).

    With m the smaller of α, β: m+τ = (m+start) e^w makes the integrand log-concave in w, and v = 1 - e^(-κw), κ
    a third of its first slope, makes it fall from 1 to 0 smoothly. 14 nodes then give 7 digits and mostly 12.
    """
    places = [slice(at, at + BLOCK) for at in range(0, max(len(start), 1), BLOCK)]
    parts = [_integrate(parameters, p[place], q, start[place], end[place], means=means) for place in places]
    log, *rest = np.hstack(parts)
    return _Integral(log, (rest[0], rest[1], rest[2], rest[3])) if means else _Integral(log, (log, log, log, log))


def _integrate(parameters: Parameters, p: Floats, q: float, start: Floats, end: Floats, *, means: bool) -> Floats:
    """Rows of `_Integral` for one block of customers: as many as stay in the processor's cache."""
    alpha, beta = parameters["alpha"], parameters["beta"]
    small, gap = min(alpha, beta), abs(alpha - beta)
    power, other = (p, np.full_like(start, q)) if alpha <= beta else (np.full_like(start, q), p)
    base = small + start
    log_base, far = np.log(base), gap + base
    log_far = np.log(far)
    slope = np.maximum(power - 1 + other * base / far, SLOWEST) / 3
    reach = -np.expm1(-slope * np.log1p((end - start) / base))
    total = np.zeros_like(base)
    sums = np.zeros((4, len(base))) if means else None
    for node, share in zip((NODES + 1) / 2, SHARES / 2, strict=True):
        flat = np.log1p(-reach * node)
        w = flat / -slope
        near = base * np.exp(w)
        log_gone = np.log((gap + near) / far)
        height = share * np.exp((1 - power) * w - other * log_gone - flat)
        total += height
        if sums is not None:
            sums += height * np.array([log_base + w, 1 / near, log_far + log_gone, 1 / (gap + near)])
    with np.errstate(divide="ignore"):  # nothing between start and end: the logarithm of nothing
        log = np.log(reach) - np.log(slope) + np.log(total) + (1 - power) * log_base - other * log_far
    if sums is None:
        return log[None, :]
    sums /= total
    order = [0, 1, 2, 3] if alpha <= beta else [2, 3, 0, 1]
    return np.vstack([log, sums[order]])


def log_likelihood(rows: Rows) -> LogLikelihood:
    """Return the function of the parameters that gives the log-likelihood (equation 18) and its gradient by NAMES."""
    from scipy.special import digamma, gammaln

    x, count = rows.by_x

    def at(parameters: Parameters) -> tuple[float, Floats]:
        r, alpha, s, beta = (parameters[name] for name in NAMES)
        n, weight = rows.customers, rows.weight
        died = integral(parameters, r + rows.x, s + 1, rows.t_x, rows.T, means=True)
        log_a, log_b = np.log(alpha + rows.T), np.log(beta + rows.T)
        lives, dies = -(r + rows.x) * log_a - s * log_b, np.log(s) + died.log
        total = np.logaddexp(lives, dies)
        alive = weight * np.exp(lives - total)
        gone = weight - alive
        mean_log_a, mean_a, mean_log_b, mean_b = died.means
        value = count @ (gammaln(r + x) - gammaln(r)) + n * (r * np.log(alpha) + s * np.log(beta)) + weight @ total
        gradient = np.array([
            count @ (digamma(r + x) - digamma(r)) + n * np.log(alpha) - alive @ log_a - gone @ mean_log_a,
            n * r / alpha - alive @ ((r + rows.x) / (alpha + rows.T)) - gone @ ((r + rows.x) * mean_a),
            n * np.log(beta) - alive @ log_b + gone @ (1 / s - mean_log_b),
            n * s / beta - s * (alive @ (1 / (beta + rows.T))) - (s + 1) * (gone @ mean_b),
        ])  # fmt: skip
        return float(value), gradient

    return at


def p_alive(parameters: Parameters, x: Floats, t_x: Floats, T: Floats) -> Floats:
    """The chance that a customer has not left at age `T`: equation 30, with the integral for A_0."""
    r, alpha, s, beta = (parameters[name] for name in NAMES)
    died = integral(parameters, r + x, s + 1, t_x, T).log
    lives = -(r + x) * np.log(alpha + T) - s * np.log(beta + T)
    return np.asarray(np.exp(lives - np.logaddexp(lives, np.log(s) + died)))


def expected(parameters: Parameters, x: Floats, t_x: Floats, T: Floats, horizon: float) -> Floats:
    """Expected purchases in the `horizon` after `T`: equation 41."""
    return p_alive(parameters, x, t_x, T) * expected_if_alive(parameters, x, T, horizon)


def expected_if_alive(parameters: Parameters, x: Floats, T: Floats, horizon: float) -> Floats:
    """Equation 41 without P(alive), written so that s = 1 is no special case."""
    r, alpha, s, beta = (parameters[name] for name in NAMES)
    stretch = np.log1p(horizon / (beta + T))
    share = stretch if abs(s - 1) < 1e-12 else -np.expm1(-(s - 1) * stretch) / (s - 1)
    return (r + x) * (beta + T) / (alpha + T) * share


def p_buys(parameters: Parameters, x: Floats, t_x: Floats, T: Floats, horizon: float) -> Floats:
    """The chance of at least one purchase in the `horizon` after `T`.

    For who is alive: the first thing to come is a purchase and comes in time. With rates gamma (r+x, α+T) and (s, β+T)
    that is ∫ (r+x)(α+T)^(r+x) (α+T+u)^-(r+x+1) ((β+T)/(β+T+u))^s du over the horizon, an integral of the same sort.
    """
    r, alpha, s, beta = (parameters[name] for name in NAMES)
    soon = integral(parameters, r + x + 1, s, T, T + horizon).log
    if_alive = np.exp(np.log(r + x) + (r + x) * np.log(alpha + T) + s * np.log(beta + T) + soon)
    return p_alive(parameters, x, t_x, T) * np.minimum(if_alive, 1.0)


def next_purchase(parameters: Parameters, x: Floats, T: Floats, share: float) -> Floats:
    """The time after `T` by which a `share` of customers like this one, while they are with us, have bought again."""
    r, alpha = parameters["r"], parameters["alpha"]
    return np.asarray((alpha + T) * np.expm1(-np.log1p(-share) / (r + x)))


def simulate(parameters: Parameters, x: Floats, T: Floats, horizon: float, random: np.random.Generator) -> Floats:
    """One future of each customer alive at `T`: purchases until the horizon or until leaving (assumptions i to v)."""
    r, alpha, s, beta = (parameters[name] for name in NAMES)
    rate = random.gamma(r + x) / (alpha + T)
    leaves = random.exponential(size=len(x)) * (beta + T) / np.maximum(random.gamma(s, size=len(x)), 1e-300)
    return random.poisson(rate * np.minimum(leaves, horizon)).astype(np.float64)
