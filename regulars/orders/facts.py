"""What the orders of each customer come to, counted by the database: for a few customers, or for all of them.

A row of `CustomerFacts` and the rows of `CustomerMonth` are always counted from all orders of the customer, never added
to: late news, refunds, merges and orders that come twice can't make them wrong. Days are those of the organisation's
zone (`Order.placed_on`). The same statement counts a batch and everybody, so that both say the same.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from django.db import connection, transaction

from regulars.contacts.models import Company, Contact
from regulars.orders.models import CustomerFacts, CustomerMonth, Order

Link = Literal["contact", "company"]
LINKS: tuple[Link, Link] = ("contact", "company")
RANGE = 20_000  # ids of customers counted in one transaction when all are
BATCH = 500
COUNTED = ", ".join(f"'{status}'" for status in Order.COUNTED)

# One row for each day on which a customer bought. `{which}` chooses the customers.
_DAYS = """
WITH day AS (
    SELECT {link}_id AS holder, placed_on, COUNT(*) AS seen,
        SUM(CASE WHEN status IN ({counted}) THEN 1 ELSE 0 END) AS orders,
        SUM(CASE WHEN refunded > 0 THEN 1 ELSE 0 END) AS refunds,
        MAX(CASE WHEN status IN ({counted}) THEN {order_key} END) AS newest,
        COALESCE(SUM(CASE WHEN status IN ({counted}) THEN value END), 0) AS value,
        CASE WHEN SUM(CASE WHEN status IN ({counted}) AND margin IS NULL THEN 1 ELSE 0 END) = 0
            THEN COALESCE(SUM(CASE WHEN status IN ({counted}) THEN margin END), 0) END AS margin
    FROM orders_order WHERE {which} GROUP BY {link}_id, placed_on
)"""

_FACTS = """, gap AS (
    SELECT holder, placed_on, orders, refunds, value, margin, newest, CASE WHEN orders > 0 THEN 1 ELSE 0 END AS bought,
        {days_since} AS gap
    FROM day
)
SELECT holder, SUM(orders) AS orders, SUM(bought) AS days, MIN(CASE WHEN bought = 1 THEN placed_on END) AS first_on,
    MAX(CASE WHEN bought = 1 THEN placed_on END) AS last_on, {newest_id} AS last_order_id, SUM(value) AS value,
    CASE WHEN COUNT(margin) = COUNT(*) THEN SUM(margin) END AS margin,
    COALESCE(SUM(CASE WHEN bought = 1 THEN gap END), 0) AS gap_days,
    COALESCE(SUM(CASE WHEN bought = 1 THEN gap * gap END), 0) AS gap_squares, SUM(refunds) AS refunds
FROM gap GROUP BY holder HAVING SUM(orders) > 0"""

_MONTHS = """
SELECT holder, {month} AS month, SUM(orders), COUNT(*), SUM(value),
    CASE WHEN COUNT(margin) = COUNT(*) THEN SUM(margin) END
