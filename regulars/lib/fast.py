"""Inserting very many rows: a few microseconds each instead of the fifty that model instances cost.

Rows are dicts of column attributes ("contact_id", "value"); columns that are left out get the field's default. There
are no signals and no ids to give back, so ids that others point to are reserved first.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import chain, islice
from operator import itemgetter
from typing import Any, TypeVar, cast

from django.conf import settings
from django.db import connection, models
from django.db.models.base import ModelState
from django.utils import timezone

MOST_ROWS = 500  # of one statement in SQLite
GATHERED = 48  # MB that SQLite writes to its log before it moves them, while many rows come
Record = TypeVar("Record", bound=models.Model)
Row = dict[str, Any]
Convert = Callable[[Any], Any]


_fed: set[type[models.Model]] = set()


def feeds_words(model: type[models.Model]) -> None:
    """Insert many rows of `model` with each statement in SQLite; called in `apps.ready()`.

    Its triggers feed a full-text index, which writes out what it has gathered whenever such a statement begins. Rows of
    other tables are as quick one by one.
    """
    _fed.add(model)


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Return `count` ids of `model` that nobody else will get. Call it inside a transaction.

    On SQLite a transaction that writes is alone, so the next ids are free; on PostgreSQL the sequence gives them.
    """
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [f'"{table}"', count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute(
            f"SELECT max((SELECT coalesce(max(id), 0) FROM {_quoted(table)}),"  # noqa: S608
            " coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 0))",
            [table],
        )
        last = cursor.fetchone()[0]
    return list(range(last + 1, last + 1 + count))


def insert(model: type[models.Model], rows: Sequence[Row]) -> None:
    """Insert `rows` into the table of `model`, within the caller's transaction."""
    if not rows:
        return
    with_id = "id" in rows[0]
    said = set().union(*rows)
    fields = [f for f in _fields(model) if (with_id or not f.primary_key) and (f.attname in said or not _is_null(f))]
    columns = ", ".join(_quoted(cast(str, field.column)) for field in fields)
    table = _quoted(model._meta.db_table)
    values = _tuples(fields, rows, said)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cast(Any, cursor).copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for value in values:
                    copy.write_row(value)
        else:
            into, marks = f"INSERT INTO {table} ({columns}) VALUES ", f"({', '.join(['%s'] * len(fields))})"  # noqa: S608
            if model not in _fed:
                cursor.executemany(into + marks, list(values))
            for part in _batched(values, MOST_ROWS) if model in _fed else ():
                cursor.execute(into + ", ".join([marks] * len(part)), list(chain.from_iterable(part)))


def _batched(values: Iterable[tuple[Any, ...]], size: int) -> Iterator[list[tuple[Any, ...]]]:
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def hurry() -> None:
    """Let the current transaction not wait for PostgreSQL's disk. For a step of work that goes on where it stands: when
    the machine itself goes down, the last steps may have to be done again. SQLite never waits for each (WAL)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")


def gather_writes(*, many: bool) -> None:
    """Let SQLite move what this connection writes into its file in larger pieces while `many` rows come, or again as
    always: pages that each batch changes are then written once for several."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            size = GATHERED if many else settings.SQLITE_CHECKPOINT
            cursor.execute(f"PRAGMA wal_autocheckpoint = {size * settings.SQLITE_PAGES}")


def record_of(model: type[Record], values: Row) -> Record:
    """Return an unsaved record with these values in its columns and None in the others: by its own way each takes four
    times as long, and thousands come at once."""
    record = model.__new__(model)
    record._state = ModelState()
    vars(record).update(_nothing(model))
    vars(record).update(values)
    return record


@cache
def _nothing(model: type[models.Model]) -> Row:
    return {field.attname: None for field in model._meta.concrete_fields}


def row_of(record: models.Model) -> Row:
    """Return an unsaved record as a row: to be read, not to be changed."""
    return vars(record)


@cache
def _is_null(field: Any) -> bool:
    """Whether the database puts nothing there by itself, where nothing is said."""
    return bool(field.null and _default(field) is None and not field.has_db_default())


@cache
def _fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]


def _tuples(fields: list[Any], rows: Sequence[Row], said: set[str]) -> Iterable[tuple[Any, ...]]:
    """Return the values of each row in the order of `fields`, in the form that the database takes.

    Made column by column: that is a loop of a few steps for each value, and one of none for what no row says.
    """
    names = [field.attname for field in fields if field.attname in said]
    columns = _columns(names, {field.attname: field for field in fields}, rows)
    return zip(
        *[_converted(field, columns[field.attname]) if field.attname in said else _same(field, len(rows))
          for field in fields],
        strict=True,
    )  # fmt: skip


def _columns(names: Sequence[str], fields: dict[str, Any], rows: Sequence[Row]) -> dict[str, Sequence[Any]]:
    """Return the values of each column: cut from all rows at once, or one by one where some rows leave one out."""
    if not names:
        return {}
    try:
        return dict(zip(names, zip(*map(itemgetter(*names, names[0]), rows), strict=True), strict=False))
    except KeyError:
        defaults = {name: _default(fields[name]) for name in names}
        return {name: [row.get(name, defaults[name]) for row in rows] for name in names}


def _converted(field: Any, values: Sequence[Any]) -> Sequence[Any]:
    convert = _converter(field)
    return list(map(convert, values)) if convert else values


def _same(field: Any, count: int) -> Sequence[Any]:
    default, convert = _default(field), _converter(field)
    return [convert(default) if convert else default] * count


def _default(field: Any) -> Any:
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return timezone.now()
    return field.get_default()


def _converter(field: Any) -> Convert | None:
    if isinstance(field, models.JSONField):
        return _as_json
    if isinstance(field, models.DateTimeField) and connection.vendor != "postgresql":
        return _Times()
    if isinstance(field, models.DateField) and connection.vendor != "postgresql":
        return cache(lambda value: None if value is None else value.isoformat())
    if isinstance(field, models.FileField):
        return lambda value: str(value or "")
    return None


class _Times:
    """Writes moments as the backend of SQLite does, each object once: to compare two costs more than to write one."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[datetime | None, str | None]] = {}

    def __call__(self, value: datetime | None) -> str | None:
        found = self.known.get(id(value))
        if found is None:  # the value is kept, so that no other gets its id
            found = self.known[id(value)] = (value, None if value is None else _as_time(value))
        return found[1]


def _as_json(value: Any) -> str | None:
    return "{}" if value == {} else None if value is None else json.dumps(value)


def _as_time(value: datetime) -> str:
    """As the backend of SQLite writes it, which asks more questions on its way."""
    return value.astimezone(UTC).isoformat(" ")[:-6]  # without "+00:00"


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
