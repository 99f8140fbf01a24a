"""Running operations: the registry of their kinds, and the loop that every worker runs."""

import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from regulars.access.home import at_home_of
from regulars.access.models import Operation, User
from regulars.access.notices import notify

logger = logging.getLogger(__name__)

Step = Callable[[Operation], bool]


class OperationError(Exception):
    """The work can't go on; the message is one sentence for the person who started it."""


@dataclass(frozen=True)
class OperationKind:
    """What one kind of operation does.

    `step` does one short batch inside a transaction that the loop opens, calls `operation.advance`, and returns
    whether there is more. `undo_step` does the same backwards, or is None where undo makes no sense.
    `page` is the URL name of the page that shows the result, or "" for the general one. `prepare` is called before
    each step, outside the transaction: what it reads and works out there does not keep other people waiting.
    `catch_up` is called, in transactions of its own until it returns False, before work that is stopped or has failed
    ends: it does what steps left to be done for many of them at once.
    """

    name: str
    step: Step
    undo_step: Step | None = None
    page: str = ""
    on_finish: Callable[[Operation], None] | None = None
    prepare: Callable[[Operation], None] | None = None
    catch_up: Step | None = None


_kinds: dict[str, OperationKind] = {}


def register(kind: OperationKind) -> None:
    """Make `kind` known; called in `apps.ready()`."""
    _kinds[kind.name] = kind


def kind_of(operation: Operation) -> OperationKind:
    """Return the kind of `operation`. Raises KeyError for one that no app registered."""
    return _kinds[operation.kind]


def start(kind: str, title: str, *, by: User, total: int | None = None, **state: object) -> Operation:
    """Create an operation and queue it after commit. Returns it, waiting."""
    operation = Operation.objects.create(kind=kind, title=title[:300], by=by, total=total, state=state)
    enqueue(operation)
    return operation


def enqueue(operation: Operation) -> None:
    """Queue `operation` for a worker once the current transaction has committed."""
    transaction.on_commit(lambda: run_operation.enqueue(operation.pk))


@task()
def run_operation(pk: int) -> None:
    """Do or undo one operation to its end. Safe to run twice: only one worker at a time holds it."""
    operation = Operation.objects.filter(pk=pk).first()
    if operation is not None:
        with at_home_of(operation.by):
            run(operation)


def run(operation: Operation) -> Operation:
    """Run `operation` in this process until it ends or another worker holds it; returns it refreshed."""
    undoing = operation.status == Operation.Status.UNDOING
    status = Operation.Status.UNDOING if undoing else Operation.Status.RUNNING
    if not operation.claim(f"{socket.gethostname()}:{os.getpid()}", status):
        return operation
    kind = kind_of(operation)
    step = kind.undo_step if undoing else kind.step
    try:
        if step is None:
            raise OperationError(_("This can’t be undone."))
        _loop(operation, step, Operation.Status.UNDONE if undoing else Operation.Status.DONE)
    except OperationError as problem:
        _fail(operation, str(problem))
    except Exception:
        logger.exception("Operation %s failed", operation.pk)
        _fail(operation, _("Something went wrong on our side; what was done so far is kept."))
    if kind.on_finish and operation.is_finished:
        kind.on_finish(operation)
    return operation


def _loop(operation: Operation, step: Step, end: Operation.Status) -> None:
    more = True
    while more:
        operation.refresh_from_db(fields=["cancel_requested"])
        if operation.cancel_requested and end == Operation.Status.DONE:
            _catch_up(operation)
            operation.finish(Operation.Status.CANCELLED)
            return
        if prepare := kind_of(operation).prepare:
            prepare(operation)
        with transaction.atomic():
            more = step(operation)
    operation.finish(end)


def _catch_up(operation: Operation) -> None:
    """Do what earlier steps left to be done. Killed here, the work goes on here: it has not ended yet."""
    step = kind_of(operation).catch_up
    more = step is not None and operation.status == Operation.Status.RUNNING
    while more and step:
        with transaction.atomic():
            more = step(operation)


def _fail(operation: Operation, problem: str) -> None:
    """End failed work, with what its steps left done as far as it can be; what was not committed is forgotten first."""
    try:
        if kind_of(operation).catch_up:
            operation.refresh_from_db(fields=["state", "result", "done"])
        _catch_up(operation)
    except Exception:
        logger.exception("Operation %s could not catch up", operation.pk)
    operation.finish(Operation.Status.FAILED, problem)


def tell_starter(operation: Operation, sentence: str = "") -> None:
    """Tell who started `operation` that it has ended, once for each way it can end; `sentence` says how it went."""
    notify(
        [operation.by] if operation.by else [],
        kind="operation",
        text=f"{operation.title}: {sentence or operation.get_status_display()}",
        url=reverse("operation", args=[operation.pk]),
        key=f"operation:{operation.pk}:{operation.status}",
    )


def request_undo(operation: Operation, *, by: User) -> bool:
    """Begin undoing a finished operation within its 30 days; False when it can't be or is being undone."""
    until = operation.undo_until
    if kind_of(operation).undo_step is None or until is None or until < timezone.now():
        return False
    undoable = (Operation.Status.DONE, Operation.Status.CANCELLED, Operation.Status.FAILED)
    with transaction.atomic():
        count = Operation.objects.filter(pk=operation.pk, status__in=undoable).update(
            status=Operation.Status.UNDOING, finished_at=None, worker="", cancel_requested=False
        )
        if count:
            operation.refresh_from_db()
            enqueue(operation)
    return bool(count)


def request_cancel(operation: Operation) -> bool:
    """Ask the worker to stop after the current batch; False when the operation has ended already."""
    return bool(
        Operation.objects.filter(pk=operation.pk).exclude(status__in=Operation.FINISHED).update(cancel_requested=True)
    )
