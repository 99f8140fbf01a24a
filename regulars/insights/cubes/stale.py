"""Months whose kept figures are no longer true, marked in the transaction that changes them, counted a minute later.

New orders are found by their ids (`running.count_news`), so only what was counted already has to be marked: an order
given back, corrected, taken out or claimed late, and two customers who turn out to be one.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from regulars.contacts.actions.merging import on_merged
from regulars.contacts.models import Company, Contact
from regulars.insights.tables import Slice, StaleMonth
from regulars.orders import after
from regulars.orders.models import CustomerMonth, Order

AT_ONCE = 500
MOST = 20_000


def mark_changed(orders: Sequence[Order]) -> None:
    """Mark the months of those of `orders` that are in the figures already. One query, and one insert if any."""
    counted = _counted()
    _mark({order.placed_on.replace(day=1) for order in orders if counted and order.pk and order.pk <= counted})


def mark_merged(into: Contact | Company, other: Contact | Company) -> None:
    """Mark every month in which either of them bought: who counts once now counted as two people."""
    if not _counted():
        return
    link = "contact" if isinstance(into, Contact) else "company"
    rows = CustomerMonth.objects.filter(**{f"{link}__in": (into.pk, other.pk)})
    _mark(set(rows.order_by().values_list("month", flat=True)))


def _counted() -> int:
    return Slice.objects.filter(key="").values_list("last_order", flat=True).first() or 0


def _mark(months: Iterable[date]) -> None:
    StaleMonth.objects.bulk_create([StaleMonth(month=month) for month in sorted(months)])


def marked() -> dict[int, date]:
    """The marks that stand, with their months."""
    return dict(StaleMonth.objects.order_by("pk").values_list("pk", "month")[:MOST])


def unmark(marks: Iterable[int]) -> None:
    """Take away marks that were counted. By id, not up to an id: one with a lower id may be committed later."""
    ids = list(marks)
    for start in range(0, len(ids), AT_ONCE):
        StaleMonth.objects.filter(pk__in=ids[start : start + AT_ONCE]).delete()


def register() -> None:
    """Follow changes of orders and merges; called by `reports_setup`."""
    after.on_change(mark_changed)
    on_merged(mark_merged)
