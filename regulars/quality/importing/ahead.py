"""Reading ahead: the next batch of a file is read and built by a thread while the one before is written.

While a batch is written this process mostly waits for the database: for PostgreSQL, or for SQLite's own code.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any

from django.utils import translation

# Seconds after which the reading thread lets the other go on that has got an answer from the database: it asks for some
# dozen small things in a batch, and would wait for the usual 5 ms after each.
SWITCH, USUAL = 0.0005, 0.005


class Ahead:
    """Gives the pieces of one file batch by batch. Whatever makes them must not ask the database."""

    def __init__(self, pieces: Iterator[Any]) -> None:
        self.pieces = pieces
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        self.coming: Future[list[Any]] | None = None
        sys.setswitchinterval(SWITCH)

    def take(self, size: int) -> list[Any]:
        """Return the next `size` pieces, [] at the end. Raises what making them raised."""
        batch = (self.coming or self._ask(size)).result()
        self.coming = self._ask(size) if batch else None
        return batch

    def close(self) -> None:
        """Let go of the thread; what it is reading is not needed any more."""
        sys.setswitchinterval(USUAL)
        self.pool.shutdown(wait=True, cancel_futures=True)

    def _ask(self, size: int) -> "Future[list[Any]]":
        return self.pool.submit(self._read, size, translation.get_language())

    def _read(self, size: int, language: str | None) -> list[Any]:
        with translation.override(language):  # what is wrong with a row is said in it
            return list(islice(self.pieces, size))
