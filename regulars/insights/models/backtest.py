"""Which model is the best for this business: each predicts a past that it has not seen, beside two plain rules.

The error that chooses is the root of the mean squared error of purchases, because what is predicted is an expected
number, and that is what this error is least for; the mean absolute error, which rewards saying "nothing" to everybody
who buys seldom, is printed beside it. A model is used only where it errs less than the better of the plain rules.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from regulars.insights.models import gammagamma, plain
from regulars.insights.models.families import BY_MONTH, FAMILIES
from regulars.insights.models.fitting import BadData, Fit, Floats, NotEnough, compress
from regulars.insights.models.history import Past
from regulars.insights.models.months import with_days

REPEAT, HELD = 100, 20  # people who bought again by the cut; purchases after it
TENTHS = 10
BIG_COHORTS = 12


@dataclass(frozen=True)
class Errors:
    """How one model or rule did on the part it had not seen. Money is in the unit of the purchases' amounts.

    `aggregate` is the error of the sum as a share of what happened, `brier` the mean squared error of the chance to
    buy soon (0 is perfect, the share of buyers times that of the others is no better than one number for all).
    """

    name: str
    predicted: float
    actual: float
    aggregate: float | None
    mae: float
    rmse: float
    correlation: float | None
    brier: float
    money_predicted: float
    money_actual: float
    money_mae: float
    log_likelihood: float | None = None
    parameters: dict[str, float] = field(default_factory=dict)
    converged: bool = True
    message: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Bin:
    """Of `people` we gave a chance from `low` to `high` (on average `said`), `bought` did buy soon."""

    low: float
    high: float
    people: int
    said: float
    bought: int


@dataclass(frozen=True)
class Cohort:
    """Those who first bought in one quarter: what was predicted of them, by the plain rule too, and what happened."""

    name: str
    people: int
    predicted: float
    plain: float
    actual: float
    money_predicted: float
    money_actual: float


@dataclass(frozen=True)
class Backtest:
    """The outcome: `best` names the model or rule to use, `plain` the better rule, `beats` whether a model won."""

    customers: int
    repeat: int
    horizon: float
    soon: float
    best: str
    plain: str
    beats: bool
    candidates: list[Errors]
    calibration: list[Bin]
    cohorts: list[Cohort]
    spend: dict[str, float]
    link: float | None
    seconds: float

    def of(self, name: str) -> Errors:
        """The errors of one candidate."""
        return next(errors for errors in self.candidates if errors.name == name)

    def as_dict(self) -> dict[str, object]:
        """Everything, as JSON takes it."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class _Said:
    expected: Floats
    p_soon: Floats
    fit: Fit | None = None
    seconds: float = 0.0


def shortage(past: Past) -> tuple[int, int] | None:
    """Return how many repeat customers there are and how many it takes, where they are too few; None where not."""
    return (past.repeat, REPEAT) if past.repeat < REPEAT else None


def run(past: Past, *, between: Callable[[], None] = lambda: None) -> Backtest:
    """Let all models and plain rules predict what the `past` holds back, and choose. Raises NotEnough below minimums.

    `between` is called before each model, so that a long run can say that it is alive.
    """
    began = time.perf_counter()
    if short := shortage(past):
        raise NotEnough("{} of about {} repeat customers".format(*short))
    if past.held.sum() < HELD:
        raise NotEnough(f"{past.held.sum():.0f} of about {HELD} purchases after the cut")
    spend, parameters, link = _spend(past)
    said = _plain(past)
    plain_names = list(said)
    failed = []
    for name in FAMILIES:
        between()
        found = _modelled(name, past)
        said[name] = found if isinstance(found, _Said) else said[plain.SAME_RATE]
        failed += [] if isinstance(found, _Said) else [(name, found)]
    candidates = [_errors(name, one, past, spend) for name, one in said.items() if name not in dict(failed)]
    candidates += [_failed(name, why, past) for name, why in failed]
    rules = [one for one in candidates if one.name in plain_names]
    rule = min(rules, key=lambda one: one.rmse)
    able = [one for one in candidates if one.name not in plain_names and one.converged]
    best = min([rule, *able], key=lambda one: one.rmse)
    return Backtest(
        customers=len(past.x), repeat=past.repeat, horizon=past.horizon, soon=past.soon,
        best=best.name, plain=rule.name, beats=best is not rule, candidates=candidates,
        calibration=calibration(said[best.name].p_soon, past.held_soon > 0),
        cohorts=_cohorts(past, said[best.name].expected, said[rule.name].expected, spend),
        spend=parameters, link=link, seconds=time.perf_counter() - began,
    )  # fmt: skip


