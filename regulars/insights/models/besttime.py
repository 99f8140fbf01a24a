"""When and how somebody is best reached: their own answers, drawn towards everybody's pattern when they are few.

Answers fall into cells (weekday × part of day, or ways to be in touch). Somebody's chances of the cells are drawn from
a Dirichlet distribution that everybody shares, and their answers are a sample from these: the Dirichlet-multinomial.
Its parameters are fitted to all people by maximum likelihood, which makes this empirical Bayes: the posterior of one
person is the Dirichlet with their counts added, so that everybody's pattern weighs as much as `sum(alpha)` answers.

T. P. Minka, "Estimating a Dirichlet distribution" (2000, revised 2012), section 3: the likelihood of equation 53, its
gradient, and Newton's step along a Hessian that is diagonal plus rank one; his fixed point (equation 55) where a step
does not climb. B. Efron and C. Morris, "Data Analysis Using Stein's Estimator and Its Generalizations", Journal of the
American Statistical Association 70 (1975), 311-319, on why one borrows from the others.

The best time is the shortest stretch of the week that holds half of the answers: R. Grübel, "The Length of the
Shorth", Annals of Statistics 16 (1988), 619-628, here on the shrunk distribution, over stretches that have a name.
"""

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regulars.insights.models.fitting import BadData, Floats, NotEnough

Counts = npt.NDArray[np.float64]  # people × cells
HOURS = (6, 5, 5, 8)  # morning from 6, afternoon from 12, evening from 17, night from 22
PARTS, DAYS = len(HOURS), 7
CELLS = DAYS * PARTS
HALF = 0.5
MOST_HOURS = 49  # a stretch longer than this is no hint: mornings of all days are 42 hours
ALIKE = 1e4  # a prior that weighs more than this says that all people are alike
FLOOR = 0.01  # of a cell in which nobody was ever seen
STEPS, FLAT = 500, 1e-12


@dataclass(frozen=True, eq=False)
class Prior:
    """Everybody's pattern: `alpha` of each cell, its log-likelihood (without the multinomial coefficients), whether
    the search converged, how many people it rests on; `is_alike` when nobody differs from the others."""

    alpha: Floats
    log_likelihood: float
    n: int
    converged: bool
    is_alike: bool = False

    @property
    def weight(self) -> float:
        """How many answers it counts like."""
        return float(self.alpha.sum())

    @property
    def mean(self) -> Floats:
        """Everybody's share of each cell."""
        return np.asarray(self.alpha / self.alpha.sum())


def fit(counts: Counts) -> Prior:
    """Fit everybody's pattern to the counts of people (rows) in cells (columns). Raises NotEnough, BadData."""
    counts = np.asarray(counts, dtype=np.float64)
    if counts.ndim != 2 or not np.isfinite(counts).all() or (counts < 0).any() or (counts != np.floor(counts)).any():
        raise BadData("Counts are whole numbers of people × cells.")
    counts = counts[counts.sum(axis=1) > 0]
    if len(counts) < 2:
        raise NotEnough("Two people who answered are needed.")
    seen = counts.sum(axis=0) > 0
    alpha = np.full(counts.shape[1], FLOOR)
    if seen.sum() == 1:
        alpha[seen] = 1.0
        return Prior(alpha, 0.0, len(counts), converged=True)
    found = _climb(_Likelihood(counts[:, seen]), _moments(counts[:, seen]))
    alpha[seen] = found.alpha
    return Prior(alpha, found.log_likelihood, len(counts), found.converged, found.is_alike)


def _moments(counts: Counts) -> Floats:
    """A start by the method of moments: the spread of people's shares against that of chance alone."""
    totals = counts.sum(axis=1)
    mean = counts.sum(axis=0) / totals.sum()
    able = totals > 1
    if not able.any():
        return np.asarray(mean * len(mean))
    shares = counts[able] / totals[able, None]
    spread = float(((shares - mean) ** 2).sum(axis=1).mean())
    chance = float((1 - (mean**2).sum()) * (1 / totals[able]).mean())
    whole = float(1 - (mean**2).sum())
    rho = np.clip((spread - chance) / max(whole - chance, 1e-9), 1e-3, 0.9)
    return np.asarray(np.maximum(mean * (1 / rho - 1), 1e-3))


class _Likelihood:
    """Σ over people of ln Γ(A)/Γ(N+A) Π Γ(n+α)/Γ(α), as sums over how many people have more than k answers."""

    def __init__(self, counts: Counts) -> None:
        self.cells = [_more_than(column) for column in counts.T]
        self.totals = _more_than(counts.sum(axis=1))
        self.n = len(counts)

    def value(self, alpha: Floats) -> float:
        cells = sum(float(more @ np.log(a + np.arange(len(more)))) for a, more in zip(alpha, self.cells, strict=True))
        return cells - float(self.totals @ np.log(alpha.sum() + np.arange(len(self.totals))))

    def slopes(self, alpha: Floats, power: int = 1) -> tuple[Floats, float]:
        """Σ 1/(α+k)^power for each cell, and the same of the whole."""
        each = [float((more / (a + np.arange(len(more))) ** power).sum())
                for a, more in zip(alpha, self.cells, strict=True)]  # fmt: skip
        whole = float((self.totals / (alpha.sum() + np.arange(len(self.totals))) ** power).sum())
        return np.array(each), whole


