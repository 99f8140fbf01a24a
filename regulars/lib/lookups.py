"""Database look-ups that Django lacks, the same on SQLite and PostgreSQL."""

import json
from collections.abc import Collection
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, CharField, ForeignKey, Lookup, TextField
from django.db.models.sql.compiler import SQLCompiler

AFTER_EVERYTHING = "\U0010ffff"


@CharField.register_lookup
@TextField.register_lookup
class Prefix(Lookup[str]):
    """`word__prefix="ma"`: begins with these characters, case counts, served by an ordinary index.

    Both get a range. SQLite’s LIKE ignores case and so its index. PostgreSQL uses no index for a LIKE whose pattern
    it does not know yet, as in a plan that it keeps: it would read everything. Its comparisons by bytes are those of
    `varchar_pattern_ops`, whatever the collation.
    """

    lookup_name = "prefix"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Return the condition for this database."""
        column, params = self.process_lhs(compiler, connection)
        prefix = str(self.rhs)
        at_least, below = ("~>=~", "~<~") if connection.vendor == "postgresql" else (">=", "<")
        sql = f"({column} {at_least} %s AND {column} {below} %s)"
        return sql, (*params, prefix, *params, prefix + AFTER_EVERYTHING)


@BigIntegerField.register_lookup
@ForeignKey.register_lookup
class Among(Lookup[Collection[Any]]):
    """`contact__among=ids`, `pk__among=ids`: one of these keys.

    One value however many they are, where "in" sends each by itself.
    """

    lookup_name = "among"
    prepare_rhs = False
    sort: type = int
    cast = ""

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Return the condition for this database."""
        column, params = self.process_lhs(compiler, connection)
        keys = list(map(self.sort, self.rhs))
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s{self.cast})", (*params, keys)
        return f"{column} IN (SELECT value FROM json_each(%s))", (*params, json.dumps(keys))  # noqa: S608


@CharField.register_lookup
@TextField.register_lookup
class AmongTexts(Among):
    """`external_id__among=texts`: one of these texts, sent as one value."""

    sort, cast = str, "::text[]"