FROM day WHERE orders > 0 GROUP BY holder, {month}"""

FACT_COLUMNS = (
    "orders", "days", "first_on", "last_on", "last_order_id", "value", "margin", "gap_days", "gap_squares", "refunds",
)  # fmt: skip
MONTH_COLUMNS = ("month", "orders", "days", "value", "margin")


def recount(contact_ids: Iterable[int], company_ids: Iterable[int]) -> None:
    """Count the facts of these customers anew, within the caller's transaction: four statements for each 500.

    Their rows are locked first, so that two orders that come at once are both counted.
    """
    for link, model, ids in (("contact", Contact, contact_ids), ("company", Company, company_ids)):
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), BATCH):
            _recount(link, model, wanted[start : start + BATCH])  # type: ignore[arg-type]


def recount_of(orders: Iterable[Order]) -> None:
    """Count the facts of the customers of these orders anew."""
    orders = list(orders)
    recount(
        {order.contact_id for order in orders if order.contact_id},
        {order.company_id for order in orders if order.company_id},
    )


def _recount(link: Link, model: Any, ids: Sequence[int]) -> None:
    if connection.features.has_select_for_update:
        list(model.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    marks = ", ".join(["%s"] * len(ids))
    _count(link, f"{link}_id IN ({marks})", ids, are_new=False)


def rebuild_all(progress: Callable[[int, int], None] | None = None) -> None:
    """Count everybody's facts anew from all orders, some thousand customers in one transaction.

    `progress(done, of)` is told after each; both are ids, the last one being all. May be killed and run again.
    """
    tops = {link: highest(link) for link in LINKS}
    done, of = 0, sum(tops.values())
    for link in LINKS:
        for start in range(0, tops[link] + 1, RANGE):
            with transaction.atomic():
                _count(link, f"{link}_id >= %s AND {link}_id < %s", [start, start + RANGE], are_new=False)
            done = min(done + RANGE, of)
            if progress:
                progress(done, of)


def highest(link: Link) -> int:
    """The highest id of a customer who has orders or facts."""
    with connection.cursor() as cursor:
        tops = []
        for table in ("orders_order", CustomerFacts._meta.db_table):
            cursor.execute(f"SELECT max({link}_id) FROM {table}")  # noqa: S608
            tops.append(cursor.fetchone()[0] or 0)
    return max(tops)


def _count(link: Link, which: str, params: Sequence[Any], *, are_new: bool) -> None:
    """Write months and facts of the chosen customers; `are_new` spares the deleting."""
    facts, months = CustomerFacts._meta.db_table, CustomerMonth._meta.db_table
    words = {"link": link, "counted": COUNTED, "which": which, **_words()}
    days = _DAYS.format(**words)
    month_columns = ", ".join((f"{link}_id", *MONTH_COLUMNS))
    fact_columns = ", ".join((f"{link}_id", *FACT_COLUMNS))
    taken = ", ".join(f"{name} = excluded.{name}" for name in FACT_COLUMNS)
    bought = f"SELECT 1 FROM orders_order AS own WHERE own.{link}_id = {facts}.{link}_id AND own.status IN ({COUNTED})"  # noqa: S608
    with connection.cursor() as cursor:
        if not are_new:
            cursor.execute(f"DELETE FROM {months} WHERE {which}", params)  # noqa: S608
            cursor.execute(f"DELETE FROM {facts} WHERE {which} AND NOT EXISTS ({bought})", params)  # noqa: S608
        cursor.execute(f"INSERT INTO {months} ({month_columns}) {days} {_MONTHS.format(**words)}", params)
        counted = f"SELECT * FROM ({counted_sql(link, which)}) AS counted WHERE true"  # noqa: S608
        on_conflict = f"ON CONFLICT ({link}_id) DO UPDATE SET {taken}"
        cursor.execute(f"INSERT INTO {facts} ({fact_columns}) {counted} {on_conflict}", params)


def counted_sql(link: Link, which: str) -> str:
    """The statement that counts facts: `holder` and FACT_COLUMNS of the customers that `which` chooses."""
    words = {"link": link, "counted": COUNTED, "which": which, **_words()}
    return f"{_DAYS.format(**words)} {_FACTS.format(**words)}"


def _words() -> dict[str, str]:
    """How this database counts days and cuts off months."""
    before = "LAG(placed_on) OVER (PARTITION BY holder, CASE WHEN orders > 0 THEN 1 ELSE 0 END ORDER BY placed_on)"
    if connection.vendor == "postgresql":
        return {
            "days_since": f"placed_on - {before}",
            "month": "date_trunc('month', placed_on)::date",
            "order_key": "to_char(placed_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') || lpad(id::text, 20, '0')",
            "newest_id": "right(MAX(newest), 20)::bigint",
        }
    return {
        "days_since": f"CAST(julianday(placed_on) - julianday({before}) AS INTEGER)",
        "month": "substr(placed_on, 1, 8) || '01'",
        "order_key": "placed_at || substr('00000000000000000000' || id, -20)",
        "newest_id": "CAST(substr(MAX(newest), -20) AS INTEGER)",
    }
