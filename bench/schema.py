"""What the tables look like, the same however migrations are cut.

python -m bench.schema           prints a digest of the tables that the data sets fill
python -m bench.schema renew     makes the tables of the other contexts anew, empty, where they have changed since
"""

import hashlib
import sys
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder

LATER = ("orders", "insights", "quality")  # contexts that the data sets of contacts do not fill


def _column(field: "models.Field[Any, Any]") -> str:
    return str(field.column)


def describe(model: type[models.Model]) -> str:
    """Return a model's columns, indexes and constraints as text."""
    fields = [
        (
            field.column,
            field.get_internal_type(),
            field.max_length,
            field.null,
            field.unique,
            getattr(field, "db_index", False),
        )
        for field in sorted(model._meta.local_concrete_fields, key=_column)
    ]
    extras = sorted(repr(extra) for extra in [*model._meta.indexes, *model._meta.constraints])
    return f"{model._meta.db_table} {fields} {extras}"


def digest(later: bool = False) -> str:
    """Return the digest of the tables that data sets fill; with `later` of those that they leave empty."""
    found = hashlib.sha256()
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.db_table):
        if model.__module__.startswith("regulars.") and (model._meta.app_label in LATER) == later:
            found.update(describe(model).encode())
    return found.hexdigest()[:16]


def renew() -> None:
    """Say that the tables which are filled are up to date, and make those of `LATER` anew."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    recorder.migration_qs.filter(app__in=LATER).delete()
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(tuple(f"{label}_" for label in LATER)):
                cursor.execute(f'DROP TABLE "{table}"' + (" CASCADE" if connection.vendor == "postgresql" else ""))
    for label in sorted({config.label for config in apps.get_app_configs()} - set(LATER)):
        if _has_migrations(label):
            call_command("migrate", label, fake=True, verbosity=0)
    call_command("migrate", verbosity=0)


def _has_migrations(label: str) -> bool:
    from django.db.migrations.loader import MigrationLoader

    return label in MigrationLoader(None).migrated_apps


if __name__ == "__main__":
    django.setup()
    if sys.argv[1:] == ["renew"]:
        renew()
    else:
        print(digest(later=sys.argv[1:] == ["later"]))
