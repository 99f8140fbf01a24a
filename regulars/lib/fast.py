"""Inserting very many rows: a few microseconds each instead of the fifty that model instances cost.

Rows are dicts of column attributes ("contact_id", "value"); columns that are left out get the field's default. There
are no signals and no ids to give back, so ids that others point to are reserved first.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import chain, islice
from typing import Any, cast

from django.db import connection, models
from django.utils import timezone

# Rows and values of one statement in SQLite. One statement for each row would be as quick, were it not for triggers that
# feed a full-text index: at the start of each such statement it writes out what it has gathered.
MOST_ROWS, MOST_VALUES = 500, 30_000
Row = dict[str, Any]
Convert = Callable[[Any], Any]


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
    fields = [f for f in _fields(model) if with_id or not f.primary_key]
    columns = ", ".join(_quoted(cast(str, field.column)) for field in fields)
    table = _quoted(model._meta.db_table)
    values = _tuples(fields, rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cast(Any, cursor).copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for value in values:
                    copy.write_row(value)
        else:
            marks = f"({', '.join(['%s'] * len(fields))})"
            for rows_said in _batched(values, min(MOST_ROWS, MOST_VALUES // len(fields))):
                said = ", ".join([marks] * len(rows_said))
                cursor.execute(f"INSERT INTO {table} ({columns}) VALUES {said}", list(chain.from_iterable(rows_said)))  # noqa: S608


def _batched(values: Iterable[tuple[Any, ...]], size: int) -> Iterator[list[tuple[Any, ...]]]:
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def row_of(record: models.Model) -> Row:
    """Return an unsaved record as a row: to be read, not to be changed."""
    return vars(record)


@cache
def _fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]


def _tuples(fields: list[Any], rows: Sequence[Row]) -> Iterable[tuple[Any, ...]]:
    """Return the values of each row in the order of `fields`, in the form that the database takes.

    Made column by column: that is a loop of a few steps for each value, and one of none for what no row says.
    """
    said = set().union(*rows)
    return zip(
        *[_column(field, rows) if field.attname in said else _same(field, len(rows)) for field in fields], strict=True
    )


def _column(field: Any, rows: Sequence[Row]) -> Sequence[Any]:
    name, default, convert = field.attname, _default(field), _converter(field)
    values = [row.get(name, default) for row in rows]
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
        return cache(lambda value: None if value is None else _as_time(value))
    if isinstance(field, models.DateField) and connection.vendor != "postgresql":
        return cache(lambda value: None if value is None else value.isoformat())
    if isinstance(field, models.FileField):
        return lambda value: str(value or "")
    return None


def _as_json(value: Any) -> str | None:
    return "{}" if value == {} else None if value is None else json.dumps(value)


def _as_time(value: datetime) -> str:
    """As the backend of SQLite writes it, which asks more questions on its way."""
    return str(value.astimezone(UTC).replace(tzinfo=None))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
