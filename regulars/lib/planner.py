"""Words to the databases' planners.

To SQLite's: which conditions not to look up in an index.

SQLite knows little about how many rows a condition lets through, and rather collects and sorts a hundred thousand
rows by an index on an owner than walk fifty rows of the index in the wanted order. PostgreSQL knows from its
statistics, so it is left alone there. But PostgreSQL is told to answer pages by itself: starting parallel workers and
compiling plans (JIT) costs more than the few milliseconds that a page's query takes. So does planning: in the web
process a prepared read (`lib/prepared.py`) has one plan for all values from its first execution, not after five tries.
"""

from collections.abc import Iterable
from copy import copy
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Lookup, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from regulars.lib.schedule import every

PREFIX = "_walked_"
KEPT_PLANS = 400  # of one connection
CALM = "SET jit = off; SET max_parallel_workers_per_gather = 0"
PLANNED_ONCE = "SET plan_cache_mode = force_generic_plan"


def calm_postgresql(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Set up a new connection to PostgreSQL for short queries; called for each connection that is made."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"{CALM}; {PLANNED_ONCE}" if settings.PLANNED_ONCE else CALM)
        if settings.PREPARED_STATEMENTS:  # only cursors that bind on the server make use of it: see lib/prepared.py
            connection.connection.prepare_threshold = 1
            connection.connection.prepared_max = KEPT_PLANS


class Unindexed(Func):
    """The same value, but SQLite uses no index on it (a unary plus); nothing changes on PostgreSQL."""

    arity = 1

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, list[Any]]:
        """Return the expression for this database."""
        sql, params = compiler.compile(self.source_expressions[0])
        return (f"+({sql})" if connection.vendor == "sqlite" else sql), list(params)


@every(hours=6)
def refresh_statistics() -> None:
    """Let SQLite learn anew how its indexes are filled. PostgreSQL does so by itself."""
    if connection.vendor == "sqlite":
        learn()


def learn() -> None:
    """Let the planner learn how full tables and indexes are, from a sample: after many rows came at once.

    In a transaction its own rows are seen too. PostgreSQL's own analysis sees none of them: it finds an empty table
    there, and what reads it before the commit reads all of it for each row (a demo took more than ten minutes).
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 1000")
        cursor.execute("ANALYZE")


def filter_walking(queryset: QuerySet[Any], q: Q, paths: Iterable[str]) -> QuerySet[Any]:
    """Return `queryset.filter(q)` whose comparisons on the columns `paths` and on expressions use no index."""
    paths = tuple(paths)
    aliases = {PREFIX + path.replace("__", "_"): Unindexed(F(path)) for path in paths}
    walked: QuerySet[Any] = queryset.alias(**aliases).filter(_renamed(q, paths))
    return walked


def _renamed(q: Any, paths: tuple[str, ...]) -> Any:
    if isinstance(q, Q):
        if q.negated:  # no index serves a negation, and Django knows to keep empty values only for plain columns
            return q
        other = q.copy()
        other.children = [_renamed(child, paths) for child in q.children]
        return other
    if isinstance(q, Lookup):
        other_lookup = copy(q)
        other_lookup.lhs = Unindexed(q.lhs, output_field=q.lhs.output_field)
        return other_lookup
    if isinstance(q, tuple):
        name, value = q
        for path in paths:
            if name == path or name.startswith(f"{path}__"):
                return (PREFIX + path.replace("__", "_") + name[len(path) :], value)
    return q