def _more_than(column: Floats) -> Floats:
    """How many people have more than 0, 1, 2… here."""
    found = np.bincount(column.astype(np.int64))
    return np.asarray(np.cumsum(found[::-1])[::-1][1:], dtype=np.float64)


def _climb(likelihood: _Likelihood, alpha: Floats) -> Prior:
    value, converged = likelihood.value(alpha), False
    for _step in range(STEPS):
        new = _newton(likelihood, alpha)
        if new is None or not (better := likelihood.value(new)) >= value:
            each, whole = likelihood.slopes(alpha)
            new = alpha * each / whole
            better = likelihood.value(new)
        converged = bool(better - value <= FLAT * max(1, likelihood.n))
        alpha, value = new, better
        if converged or alpha.sum() > ALIKE:
            break
    if alpha.sum() > ALIKE:
        alpha = alpha / alpha.sum() * ALIKE
        return Prior(alpha, likelihood.value(alpha), likelihood.n, converged=True, is_alike=True)
    return Prior(alpha, value, likelihood.n, converged)


def _newton(likelihood: _Likelihood, alpha: Floats) -> Floats | None:
    """One step of Newton's: Minka's equations 58 to 63. None where it leaves the positive numbers."""
    each, whole = likelihood.slopes(alpha)
    bent, z = likelihood.slopes(alpha, power=2)
    gradient, q = each - whole, -bent
    if z <= 0 or not (q < 0).all():
        return None
    b = (gradient / q).sum() / (1 / z + (1 / q).sum())
    new = alpha - (gradient - b) / q
    return new if np.isfinite(new).all() and (new > 0).all() else None


@dataclass(frozen=True)
class Window:
    """A stretch of the week that has a name: so many weekdays from `day` (0 is Monday, it may run over Sunday), each
    for so many parts from `part`."""

    day: int
    days: int
    part: int
    parts: int

    @property
    def hours(self) -> int:
        """How long it is."""
        return self.days * sum(HOURS[self.part : self.part + self.parts])

    @property
    def cells(self) -> list[int]:
        """The cells it holds: weekday × PARTS + part."""
        days = [(self.day + ahead) % DAYS for ahead in range(self.days)]
        return [day * PARTS + part for day in days for part in range(self.part, self.part + self.parts)]


def _windows() -> list[Window]:
    # What people would name: up to three days in a row, Mondays to Thursdays, to Fridays, any day.
    days = [(day, length) for length in (1, 2, 3) for day in range(DAYS)] + [(0, 4), (0, 5), (0, DAYS)]
    parts = [(0, 1), (1, 1), (2, 1), (3, 1), (0, 2), (1, 2), (0, PARTS)]
    made = [Window(day, days, part, parts) for (day, days), (part, parts) in itertools.product(days, parts)]
    return sorted((one for one in made if one.hours <= MOST_HOURS), key=lambda one: one.hours)


WINDOWS = _windows()
_INSIDE = np.zeros((CELLS, len(WINDOWS)))
for _at, _window in enumerate(WINDOWS):
    _INSIDE[_window.cells, _at] = 1
_LENGTH = np.array([window.hours for window in WINDOWS], dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Best:
    """For each person: the place in WINDOWS or among the ways (-1: nothing stands out), the share that it holds, and
    the ends between which that is in 80 of 100 cases."""

    place: npt.NDArray[np.int64]
    share: Floats
    low: Floats
    high: Floats


def best_time(counts: Counts, alpha: Floats) -> Best:
    """The shortest stretch of the week with half of somebody's answers; of equally long ones the fullest."""
    posterior = counts + alpha
    whole = posterior.sum(axis=1)
    held = posterior @ _INSIDE
    share = held / whole[:, None]
    cost = np.where(share >= HALF, _LENGTH - share, np.inf)
    place = np.argmin(cost, axis=1)
    return _between(np.where(np.isfinite(cost.min(axis=1)), place, -1), held, whole)


def best_way(counts: Counts, alpha: Floats, sure: float = 0.8) -> Best:
    """The way that somebody answers most, where the chance that it is ahead of the next one is `sure`."""
    from scipy.special import betainc

    posterior = counts + alpha
    order = np.argsort(-posterior, axis=1, kind="stable")
    rows = np.arange(len(posterior))
    first, second = posterior[rows, order[:, 0]], posterior[rows, order[:, 1]]
    # Of two shares of a Dirichlet, the first one's part of both is beta distributed.
    ahead = 1 - betainc(first, second, 0.5)
    return _between(np.where(ahead >= sure, order[:, 0], -1), posterior, posterior.sum(axis=1))


def _between(place: npt.NDArray[np.int64], held: Floats, whole: Floats) -> Best:
    """The share of a cell, or of cells together, is beta distributed."""
    from scipy.special import betaincinv

    inside = held[np.arange(len(held)), np.maximum(place, 0)]
    outside = np.maximum(whole - inside, 1e-9)
    low, high = (betaincinv(inside, outside, share) for share in (0.1, 0.9))
    return Best(place, inside / whole, np.asarray(low), np.asarray(high))
