"""A new database is made quickly by the migrations (`lib/migrating.py`), and has what the models ask for."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

SERVERS_TABLES = """
SELECT table_name, column_name, concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default,
       is_identity, collation_name, generation_expression) FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace
"""
IN_ONE_FILE = "SELECT tbl_name, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
AT_COMMA = re.compile(r", (?=[\"C])")  # between columns and constraints of a table
IN_SQL = re.compile("(timeline_entry_)?words|contacts_phone_digits|access_audit_no_")
Part = tuple[str, str, str]


@pytest.mark.django_db
def test_migrations_make_what_the_models_ask_for(tmp_path: Path) -> None:
    """Column by column, index by index, constraint by constraint; what migrations make in SQL is no model's."""
    with _another_database(tmp_path) as other:
        _make_tables(other)
        asked, made = _parts(other), _parts(connection)
    assert asked - made == set()
    assert {part for part in made - asked if not IN_SQL.match(part[1])} == set()


def _make_tables(database: BaseDatabaseWrapper) -> None:
    """Make the table of each model as it is, without migrations."""
    with database.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.managed and not model._meta.proxy:
                editor.create_model(model)


def _parts(database: BaseDatabaseWrapper) -> set[Part]:
    """Return columns, constraints and indexes of our own models, each as table, name and definition."""
    models = apps.get_models(include_auto_created=True)
    ours = {model._meta.db_table for model in models if model.__module__.startswith("regulars.")}
    with database.cursor() as cursor:
        cursor.execute(SERVERS_TABLES if database.vendor == "postgresql" else IN_ONE_FILE)
        rows = [row for row in cursor.fetchall() if row[0] in ours]
    if database.vendor == "postgresql":
        return set(rows)
    return {(table, name, part) for table, name, sql in rows for part in _split(sql)}


def _split(sql: str) -> list[str]:
    """Cut the text of a table into columns and constraints, whose order tells nothing; leave that of an index whole."""
    return AT_COMMA.split(sql.partition(" (")[2].removesuffix(")")) if sql.startswith("CREATE TABLE") else [sql]


@contextmanager
def _another_database(folder: Path) -> Iterator[BaseDatabaseWrapper]:
    other = connection.copy()
    other.settings_dict["NAME"] = str(folder / "other.sqlite3") if connection.vendor == "sqlite" else "other"
    _on_the_server('CREATE DATABASE "other"')
    try:
        yield other
    finally:
        other.close()
        _on_the_server('DROP DATABASE "other"')


def _on_the_server(statement: str) -> None:
    if connection.vendor == "postgresql":
        with connection.creation._nodb_cursor() as server:
            server.execute(statement)
