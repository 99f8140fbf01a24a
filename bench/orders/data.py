"""The data sets with orders: copies of the others, so that what is measured there stays as it is, each with ten orders a
person. Made once, and again when recipe or tables change; tables that orders do not fill are made anew, empty."""

import hashlib
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from bench import data
from bench.data import Prepared, home

RECIPE = ("generate.py", "history.py")


def clusters(database: str) -> AbstractContextManager[Path | None]:
    """Return what runs the server of PostgreSQL that holds the copies; nothing for SQLite."""
    return postgresql() if database == "postgresql" else nullcontext()


@contextmanager
def postgresql() -> Iterator[Path]:
    """Run the cluster of the copies; made from the other one, which must not be running, the first time."""
    folder = home() / "postgresql-orders"
    if not (folder / "data" / "PG_VERSION").exists():
        with data.postgresql():
            pass  # so that there is one, stopped in order
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        subprocess.run(["cp", "-a", "--reflink=auto", str(home() / "postgresql" / "data"), str(folder)], check=True)
    with data.postgresql("postgresql-orders") as cluster:
        yield cluster


def prepare(database: str, size: str, cluster: Path | None) -> Prepared:
    """Return the data set, made now when it is missing or out of date."""
    folder = home() / f"{database}-{size}-orders"
    folder.mkdir(parents=True, exist_ok=True)
    url = f"postgres://regulars@{str(cluster).replace('/', '%2F')}/bench_{size}_orders" if cluster else ""
    prepared = Prepared(database, size, folder, url)
    stamp = folder / "recipe-orders"
    if not _is_there(prepared):
        stamp.unlink(missing_ok=True)
        _copy(prepared)
    prepared.run("bench.orders.tables")
    wanted = recipe(prepared)
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"Making the orders of {data.SIZES[size]:,} people for {database}:", flush=True)
        if stamp.exists():
            stamp.unlink()
            _copy(prepared)
            prepared.run("bench.orders.tables")
        prepared.run("bench.orders.generate")
        stamp.write_text(wanted)
    return prepared


def recipe(prepared: Prepared) -> str:
    """Return a digest of what the orders depend on: the tables they fill, and how they are made."""
    found = hashlib.sha256()
    for name in RECIPE:
        found.update(Path(__file__).with_name(name).read_bytes())
    return (
        f"{prepared.run('bench.orders.tables', 'digest', capture_output=True).stdout.strip()} {found.hexdigest()[:16]}"
    )


def _is_there(prepared: Prepared) -> bool:
    if not prepared.url:
        return (prepared.folder / "regulars.sqlite3").exists()
    return prepared.url.rpartition("/")[2] in _psql(prepared, "SELECT datname FROM pg_database").split()


def _copy(prepared: Prepared) -> None:
    """Copy the data set of the same size without orders, as it stands."""
    if prepared.url:
        name = prepared.url.rpartition("/")[2]
        _psql(prepared, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        _psql(prepared, f"CREATE DATABASE {name} TEMPLATE bench_{prepared.size}")
        return
    for file in prepared.folder.glob("regulars.sqlite3*"):
        file.unlink()
    plain = home() / f"sqlite-{prepared.size}" / "regulars.sqlite3"
    source = sqlite3.connect(f"file:{plain}?mode=ro", uri=True)
    target = sqlite3.connect(prepared.folder / "regulars.sqlite3")
    target.execute("PRAGMA synchronous=OFF")
    source.backup(target)  # in one step: one that is interrupted by a writer begins anew
    target.close()
    source.close()


def _psql(prepared: Prepared, sql: str) -> str:
    socket = prepared.url.partition("@")[2].rpartition("/")[0].replace("%2F", "/")
    command = ["psql", "-qAt", "-h", socket, "-U", "regulars", "-d", "postgres", "-c", sql]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
