"""An import that is killed with signal 9 goes on in another process where it was, and brings nobody twice."""

import os
import signal
import sqlite3
import subprocess
from pathlib import Path

from tests import template_database
from tests.processes import ROOT, clean_environment, run, wait_for

ROWS = 5_000
GO_ON = """
from datetime import timedelta
from django.utils import timezone
from regulars.access import operations
from regulars.access.models import Operation
operation = Operation.objects.get(kind="import")
print("left at", operation.done, operation.status)
Operation.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=5))  # as if half a minute had passed
print(operations.run(operation).result["counts"])
"""


def done(database: Path) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        row = connection.execute("SELECT done FROM access_operation WHERE kind = 'import'").fetchone()
        return int(row[0]) if row else 0


def test_a_killed_import_goes_on_where_it_was(tmp_path: Path) -> None:
    data = template_database.migrated(tmp_path / "data")
    environment = {"REGULARS_DATA": str(data)}
    who = ("--business", "B", "--name", "Nora", "--email", "n@b.example", "--password", "correct horse battery")
    made = run("regulars", "setup", *who, "--trade", "cafe", "--currency", "EUR", "--timezone", "UTC", **environment)
    assert made.returncode == 0, made.stderr
    people = tmp_path / "people.csv"
    lines = (f"Ana{n} Silva,p{n}@a.pt,+35191{n:07d},Firm {n % 300}" for n in range(ROWS))
    people.write_text("Name,Email,Phone,Company\n" + "\n".join(lines))
    process = subprocess.Popen(
        [str(ROOT / "bin" / "regulars"), "import", "contacts", str(people)],
        env=clean_environment(**environment),
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    database = data / "regulars.sqlite3"
    wait_for(lambda: done(database) >= 1_000)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    left = done(database)
    assert 0 < left < ROWS
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM contacts_contact").fetchone()[0] == left
    went_on = run("regulars", "django", "shell", "--no-imports", "-c", GO_ON, **environment)
    assert f"left at {left} running" in went_on.stdout, went_on.stderr
    with sqlite3.connect(database) as connection:
        people_in = "SELECT count(*), count(DISTINCT display_name) FROM contacts_contact"
        assert connection.execute(people_in).fetchone() == (ROWS, ROWS)
        assert connection.execute("SELECT count(*) FROM contacts_contactpoint").fetchone()[0] == 2 * ROWS
        assert connection.execute("SELECT count(*) FROM contacts_company").fetchone()[0] == 300
