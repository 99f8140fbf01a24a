"""What access does by itself: rescue the work of dead workers, and forget what is long over."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from regulars.access import operations, queue
from regulars.access.models import Operation
from regulars.access.models.operations import HEARTBEAT_LOST_AFTER
from regulars.lib.schedule import every

KEEP_TASKS = timedelta(days=14)


@every(seconds=15)
def rescue_lost_work() -> None:
    """Queue again the tasks and operations whose worker has died."""
    queue.rescue_tasks()
    lost = timezone.now() - HEARTBEAT_LOST_AFTER
    going = (Operation.Status.RUNNING, Operation.Status.UNDOING)
    queued = set(_queued_operations())
    for operation in Operation.objects.filter(status__in=going, heartbeat_at__lt=lost):
        if operation.pk not in queued:
            operations.enqueue(operation)


def _queued_operations() -> list[int]:
    path = operations.run_operation.module_path
    waiting = DBTaskResult.objects.filter(task_path=path, status="READY").values_list("args_kwargs", flat=True)
    return [call["args"][0] for call in waiting if call["args"]]


@every(hours=24)
def forget_finished_tasks() -> None:
    """Remove finished tasks after 14 days, and sessions that have expired."""
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEEP_TASKS).delete()
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
