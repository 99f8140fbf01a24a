"""Filling empty tables from an archive, whatever database they are in."""

import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.apps.registry import Apps
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from regulars.quality.archive.layout import ArchiveError, Manifest, Part, columns
from regulars.quality.archive.reading import rows

ROWS_AT_A_TIME = 1000
PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)
Convert = Callable[[Any], Any]


def fill(archive: zipfile.ZipFile, manifest: Manifest, apps: Apps, database: BaseDatabaseWrapper) -> None:
    """Put every row of the archive into its table, in one transaction, and set the counters behind the ids.

    `apps` are the models as they were when the archive was made. Raises ArchiveError for a table or column
    that they don't have, and DatabaseError for rows that the database refuses.
    """
    by_table = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    filled = []
    with transaction.atomic(using=database.alias):
        _check_keys("DEFERRED", database)  # tables come in any order, and point at each other
        for part in manifest.tables:
            name = part.name.removeprefix("tables/").removesuffix(".jsonl")
            if name not in by_table:
                raise ArchiveError(f"The archive has a table that this version doesn't know: {name}")
            _fill_table(archive, part, by_table[name], database)
            filled.append(by_table[name])
        _reset_counters(filled, database)
    _check_keys("IMMEDIATE", database)  # the migrations that follow may not alter tables with checks still to come


def _check_keys(when: str, database: BaseDatabaseWrapper) -> None:
    """Say when PostgreSQL checks foreign keys; SQLite does at the commit anyway."""
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS ALL {when}")


def _fill_table(archive: zipfile.ZipFile, part: Part, model: type[models.Model], database: BaseDatabaseWrapper) -> None:
    fields = columns(model)
    names = [str(field.column) for field in fields]
    quote = database.ops.quote_name
    into = f"{quote(model._meta.db_table)} ({', '.join(map(quote, names))})"
    insert = f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(names))})"  # noqa: S608
    ready = _prepared(rows(archive, part), names, [_converter(field, database) for field in fields], part)
    with database.cursor() as cursor:
        cursor.execute(f"DELETE FROM {quote(model._meta.db_table)}")  # noqa: S608 (what a migration put there)
        while some := list(islice(ready, ROWS_AT_A_TIME)):
            cursor.executemany(insert, some)


def _prepared(
    found: Iterable[dict[str, Any]], names: list[str], converters: list[Convert], part: Part
) -> Iterator[list[Any]]:
    try:
        for row in found:
            yield [convert(row[name]) for name, convert in zip(names, converters, strict=True)]
    except (KeyError, ValueError, TypeError, ValidationError) as error:
        raise ArchiveError(f"A row of {part.name} can't be read: {error}") from error


def _converter(field: models.Field[Any, Any], database: BaseDatabaseWrapper) -> Convert:
    """Return what turns a plain value of the archive into what this database's driver takes."""
    clean = _without_nul if database.vendor == "postgresql" else _as_it_is
    if isinstance(field, models.JSONField):
        adapt = database.ops.adapt_json_value
        return lambda value: None if value is None and field.null else adapt(clean(value), field.encoder)
    if isinstance(field, PLAIN):
        return clean
    return lambda value: field.get_db_prep_save(field.to_python(value), database)


def _as_it_is(value: Any) -> Any:
    return value


def _without_nul(value: Any) -> Any:
    """PostgreSQL has no place for U+0000 in text."""
    if isinstance(value, str):
        return value.replace("\0", "") if "\0" in value else value
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    return value


def _reset_counters(filled: list[type[models.Model]], database: BaseDatabaseWrapper) -> None:
    with database.cursor() as cursor:
        for statement in database.ops.sequence_reset_sql(no_style(), filled):
            cursor.execute(statement)
