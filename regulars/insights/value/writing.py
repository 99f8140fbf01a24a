"""Changing very many rows of one table, by id: one statement for a batch instead of one for a row."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def update(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Set `columns` (attribute names) of rows to the values of `rows`, whose last item is the id. In the caller's
    transaction. Values are as the database takes them: whole numbers, text, ISO dates, None."""
    if not rows:
        return
    fields = [model._meta.get_field(name) for name in columns]
    names = [connection.ops.quote_name(str(getattr(field, "column", ""))) for field in fields]
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            marks = ", ".join(f"{name} = %s" for name in names)
            cursor.executemany(f"UPDATE {table} SET {marks} WHERE id = %s", rows)  # noqa: S608
            return
        types = [str(field.db_type(connection)).partition("(")[0] for field in fields] + ["bigint"]
        arrays = ", ".join(f"%s::{kind}[]" for kind in types)
        said = ", ".join(f"{name} = new.{name}" for name in names)
        cursor.execute(
            f"UPDATE {table} SET {said} FROM unnest({arrays}) AS new({', '.join([*names, 'id'])})"  # noqa: S608
            f" WHERE {table}.id = new.id",
            [list(column) for column in zip(*rows, strict=True)],
        )
