"""Work outlives the worker that was doing it."""

import os
import socket
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from regulars.access import queue
from regulars.access.jobs import rescue_lost_work
from regulars.access.models import Operation, ScheduledRun
from regulars.access.tests.factories import make_user

pytestmark = pytest.mark.django_db

HERE = socket.gethostname()[:40]


def _task(*workers: str, **fields: object) -> DBTaskResult:
    values = {
        "status": "RUNNING",
        "started_at": timezone.now(),
        "args_kwargs": {"args": [], "kwargs": {}},
        "task_path": "regulars.access.operations.run_operation",
        "backend_name": "default",
        "run_after": timezone.now(),
        "worker_ids": list(workers),
        **fields,
    }
    return DBTaskResult.objects.create(**values)


def test_the_task_of_a_worker_that_is_gone_from_this_machine_is_queued_again_at_once() -> None:
    gone = f"{HERE}:999999999:abc"
    queue.beat(gone)
    task = _task(gone)
    assert queue.rescue_tasks() == 1
    task.refresh_from_db()
    assert (task.status, task.started_at) == ("READY", None)


def test_the_task_of_a_living_worker_is_left_alone() -> None:
    me = f"{HERE}:{os.getpid()}:abc"
    queue.beat(me)
    task = _task(me)
    assert queue.rescue_tasks() == 0
    task.refresh_from_db()
    assert task.status == "RUNNING"


def test_a_worker_elsewhere_counts_as_alive_until_it_was_silent_for_a_minute() -> None:
    queue.beat("elsewhere:7:abc")
    _task("elsewhere:7:abc")
    assert queue.rescue_tasks() == 0
    ScheduledRun.objects.update(last_run_at=timezone.now() - timedelta(seconds=61))
    assert queue.rescue_tasks() == 1


def test_a_task_that_took_three_workers_down_is_given_up() -> None:
    task = _task("a:1:x", "b:2:x", "c:3:x")
    queue.rescue_tasks()
    task.refresh_from_db()
    assert task.status == "FAILED"
    assert "3 workers" in task.traceback


def test_signing_off_ends_a_worker_at_once() -> None:
    queue.beat("elsewhere:7:abc")
    assert queue.workers() == ["elsewhere:7:abc"]
    queue.sign_off("elsewhere:7:abc")
    assert queue.workers() == []


def test_workers_not_heard_of_for_a_day_are_forgotten() -> None:
    ScheduledRun.objects.create(name="worker:old:1:x", last_run_at=timezone.now() - timedelta(days=2))
    queue.rescue_tasks()
    assert not ScheduledRun.objects.exists()


def test_an_operation_without_a_heartbeat_is_queued_again_once(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    queued: list[int] = []
    monkeypatch.setattr("regulars.access.operations.enqueue", lambda operation: queued.append(operation.pk))
    lost = Operation.objects.create(
        kind="x",
        title="Lost",
        by=make_user(),
        status="running",
        heartbeat_at=timezone.now() - timedelta(minutes=2),
    )
    Operation.objects.create(kind="x", title="Going", by=make_user(), status="running", heartbeat_at=timezone.now())
    rescue_lost_work()
    assert queued == [lost.pk]
    _task(status="READY", args_kwargs={"args": [lost.pk], "kwargs": {}})
    rescue_lost_work()
    assert queued == [lost.pk]


def test_an_operation_whose_worker_ended_on_this_machine_goes_on_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[int] = []
    monkeypatch.setattr("regulars.access.operations.enqueue", lambda operation: queued.append(operation.pk))
    fields = {"kind": "x", "title": "Import", "by": make_user(), "status": "running", "heartbeat_at": timezone.now()}
    held = Operation.objects.create(worker=f"{HERE}:{os.getpid()}", **fields)
    lost = Operation.objects.create(worker=f"{HERE}:999999999", **fields)
    rescue_lost_work()
    assert queued == [lost.pk]
    lost.refresh_from_db()
    held.refresh_from_db()
    assert (lost.worker, held.worker) == ("", f"{HERE}:{os.getpid()}")


def test_a_scheduled_job_is_claimed_once_a_period() -> None:
    day = timedelta(days=1)
    assert ScheduledRun.claim("nightly", day)
    assert not ScheduledRun.claim("nightly", day)
    ScheduledRun.objects.update(last_run_at=timezone.now() - day)
    assert ScheduledRun.claim("nightly", day)


def test_a_job_that_failed_is_due_again_soon() -> None:
    day = timedelta(days=1)
    ScheduledRun.claim("nightly", day)
    ScheduledRun.release("nightly", day, timedelta(minutes=5))
    assert not ScheduledRun.claim("nightly", day)
    ScheduledRun.objects.update(last_run_at=timezone.now() - day + timedelta(seconds=-1))
    assert ScheduledRun.claim("nightly", day)
