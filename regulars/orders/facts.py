"""What the orders of each customer come to, counted by the database: for a few customers, or for all of them.

A row of `CustomerFacts` and the rows of `CustomerMonth` are always counted from all orders of the customer, never added
to: late news, refunds, merges and orders that come twice can't make them wrong. Days are those of the organisation's
zone (`Order.placed_on`). The same statements count a batch and everybody (facts_rebuild.py), so that both say the same.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from django.db import connection

from regulars.contacts.models import Company, Contact
from regulars.orders.models import CustomerFacts, CustomerMonth, Order

Link = Literal["contact", "company"]
LINKS: tuple[Link, Link] = ("contact", "company")
BATCH = 500
# Said by what does not count: the shorter list, and no reason to walk the index by status.
_OTHERS = ", ".join(f"'{status}'" for status in Order.Status.values if status not in Order.COUNTED)
COUNTS = f"status NOT IN ({_OTHERS})"

# One row for each day on which a customer bought, or had something refunded. `{which}` chooses the customers.
_DAYS = """
SELECT {link}_id AS holder, placed_on, {month} AS month, {day} AS day, COUNT(*) FILTER (WHERE {counts}) AS orders,
    COUNT(*) FILTER (WHERE refunded > 0) AS refunds, COALESCE(SUM(value) FILTER (WHERE {counts}), 0) AS value,
    CASE WHEN COUNT(margin) FILTER (WHERE {counts}) = COUNT(*) FILTER (WHERE {counts})
        THEN COALESCE(SUM(margin) FILTER (WHERE {counts}), 0) END AS margin
FROM orders_order WHERE {which} GROUP BY {link}_id, placed_on"""

# `gap`: the days since the last day of purchase before; days on which only something was refunded are none.
_FACTS = """
SELECT counted.*, (SELECT own.id FROM orders_order AS own WHERE own.{link}_id = holder AND own.placed_on = last_on
    AND own.{counts} ORDER BY own.placed_at DESC, own.id DESC LIMIT 1) AS last_order_id
FROM (
    SELECT holder, SUM(orders) AS orders, SUM(CASE WHEN orders > 0 THEN 1 ELSE 0 END) AS days,
        MIN(CASE WHEN orders > 0 THEN placed_on END) AS first_on,
        MAX(CASE WHEN orders > 0 THEN placed_on END) AS last_on, SUM(value) AS value,
        CASE WHEN COUNT(margin) = COUNT(*) THEN SUM(margin) END AS margin, COALESCE(SUM(gap), 0) AS gap_days,
        COALESCE(SUM(gap * gap), 0) AS gap_squares, SUM(refunds) AS refunds
    FROM (
        SELECT holder, placed_on, orders, refunds, value, margin, CASE WHEN orders > 0 THEN day - MAX(
            CASE WHEN orders > 0 THEN day END
        ) OVER (PARTITION BY holder ORDER BY placed_on ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) END AS gap
        FROM {days}
    ) AS spaced GROUP BY holder HAVING SUM(orders) > 0
) AS counted"""

# In order, so that the months of one customer lie together.
_MONTHS = """
SELECT holder, month, SUM(orders), COUNT(*), SUM(value), CASE WHEN COUNT(margin) = COUNT(*) THEN SUM(margin) END
FROM {days} WHERE orders > 0 GROUP BY holder, month ORDER BY holder, month"""

FACT_COLUMNS = (
    "orders", "days", "first_on", "last_on", "value", "margin", "gap_days", "gap_squares", "refunds", "last_order_id",
)  # fmt: skip
MONTH_COLUMNS = ("month", "orders", "days", "value", "margin")


def recount(contact_ids: Iterable[int], company_ids: Iterable[int]) -> None:
    """Count the facts of these customers anew, within the caller's transaction: four statements for each 500.

    Their rows are locked first, so that two orders that come at once are both counted.
    """
    for link, ids in zip(LINKS, (contact_ids, company_ids), strict=True):
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), BATCH):
            _recount(link, wanted[start : start + BATCH])


def recount_of(orders: Iterable[Order]) -> None:
    """Count the facts of the customers of these orders anew."""
    orders = list(orders)
    recount(
        {order.contact_id for order in orders if order.contact_id},
        {order.company_id for order in orders if order.company_id},
    )


def _recount(link: Link, ids: Sequence[int]) -> None:
    lock(link, pk__in=ids)
    marks = ", ".join(["%s"] * len(ids))
    which = f"{link}_id IN ({marks})"
    count(link, which, ids, f"({days_sql(link, which)}) AS day", ids)


def lock(link: Link, **which: Any) -> None:
    """Let nobody else count these customers until the transaction ends; those of SQLite come one by one anyway."""
    if connection.features.has_select_for_update:
        people: Any = Contact.objects if link == "contact" else Company.objects
        list(people.filter(**which).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def highest(link: Link) -> int:
    """The highest id of a customer who has orders or facts."""
    with connection.cursor() as cursor:
        tops = []
        for table in ("orders_order", CustomerFacts._meta.db_table):
            cursor.execute(f"SELECT max({link}_id) FROM {table}")  # noqa: S608
            tops.append(cursor.fetchone()[0] or 0)
    return max(tops)


def count(link: Link, which: str, chosen: Sequence[Any], days: str, params: Sequence[Any]) -> None:
    """Write months and facts of the chosen customers, counted from `days`: a table, or a query with `params`."""
    facts, months = CustomerFacts._meta.db_table, CustomerMonth._meta.db_table
    words = {**_words(link, which), "days": days}
    month_columns = ", ".join((f"{link}_id", *MONTH_COLUMNS))
    fact_columns = ", ".join((f"{link}_id", *FACT_COLUMNS))
    taken = ", ".join(f"{name} = excluded.{name}" for name in FACT_COLUMNS)
    bought = f"SELECT 1 FROM orders_order AS own WHERE own.{link}_id = {facts}.{link}_id AND own.{COUNTS}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {months} WHERE {which}", chosen)  # noqa: S608
        cursor.execute(f"DELETE FROM {facts} WHERE {which} AND NOT EXISTS ({bought})", chosen)  # noqa: S608
        cursor.execute(f"INSERT INTO {months} ({month_columns}) {_MONTHS.format(**words)}", params)
        counted = f"SELECT * FROM ({_FACTS.format(**words)}) AS told WHERE true"  # noqa: S608
        on_conflict = f"ON CONFLICT ({link}_id) DO UPDATE SET {taken}"
        cursor.execute(f"INSERT INTO {facts} ({fact_columns}) {counted} {on_conflict}", params)


def days_sql(link: Link, which: str) -> str:
    """The statement that counts days: one row for each on which a customer that `which` chooses bought."""
    return _DAYS.format(**_words(link, which))


def counted_sql(link: Link, which: str) -> str:
    """The statement that counts facts: `holder` and FACT_COLUMNS of the customers that `which` chooses."""
    return _FACTS.format(**_words(link, which), days=f"({days_sql(link, which)}) AS day")


def _words(link: Link, which: str) -> dict[str, str]:
    """What the statements are about, and how this database numbers days and cuts off months."""
    words = {"link": link, "which": which, "counts": COUNTS}
    if connection.vendor == "postgresql":
        return {**words, "day": "placed_on - DATE '1970-01-01'", "month": "date_trunc('month', placed_on)::date"}
    day, month = "CAST(julianday(placed_on) AS INTEGER)", "substr(placed_on, 1, 8) || '01'"
    return {**words, "day": day, "month": month}
