"""Taking an import of orders back: what it brought goes, what it changed is as before, customers are counted anew.

An order that somebody refunded, gave to somebody or changed since the import stays as they left it.
"""

from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime

from regulars.access.models import Operation, UndoStep
from regulars.contacts.actions.erasing import Traces
from regulars.orders import after, entries
from regulars.orders.catalogue import remove_added
from regulars.orders.facts import recount_of
from regulars.orders.models import Line, Order
from regulars.orders.recording import remove

BROUGHT, ORDER = "orders.brought", "orders.order"
BATCH = 500
COLUMNS = (
    "number", "channel", "status", "currency", "subtotal", "discount", "shipping", "tax", "tax_included", "total",
    "refunded", "value", "margin", "version", "note", "buyer_name", "buyer_email", "buyer_phone", "buyer_id",
    "contact_id", "company_id", "is_rate_settled",
)  # fmt: skip
LEFT = "left"  # in a step: how the import left what can be changed afterwards
LATER = ("status", "refunded", "total", "note", "version", "contact_id", "company_id")
LINE_COLUMNS = ("product_id", "name", "unit_price", "discount", "tax", "total")
LINE_DECIMALS = ("quantity", "returned")


def picture_of(order: Order) -> dict[str, Any]:
    """What an order and its lines are, as JSON: to be put back."""
    return {
        **{name: getattr(order, name) for name in COLUMNS},
        "rate": None if order.rate is None else str(order.rate),
        "placed_at": order.placed_at.isoformat(),
        "placed_on": order.placed_on.isoformat(),
        "status_at": order.status_at.isoformat(),
        "lines": [
            {
                **{name: getattr(line, name) for name in LINE_COLUMNS},
                **{name: str(value) for name in LINE_DECIMALS if (value := getattr(line, name)) is not None},
            }
            for line in order.lines.all()
        ],
    }


def left_as(order: Order) -> dict[str, Any]:
    """What an import left of an order, as JSON: when it is something else by now, somebody changed it since."""
    return {name: getattr(order, name) for name in LATER}


def undo_step(operation: Operation) -> bool:
    """Take back what came last: first the changes, then what was brought, then new products, a batch at a time."""
    changes = list(UndoStep.objects.filter(operation=operation, model=ORDER).order_by("-id")[:BATCH])
    if changes:
        restored = _put_back(changes)
        UndoStep.objects.filter(pk__in=[step.pk for step in changes]).delete()
        _count(operation, restored)
        return True
    orders = list(Order.objects.filter(brought_by=operation).order_by("pk")[:BATCH])
    if not orders:
        return remove_added(operation, BATCH)
    remove(orders)
    _count(operation, len(orders))
    return True


def forget_orders(traces: Traces) -> None:
    """Delete what orders of an erased person were before an import: undo would bring their email back."""
    theirs = Q(object_id__in=Order.objects.filter(contact_id=traces.contact_id).values("pk"))
    emails = [name.casefold() for name in traces.names if "@" in name]
    UndoStep.objects.filter(theirs | Q(before__buyer_email__in=emails), model=ORDER).delete()


def _count(operation: Operation, orders: int) -> None:
    operation.result["undone"] = operation.result.get("undone", 0) + orders
    operation.advance(0)


def _put_back(steps: list[UndoStep]) -> int:
    """Restore what nobody has changed since, with all that follows; returns how many orders that were."""
    orders = Order.objects.select_for_update().in_bulk([step.object_id for step in steps])
    held: list[Order] = []
    restored: list[Order] = []
    for step in steps:
        order, was = orders.get(step.object_id), step.before or {}
        if order is None or was.get(LEFT, left_as(order)) != left_as(order):
            continue
        held.append(Order(pk=order.pk, contact_id=order.contact_id, company_id=order.company_id))
        _restore(order, was)
        restored.append(order)
    recount_of([*held, *restored])
    after.tell(restored)
    return len(restored)


def _restore(order: Order, was: dict[str, Any]) -> None:
    for name in COLUMNS:
        setattr(order, name, was.get(name))
    order.rate = None if was["rate"] is None else Decimal(was["rate"])
    order.placed_on = parse_date(was["placed_on"]) or order.placed_on
    order.placed_at = parse_datetime(was["placed_at"]) or order.placed_at
    order.status_at = parse_datetime(was["status_at"]) or order.status_at
    order.save()
    order.lines.all().delete()
    lines = [_line(order, line) for line in was["lines"]]
    Line.objects.bulk_create(lines)
    said = [(line.quantity, line.name) for line in lines[: entries.SAID + 1]]
    entries.keep_in_step(order, entries.text_for(said))


def _line(order: Order, was: dict[str, Any]) -> Line:
    decimals = {name: Decimal(was[name]) for name in LINE_DECIMALS if name in was}
    return Line(order=order, placed_at=order.placed_at, **{**was, **decimals})
