"""The rows of one order together: mostly they stand below each other; where they don't, the file is sorted first."""

import json
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from regulars.quality.files.delimited import DelimitedTable
from regulars.quality.files.rows import Row
from regulars.quality.importing_orders.build import OrderBuilder

LONGEST = 2000  # rows of one order; more is no order


def grouped(rows: Iterable[Row], builder: OrderBuilder) -> Iterator[list[Row]]:
    """Yield the rows of each order: neighbours with the same number, and rows below it that name none."""
    group: list[Row] = []
    key = ""
    for row in rows:
        own = "" if row.problem else builder.key(row)
        same = group and not row.problem and len(group) < LONGEST and not group[0].problem
        if same and key and (own == key or (not own and builder.continues(row))):
            group.append(row)
            continue
        if group:
            yield group
        group, key = [row], own
    if group:
        yield group


def is_scattered(table: DelimitedTable, builder: OrderBuilder) -> tuple[int, bool]:
    """Return how many rows a table has, and whether the rows of an order stand apart. Reads it once."""
    seen: set[int] = set()
    count, scattered = 0, False
    for group in grouped(table.rows(), builder):
        count += len(group)
        if not scattered and (key := builder.key(group[0])):
            mark = hash(key)
            scattered = mark in seen
            seen.add(mark)
    return count, scattered


def together(table: DelimitedTable, builder: OrderBuilder) -> Iterator[Row]:
    """Yield the rows of a table so that those of one order are neighbours; orders in the order of their first rows.

    Sorted in a file of its own, which is gone when the rows are read: memory stays small, whatever the size.
    """
    with tempfile.TemporaryDirectory() as folder:
        store = sqlite3.connect(Path(folder) / "rows", isolation_level=None)
        store.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE TABLE first (key TEXT PRIMARY KEY, place INTEGER) WITHOUT ROWID;"
            "CREATE TABLE row (place INTEGER, number INTEGER, cells TEXT, problem TEXT);"
        )
        try:
            store.execute("BEGIN")
            store.executemany("INSERT INTO row VALUES (?, ?, ?, ?)", _placed(table, builder, store))
            store.execute("COMMIT")
            for number, cells, problem in store.execute(
                "SELECT number, cells, problem FROM row ORDER BY place, number"
            ):
                yield Row(number, json.loads(cells), problem)
        finally:
            store.close()


def _placed(
    table: DelimitedTable, builder: OrderBuilder, store: sqlite3.Connection
) -> Iterator[tuple[int, int, str, str]]:
    for group in grouped(table.rows(), builder):
        place = group[0].number
        if key := "" if group[0].problem else builder.key(group[0]):
            store.execute("INSERT OR IGNORE INTO first VALUES (?, ?)", (key, place))
            place = store.execute("SELECT place FROM first WHERE key = ?", (key,)).fetchone()[0]
        for row in group:
            yield place, row.number, json.dumps(row.cells), row.problem


class Twins:
    """Tells rows apart that say the same and have no number: the second coffee of a day is no mistake."""

    def __init__(self) -> None:
        self.seen: Counter[int] = Counter()

    def nth(self, group: list[Row], builder: OrderBuilder) -> int:
        """How many like it stand above."""
        if builder.key(group[0]):
            return 0
        mark = hash(tuple(cell for row in group for cell in row.cells))
        self.seen[mark] += 1
        return self.seen[mark] - 1
