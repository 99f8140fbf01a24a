"""How many queries each page takes, kept as a snapshot beside the tests, so that an N+1 shows in the diff.

    def test_the_list_takes_the_same_queries_for_2_and_for_20(client):
        make_many(2)
        with assert_query_count("contact list"):
            client.get("/contacts/")
        make_many(18)
        with assert_query_count("contact list"):
            client.get("/contacts/")

The numbers stand in `query_counts.json`. `REGULARS_TEST_RECORD_QUERIES=1 .venv/bin/pytest …` writes down the counts of
the run (a name counted twice with different numbers still fails). They are the same on SQLite and PostgreSQL; save
points, transactions and PRAGMAs are not counted.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

SNAPSHOT = Path(__file__).with_name("query_counts.json")
NOT_COUNTED = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK", "BEGIN", "COMMIT", "PRAGMA", "SET ")

_recorded: dict[str, int] = {}


@contextmanager
def assert_query_count(name: str) -> Iterator[None]:
    """Fail when the block takes another number of queries than `query_counts.json` says for `name`."""
    with CaptureQueriesContext(connection) as captured:
        yield
    queries = [q["sql"] for q in captured.captured_queries if not q["sql"].lstrip().startswith(NOT_COUNTED)]
    expected = _expected(name, len(queries))
    listing = "\n".join(f"{number:3} {sql[:300]}" for number, sql in enumerate(queries, 1))
    assert len(queries) == expected, (
        f"“{name}” took {len(queries)} queries; query_counts.json says {expected}.\n{listing}"
    )


def _expected(name: str, count: int) -> int | None:
    known: dict[str, int] = json.loads(SNAPSHOT.read_text()) if SNAPSHOT.exists() else {}
    if not os.environ.get("REGULARS_TEST_RECORD_QUERIES"):
        return known.get(name)
    first = _recorded.setdefault(name, count)
    known[name] = first
    SNAPSHOT.write_text(json.dumps(dict(sorted(known.items())), indent=2, ensure_ascii=False) + "\n")
    return first
