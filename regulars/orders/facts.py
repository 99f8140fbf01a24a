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
_OTHERS = ", ".join(f"'{status}'" for status in Order.UNCOUNTED)
COUNTS = f"status NOT IN ({_OTHERS})"

# One row for each order that counts, with `gap`, the days since the one before (0 on the same day); those that do not
# count only tell of refunds, and have no day. `{which}` chooses the customers, twice.
_ORDERS = """(
    SELECT holder, month, day, value, margin, refunded, id,
        day - LAG(day) OVER (PARTITION BY holder ORDER BY placed_on) AS gap
    FROM ({bought}) AS bought
    UNION ALL SELECT given_back.*, CAST(NULL AS bigint) FROM ({given_back}) AS given_back
) AS own"""
_BOUGHT = """SELECT {link}_id AS holder, {month} AS month, {day} AS day, value, margin, refunded, id, placed_on
    FROM orders_order WHERE {which} AND {counts}"""
_GIVEN_BACK = """SELECT {link}_id AS holder, {month} AS month, CAST(NULL AS bigint) AS day,
    CAST(NULL AS bigint) AS value, CAST(NULL AS bigint) AS margin, refunded, CAST(NULL AS bigint) AS id
    FROM orders_order WHERE {which} AND NOT {counts} AND refunded > 0"""

# One row for each month in which a customer bought, or had something refunded.
# `last`: the last day and its order in one number, so that the largest is found without looking orders up; ALIKE is
# added where that day has several, between which the time decides.
_MONTHS = """
SELECT holder, month, COUNT(day) AS orders, COUNT(*) FILTER (WHERE day IS NOT NULL AND COALESCE(gap, 1) > 0) AS days,
    COALESCE(SUM(value), 0) AS value, CASE WHEN COUNT(margin) = COUNT(day) THEN COALESCE(SUM(margin), 0) END AS margin,
    SUM(CASE WHEN refunded > 0 THEN 1 ELSE 0 END) AS refunds, MIN(day) AS first, SUM(gap) AS gap_days,
    SUM(gap * gap) AS gap_squares, MAX(day * {room} + CASE WHEN gap = 0 THEN {alike} ELSE 0 END + id) AS last
FROM {orders} GROUP BY holder, month"""

_FACTS = """
SELECT holder, orders, days, {first_on} AS first_on, {last_on} AS last_on, value, margin, gap_days, gap_squares,
    refunds,
    CASE WHEN last %% {room} < {alike} THEN last %% {room} ELSE (
        SELECT own.id FROM orders_order AS own WHERE own.{link}_id = holder AND own.placed_on = {last_on}
        AND own.{counts} ORDER BY own.placed_at DESC, own.id DESC LIMIT 1
    ) END AS last_order_id
FROM (
    SELECT holder, SUM(orders) AS orders, SUM(days) AS days, MIN(first) AS first, SUM(value) AS value,
        CASE WHEN COUNT(margin) = COUNT(*) THEN SUM(margin) END AS margin, COALESCE(SUM(gap_days), 0) AS gap_days,
        COALESCE(SUM(gap_squares), 0) AS gap_squares, SUM(refunds) AS refunds, MAX(last) AS last
    FROM {months} GROUP BY holder HAVING SUM(orders) > 0
) AS counted"""
# The number of a day, its month, and the day of a number.
_SQLITE = (
    "CAST(julianday(placed_on) AS INTEGER) - 1721425", "substr(placed_on, 1, 8) || '01'", "date({} + 1721425.5)"
)  # fmt: skip
_POSTGRESQL = (
    "(placed_on - DATE '0001-01-01')::bigint", "date_trunc('month', placed_on)::date",
    "(DATE '0001-01-01' + ({})::integer)",
)  # fmt: skip
_ALIKE = 10**12  # ids are below; days are counted from the year 1, so that the year 9999 fits as well

