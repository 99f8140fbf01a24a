"""Cells of a file of orders: what they say, and what follows from some of them. Rows repeat themselves, so once."""

from functools import lru_cache
from typing import TypeVar

from regulars.quality.files.values import is_empty

T = TypeVar("T")
MOST = 4096  # different cells that are kept at hand


@lru_cache(MOST)
def said_in(cell: str) -> str:
    """What a cell says; "" where it only says that there is nothing."""
    said = cell.strip()
    return "" if is_empty(said) else said


class Kept(dict[tuple[str, ...], T]):
    """What follows from some cells of a row, as long as there is room."""

    def keep(self, cells: tuple[str, ...], found: T) -> T:
        """Keep what was found, and return it."""
        if len(self) < MOST:
            self[cells] = found
        return found
