"""The shape that every table has, whether it came from CSV or a workbook."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

MAX_COLUMNS = 500
MAX_ROW_CHARS = 1_000_000


class Row(NamedTuple):
    """One row: its number as a spreadsheet shows it, its cells, and what is wrong with it ("" when nothing)."""

    number: int
    cells: list[str]
    problem: str = ""

    def as_dict(self, headers: list[str]) -> dict[str, str]:
        """Return header to value."""
        return dict(zip(headers, self.cells, strict=False))


class Table(Protocol):
    """Headers, and rows as often as one asks; a row has exactly as many cells as there are headers."""

    headers: list[str]
    preamble: int

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header, those that can't be read with their problem."""
        ...


def unique_headers(cells: list[str]) -> list[str]:
    """Return `cells` as headers: nameless ones numbered, repeated ones told apart ("Phone", "Phone (2)")."""
    seen: dict[str, int] = {}
    headers = []
    for position, cell in enumerate(cells, start=1):
        name = " ".join(cell.split())[:200] or f"Column {position}"
        seen[name.casefold()] = times = seen.get(name.casefold(), 0) + 1
        headers.append(name if times == 1 else f"{name} ({times})")
    return headers
