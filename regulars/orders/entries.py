"""The line of an order on timelines: one entry of the kind "order", kept in step with it."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from regulars.contacts.models import Company, Contact, Involvement
from regulars.lib import fast
from regulars.lib.fast import reserve_ids
from regulars.orders.models import Order
from regulars.timeline.models import Entry

KIND = "order"
SAID = 4  # lines that the entry's text names


def text_for(lines: Sequence[tuple[Decimal, str]]) -> str:
    """What was bought, as search finds it, in any language: "2 × House blend, Flat white"."""
    named = [name if quantity == 1 else f"{quantity.normalize():f} × {name}" for quantity, name in lines[:SAID]]
    return ", ".join([*named, "…"] if len(lines) > SAID else named)


def snapshot_of(order: Order) -> dict[str, Any]:
    """What the line shows besides the text: amounts are minor units."""
    return {
        "order": order.pk,
        "number": order.number,
        "total": order.total,
        "refunded": order.refunded,
        "currency": order.currency,
        "status": order.status,
        "channel": order.channel,
    }


def write(orders: Sequence[Order], texts: Mapping[int, str]) -> list[int]:
    """Put new orders that belong to somebody on the timelines; `texts` are by order id. Returns the entries' ids.

    The company of a person is there because they are.
    """
    orders = [order for order in orders if order.contact_id or order.company_id]
    entries: list[fast.Row] = []
    involvements: list[fast.Row] = []
    for pk, order in zip(reserve_ids(Entry, len(orders)), orders, strict=True):
        entries.append(
            {
                "id": pk, "kind": KIND, "occurred_at": order.placed_at, "author_id": order.created_by_id,
                "text": texts.get(order.pk, ""), "snapshot": snapshot_of(order), "subject_kind": KIND,
                "subject_id": order.pk,
            }
        )  # fmt: skip
        involvements += _rows(pk, order)
    fast.insert(Entry, entries)
    fast.insert(Involvement, involvements)
    return [entry["id"] for entry in entries]


def _rows(entry_id: int, order: Order) -> list[fast.Row]:
    common = {"entry_id": entry_id, "occurred_at": order.placed_at, "kind": KIND}
    rows: list[fast.Row] = []
    if order.contact_id:
        rows.append({**common, "contact_id": order.contact_id})
    if order.company_id:
        rows.append({**common, "company_id": order.company_id, "is_implied": bool(order.contact_id)})
    return rows


def adopt(entry: Entry, order: Order, text: str) -> None:
    """Make a moment that is logged already the line of this order; its text says what was bought, if known."""
    entry.subject_kind, entry.subject_id = KIND, order.pk
    entry.snapshot, entry.text = snapshot_of(order), text or entry.text
    entry.save(update_fields=["subject_kind", "subject_id", "snapshot", "text"])


def keep_in_step(order: Order, text: str | None = None) -> None:
    """Let the line say what the order says now, on the timelines of whose it is now. `text` None: as it was.

    An order that found its customer gets a line.
    """
    entry = Entry.objects.filter(subject_kind=KIND, subject_id=order.pk).first()
    if entry is None:
        if order.contact_id or order.company_id:
            write([order], {order.pk: text or text_of(order)})
        return
    entry.text = entry.text if text is None else text
    entry.snapshot, entry.occurred_at = snapshot_of(order), order.placed_at
    entry.save(update_fields=["text", "snapshot", "occurred_at"])
    Involvement.objects.filter(entry=entry).delete()
    fast.insert(Involvement, [{**row, "is_pinned": entry.pinned_at is not None} for row in _rows(entry.pk, order)])


def text_of(order: Order) -> str:
    """The text from the lines as they are kept. One query."""
    return text_for(list(order.lines.order_by("pk").values_list("quantity", "name")[: SAID + 1]))


def drop(orders: Iterable[int]) -> None:
    """Delete the lines of these orders from all timelines."""
    Entry.objects.filter(subject_kind=KIND, subject_id__in=list(orders)).delete()


def holders_of(orders: Iterable[Order]) -> list[Contact | Company]:
    """Whose the orders are, as far as they are loaded."""
    return [holder for order in orders if (holder := order.contact or order.company)]
