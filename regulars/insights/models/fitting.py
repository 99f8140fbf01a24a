"""What the fits of all models share: their answer, the rows they read, and the search for the greatest likelihood.

All models are fitted in the logarithms of their parameters, which are all positive, by BFGS with the analytic gradient
of the log-likelihood, from several starts and inside wide bounds (J. Nocedal and S. J. Wright, "Numerical
Optimization", chapters 6 and 16.7). It is written out here because there are four parameters at most: SciPy's L-BFGS-B
hands such tiny matrices to threads, which took ten times as long as the models themselves. SciPy's special functions
are imported where they are used: the web process never needs them.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Parameters = Mapping[str, float]
LogLikelihood = Callable[[Parameters], tuple[float, Floats]]
Objective = Callable[[Floats], tuple[float, Floats]]
Found = tuple[Floats, float, Floats]  # parameters, value, gradient

ROUGH = 5  # iterations from each start before the best goes on
THIN = 20_000  # rows above which the starts are tried on a part of them
FLAT = 2e-5  # the gradient for each customer, in log parameters, that counts as none
EDGE = 1e-6
LONGEST = 3.0  # a step in log parameters
SHORTENED = 30


class NotEnough(ValueError):
    """There is nothing that a model could learn from; the message is one sentence."""


class BadData(ValueError):
    """A row makes no sense; the message names it."""


@dataclass(frozen=True)
class Fit:
    """What a fit came to.

    `log_likelihood` is the sum over all `n` customers, in the unit of time of the data. `converged` is whether the
    gradient vanished; `message` says in one sentence what there is to know, also that a parameter stands at its bound.
    """

    model: str
    parameters: dict[str, float]
    log_likelihood: float
    n: int
    converged: bool
    seconds: float
    message: str = ""

    def as_dict(self) -> dict[str, object]:
        """What `--json` prints."""
        return {
            "model": self.model,
            "parameters": self.parameters,
            "log_likelihood": self.log_likelihood,
            "n": self.n,
            "converged": self.converged,
            "seconds": self.seconds,
            "message": self.message,
        }


@dataclass(frozen=True, eq=False)
class Rows:
    """Customers as distinct rows: `x` repeat purchases, the last of them at age `t_x`, seen until age `T`; `weight`
    says how many customers each row stands for."""

    x: Floats
    t_x: Floats
    T: Floats
    weight: Floats
    by_x: tuple[Floats, Floats] = field(init=False)

    def __post_init__(self) -> None:
        values, codes = np.unique(self.x, return_inverse=True)
        object.__setattr__(self, "by_x", (values, np.bincount(codes, self.weight, len(values))))

    @cached_property
    def customers(self) -> float:
        """How many customers there are."""
        return float(self.weight.sum())

    @cached_property
    def age(self) -> float:
        """The mean age, which starts and bounds are measured by."""
        return float(np.average(self.T, weights=self.weight))

    def thin(self, most: int = THIN // 2) -> "Rows":
        """Every k-th row, at most about `most` of them: for first steps."""
        step = max(1, len(self.x) // most)
        return Rows(self.x[::step], self.t_x[::step], self.T[::step], self.weight[::step])


def compress(x: Floats, t_x: Floats, T: Floats, weight: Floats | None = None) -> Rows:
    """Return the distinct (x, t_x, T) with their weights. Raises BadData and NotEnough."""
    x, t_x, T = (np.asarray(column, dtype=np.float64) for column in (x, t_x, T))
    weights = np.ones_like(x) if weight is None else np.asarray(weight, dtype=np.float64)
    check(x, t_x, T, weights)
    first, codes = distinct(x, t_x, T)
    rows = Rows(x[first], t_x[first], T[first], np.bincount(codes, weights, len(first)).astype(float))
    if rows.customers <= 1:
        raise NotEnough("One customer is no sample." if rows.customers else "There are no customers.")
    if not (rows.x * rows.weight).sum() > 0:
        raise NotEnough("Nobody has bought on a second day, so there is no rhythm to learn.")
    return rows


def distinct(*columns: Floats) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return where each distinct combination of `columns` stands first, and which of them each row is."""
    codes = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        values, inverse = np.unique(column, return_inverse=True)
        codes = codes * len(values) + inverse
        codes = np.unique(codes, return_inverse=True)[1]
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    return first, inverse


def check(x: Floats, t_x: Floats, T: Floats, weight: Floats) -> None:
    """Raise BadData for the first row that no customer can have."""
    wrongs = (
        (~(np.isfinite(x) & np.isfinite(t_x) & np.isfinite(T) & np.isfinite(weight)), "a number is missing"),
        ((x < 0) | (x != np.floor(x)), "x must be a whole number from 0"),
        (t_x < 0, "t_x is negative"),
        (t_x > T + EDGE, "t_x is after T"),
        ((x == 0) & (t_x > 0), "t_x is not 0 though nothing was bought again"),
        ((x > 0) & (t_x == 0), "t_x is 0 though something was bought again"),
        (weight < 0, "the count is negative"),
    )
    for wrong, why in wrongs:
        if wrong.any():
            raise BadData(f"Row {int(np.argmax(wrong)) + 1}: {why}.")


def load() -> None:
    """Load the part of SciPy that fits need, so that the seconds of a fit are its own."""
    import scipy.special  # noqa: F401


def maximise(
    model: str,
    likelihood: Callable[[Rows], LogLikelihood],
    rows: Rows,
    starts: Sequence[dict[str, float]],
    bounds: Mapping[str, tuple[float, float]],
) -> Fit:
    """Return the fit of greatest likelihood; many rows are tried in part first, from every start."""
    load()
    began = time.perf_counter()
    thin = rows.thin() if len(rows.x) > THIN else rows
    return search(model, likelihood(thin), likelihood(rows), (thin.customers, rows.customers), starts, bounds, began)


