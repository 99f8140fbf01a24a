"""One run: the backtest on the business's own past, the fit of what won, and how sure its parameters are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING, Any

from regulars.insights.predicting.past import SHORTEST, Customers, Cut, customers, customers_for, cut_past
from regulars.insights.tables.run import Run

if TYPE_CHECKING:
    from regulars.insights.models.backtest import Backtest

KINDS = ("contact", "company")


def _nothing() -> None:
    return None


@dataclass(frozen=True, eq=False)
class Tested:
    """A backtest and the past it rests on; without one, `have` of about `need` of `what` are there."""

    cut: Cut | None
    found: "Backtest | None"
    have: int = 0
    need: int = 0
    what: str = ""

    @property
    def sentence(self) -> str:
        """Why nothing can be said, in English, for the command line; "" where something can."""
        return "" if self.found else f"not enough data yet: {self.have} of about {self.need} {self.what}"


def prove(
    kind: str, today: date, cut: date | None = None, until: date | None = None, between: Callable[[], None] = _nothing
) -> Tested:
    """Let the models predict the business's own past. Reads only."""
    from regulars.insights.models import backtest

    made = cut_past(kind, today, cut, until)
    if made is None:
        return Tested(None, None, 0, backtest.REPEAT, "repeat customers")
    past = made.past
    if short := backtest.shortage(past):
        return Tested(made, None, *short, "repeat customers")
    if made.reaches < SHORTEST and cut is None:
        return Tested(made, None, made.reaches, SHORTEST, "days of orders")
    if past.held.sum() < backtest.HELD:
        return Tested(made, None, int(past.held.sum()), backtest.HELD, "purchases after the cut")
    return Tested(made, backtest.run(past, between=between))


def make_run(kind: str, today: date, between: Callable[[], None] = _nothing) -> Run:
    """Return an unsaved run for everybody of `kind`: with what the backtest chose, fitted to everything until today.

    Reads only. `between` is called now and then, so that a long run can say that it is alive.
    """
    begun = perf_counter()
    tested = prove(kind, today, between=between)
    run = Run(kind=kind, as_of=today)
    if tested.cut:
        run.cut, run.until = tested.cut.cut, tested.cut.until
    everybody = customers(kind, today)
    run.customers, run.repeat = len(everybody.ids), everybody.repeat
    if tested.found is None:
        run.have, run.need, run.message = tested.have, tested.need, tested.what
    else:
        between()
        _choose(run, tested.found, everybody, between)
    run.seconds = round(perf_counter() - begun, 2)
    return run


def _choose(run: Run, tested: "Backtest", everybody: Customers, between: Callable[[], None]) -> None:
    """Write what is used onto the run: the best model, fitted anew, or the plain rule where that fails."""
    run.backtest, run.model, run.beats = tested.as_dict(), tested.best, tested.beats
    run.spend = _spend(everybody)
    if tested.beats and not _fit(run, everybody, between):
        run.model, run.beats = tested.plain, False


def _spend(everybody: Customers) -> dict[str, float]:
    from regulars.insights.models import gammagamma
    from regulars.insights.models.fitting import NotEnough

    try:
        fit = gammagamma.fit(everybody.x + 1, everybody.mean)
    except NotEnough:
        return {}
    return fit.parameters if gammagamma.usable(fit) else {}


def _fit(run: Run, everybody: Customers, between: Callable[[], None]) -> bool:
    """Fit the model of `run`; False, with the reason on it, where that does not converge."""
    from regulars.insights.models import intervals
    from regulars.insights.models.families import BY_MONTH, FAMILIES
    from regulars.insights.models.fitting import NotEnough, compress
    from regulars.insights.models.months import with_days

    family = FAMILIES[run.model]
    days = 1.0
    if run.model == BY_MONTH:
        everybody, days = customers_for(run.model, run.kind, run.as_of)
    try:
        rows = compress(everybody.x, everybody.t_x, everybody.T)
        fit = family.fit_rows(rows)
    except NotEnough as why:
        run.message = str(why)
        return False
    run.message, run.converged = fit.message, fit.converged
    run.parameters, run.log_likelihood = fit.parameters, fit.log_likelihood
    if not fit.converged:
        return False
    between()
    run.draws = intervals.bootstrap(family, rows, fit)
    run.ranges = {name: list(ends) for name, ends in intervals.of_parameters(run.draws).items()}
    if run.model == BY_MONTH:
        run.parameters = with_days(run.parameters, days)
        run.draws = [with_days(draw, days) for draw in run.draws]
    return True


def scorer_of(run: Run) -> Any:
    """Return what scores customers as `run` says: models.scoring.Scorer."""
    from regulars.insights.models.scoring import Scorer

    return Scorer(run.model, run.parameters, run.draws, run.spend)
