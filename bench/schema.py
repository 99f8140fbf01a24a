"""`python -m bench.schema`: a digest of the tables that the models describe, the same however migrations are cut."""

import hashlib
from typing import Any

import django
from django.apps import apps
from django.db import models


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


def digest() -> str:
    """Return the digest of every table of ours."""
    found = hashlib.sha256()
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.db_table):
        if model.__module__.startswith("regulars."):
            found.update(describe(model).encode())
    return found.hexdigest()[:16]


if __name__ == "__main__":
    django.setup()
    print(digest())
