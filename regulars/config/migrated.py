"""Says in a few milliseconds, without Django, whether the database has every migration of the code, and an account.

`python -m regulars.config.migrated` leaves with 0 when it has, 3 when it is behind or new, and 1 with a line on
stderr when it can't be reached; with the argument `account` 0 means that somebody has one, and 3 that nobody has. It
asks the database itself and keeps no stamp, so it is right after a restore, an update of the code, and a change of
DATABASE_URL.
"""

import os
import sqlite3
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OTHERS = {
    "account": "allauth.account",
    "mfa": "allauth.mfa",
    "usersessions": "allauth.usersessions",
    "django_tasks_database": "django_tasks_db",
    "auth": "django.contrib.auth",
    "contenttypes": "django.contrib.contenttypes",
    "sessions": "django.contrib.sessions",
}
BEHIND = 3


def wanted() -> set[tuple[str, str]]:
    """Return (app, name) of every migration in the code, ours and those of the packages with tables of their own."""
    folders = {path.parent.name: path for path in (ROOT / "regulars").glob("*/migrations")}
    folders |= {label: folder for label, package in OTHERS.items() if (folder := _folder(package))}
    return {(label, file.stem) for label, folder in folders.items() for file in folder.glob("[0-9]*.py")}


def _folder(package: str) -> Path | None:
    # The root package is found without importing the package itself, which would load all of Django.
    root, _, rest = package.partition(".")
    spec = find_spec(root)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0], *rest.split("."), "migrations")


def applied(url: str, data: Path) -> set[tuple[str, str]]:
    """Return (app, name) of every migration that the database has had; raises the driver's error when unreachable."""
    return {(str(app), str(name)) for app, name in _ask("SELECT app, name FROM django_migrations", url, data)}


def has_account(url: str, data: Path) -> bool:
    """Whether anybody has an account here; raises the driver's error when the database is unreachable."""
    return bool(_ask("SELECT 1 FROM access_user LIMIT 1", url, data))


def _ask(query: str, url: str, data: Path) -> list[tuple[object, ...]]:
    """Return the rows of a query, none when its table does not exist yet."""
    if url and not url.startswith("sqlite"):
        import psycopg

        with psycopg.connect(_for_libpq(url), connect_timeout=10) as connection:
            try:
                return connection.execute(query.encode()).fetchall()
            except psycopg.errors.UndefinedTable:
                return []
    path = Path(url.split("://", 1)[1].removeprefix("/")) if url else data / "regulars.sqlite3"
    if not path.exists():
        return []
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return database.execute(query).fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return []
        raise
    finally:
        database.close()


def _for_libpq(url: str) -> str:
    _, _, rest = url.partition("://")
    return f"postgresql://{rest}"


def main(arguments: Sequence[str] = ()) -> int:
    """Look, and return the exit code."""
    where = os.environ.get("DATABASE_URL", ""), Path(os.environ.get("REGULARS_DATA") or ROOT / "data")
    try:
        if "account" in arguments:
            return 0 if has_account(*where) else BEHIND
        missing = wanted() - applied(*where)
    except Exception as error:  # whatever the driver has to say is for the person who started it
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        print(lines[0] if lines else type(error).__name__, file=sys.stderr)
        return 1
    return BEHIND if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
