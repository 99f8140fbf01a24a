"""What access does by itself: rescue the work of dead workers, and forget what is long over."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from regulars.access import operations, queue
from regulars.access.models import Notification, Operation
from regulars.access.models.operations import HEARTBEAT_LOST_AFTER
from regulars.lib.schedule import every

KEEP_TASKS = timedelta(days=14)
KEEP_NEWS = timedelta(days=180)


@every(seconds=15)
def rescue_lost_work() -> None:
    """Queue again the tasks of dead workers, and the operations that nobody works on and nobody has queued."""
    queue.rescue_tasks()
    queued = set(_queued_operations())
    for operation in Operation.objects.exclude(status__in=Operation.FINISHED):
        if _is_lost(operation) and operation.pk not in queued:
            operations.enqueue(operation)


def _is_lost(operation: Operation) -> bool:
    """Whether no worker has it, as far as can be known; one that died on this machine is known at once."""
    if operation.worker and queue.is_gone(operation.worker):
        held = Operation.objects.filter(pk=operation.pk, worker=operation.worker)
        return bool(held.update(worker=""))
    return (operation.heartbeat_at or operation.created_at) < timezone.now() - HEARTBEAT_LOST_AFTER


def _queued_operations() -> list[int]:
    path = operations.run_operation.module_path
    waiting = DBTaskResult.objects.filter(task_path=path, status="READY").values_list("args_kwargs", flat=True)
    return [call["args"][0] for call in waiting if call["args"]]


@every(hours=24)
def forget_finished_tasks() -> None:
    """Remove finished tasks after 14 days, and sessions that have expired."""
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEEP_TASKS).delete()
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


@every(hours=24)
def forget_old_news() -> None:
    """Remove notifications half a year after they were read."""
    Notification.objects.filter(read_at__lt=timezone.now() - KEEP_NEWS).delete()
