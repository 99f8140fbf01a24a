"""Scoring everybody: at night by itself, or when a manager asks for it, in batches that can be picked up anywhere.

What a run found is saved before the first customer is scored, and each batch commits its predictions with the place it
came to (`Run.scored_to`): whoever goes on after a crash needs neither the backtest nor the fit again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from regulars.access import operations
from regulars.access.home import at_home_of
from regulars.access.models import Operation, Organisation, User
from regulars.insights.predicting.fitting import KINDS, make_run, scorer_of
from regulars.insights.predicting.past import Customers, customers_for, year_ago
from regulars.insights.tables.prediction import Prediction
from regulars.insights.tables.run import Run
from regulars.lib import fast
from regulars.lib.schedule import every

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regulars.insights.models.scoring import Scores

KIND = "predictions"
BATCH = 20_000
BEFORE = timedelta(days=28)  # how old the chance is that today's is compared with
GIVEN_UP = timedelta(days=2)  # an unfinished run older than this is not gone on with
ENDLESS = 100 * 365  # days beyond which a next purchase is no date any more


@dataclass
class Work:
    """A run as this process holds it: its scorer, and who is still to be scored."""

    run: Run
    scorer: Any
    left: Customers
    year_ago: "NDArray[Any] | None"

    @classmethod
    def on(cls, run: Run) -> "Work":
        """Take up `run` where it stands."""
        everybody = customers_for(run.model, run.kind, run.as_of)[0].after(run.scored_to)
        ago = year_ago(run.kind, everybody.ids, run.as_of) if run.model == "last_year" else None
        return cls(run, scorer_of(run), everybody, ago)

    def next(self) -> "tuple[Customers, Scores] | None":
        """Score the next batch; None when nobody is left. Reads nothing, writes nothing."""
        part = self.left.part(slice(0, BATCH))
        if not len(part.ids):
            return None
        ago = self.year_ago[:BATCH] if self.year_ago is not None else None
        scores = self.scorer.score(part.x, part.t_x, part.T, part.mean, ago)
        self.left = self.left.part(slice(BATCH, None))
        self.year_ago = self.year_ago[BATCH:] if self.year_ago is not None else None
        return part, scores


def write(run: Run, part: Customers, scores: "Scores") -> int:
    """Put the predictions of one batch in the place of the old ones, with the place it came to. In a transaction.

    Returns how many there are. Somebody erased or binned meanwhile is left out by the key that no longer exists.
    """
    first, last = run.scored_to, int(part.ids[-1])
    if not Run.objects.filter(pk=run.pk, status=Run.Status.SCORING, scored_to=first).update(
        scored_to=last, scored=run.scored + len(part.ids)
    ):
        return 0  # somebody else did it
    link = f"{run.kind}_id"
    old = Prediction.objects.filter(**{f"{link}__gt": first, f"{link}__lte": last})
    before = {row[0]: row[1:] for row in old.values_list(link, "p_alive", "alive_before", "before_on", "run__as_of")}
    old.delete()
    there = _there(run.kind, first, last)
    rows = [row for row in _rows(run, part, scores, before) if row[link] in there]
    fast.insert(Prediction, rows)
    run.scored_to, run.scored = last, run.scored + len(part.ids)
    return len(rows)


def _there(kind: str, first: int, last: int) -> set[int]:
    """Who is still in the book, so that no key points nowhere."""
    model: Any = Prediction._meta.get_field(kind).related_model
    return set(model.objects.filter(pk__gt=first, pk__lte=last).order_by().values_list("pk", flat=True))


def _rows(run: Run, part: Customers, scores: "Scores", before: dict[int, Any]) -> Iterable[dict[str, Any]]:
    link = f"{run.kind}_id"
    days = _dates(run.as_of)
    columns = [_plain(getattr(scores, name)) for name in (
        "p_alive", "expected", "low", "high", "p_buys", "next_from", "next_to", "clv", "clv_low", "clv_high",
    )]  # fmt: skip
    for pk, alive, expected, low, high, buys, early, late, clv, least, most in zip(
        part.ids.tolist(), *columns, strict=True
    ):
        then, on = _before(before.get(pk), run.as_of)
        yield {
            link: pk, "run_id": run.pk, "p_alive": alive, "alive_before": then, "before_on": on,
            "expected": expected, "low": int(low), "high": int(high), "p_buys": buys,
            "next_from": days(early), "next_to": days(late),
            "clv": round(clv or 0), "clv_low": round(least or 0), "clv_high": round(most or 0),
        }  # fmt: skip


def _plain(column: "NDArray[Any]") -> list[Any]:
    """Numbers as the database takes them; nan is none."""
    return [None if value != value else value for value in column.tolist()]


def _dates(today: date) -> Any:
    known: dict[int, date] = {}

    def day(ahead: float | None) -> date | None:
        if ahead is None or ahead > ENDLESS:
            return None
        whole = max(1, round(ahead))
        if whole not in known:
            known[whole] = today + timedelta(days=whole)
        return known[whole]

    return day


def _before(old: Any, today: date) -> tuple[float | None, date | None]:
    """The chance to compare with and its day: kept for about a month, then the newest takes its place."""
    if old is None:
        return None, None
    alive, then, on, as_of = old
    if on is None or today - on >= BEFORE:
        return (then, on) if as_of == today else (alive, as_of)
    return then, on


def finish(run: Run) -> None:
    """End a run: predictions of who is no customer any more go. In a transaction."""
    Prediction.objects.filter(**{f"{run.kind}__isnull": False}).exclude(run=run).delete()
    run.finish(Run.Status.DONE)


def begin(kind: str, today: date, between: Any = lambda: None) -> Run:
    """Backtest, choose and fit for `kind`, and save the run; one with too little data has ended with that."""
    run = make_run(kind, today, between)
    run.status = Run.Status.SCORING
    with transaction.atomic():
        Run.objects.filter(kind=kind, status=Run.Status.SCORING).update(
            status=Run.Status.STOPPED, finished_at=timezone.now()
        )
        run.save()
        if not run.model:
            Prediction.objects.filter(**{f"{kind}__isnull": False}).delete()
            run.finish(Run.Status.SHORT)
    return run


def go_on(run: Run) -> int:
    """Score who is left in this process; returns how many were scored."""
    work, done = Work.on(run), 0
    while made := work.next():
        with transaction.atomic():
            done += write(run, *made)
    with transaction.atomic():
        finish(run)
    return done


def predict_all(today: date | None = None) -> dict[str, Run]:
    """Do everything now, in this process: go on with what was begun today, begin the rest. Safe to run twice."""
    day = today or timezone.localdate()
    found = {}
    for kind in KINDS:
        begun = Run.objects.unfinished().filter(kind=kind, as_of=day).first()
        run = found[kind] = begun or begin(kind, day)
        if run.status == Run.Status.SCORING:
            go_on(run)
    return found


# At night


@task()
def predict_tonight() -> None:
    """Score everybody, by the clock of the business."""
    with at_home_of(None):
        predict_all()


@every(hours=24)
def score_everybody() -> None:
    """Queue it, where somebody wants to know."""
    organisation = Organisation.current()
    if organisation is not None and organisation.has_module("insights"):
        predict_tonight.enqueue()


@every(hours=1)
def pick_up() -> None:
    """Go on with a run whose worker died."""
    lately = timezone.now() - GIVEN_UP, timezone.now() - timedelta(hours=1)
    if Run.objects.unfinished().filter(made_at__range=lately).exists():
        predict_tonight.enqueue()


# On demand: an operation with progress


_work: dict[int, Work | None] = {}
_made: dict[int, "tuple[Customers, Scores] | None"] = {}


def start_predicting(*, by: User) -> Operation:
    """Start scoring everybody and return the operation."""
    return operations.start(KIND, _("Predict"), by=by, kinds=list(KINDS), run=None)


def _alive(operation: Operation) -> Any:
    def say() -> None:
        Operation.objects.filter(pk=operation.pk).update(heartbeat_at=timezone.now())

    return say


def _prepare(operation: Operation) -> None:
    """Do what takes long outside of any transaction: the fit of a kind, then the scores of its next batch."""
    if not operation.state["kinds"]:
        return
    if operation.state["run"] is None:
        run = begin(operation.state["kinds"][0], timezone.localdate(), _alive(operation))
        operation.state["run"] = run.pk
        operation.total = operation.done + (run.customers if run.model else 0)
        Operation.objects.filter(pk=operation.pk).update(total=operation.total, state=operation.state)
    if operation.pk not in _work:
        run = Run.objects.get(pk=operation.state["run"])
        _work[operation.pk] = Work.on(run) if run.status == Run.Status.SCORING else None
    work = _work[operation.pk]
    _made[operation.pk] = work.next() if work else None


def _step(operation: Operation) -> bool:
    """Write the batch that was made; after the last one of a kind, end its run. Returns whether there is more."""
    if not operation.state["kinds"]:
        return False
    work, made = _work.get(operation.pk), _made.pop(operation.pk, None)
    if work and made:
        write(work.run, *made)
        operation.advance(len(made[0].ids))
        return True
    if work:
        finish(work.run)
    _work.pop(operation.pk, None)
    operation.result = {**operation.result, **_result(operation)}
    operation.advance(0, kinds=operation.state["kinds"][1:], run=None)
    return bool(operation.state["kinds"])


def _result(operation: Operation) -> dict[str, Any]:
    said = ngettext("%(count)s customer scored.", "%(count)s customers scored.", operation.done)
    sentence = said % {"count": f"{operation.done:,}"}
    return {"scored": operation.done, "sentence": sentence if operation.done else _("Not enough data yet.")}


def _forget(operation: Operation) -> None:
    _work.pop(operation.pk, None)
    _made.pop(operation.pk, None)


def register() -> None:
    """Make the operation known; called in `apps.ready()`."""
    operations.register(operations.OperationKind(KIND, _step, on_finish=_forget, prepare=_prepare))
