"""Writes many rows at once: COPY on PostgreSQL, one prepared INSERT on SQLite, with the indexes built afterwards."""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

POSTGRESQL = connection.vendor == "postgresql"


def say(text: str, began: float) -> None:
    """Print a line of progress with the seconds since `began`."""
    print(f"  {time.monotonic() - began:6.1f} s  {text}", flush=True)


def load(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert `rows` of the attributes `columns`; every other column gets the default of its field."""
    fields = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
    given = {field.attname: field for field in fields}
    names = [given[name].column for name in columns]
    rest = [field for field in fields if field.attname not in columns and not field.primary_key]
    names += [field.column for field in rest]
    tail = tuple(_default(field) for field in rest)
    table = model._meta.db_table
    quoted = ", ".join(f'"{name}"' for name in names)
    whole = ((*row, *tail) for row in rows) if tail else rows
    with connection.cursor() as cursor:
        if POSTGRESQL:
            with cursor.copy(f'COPY "{table}" ({quoted}) FROM STDIN') as copy:
                for row in whole:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(names))
            connection.connection.executemany(f'INSERT INTO "{table}" ({quoted}) VALUES ({marks})', whole)


def _default(field: models.Field[Any, Any]) -> Any:
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return stamp(timezone.now().timestamp())
    value = field.get_default()
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    if hasattr(value, "timestamp"):
        return stamp(value.timestamp())
    return int(value) if isinstance(value, bool) else value


def stamp(seconds: float) -> str:
    """Return a moment as both databases read it: UTC, whole seconds."""
    at = time.gmtime(seconds)
    return f"{at[0]}-{at[1]:02}-{at[2]:02} {at[3]:02}:{at[4]:02}:{at[5]:02}"


@contextmanager
def bulk(tables: Sequence[str], began: float) -> Iterator[None]:
    """Take off the indexes of `tables` and the checks of each row while loading; put all back and ANALYZE after."""
    with _postgresql(tables, began) if POSTGRESQL else _sqlite(tables, began):
        yield


@contextmanager
def _sqlite(tables: Sequence[str], began: float) -> Iterator[None]:
    from regulars.contacts import indexing
    from regulars.timeline import words

    with connection.cursor() as cursor:
        for pragma in (
            "journal_mode=OFF",
            "synchronous=OFF",
            "foreign_keys=OFF",
            "cache_size=-1500000",
            "locking_mode=EXCLUSIVE",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        marks = ", ".join(["%s"] * len(tables))
        cursor.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> '' AND tbl_name IN ({marks})",
            list(tables),
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        words.uninstall(connection)
        for moment in ("added", "changed", "gone"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {indexing.PHONES}_{moment}")
        cursor.execute(f"DROP TABLE IF EXISTS {indexing.PHONES}")
        with transaction.atomic():
            yield
        for _, sql in indexes:
            cursor.execute(sql)
        say(f"{len(indexes)} indexes", began)
        with transaction.atomic():
            words.install(connection)
            say("words of entries", began)
            indexing.install_phones(connection)
        cursor.execute("ANALYZE")
        cursor.execute("PRAGMA locking_mode=NORMAL")
        cursor.execute("PRAGMA journal_mode=WAL")
        say("statistics", began)


@contextmanager
def _postgresql(tables: Sequence[str], began: float) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '768MB'")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET TIME ZONE 'UTC'")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ANY(%s)"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            [list(tables)],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _, sql in indexes:
            cursor.execute(sql)
        say(f"{len(indexes)} indexes", began)
        for table in tables:
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            if sequence := cursor.fetchone()[0]:
                cursor.execute(f"SELECT setval(%s, (SELECT coalesce(max(id), 1) FROM {table}))", [sequence])
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
        say("statistics", began)