def _plain(past: Past) -> dict[str, _Said]:
    same = plain.same_rate(past.x, past.T, past.horizon)
    soon = plain.p_buys(plain.same_rate(past.x, past.T, past.soon))
    rules = {plain.SAME_RATE: _Said(same, soon)}
    if past.year_ago is not None:
        ago = plain.last_year(past.year_ago)
        rules[plain.LAST_YEAR] = _Said(ago, plain.p_buys(ago * past.soon / past.horizon))
    return rules


def _modelled(name: str, past: Past) -> "_Said | str":
    """What a model says, or why it can't."""
    family, began = FAMILIES[name], time.perf_counter()
    x, t_x, T = past.months[:3] if name == BY_MONTH else (past.x, past.t_x, past.T)
    try:
        fit = family.fit_rows(compress(x, t_x, T))
    except (NotEnough, BadData) as why:
        return str(why)
    if name == BY_MONTH:
        fit = replace(fit, parameters=with_days(fit.parameters, past.months[3]))
    alive = family.p_alive(fit.parameters, x, t_x, T)
    expected = alive * family.expected_if_alive(fit.parameters, x, T, past.horizon)
    soon = family.p_buys(fit.parameters, x, t_x, T, past.soon)
    if not (np.isfinite(expected).all() and np.isfinite(soon).all()):
        return "The fit gave no numbers."
    return _Said(expected, soon, fit, time.perf_counter() - began)


def _spend(past: Past) -> tuple[Floats, dict[str, float], float | None]:
    """What a purchase of each is expected to come to: by Gamma-Gamma, else their own mean."""
    link = gammagamma.link(past.x[past.x > 0], past.mean[past.x > 0])
    known = None if np.isnan(link) else link
    try:
        fit = gammagamma.fit(past.x + 1, past.mean)
    except NotEnough:
        return past.mean, {}, known
    if not gammagamma.usable(fit):
        return past.mean, {}, known
    amounts = gammagamma.expected_spend(fit.parameters, past.x + 1, np.maximum(past.mean, 0))
    return amounts, dict(fit.parameters), known


def _errors(name: str, said: _Said, past: Past, spend: Floats) -> Errors:
    expected, held = said.expected, past.held
    money = expected * spend
    actual = float(held.sum())
    return Errors(
        name=name,
        predicted=float(expected.sum()),
        actual=actual,
        aggregate=float(expected.sum() / actual - 1) if actual else None,
        mae=float(np.abs(expected - held).mean()),
        rmse=float(np.sqrt(((expected - held) ** 2).mean())),
        correlation=_correlation(expected, held),
        brier=float(((said.p_soon - (past.held_soon > 0)) ** 2).mean()),
        money_predicted=float(money.sum()),
        money_actual=float(past.held_money.sum()),
        money_mae=float(np.abs(money - past.held_money).mean()),
        log_likelihood=said.fit.log_likelihood if said.fit else None,
        parameters=said.fit.parameters if said.fit else {},
        converged=said.fit is None or said.fit.converged,
        message=said.fit.message if said.fit else "",
        seconds=said.seconds,
    )


def _failed(name: str, why: str, past: Past) -> Errors:
    actual, money = float(past.held.sum()), float(past.held_money.sum())
    return Errors(name, 0.0, actual, None, 0.0, 0.0, None, 0.0, 0.0, money, 0.0, converged=False, message=why)


def _correlation(one: Floats, other: Floats) -> float | None:
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(one, other)[0, 1])


def calibration(said: Floats, bought: npt.NDArray[np.bool_]) -> list[Bin]:
    """Return, for each tenth of chances, how many people got it and how many of them did buy."""
    tenth = np.minimum((said * TENTHS).astype(int), TENTHS - 1)
    people = np.bincount(tenth, minlength=TENTHS)
    sums = np.bincount(tenth, said, TENTHS)
    did = np.bincount(tenth, bought.astype(float), TENTHS)
    return [
        Bin(one / TENTHS, (one + 1) / TENTHS, int(people[one]), float(sums[one] / people[one]), int(did[one]))
        for one in range(TENTHS)
        if people[one]
    ]


def _cohorts(past: Past, expected: Floats, rule: Floats, spend: Floats) -> list[Cohort]:
    """By the quarter of the first purchase; by the year where there are many quarters."""
    names = [_quarter(day) for day in past.first.tolist()]
    if len(set(names)) > BIG_COHORTS:
        names = [name.split(" ")[0] for name in names]
    labels, codes = np.unique(np.array(names), return_inverse=True)

    def sums(values: Floats) -> Iterable[float]:
        return map(float, np.bincount(codes, values, len(labels)))

    columns = (np.ones_like(expected), expected, rule, past.held, expected * spend, past.held_money)
    rows = zip(labels.tolist(), *map(sums, columns), strict=True)
    return [Cohort(name, round(people), *rest) for name, people, *rest in rows]


def _quarter(day: int) -> str:
    when = date.fromordinal(day)
    return f"{when.year} Q{(when.month + 2) // 3}"
