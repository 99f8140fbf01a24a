"""A database that is migrated once and copied from then on: migrating takes seconds, copying does not.

The template is kept under `.setup/` (SQLite) or in the server itself (PostgreSQL), named after a digest of every
migration and of what they import, so that a change of the schema makes a new one.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".setup" / "test-databases"
IMPORTED = (
    "regulars/lib/migrating.py",
    "regulars/timeline/words.py",
    "regulars/contacts/indexing.py",
    "requirements-dev.lock",
)


@lru_cache
def digest() -> str:
    """Return what the schema depends on, in a few letters."""
    found = hashlib.sha256()
    for path in [*sorted((ROOT / "regulars").glob("*/migrations/*.py")), *(ROOT / name for name in IMPORTED)]:
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one process make the template while the others wait."""
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def use() -> None:
    """Point Django's default connection at a new copy of the template, which is made when there is none."""
    from django.db import connection

    with one_at_a_time():
        (_sqlite if connection.vendor == "sqlite" else _postgresql)()


def migrated(folder: Path) -> Path:
    """Make the data folder `folder` with a migrated SQLite database of nobody in it; return it."""
    with one_at_a_time():
        template = _template()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(template, folder / "regulars.sqlite3")
    return folder


def _template() -> Path:
    """Return the SQLite template, made now when there is none; called by one process at a time."""
    template = HOME / f"{digest()}.sqlite3"
    if not template.exists():
        _migrate_in_a_process(template)
    return template


def _sqlite() -> None:
    template = _template()
    _renamed(str(_test_name()))
    shutil.copy(template, _test_name())
    _let_tests_empty_the_audit_log(_test_name())


def _let_tests_empty_the_audit_log(path: str) -> None:
    """What the migration does for a test run: the template was made by a process that is none."""
    import sqlite3

    database = sqlite3.connect(path)
    with database:
        database.execute("INSERT INTO access_audit_unlocked (reason) VALUES ('test run')")
    database.close()


def _migrate_in_a_process(template: Path) -> None:
    """Make the template as `bin/run` would make a database, in a process of its own."""
    import sqlite3
    import subprocess

    from tests.processes import PYTHON, clean_environment

    making = HOME / "making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    subprocess.run(
        [PYTHON, "-m", "regulars.config.cli", "migrate", "--verbosity", "0"],
        env=clean_environment(REGULARS_DATA=str(making), PYTHONPATH=str(ROOT)), cwd=ROOT, check=True,
    )  # fmt: skip
    database = sqlite3.connect(making / "regulars.sqlite3")
    database.execute("VACUUM INTO ?", [str(making / "template")])
    database.close()
    for old in sorted(HOME.glob("*.sqlite3"), key=os.path.getmtime)[:-3]:
        old.unlink()
    (making / "template").rename(template)


def _test_name() -> str:
    from django.db import connection

    return str(connection.creation._get_test_db_name())


def _postgresql() -> None:
    from django.db import connection

    template, name = f"template_{digest()}", _test_name()
    with connection.creation._nodb_cursor() as server:
        server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        is_made = server.fetchone() is not None
    if not is_made:
        _make_postgresql_template(template)
    with connection.creation._nodb_cursor() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    _renamed(name)


def _make_postgresql_template(template: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    from regulars.lib.migrating import quickly_when_new

    with connection.creation._nodb_cursor() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{template}_making"')
        server.execute(f'CREATE DATABASE "{template}_making"')
    _renamed(f"{template}_making")
    with quickly_when_new(connection):
        call_command("migrate", verbosity=0)
    connection.close()
    with connection.creation._nodb_cursor() as server:
        server.execute(f'ALTER DATABASE "{template}_making" RENAME TO "{template}"')


def _renamed(name: str) -> None:
    from django.conf import settings
    from django.db import connection

    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name
