"""Counting the demand and everybody's habits: every night, in steps that can be picked up anywhere.

The backtest is saved first; then each four weeks of the past is added up in a step of its own, then customers are gone
through in batches by id, each of which commits its habits, the sums so far and the place it came to. The last step
writes what is expected of each product in one transaction, so that a page never shows half of it.
"""

from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from regulars.access.home import at_home_of
from regulars.access.models import Organisation
from regulars.insights.demand import everybodys, finding, reading
from regulars.insights.predicting.past import Customers, customers
from regulars.insights.tables import DemandRun, Habit, ProductDemand, ProductSpan
from regulars.lib import fast
from regulars.lib.schedule import every

if TYPE_CHECKING:
    from numpy.typing import NDArray

BATCH = 10_000
GIVEN_UP = timedelta(days=2)


@task()
def count_tonight() -> None:
    """Count by the clock of the business."""
    with at_home_of(None):
        count_demand()


@every(hours=24)
def count_nightly() -> None:
    """Queue it, where somebody wants to know."""
    organisation = Organisation.current()
    if organisation is not None and organisation.has_module("insights"):
        count_tonight.enqueue()


@every(hours=1)
def pick_up_count() -> None:
    """Go on with a count whose worker died."""
    lately = timezone.now() - GIVEN_UP, timezone.now() - timedelta(hours=1)
    if DemandRun.objects.unfinished().filter(made_at__range=lately).exists():
        count_tonight.enqueue()


def count_demand(today: date | None = None) -> DemandRun:
    """Do everything now: go on with what was begun today, else begin. Safe to run twice."""
    day = today or timezone.localdate()
    work = Counting(DemandRun.objects.unfinished().filter(as_of=day).first() or begin(day))
    while work.step():
        pass
    return work.run


def begin(today: date) -> DemandRun:
    """Try the rules on the past, look for what follows what, and save the run: its counting has begun."""
    made = finding.prove(today)
    with transaction.atomic():
        DemandRun.objects.unfinished().update(status=DemandRun.Status.STOPPED, finished_at=timezone.now(), state={})
        made.save()
    return made


class Counting:
    """A run as this process holds it: who is still to be gone through, and the products."""

    def __init__(self, run: DemandRun) -> None:
        self.run = run

    @cached_property
    def products(self) -> "NDArray[Any]":
        """The ids of all products, as their places are."""
        return reading.product_ids()

    @cached_property
    def everybody(self) -> Customers:
        """All customers, by id."""
        return customers("contact", self.run.as_of)

    def step(self) -> bool:
        """Do the next step; False when the run has ended."""
        run = self.run
        if run.status != DemandRun.Status.COUNTING:
            return False
        if run.spans_read < reading.SPANS:
            self._read_span()
        elif not self._batch():
            with transaction.atomic():
                finish(run)
        return run.status == DemandRun.Status.COUNTING

    def _read_span(self) -> None:
        run = self.run
        rows = reading.read_span(run.spans_read, run.as_of)
        with transaction.atomic():
            if _claim(run, spans_read=run.spans_read + 1):
                fast.insert(ProductSpan, [{"run_id": run.pk, **row} for row in rows])

    def _batch(self) -> bool:
        """Go through the next customers by id; False when nobody is left."""
        run = self.run
        part = self.everybody.after(run.scored_to).part(slice(0, BATCH))
        if not len(part.ids):
            return False
        read = reading.batch(part.ids, self.products, reading.cut_of(run.as_of))
        state = finding.add_shares(run, part, read, self.products)
        habits = everybodys.habits_of(run, read, self.products)
        first, last = run.scored_to, int(part.ids[-1])
        with transaction.atomic():
            if _claim(run, scored_to=last, scored=run.scored + len(part.ids), state=state):
                Habit.objects.filter(contact__gt=first, contact__lte=last).delete()
                there = _there(part.ids)
                fast.insert(Habit, [row for row in habits if row["contact_id"] in there])
        return True


def _there(ids: "NDArray[Any]") -> set[int]:
    """Who is still in the book, so that no key points nowhere."""
    model: Any = Habit._meta.get_field("contact").related_model
    rows = model.objects.filter(pk__gte=int(ids[0]), pk__lte=int(ids[-1]), erased_at=None).order_by()
    return set(rows.values_list("pk", flat=True))


def _claim(run: DemandRun, **changes: Any) -> bool:
    """Say that this step is done; False when somebody else did it: then the run is read again."""
    mine = DemandRun.objects.filter(
        pk=run.pk, status=DemandRun.Status.COUNTING, spans_read=run.spans_read, scored_to=run.scored_to
    ).update(**changes)
    run.refresh_from_db()
    return bool(mine)


def finish(run: DemandRun) -> None:
    """Write what is expected in the place of what was, and end the run. In a transaction."""
    Habit.objects.exclude(found_on=run.as_of).delete()
    rows = finding.demands(run) if run.method else []
    if not run.finish(DemandRun.Status.DONE if run.method else DemandRun.Status.SHORT):
        return
    ProductDemand.objects.all().delete()
    fast.insert(ProductDemand, rows)
    DemandRun.objects.exclude(pk=run.pk).filter(made_at__lt=run.made_at).delete()
