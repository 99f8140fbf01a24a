"""Counting demand and habits when somebody asks for it: an operation with progress, picked up where it was."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.access import operations
from regulars.access.models import Operation, User
from regulars.insights.demand import reading
from regulars.insights.demand.job import BATCH, Counting, begin
from regulars.insights.tables import DemandRun

KIND = "demand"

_work: dict[int, Counting] = {}


def start_counting(*, by: User) -> Operation:
    """Start the count and return its operation."""
    return operations.start(KIND, _("Count demand and habits"), by=by, run=None)


def _prepare(operation: Operation) -> None:
    """Do one step of the count, which commits by itself: nobody waits for a long transaction."""
    work = _work_of(operation)
    operation.more = work.step()  # type: ignore[attr-defined]


def _work_of(operation: Operation) -> Counting:
    if operation.pk not in _work:
        run = DemandRun.objects.filter(pk=operation.state["run"] or 0).first() or begin(timezone.localdate())
        operation.state["run"] = run.pk
        _work[operation.pk] = Counting(run)
        operation.total = reading.SPANS + -(-len(_work[operation.pk].everybody.ids) // BATCH) + 1
        Operation.objects.filter(pk=operation.pk).update(total=operation.total, state=operation.state)
    return _work[operation.pk]


def _step(operation: Operation) -> bool:
    """Note how far it is."""
    more = bool(operation.more)  # type: ignore[attr-defined]
    operation.advance(1)
    if not more:
        operation.result = {**operation.result, **_result(_work_of(operation).run)}
        Operation.objects.filter(pk=operation.pk).update(result=operation.result)
    return more


def _result(run: DemandRun) -> dict[str, Any]:
    said = ngettext("%(count)s customer gone through.", "%(count)s customers gone through.", run.scored)
    return {"sentence": said % {"count": f"{run.scored:,}"}}


def _forget(operation: Operation) -> None:
    _work.pop(operation.pk, None)


def register() -> None:
    """Make the operation known."""
    operations.register(operations.OperationKind(KIND, step=_step, prepare=_prepare, on_finish=_forget))
