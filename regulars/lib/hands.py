"""Work on the whole of a big table with several connections at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

HANDS = 2  # connections: one for each core of a small server


def many_hands(work: Callable[[], None]) -> None:
    """Call `work` with two connections at once on PostgreSQL, once here on SQLite, which lets one write; also once in a
    transaction, whose changes others would not see. Each call takes what is left to do from where all take it."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        work()
        return
    with ThreadPoolExecutor(HANDS) as pool:
        for hand in [pool.submit(_apart, work) for _ in range(HANDS)]:
            hand.result()


def _apart(work: Callable[[], None]) -> None:
    """Work with the connection of this thread, which ends with it."""
    try:
        work()
    finally:
        connection.close()
