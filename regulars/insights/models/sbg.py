"""sBG: who renews a contract or a membership, and for how long.

P. S. Fader and B. G. S. Hardie, "How to Project Customer Retention", Journal of Interactive Marketing 21 (2007), 76-90.
The chance not to renew is beta (`alpha`, `beta`), one's own and always the same. Equation numbers are the paper's.
Members of several ages are fitted together as in their note "Fitting the sBG Model to Multi-Cohort Data" (2007).
"""

import numpy as np

from regulars.insights.models.fitting import BadData, Fit, Floats, LogLikelihood, NotEnough, Parameters, search

NAMES = ("alpha", "beta")


def fit(survivors: Floats, *, start: Parameters | None = None) -> Fit:
    """Fit to how many members are left: `survivors[0]` began, `survivors[t]` renewed t times.

    Raises NotEnough and BadData.
    """
    left = np.asarray(survivors, dtype=np.float64)
    if left.ndim != 1 or len(left) < 3 or left[0] < 2:
        raise NotEnough("At least three counts are needed: at the start, and after two renewals.")
    if not np.isfinite(left).all() or (left < 0).any() or (np.diff(left) > 0).any():
        raise BadData("Survivors can’t grow, be negative or be missing.")
    if left[-1] == left[0]:
        raise NotEnough("Nobody has left, so there is nothing to learn.")
    at = log_likelihood(left)
    starts = [dict(start)] if start else [
        dict(zip(NAMES, values, strict=True)) for values in ((0.7, 3.0), (1.0, 1.0), (3.0, 10.0))
    ]  # fmt: skip
    return search("sbg", at, at, (float(left[0]), float(left[0])), starts, dict.fromkeys(NAMES, (1e-4, 1e4)))


def log_likelihood(survivors: Floats) -> LogLikelihood:
    """Return the function of the parameters that gives the log-likelihood (appendix, equation A1) and its gradient."""
    from scipy.special import betaln, digamma

    t = np.arange(1, len(survivors), dtype=np.float64)
    lost, last = -np.diff(survivors), len(survivors) - 1.0
    lasting = float(survivors[-1])

    def at(parameters: Parameters) -> tuple[float, Floats]:
        a, b = parameters["alpha"], parameters["beta"]
        value = lost @ (betaln(a + 1, b + t - 1) - betaln(a, b)) + lasting * (betaln(a, b + last) - betaln(a, b))
        both = lost @ (digamma(a + b) - digamma(a + b + t)) + lasting * (digamma(a + b) - digamma(a + b + last))
        gradient = np.array([
            both + lost.sum() * (digamma(a + 1) - digamma(a)),
            both + lost @ (digamma(b + t - 1) - digamma(b)) + lasting * (digamma(b + last) - digamma(b)),
        ])  # fmt: skip
        return float(value), gradient

    return at


def fit_rates(risk: Floats, lost: Floats, *, start: Parameters | None = None) -> Fit:
    """Fit to members of several ages: of `risk[t]` who were there before renewal t + 1, `lost[t]` did not renew.

    With members of one age it is the same as `fit`. Raises NotEnough and BadData.
    """
    risk, lost = np.asarray(risk, dtype=np.float64), np.asarray(lost, dtype=np.float64)
    if risk.shape != lost.shape or risk.ndim != 1 or (lost < 0).any() or (lost > risk).any():
        raise BadData("No more members can be lost than there are.")
    if len(risk) < 2 or risk[0] < 2 or not risk.all():
        raise NotEnough("At least two renewals of at least two members are needed.")
    if not lost.sum() or not (risk - lost).sum():
        raise NotEnough("Nobody has left, or nobody has stayed, so there is nothing to learn.")
    starts = [dict(start)] if start else [
        dict(zip(NAMES, values, strict=True)) for values in ((0.7, 3.0), (1.0, 1.0), (3.0, 10.0))
    ]  # fmt: skip
    at = rate_likelihood(risk, lost)
    return search("sbg", at, at, (float(risk[0]), float(risk[0])), starts, dict.fromkeys(NAMES, (1e-4, 1e4)))


def rate_likelihood(risk: Floats, lost: Floats) -> LogLikelihood:
    """Return the function of the parameters that gives the log-likelihood of those rates, by equation 8, and its
    gradient."""
    t = np.arange(len(risk), dtype=np.float64)
    stayed = risk - lost

    def at(parameters: Parameters) -> tuple[float, Floats]:
        a, b = parameters["alpha"], parameters["beta"]
        whole = risk @ np.log(a + b + t)
        value = stayed @ np.log(b + t) + lost.sum() * np.log(a) - whole
        both = -(risk / (a + b + t)).sum()
        return float(value), np.array([lost.sum() / a + both, (stayed / (b + t)).sum() + both])

    return at


def survival(parameters: Parameters, t: Floats) -> Floats:
    """The share of members left after `t` renewals: equation 6."""
    from scipy.special import betaln

    a, b = parameters["alpha"], parameters["beta"]
    return np.asarray(np.exp(betaln(a, b + t) - betaln(a, b)))


def retention(parameters: Parameters, t: Floats) -> Floats:
    """The share of those left after t - 1 renewals who renew once more: equation 8, (β+t-1)/(α+β+t-1)."""
    a, b = parameters["alpha"], parameters["beta"]
    return (b + t - 1) / (a + b + t - 1)


def expected(parameters: Parameters, renewed: Floats, periods: int) -> Floats:
    """How many more renewals are expected within `periods` of a member who renewed so many times."""
    found = np.zeros(np.shape(renewed))
    for ahead in range(1, periods + 1):
        found += survival(parameters, renewed + ahead)
    return np.asarray(found / survival(parameters, renewed))