FACT_COLUMNS = (
    "orders", "days", "first_on", "last_on", "value", "margin", "gap_days", "gap_squares", "refunds", "last_order_id",
)  # fmt: skip
ROW = "holder, month, day, value, margin, refunded, id"
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


def _recount(link: Link, ids: Sequence[Any]) -> None:
    lock(link, pk__among=ids)
    which, chosen = f"{link}_id IN ({', '.join(['%s'] * len(ids))})", ids
    if connection.vendor == "postgresql":  # one value: hundreds take longer to be put together and read
        which, chosen = f"{link}_id = ANY(%s)", [list(ids)]
    count(link, which, chosen, f"({months_sql(link, which)}) AS counted_months", [*chosen, *chosen])


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
            cursor.execute(f"SELECT max({link}_id) FROM {table} WHERE {link}_id IS NOT NULL")  # noqa: S608
            tops.append(cursor.fetchone()[0] or 0)
    return max(tops)


def count(link: Link, which: str, chosen: Sequence[Any], counted: str, params: Sequence[Any]) -> None:
    """Write months and facts of the chosen customers, from `counted` months: a table, or a query with `params`."""
    facts, months = CustomerFacts._meta.db_table, CustomerMonth._meta.db_table
    month_columns, fact_columns = ", ".join(MONTH_COLUMNS), ", ".join(FACT_COLUMNS)
    taken = ", ".join(f"{name} = excluded.{name}" for name in FACT_COLUMNS)
    bought = f"SELECT 1 FROM orders_order AS own WHERE own.{link}_id = {facts}.{link}_id AND own.{COUNTS}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {months} WHERE {which}", chosen)  # noqa: S608
        cursor.execute(f"DELETE FROM {facts} WHERE {which} AND NOT EXISTS ({bought})", chosen)  # noqa: S608
        # in order, so that the months of one customer lie together
        found = f"SELECT holder, {month_columns} FROM {counted} WHERE orders > 0 ORDER BY holder, month"  # noqa: S608
        cursor.execute(f"INSERT INTO {months} ({link}_id, {month_columns}) {found}", params)
        told = f"SELECT * FROM ({_FACTS.format(**_words(link, which), months=counted)}) AS told WHERE true"  # noqa: S608
        on_conflict = f"ON CONFLICT ({link}_id) DO UPDATE SET {taken}"
        cursor.execute(f"INSERT INTO {facts} ({link}_id, {fact_columns}) {told} {on_conflict}", params)


def bought_sql(link: Link, which: str) -> tuple[str, str]:
    """The statements that read orders that count, in order, and refunds of others: ROW of each."""
    words = _words(link, which)
    bought = f"SELECT {ROW} FROM ({_BOUGHT.format(**words)}) AS bought ORDER BY holder, placed_on"  # noqa: S608
    return bought, _GIVEN_BACK.format(**words)


def months_sql(link: Link, which: str, orders: str = "") -> str:
    """The statement that counts months, with all that facts are made of, from `orders`: a table, or all orders of the
    customers; the parameters of `which` are then given twice."""
    words = _words(link, which)
    own = _ORDERS.format(bought=_BOUGHT.format(**words), given_back=_GIVEN_BACK.format(**words))
    return _MONTHS.format(**words, orders=orders or own)


def counted_sql(link: Link, which: str) -> str:
    """The statement that counts facts: `holder` and FACT_COLUMNS; the parameters of `which` are given twice."""
    return _FACTS.format(**_words(link, which), months=f"({months_sql(link, which)}) AS counted_months")


def _words(link: Link, which: str) -> dict[str, Any]:
    """What the statements are about, and how this database numbers days and cuts off months."""
    words = {"link": link, "which": which, "counts": COUNTS, "alike": _ALIKE, "room": 2 * _ALIKE}
    day, month, on = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    last = f"last / {2 * _ALIKE}"
    return {**words, "day": day, "month": month, "first_on": on.format("first"), "last_on": on.format(last)}
