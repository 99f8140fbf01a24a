"""Background work outlives the process that does it: a real worker, really killed."""

import os
import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests import template_database
from tests.processes import Served, run, served, wait_for

ROWS = 3000
QUEUE = """
from pathlib import Path
from regulars.access.models import User
from regulars.quality.actions import bring_file, start_import
path = Path({path!r})
imported = bring_file(path, path.name, by=User.objects.get())
imported.save()
start_import(imported)
"""


def _set_up(data: Path) -> None:
    answers = ("--business", "Casa Verde", "--name", "Inês", "--email", "ines@casaverde.example")
    done = run("regulars", "setup", *answers, "--password", "olive-tram-seagull", "--data", str(data))
    assert done.returncode == 0, done.stderr


def _people(path: Path) -> Path:
    lines = (f"Person {number} Silva,p{number}@example.com\n" for number in range(ROWS))
    path.write_text("Name,Email\n" + "".join(lines))
    return path


def _one(data: Path, query: str) -> object:
    with sqlite3.connect(f"file:{data}/regulars.sqlite3?mode=ro", uri=True, timeout=20) as database:
        found = database.execute(query).fetchone()
    database.close()
    return found and found[0]


def _done(data: Path) -> int:
    return int(str(_one(data, "SELECT max(done) FROM access_operation") or 0))


def _kill_worker(server: Served) -> None:
    for pid in server.pids("regulars.config.worker"):
        os.kill(pid, signal.SIGKILL)


def test_an_import_goes_on_after_its_worker_was_killed_and_brings_nobody_twice(tmp_path: Path) -> None:
    data = template_database.migrated(tmp_path / "data")
    _set_up(data)
    queue = QUEUE.format(path=str(_people(tmp_path / "people.csv")))
    with served(data) as server, ThreadPoolExecutor() as beside:
        queued = beside.submit(run, "regulars", "shell", "--no-imports", "-c", queue, "--data", str(data))
        wait_for(lambda: 0 < _done(data) < ROWS)
        _kill_worker(server)
        assert queued.result().returncode == 0
        wait_for(lambda: _one(data, "SELECT status FROM access_operation") == "done", 120)
    assert _one(data, "SELECT count(*) FROM contacts_contact") == ROWS
    assert _one(data, "SELECT count(DISTINCT value) FROM contacts_contactpoint") == ROWS
    assert _one(data, "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'FAILED'") == 0


def test_the_scheduler_runs_its_jobs_and_the_worker_is_heard_of(tmp_path: Path) -> None:
    data = template_database.migrated(tmp_path / "data")
    _set_up(data)
    with served(data):
        job = "SELECT count(*) FROM access_scheduledrun WHERE name LIKE '%rescue_lost_work' AND last_run_at > '2026'"
        wait_for(lambda: _one(data, job))
        wait_for(lambda: _one(data, "SELECT count(*) FROM access_scheduledrun WHERE name LIKE 'worker:%'"))
        doctor = run("regulars", "doctor", "--data", str(data))
        assert "1 worker" in doctor.stdout
    assert _one(data, "SELECT count(*) FROM access_scheduledrun WHERE name LIKE 'worker:%'") == 0
