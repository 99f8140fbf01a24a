"""Which workers are alive, and what happens to the tasks of those that are not."""

import os
import socket
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from regulars.access.models import ScheduledRun

ALIVE_FOR = timedelta(seconds=60)
TRIES = 3  # a task that took this many workers down with it is not tried again
_PREFIX = "worker:"


def beat(worker: str) -> None:
    """Record that `worker` (host:pid:random) is alive now."""
    ScheduledRun.objects.update_or_create(name=_PREFIX + worker, defaults={"last_run_at": timezone.now()})


def sign_off(worker: str) -> None:
    """Record that `worker` has ended."""
    ScheduledRun.objects.filter(name=_PREFIX + worker).delete()


def workers() -> list[str]:
    """Return the ids of the workers that are alive: heard of lately, and not known to be gone from this machine."""
    heard = ScheduledRun.objects.filter(name__startswith=_PREFIX, last_run_at__gt=timezone.now() - ALIVE_FOR)
    names = [name.removeprefix(_PREFIX) for name in heard.values_list("name", flat=True)]
    return [name for name in names if not is_gone(name)]


def is_gone(worker: str) -> bool:
    """Whether `worker` (host:pid…) ran on this machine and has ended; False also for what can't be known."""
    host, _, rest = worker.partition(":")
    if host[:40] != socket.gethostname()[:40]:
        return False
    try:
        os.kill(int(rest.partition(":")[0]), 0)
    except ProcessLookupError:
        return True
    except (ValueError, PermissionError):
        return False
    return False


def rescue_tasks() -> int:
    """Queue the tasks of dead workers again, or fail those that brought several down; returns how many.

    Tasks are safe to run twice. Forgets workers that have not been heard of for a day.
    """
    alive = workers()
    rescued = 0
    for task in DBTaskResult.objects.running().order_by():
        tried = task.worker_ids
        if tried and tried[-1] not in alive:
            rescued += _rescue(task, len(tried))
    stale = Q(name__startswith=_PREFIX, last_run_at__lt=timezone.now() - timedelta(days=1))
    ScheduledRun.objects.filter(stale).delete()
    return rescued


def _rescue(task: "DBTaskResult[..., object]", tries: int) -> int:
    mine = DBTaskResult.objects.running().filter(pk=task.pk, worker_ids=task.worker_ids)
    if tries < TRIES:
        return mine.update(status="READY", started_at=None)
    return mine.update(
        status="FAILED",
        finished_at=timezone.now(),
        exception_class_path="builtins.RuntimeError",
        traceback=f"Given up: {tries} workers ended while they ran it.",
    )
