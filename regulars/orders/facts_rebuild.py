"""Everybody's facts, counted anew from all orders: after data came in past the product, or a check was alarming.

Some thousand customers are counted in one transaction, in which nobody else counts them. PostgreSQL counts with two
connections at once, one for each core of a small server; SQLite lets one write.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction

from regulars.orders.facts import LINKS, Link, count, days_sql, highest, lock

RANGE = 20_000  # ids of customers counted in one transaction
HANDS = 2  # connections

# The days of some thousand customers, kept while months and facts are counted from them: sorted once, not twice.
_KEPT = "facts_day"
_COLUMNS = """holder bigint, placed_on date, month date, day integer, orders bigint, refunds bigint, value bigint,
    margin bigint"""


def rebuild_all(progress: Callable[[int, int], None] | None = None) -> None:
    """Count everybody's facts anew from all orders. May be killed and run again.

    `progress(done, of)` is told of the ids of customers that are done, from any thread.
    """
    ranges = deque((link, start) for link in LINKS for start in range(0, highest(link) + 1, RANGE))
    of = len(ranges) * RANGE

    def told() -> None:
        if progress:
            progress(of - len(ranges) * RANGE, of)

    if connection.vendor != "postgresql" or connection.in_atomic_block:  # others would not see what is not committed
        _count_ranges(ranges, told)
        return
    with ThreadPoolExecutor(HANDS) as pool:
        for hand in [pool.submit(_count_apart, ranges, told) for _ in range(HANDS)]:
            hand.result()


def _count_apart(ranges: deque[tuple[Link, int]], told: Callable[[], None]) -> None:
    """Count with the connection of this thread, which ends with it."""
    try:
        _count_ranges(ranges, told)
    finally:
        connection.close()


def _count_ranges(ranges: deque[tuple[Link, int]], told: Callable[[], None]) -> None:
    """Take one range after the other until none is left."""
    _keep_days()
    while True:
        try:
            link, start = ranges.popleft()
        except IndexError:
            break
        with transaction.atomic():
            _count_range(link, [start, start + RANGE])
        told()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {_KEPT}")


def _keep_days() -> None:
    """Make the temporary table of days; in SQLite sorted, so that nothing that reads it sorts it again."""
    kept = f"({_COLUMNS})"
    if connection.vendor != "postgresql":
        kept = f"({_COLUMNS}, PRIMARY KEY (holder, placed_on)) WITHOUT ROWID"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_KEPT}")
        cursor.execute(f"CREATE TEMPORARY TABLE {_KEPT} {kept}")


def _count_range(link: Link, ends: list[int]) -> None:
    which = f"{link}_id >= %s AND {link}_id < %s"
    lock(link, pk__gte=ends[0], pk__lt=ends[1])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL work_mem = '64MB'")  # days are sorted in memory
            cursor.execute(f"TRUNCATE {_KEPT}")  # deleted rows would be read again and again
        else:
            cursor.execute(f"DELETE FROM {_KEPT}")  # noqa: S608
        cursor.execute(f"INSERT INTO {_KEPT} {days_sql(link, which)}", ends)
    count(link, which, ends, _KEPT, [])
