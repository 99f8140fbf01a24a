"""A backup moves between installations and databases, and a restore survives being killed: real processes."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import template_database
from tests.processes import ROOT, clean_environment, run

POSTGRES = os.environ.get("REGULARS_TEST_POSTGRES", "")
ANSWERS = {
    "--business": "Casa Verde",
    "--name": "Inês Duarte",
    "--email": "ines@casaverde.example",
    "--password": "olive-tram-seagull",
    "--trade": "cafe",
    "--timezone": "Europe/Lisbon",
}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A business on SQLite, with a file of somebody's."""
    data = template_database.migrated(tmp_path_factory.mktemp("from") / "data")
    _done("setup", *[part for pair in ANSWERS.items() for part in pair], "--data", str(data))
    (data / "files" / "photos").mkdir(parents=True)
    (data / "files" / "photos" / "one.jpg").write_bytes(b"a picture")
    return data


@pytest.fixture(scope="module")
def backup(installation: Path) -> Path:
    path = installation.parent / "backup.zip"
    _done("backup", str(path), "--data", str(installation))
    return path


def _done(*arguments: str, **environment: str) -> Any:
    done = run("regulars", *arguments, "--json", **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def another_database() -> Iterator[str]:
    """An empty PostgreSQL database of its own."""
    import psycopg

    with psycopg.connect(POSTGRES.replace("postgres://", "postgresql://"), autocommit=True) as server:
        server.execute("CREATE DATABASE moved")
        yield POSTGRES.rpartition("/")[0] + "/moved"
        server.execute("DROP DATABASE moved WITH (FORCE)")


@pytest.mark.skipif(not POSTGRES, reason="bin/test gives a PostgreSQL")
def test_from_sqlite_to_postgresql_and_back(backup: Path, tmp_path: Path, another_database: str) -> None:
    moved = tmp_path / "moved"
    said = _done("restore", str(backup), "--data", str(moved), DATABASE_URL=another_database)
    assert said["files"] == 1
    assert (moved / "files" / "photos" / "one.jpg").read_bytes() == b"a picture"
    again = run("regulars", "restore", str(backup), "--data", str(moved), DATABASE_URL=another_database)
    assert again.returncode == 1
    assert "--replace" in again.stderr
    _done("backup", str(tmp_path / "back.zip"), "--data", str(moved), DATABASE_URL=another_database)
    _done("restore", str(tmp_path / "back.zip"), "--data", str(tmp_path / "back"))
    assert _names(tmp_path / "back") == ("Casa Verde", "Inês Duarte")


def _names(data: Path) -> tuple[str, str]:
    with sqlite3.connect(data / "regulars.sqlite3") as database:
        (business,) = database.execute("SELECT name FROM access_organisation").fetchone()
        (owner,) = database.execute("SELECT name FROM access_user").fetchone()
    database.close()
    return business, owner


def test_killed_in_the_middle_of_a_restore_the_old_or_the_new_is_there(
    installation: Path, backup: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(installation, data)
    for after in (1.0, 2.0, 3.0):
        _change(data)
        _restore_and_kill(backup, data, after + random.random() / 4)
        assert run("regulars", "doctor", "--data", str(data)).returncode == 0
        picture = (data / "files" / "photos" / "one.jpg").read_bytes()
        assert (_names(data)[0], picture) in {("Casa Verde", b"a picture"), ("Changed since", b"changed since")}
    _done("restore", str(backup), "--replace", "--data", str(data))
    assert _names(data)[0] == "Casa Verde"


def _change(data: Path) -> None:
    with sqlite3.connect(data / "regulars.sqlite3") as database:
        database.execute("UPDATE access_organisation SET name = 'Changed since'")
    database.close()
    (data / "files" / "photos" / "one.jpg").write_bytes(b"changed since")


def _restore_and_kill(backup: Path, data: Path, after: float) -> None:
    process = subprocess.Popen(
        [str(ROOT / "bin" / "regulars"), "restore", str(backup), "--replace", "--data", str(data)],
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
