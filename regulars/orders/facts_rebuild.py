"""Everybody's facts, counted anew from all orders: after data came in past the product, or a check was alarming.

Some thousand customers are counted in one transaction, in which nobody else counts them. PostgreSQL counts with two
connections at once, one for each core of a small server; SQLite lets one write.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from regulars.lib.hands import many_hands
from regulars.orders.facts import LINKS, ROW, Link, bought_sql, count, highest, lock, months_sql

# Ids of customers counted in one transaction: about as many orders. Others wait to write meanwhile in SQLite.
RANGES: dict[Link, int] = {"contact": 30_000, "company": 6_000}
CACHE = 128  # MB of SQLite meanwhile: each range writes all over the indexes

# The months of some thousand customers, kept while facts are counted from them: orders are read once, not twice.
_KEPT = "facts_month"
_MONTH = """holder bigint, month date, orders bigint, days bigint, value bigint, margin bigint, refunds bigint,
    first bigint, gap_days bigint, gap_squares bigint, last bigint"""
# Their orders one after the other, in SQLite: the one before is a look-up away, which costs a third of its windows.
_ROWS = "facts_order"
_ROW = """n integer PRIMARY KEY, holder bigint, month date, day integer, value bigint, margin bigint,
    refunded bigint, id bigint"""
_SPACED = f"""(SELECT own.*, own.day - before.day AS gap FROM {_ROWS} AS own
    LEFT JOIN {_ROWS} AS before ON before.n = own.n - 1 AND before.holder = own.holder) AS own"""  # noqa: S608


def rebuild_all(progress: Callable[[int, int], None] | None = None) -> None:
    """Count everybody's facts anew from all orders. May be killed and run again.

    `progress(done, of)` is told of the ids of customers that are done, from any thread.
    """
    ranges = deque((link, start) for link in LINKS for start in range(0, highest(link) + 1, RANGES[link]))
    of = sum(RANGES[link] for link, _start in ranges)

    def told() -> None:
        if progress:
            progress(of - sum(RANGES[link] for link, _start in list(ranges)), of)

    many_hands(lambda: _count_ranges(ranges, told))


def _count_ranges(ranges: deque[tuple[Link, int]], told: Callable[[], None]) -> None:
    """Take one range after the other until none is left."""
    with _at_full_speed(), _kept_apart():
        while True:
            try:
                link, start = ranges.popleft()
            except IndexError:
                break
            with transaction.atomic():
                _count_range(link, [start, start + RANGES[link]])
            told()


@contextmanager
def _at_full_speed() -> Iterator[None]:
    """Give this connection of SQLite more memory, and let it look nobody up whom an order names: they are there.

    An order refers to its customers by keys that are checked, and is read in the transaction that writes.
    """
    if connection.vendor == "postgresql" or connection.in_atomic_block:  # a transaction keeps to what it began with
        yield
        return
    with connection.cursor() as cursor, connection.constraint_checks_disabled():
        cursor.execute(f"PRAGMA cache_size = -{CACHE * 1000}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = -{settings.SQLITE_CACHE * 1000}")


@contextmanager
def _kept_apart() -> Iterator[None]:
    """Have the temporary tables; in SQLite that of months sorted, so that nothing that reads it sorts it again."""
    tables = {_KEPT: f"({_MONTH})"}
    if connection.vendor != "postgresql":
        tables = {_KEPT: f"({_MONTH}, PRIMARY KEY (holder, month)) WITHOUT ROWID", _ROWS: f"({_ROW})"}
    with connection.cursor() as cursor:
        for name, columns in tables.items():
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
            cursor.execute(f"CREATE TEMPORARY TABLE {name} {columns}")
        yield
        for name in tables:
            cursor.execute(f"DROP TABLE {name}")


def _count_range(link: Link, ends: list[int]) -> None:
    which = f"{link}_id >= %s AND {link}_id < %s"
    lock(link, pk__gte=ends[0], pk__lt=ends[1])
    (_keep_in_postgresql if connection.vendor == "postgresql" else _keep_in_sqlite)(link, which, ends)
    count(link, which, ends, _KEPT, [])


def _keep_in_postgresql(link: Link, which: str, ends: list[int]) -> None:
    """Fill the temporary table of months."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")  # orders are sorted in memory
        cursor.execute(f"TRUNCATE {_KEPT}")  # deleted rows would be read again and again
        cursor.execute(f"INSERT INTO {_KEPT} {months_sql(link, which)}", [*ends, *ends])


def _keep_in_sqlite(link: Link, which: str, ends: list[int]) -> None:
    """Fill the temporary tables of orders and months. Refunds come last, so that no order follows one of them."""
    bought, given_back = bought_sql(link, which)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_ROWS}")  # noqa: S608
        cursor.execute(f"DELETE FROM {_KEPT}")  # noqa: S608
        cursor.execute(f"INSERT INTO {_ROWS} ({ROW}) {bought}", ends)
        cursor.execute(f"INSERT INTO {_ROWS} ({ROW}) {given_back}", ends)
        cursor.execute(f"INSERT INTO {_KEPT} {months_sql(link, which, _SPACED)}")
