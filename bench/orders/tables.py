"""Keeps the tables of a data set with orders up to date, however migrations are cut.

python -m bench.orders.tables           makes tables of orders, insights and quality anew, empty, where they have changed
python -m bench.orders.tables digest    prints a digest of the columns that orders fill

A table that orders fill gets columns and indexes that came later.
"""

import hashlib
import json
import sys
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder

from bench.schema import LATER, _has_migrations, describe
from regulars.orders.models import Line, Order, Product

FILLED: tuple[type[models.Model], ...] = (Order, Line, Product)
NOTES = "bench_tables"  # of the bench itself: what each table looked like when it was made


def digest() -> str:
    """Return the digest of the columns that orders fill."""
    columns = [
        [model._meta.db_table, *sorted(str(field.column) for field in model._meta.local_concrete_fields)]
        for model in FILLED
    ]
    return hashlib.sha256(json.dumps(columns).encode()).hexdigest()[:16]


def renew() -> None:
    """Make every table of LATER anew that looks different now, but complete those of FILLED that are full."""
    noted = _noted()
    later = [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label in LATER]
    changed = [model for model in later if noted.get(model._meta.db_table) != describe(model)]
    if changed:
        _fake_migrations()
        _make(changed)
    _note({model._meta.db_table: describe(model) for model in later})


def _make(changed: list[type[models.Model]]) -> None:
    with connection.constraint_checks_disabled():
        there = set(connection.introspection.table_names())
        full = [model for model in changed if model in FILLED and model._meta.db_table in there and _is_full(model)]
        anew = [model for model in changed if model not in full]
        with connection.cursor() as cursor:
            for table in {model._meta.db_table for model in anew} & there:
                cursor.execute(f'DROP TABLE "{table}"' + (" CASCADE" if connection.vendor == "postgresql" else ""))
        with connection.schema_editor(atomic=connection.vendor == "postgresql") as editor:
            for model in anew:
                editor.create_model(model)
            for model in full:
                _complete(editor, model)


def _is_full(model: type[models.Model]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT 1 FROM "{model._meta.db_table}" LIMIT 1')
        return cursor.fetchone() is not None


def _complete(editor: Any, model: type[models.Model]) -> None:
    """Add columns and indexes that the filled table of a model lacks, and take away indexes that it has no longer."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        columns = {column.name for column in connection.introspection.get_table_description(cursor, table)}
        named = {name for name, c in connection.introspection.get_constraints(cursor, table).items() if c["index"]}
    for field in model._meta.local_concrete_fields:
        if field.column not in columns:
            editor.add_field(model, field)
    wanted = {index.name: index for index in model._meta.indexes}
    for name in sorted(set(wanted) - named):
        editor.add_index(model, wanted[name])
    with connection.cursor() as cursor:
        for name in sorted(name for name in named - set(wanted) if name.startswith(("order_", "line_", "product_"))):
            if name not in {constraint.name for constraint in model._meta.constraints}:
                cursor.execute(f'DROP INDEX "{name}"')


def _fake_migrations() -> None:
    """Say that all migrations have run: the tables are as the models are."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    recorder.migration_qs.filter(app__in=LATER).delete()
    for label in sorted({config.label for config in apps.get_app_configs()}):
        if _has_migrations(label):
            call_command("migrate", label, fake=True, verbosity=0)


def _noted() -> dict[str, Any]:
    if NOTES not in connection.introspection.table_names():
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT notes FROM {NOTES}")
        found = cursor.fetchone()
    return dict(json.loads(found[0])) if found else {}


def _note(notes: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {NOTES} (notes text)")
        cursor.execute(f"DELETE FROM {NOTES}")
        cursor.execute(f"INSERT INTO {NOTES} VALUES (%s)", [json.dumps(notes)])


if __name__ == "__main__":
    if sys.argv[1:] == ["digest"]:
        print(digest())
    else:
        renew()
