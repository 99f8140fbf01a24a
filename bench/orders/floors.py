"""The floors of what orders cost: the same rows by hand-written SQL through the same driver, without Django, and
`python -m bench.orders.floors lines 500000`: bare inserts of so many lines with their orders and entries.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

from django.db import connection

from bench.figures import percentiles

REPEATS = 100
Fetch = Callable[..., list[Any]]
COUNTED = "status NOT IN ('refunded', 'cancelled')"
NAMES = "c.id = o.contact_id LEFT JOIN contacts_company f ON f.id = o.company_id"
LISTED = f"SELECT o.*, c.display_name, f.display_name FROM orders_order o LEFT JOIN contacts_contact c ON {NAMES} "
SUMS = "SELECT sum(value), sum(margin), count(*) FROM orders_order WHERE status NOT IN ('refunded', 'cancelled')"
GROUPED = (
    "SELECT count(*) FROM (SELECT contact_id, min(placed_on), max(placed_on), sum(value), count(*) FROM orders_order"
    f" WHERE contact_id IS NOT NULL AND {COUNTED} GROUP BY contact_id) AS g"
)


def of_pages(people: list[int], first_report: str) -> dict[str, list[float]]:
    """Return p50 and p95 in ms of the rows that each page shows."""
    connection.ensure_connection()
    mark = "%s" if connection.vendor == "postgresql" else "?"
    cursor = connection.connection.cursor()

    def fetch(sql: str, *parameters: Any) -> list[Any]:
        cursor.execute(sql.replace("%s", mark), parameters)
        return list(cursor.fetchall())

    found = {}
    for name, once in _pages(fetch, people, first_report).items():
        for n in range(10):
            once(n)
        times = []
        for n in range(REPEATS):
            began = time.perf_counter()
            once(n)
            times.append(time.perf_counter() - began)
        found[name] = percentiles(times)
    return found


def _pages(fetch: Fetch, people: list[int], since: str) -> dict[str, Callable[[int], Any]]:
    def worth(n: int) -> None:
        pk = people[n % len(people)]
        fetch("SELECT * FROM orders_customerfacts WHERE contact_id = %s", pk)
        fetch("SELECT * FROM orders_customermonth WHERE contact_id = %s ORDER BY month DESC LIMIT 24", pk)
        own = (
            f"SELECT id FROM orders_order WHERE contact_id = %s AND {COUNTED} ORDER BY placed_at DESC, id DESC LIMIT 12"
        )
        ids = ", ".join(str(row[0]) for row in fetch(own, pk)) or "NULL"
        fetch(f"SELECT order_id, product_id, name, quantity FROM orders_line WHERE order_id IN ({ids})")

    def orders(where: str = "", *parameters: Any) -> Callable[[int], Any]:
        def once(n: int) -> None:
            rows = fetch(LISTED + where + " ORDER BY o.placed_at DESC, o.id DESC LIMIT 40", *parameters)
            ids = ", ".join(str(row[0]) for row in rows) or "NULL"
            fetch(f"SELECT * FROM orders_line WHERE order_id IN ({ids})")

        return once

    whole = "SELECT m.* FROM insights_monthfigure m JOIN insights_slice s ON s.id = m.slice_id WHERE s.key = ''"
    months = f"{whole} AND m.month >= %s"
    cohorts = months.replace("monthfigure", "cohortfigure")
    holder = "LEFT JOIN contacts_contact c ON c.id = x.contact_id"
    return {
        "worth": worth,
        "insights": lambda n: fetch(months, since),
        "reports": lambda n: fetch(cohorts, since),
        "value": lambda n: fetch(f"SELECT x.*, c.* FROM insights_standing x {holder} WHERE x.tier = 'gold' AND"
                                 " x.top_value IS NOT NULL ORDER BY x.top_value DESC, x.id DESC LIMIT 50"),
        "winback": lambda n: fetch(f"SELECT x.*, c.* FROM insights_atrisk x {holder} WHERE x.ended_on IS NULL"
                                   " ORDER BY x.worth DESC, x.id DESC LIMIT 50"),
        "orders": orders(),
        "orders-filtered": orders("WHERE o.status = %s AND o.channel = %s", "refunded", "web"),
        "orders-product": orders("WHERE EXISTS (SELECT 1 FROM orders_line l WHERE l.order_id = o.id AND l.product_id = 7)"),
    }  # fmt: skip


def of_jobs() -> dict[str, float]:
    """Return the seconds in which the database alone reads every order, and groups them by person."""
    found = {}
    with connection.cursor() as cursor:
        for name, sql in (("read", SUMS), ("grouped", GROUPED)):
            began = time.perf_counter()
            cursor.execute(sql)
            cursor.fetchall()
            found[name] = round(time.perf_counter() - began, 1)
    return found


def of_lines(lines: int) -> int:
    """Return the lines a second of bare inserts of lines that are there into the same tables, with their orders and
    entries, 500 orders a transaction; all is taken back."""
    from django.db import transaction

    from regulars.contacts.models import Involvement
    from regulars.lib import fast
    from regulars.orders.models import Line, Order
    from regulars.timeline.models import Entry

    orders = list(Order.objects.order_by("pk")[: lines // 4])
    rows = {
        Order: [{**fast.row_of(order), "id": None, "external_id": ""} for order in orders],
        Line: [{**fast.row_of(line), "id": None} for line in Line.objects.order_by("pk")[:lines]],
        Entry: [
            {**fast.row_of(e), "id": None} for e in Entry.objects.filter(kind="order").order_by("pk")[: len(orders)]
        ],
    }
    first = {model: fast.reserve_ids(model, len(found)) for model, found in rows.items()}
    for model, found in rows.items():
        for pk, row in zip(first[model], found, strict=True):
            row["id"] = pk
    people = [
        {"entry_id": e["id"], "occurred_at": e["occurred_at"], "kind": "order", "contact_id": o.contact_id or 1}
        for e, o in zip(rows[Entry], orders, strict=False)
    ]
    began = time.perf_counter()
    with transaction.atomic():
        parts = -(-len(orders) // 500)
        for at in range(parts):
            for model, found in rows.items():
                fast.insert(model, _part(found, at, parts))
            fast.insert(Involvement, _part(people, at, parts))
        seconds = time.perf_counter() - began
        transaction.set_rollback(True)
    return round(len(rows[Line]) / seconds)


def _part(rows: list[Any], at: int, parts: int) -> list[Any]:
    size = -(-len(rows) // parts)
    return rows[at * size : (at + 1) * size]


if __name__ == "__main__":
    given = json.loads(sys.argv[2]) if len(sys.argv) > 2 else None
    what: dict[str, Callable[[], Any]] = {
        "pages": lambda: of_pages(given["people"], given["since"]),  # type: ignore[index]
        "jobs": of_jobs,
        "lines": lambda: of_lines(int(given or 0)),
    }
    print(json.dumps(what[sys.argv[1]]()))
