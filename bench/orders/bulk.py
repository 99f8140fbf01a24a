"""Columns of many rows into big tables that hold some already: COPY on PostgreSQL, one prepared INSERT on SQLite, with
the indexes built afterwards and what does not vary said once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

from bench.load import say

POSTGRESQL = connection.vendor == "postgresql"
Column = tuple[str, Sequence[Any]]


def highest(model: type[models.Model]) -> int:
    """The highest id in its table."""
    return model._base_manager.aggregate(top=models.Max("pk"))["top"] or 0


def fill(model: type[models.Model], columns: Sequence[Column], constants: Mapping[str, Any]) -> None:
    """Insert rows given as `columns`; `constants` are the same in each row, every other column gets NULL."""
    table, names = model._meta.db_table, [name for name, _ in columns]
    rows = zip(*[values for _, values in columns], strict=True)
    with connection.cursor() as cursor:
        if POSTGRESQL:
            _copy(cursor, table, names, rows, constants)
            return
        fixed = "".join(f", {_literal(value)}" for value in constants.values())
        quoted = ", ".join(f'"{name}"' for name in [*names, *constants])
        marks = ", ".join("?" * len(names))
        connection.connection.executemany(f'INSERT INTO "{table}" ({quoted}) VALUES ({marks}{fixed})', rows)


def _copy(cursor: Any, table: str, names: Sequence[str], rows: Iterator[Any], constants: Mapping[str, Any]) -> None:
    """COPY what varies; defaults of the columns, taken away again, say what does not."""
    for name, value in constants.items():
        cursor.execute(f'ALTER TABLE "{table}" ALTER "{name}" SET DEFAULT {_literal(value)}')
    line = "\t".join(["%s"] * len(names))
    quoted = ", ".join(f'"{name}"' for name in names)
    with cursor.copy(f'COPY "{table}" ({quoted}) FROM STDIN') as copy:
        some: list[str] = []
        for row in rows:
            some.append(line % (row if None not in row else tuple("\\N" if one is None else one for one in row)))
            if len(some) == 5000:
                copy.write("\n".join(some) + "\n")
                some.clear()
        if some:
            copy.write("\n".join(some) + "\n")
    for name in constants:
        cursor.execute(f'ALTER TABLE "{table}" ALTER "{name}" DROP DEFAULT')


def _literal(value: Any) -> str:
    if isinstance(value, bool) and POSTGRESQL:
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) else str(int(value))


@contextmanager
def bulk(models_: Sequence[type[models.Model]], first_entry: int, began: float) -> Iterator[None]:
    """Take off indexes and triggers of these tables while loading; put all back, with the words of entries, after."""
    tables = [model._meta.db_table for model in models_]
    with _postgresql(tables, began) if POSTGRESQL else _sqlite(tables, first_entry, began):
        yield


@contextmanager
def _sqlite(tables: Sequence[str], first_entry: int, began: float) -> Iterator[None]:
    from regulars.timeline import words

    with connection.cursor() as cursor:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "ignore_check_constraints=ON",
                       "cache_size=-1500000", "locking_mode=EXCLUSIVE"):  # fmt: skip
            cursor.execute(f"PRAGMA {pragma}")
        marks = ", ".join(["%s"] * len(tables))
        which = f"sql <> '' AND tbl_name IN ({marks})"
        cursor.execute(f"SELECT name, sql, type FROM sqlite_master WHERE type IN ('index', 'trigger') AND {which}",
                       list(tables))  # fmt: skip
        taken = cursor.fetchall()
        for name, _, kind in taken:
            cursor.execute(f'DROP {kind} "{name}"')
        yield
        for name, sql, kind in taken:
            if kind == "index":
                cursor.execute(sql)
                say(f"index {name}", began)
        with transaction.atomic():
            cursor.execute(
                f"INSERT INTO {words.TABLE}(rowid, words) SELECT id, {words._folded('')} FROM timeline_entry"
                " WHERE id >= %s ORDER BY id",
                [first_entry],
            )
        say("words of entries", began)
        for _, sql, kind in taken:
            if kind == "trigger":
                cursor.execute(sql)
        cursor.execute("ANALYZE")
        for pragma in ("locking_mode=NORMAL", "ignore_check_constraints=OFF", "journal_mode=WAL"):
            cursor.execute(f"PRAGMA {pragma}")
        say("statistics", began)


@contextmanager
def _postgresql(tables: Sequence[str], began: float) -> Iterator[None]:
    with connection.cursor() as cursor:
        for setting in ("session_replication_role = replica", "maintenance_work_mem = '1GB'",
                        "synchronous_commit = off", "TIME ZONE 'UTC'"):  # fmt: skip
            cursor.execute(f"SET {setting}")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ANY(%s)"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            [list(tables)],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        checks = _checks(cursor, tables)
        for table, name, _ in checks:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        yield
        for table, name, definition in checks:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
            say(f"constraint {name}", began)
        for name, sql in indexes:
            cursor.execute(sql)
            say(f"index {name}", began)
        for table in tables:
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            if sequence := cursor.fetchone()[0]:
                cursor.execute(f"SELECT setval(%s, (SELECT coalesce(max(id), 1) FROM {table}))", [sequence])
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
        say("statistics", began)


def _checks(cursor: Any, tables: Sequence[str]) -> list[Any]:
    """The checks and primary and unique keys, which are faster to make once than to keep for each row."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype IN ('c', 'u') AND conrelid::regclass::text = ANY(%s)",
        [list(tables)],
    )
    found: list[Any] = cursor.fetchall()
    return found
