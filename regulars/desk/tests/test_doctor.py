"""What `bin/regulars doctor` finds, and what it says to do."""

import json
from collections import namedtuple
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from regulars.access import queue
from regulars.access.models import ScheduledRun
from regulars.desk import doctor
from regulars.desk.management.commands.doctor import Command

pytestmark = pytest.mark.django_db


def _found(check: str) -> doctor.Finding:
    return next(finding for finding in doctor.examine() if finding.check == check)


def _task(**fields: Any) -> None:
    values = {
        "args_kwargs": {"args": [], "kwargs": {}},
        "task_path": "x.y",
        "backend_name": "default",
        "run_after": timezone.now(),
        **fields,
    }
    task = DBTaskResult.objects.create(**values)
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=timezone.now() - timedelta(minutes=9))


def test_a_healthy_installation_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    queue.beat("elsewhere:1:x")
    Command().run_from_argv(["bin/regulars", "doctor", "--json"])
    found = {finding["check"]: finding["state"] for finding in json.loads(capsys.readouterr().out)}
    assert set(found) == {"database", "migrations", "queue", "clock", "disk", "mail"}
    assert "wrong" not in found.values()


def test_late_tasks_without_a_worker_are_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    _task()
    assert _found("queue").state == doctor.WRONG
    assert "start bin/run" in _found("queue").advice
    with pytest.raises(SystemExit) as left:
        Command().run_from_argv(["bin/regulars", "doctor"])
    assert left.value.code == 1
    assert "→ No worker is running: start bin/run." in capsys.readouterr().out


def test_failed_tasks_are_worth_a_look() -> None:
    queue.beat("elsewhere:1:x")
    _task(status="FAILED", finished_at=timezone.now())
    assert _found("queue").state == doctor.WARNING
    assert "1 failed" in _found("queue").detail


def test_a_clock_that_went_back_is_wrong() -> None:
    ScheduledRun.objects.create(name="nightly", last_run_at=timezone.now() + timedelta(days=1))
    assert _found("clock").state == doctor.WRONG


def test_a_disk_that_is_nearly_full_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage(10**12, 10**12, 1024))
    assert _found("disk").state == doctor.WRONG


def test_a_data_folder_that_cant_be_written_is_wrong(settings: Any, tmp_path: Any) -> None:
    (tmp_path / "file").touch()
    settings.DATA_DIR = tmp_path / "file" / "data"
    assert "Make the data folder writable" in _found("disk").advice


def test_a_mail_server_that_doesnt_answer_is_wrong(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert _found("mail").state == doctor.WRONG
    assert _found("mail").advice == "Check REGULARS_EMAIL_URL."


def test_mail_into_a_folder_is_told(settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    assert _found("mail").state == doctor.WARNING
    assert str(tmp_path) in _found("mail").detail
