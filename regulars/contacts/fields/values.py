"""Custom fields in SQL: one expression for each field, and the index on it that makes filtering and sorting quick.

The expression is written out without parameters, because SQLite and PostgreSQL use an expression index only for the
very same expression. Keys are slugs, so they can stand in SQL as they are; anything else is refused.
"""

import re
from typing import Any

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, F, Func
from django.db.models.sql.compiler import SQLCompiler

from regulars.contacts.models import Company, Contact, CustomField

Kind = CustomField.Kind
TEXT_LIKE = {Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE, Kind.CHOICES, Kind.LINK, Kind.DATE}
SORTABLE = {Kind.TEXT, Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.CHOICE, Kind.YES_NO, Kind.LINK}
COMPARED_LENGTH = 200  # characters of a text that are compared and indexed; longer keys don't fit into a page

_KEY = re.compile(r"[A-Za-z0-9_-]+")

# {c} is the JSON column, {k} the key.
_SQLITE = {
    "text": "substr(lower(json_extract({c}, '$.\"{k}\"')), 1, 200)",
    "number": (
        "CASE WHEN json_type({c}, '$.\"{k}\"') IN ('integer', 'real') "
        "THEN CAST(json_extract({c}, '$.\"{k}\"') AS REAL) END"
    ),
    "money": "CAST(json_extract({c}, '$.\"{k}\".amount') AS REAL)",
    "yesno": "CASE json_type({c}, '$.\"{k}\"') WHEN 'true' THEN 1 WHEN 'false' THEN 0 END",
    "contact": ("CASE WHEN json_type({c}, '$.\"{k}\"') = 'integer' THEN json_extract({c}, '$.\"{k}\"') END"),
}
_POSTGRESQL = {
    "text": "substr(lower(({c} ->> '{k}')), 1, 200)",
    "number": "CASE WHEN jsonb_typeof({c} -> '{k}') = 'number' THEN ({c} ->> '{k}')::double precision END",
    "money": (
        "CASE WHEN ({c} -> '{k}' ->> 'amount') ~ '^-?[0-9]{{1,15}}([.][0-9]{{1,4}})?$' "
        "THEN ({c} -> '{k}' ->> 'amount')::double precision END"
    ),
    "yesno": "CASE {c} ->> '{k}' WHEN 'true' THEN 1 WHEN 'false' THEN 0 END",
    "contact": "CASE WHEN jsonb_typeof({c} -> '{k}') = 'number' THEN ({c} ->> '{k}')::numeric::bigint END",
}
_OUTPUT: dict[str, models.Field[Any, Any]] = {
    "text": models.CharField(),
    "number": models.FloatField(),
    "money": models.FloatField(),
    "yesno": models.IntegerField(),
    "contact": models.BigIntegerField(),
}


def _shape(kind: str) -> str:
    return "text" if kind in TEXT_LIKE else kind


def _sql(field: CustomField, column: str, vendor: str) -> str:
    if not _KEY.fullmatch(field.key):
        raise ValueError(f"Not a key of a custom field: {field.key!r}")
    known = _POSTGRESQL if vendor == "postgresql" else _SQLITE
    return known[_shape(field.kind)].format(c=column, k=field.key)


class FieldValue(Func):
    """The value of a custom field as the database compares it; NULL when there is none.

    Text is in lower case and cut at 200 characters unless it is wanted `whole`; numbers and amounts are floats, yes
    and no are 1 and 0.
    """

    def __init__(self, field: CustomField, *, whole: bool = False) -> None:
        super().__init__(F("custom"), output_field=_OUTPUT[_shape(field.kind)].clone())
        self.custom_field, self.whole = field, whole

    @property
    def identity(self) -> Any:  # two fields are two expressions, though both read the same column
        """What makes two of these the same."""
        return (self.__class__, self.custom_field.pk, self.custom_field.key, self.custom_field.kind, self.whole)

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, list[Any]]:
        """Return the expression for this database."""
        column, params = compiler.compile(self.source_expressions[0])
        sql = _sql(self.custom_field, column, connection.vendor)
        if self.whole:  # only ever searched in, never by the index
            sql = sql.removeprefix("substr(").removesuffix(", 1, 200)")
        return sql, list(params)


class HasOption(Func):
    """Whether a field of several choices holds one of them."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, field: CustomField, option: str) -> None:
        super().__init__(F("custom"))
        self.custom_field, self.option = field, option

    @property
    def identity(self) -> Any:
        """What makes two of these the same."""
        return (self.__class__, self.custom_field.pk, self.custom_field.key, self.option)

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, list[Any]]:
        """Return the condition for this database."""
        column, params = compiler.compile(self.source_expressions[0])
        if not _KEY.fullmatch(self.custom_field.key):
            raise ValueError(f"Not a key of a custom field: {self.custom_field.key!r}")
        if connection.vendor == "postgresql":
            return f"jsonb_exists({column} -> '{self.custom_field.key}', %s)", [*params, self.option]
        inner = f"SELECT 1 FROM json_each({column}, '$.\"{self.custom_field.key}\"') WHERE value = %s"  # noqa: S608
        return f"EXISTS ({inner})", [*params, self.option]


def model_of(host: str) -> type[Contact] | type[Company]:
    """Return the model that carries the fields of `host` ("contact" or "company")."""
    return Company if host == CustomField.Host.COMPANY else Contact


def can_be_indexed(field: CustomField) -> bool:
    """Whether an index helps this field: long texts and several choices are only ever searched in."""
    return field.kind not in (Kind.LONG_TEXT, Kind.CHOICES)


def index_name(field: CustomField) -> str:
    """Return the name of the index of `field`."""
    return f"custom_{field.host}_{field.pk}"


def create_index(field: CustomField) -> None:
    """Create the index that serves filtering and sorting by `field`, once. Takes seconds with a million rows."""
    expression = _sql(field, '"custom"', connection.vendor)
    table = model_of(field.host)._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # checks of rows changed in this transaction come before the index
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f'CREATE INDEX IF NOT EXISTS "{index_name(field)}" ON "{table}" (({expression}), "id")')
        if connection.vendor == "postgresql":  # statistics on the expression, so that the planner trusts the index
            cursor.execute(f'ANALYZE "{table}"')


def existing_indexes(host: str) -> set[str]:
    """Return the names of the indexes that the table of `host` really has."""
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, model_of(host)._meta.db_table)
    return {name for name, what in constraints.items() if what["index"]}


def value_of(field: CustomField) -> Expression:
    """Return the expression that compares and orders by `field`."""
    return FieldValue(field)


def lowest_of(field: CustomField) -> str | float | int:
    """Return a value below all values of `field`, as the database compares them."""
    lowest: dict[str, str | float] = {"text": "", "yesno": -1, "contact": -1}
    return lowest.get(_shape(field.kind), -1.7e308)