def search(
    model: str,
    rough: LogLikelihood,
    full: LogLikelihood,
    sizes: tuple[float, float],
    starts: Sequence[dict[str, float]],
    bounds: Mapping[str, tuple[float, float]],
    began: float | None = None,
) -> Fit:
    """Try all starts on `rough`, finish the best on `full`. `sizes` are the customers behind each."""
    load()
    began = time.perf_counter() if began is None else began
    names = list(bounds)
    edges = [(float(np.log(low)), float(np.log(high))) for low, high in bounds.values()]
    tries = [_descend(_in_logs(rough, names, sizes[0]), _logs(start, names), edges, ROUGH) for start in starts]
    best = min(tries, key=lambda found: found[1])[0] if len(tries) > 1 else tries[0][0]
    if sizes[0] != sizes[1]:  # as good as it gets on the part, which is cheap
        best = _descend(_in_logs(rough, names, sizes[0]), best, edges, 100)[0]
    function = _in_logs(full, names, sizes[1])
    theta, value, slope = _descend(function, best, edges, 500)
    parameters = {name: float(np.exp(log)) for name, log in zip(names, theta, strict=True)}
    held = [
        name
        for name, log, (low, high) in zip(names, theta, edges, strict=True)
        if log <= low + EDGE or log >= high - EDGE
    ]
    flat = bool(np.isfinite(value) and np.abs(_free(slope, theta, edges)).max() < FLAT)
    return Fit(model, parameters, -value * sizes[1], round(sizes[1]), flat, time.perf_counter() - began,
               _say(flat, held))  # fmt: skip


def _say(flat: bool, held: list[str]) -> str:
    if not flat:
        return "The fit did not converge: the likelihood still rises."
    if held:
        names = ", ".join(held)
        return f"{names} stands at the edge of what was searched: the data hardly tells it."
    return ""


def _logs(start: dict[str, float], names: list[str]) -> Floats:
    return np.log([start[name] for name in names])


def _in_logs(likelihood: LogLikelihood, names: list[str], size: float) -> Callable[[Floats], tuple[float, Floats]]:
    """Minus the mean log-likelihood, and its gradient, in the logarithms of the parameters."""

    def function(theta: Floats) -> tuple[float, Floats]:
        values = np.exp(theta)
        total, gradient = likelihood(dict(zip(names, values.tolist(), strict=True)))
        if not np.isfinite(total):
            return 1e10, np.zeros_like(theta)
        return -total / size, -gradient * values / size

    return function


def _descend(function: Objective, start: Floats, edges: list[tuple[float, float]], most: int) -> Found:
    """Minimise `function` from `start` within the bounds by BFGS on the parameters that no bound holds."""
    low, high = np.array(edges).T
    theta = np.clip(start, low, high)
    value, slope = function(theta)
    bend, is_fresh = np.eye(len(theta)), True
    for _ in range(most):
        free = _free(slope, theta, edges) != 0
        if np.abs(slope[free]).max(initial=0.0) < FLAT / 200:
            break
        step = _direction(bend, slope, free)
        after = _line(function, theta, value, slope, step, (low, high))
        if after is None and is_fresh:
            break
        if after is None:  # a direction that went stale: begin again by steepest descent
            bend, is_fresh = np.eye(len(theta)), True
            continue
        bend = _bent(bend, after[0] - theta, after[2] - slope, is_fresh=is_fresh)
        is_fresh = False
        theta, value, slope = after
    return theta, value, slope


def _direction(bend: Floats, slope: Floats, free: npt.NDArray[np.bool_]) -> Floats:
    """Where to go: the quasi-Newton step of the free parameters, three in the logarithm at most."""
    step = np.zeros_like(slope)
    step[free] = -bend[np.ix_(free, free)] @ slope[free]
    if step @ slope >= 0:
        step = np.where(free, -slope, 0.0)
    return np.asarray(step / max(1.0, np.abs(step).max() / LONGEST))


def _line(
    function: Objective, theta: Floats, value: float, slope: Floats, step: Floats, box: tuple[Floats, Floats]
) -> Found | None:
    """Go along `step`, less far until it pays (Armijo); None when it never does."""
    share = 1.0
    for _ in range(SHORTENED):
        tried = np.clip(theta + share * step, *box)
        gained = float(slope @ (tried - theta))
        new, new_slope = function(tried)
        if new <= value + 1e-4 * gained and not np.array_equal(tried, theta):
            return tried, new, new_slope
        bow = new - value - gained
        share *= float(np.clip(-gained / (2 * bow), 0.1, 0.5)) if bow > 0 else 0.5
    return None


def _bent(bend: Floats, moved: Floats, turned: Floats, *, is_fresh: bool) -> Floats:
    """The inverse Hessian after a step, by the formula of Broyden, Fletcher, Goldfarb and Shanno."""
    curve = float(moved @ turned)
    if curve <= 1e-14:
        return bend
    if is_fresh:
        bend = np.eye(len(moved)) * curve / float(turned @ turned)
    left = np.eye(len(moved)) - np.outer(moved, turned) / curve
    return np.asarray(left @ bend @ left.T + np.outer(moved, moved) / curve)


def _free(slope: Floats, theta: Floats, edges: list[tuple[float, float]]) -> Floats:
    """The gradient without what pushes against a bound."""
    low, high = np.array(edges).T
    stopped = ((theta <= low + EDGE) & (slope > 0)) | ((theta >= high - EDGE) & (slope < 0))
    return np.where(stopped, 0.0, slope)
