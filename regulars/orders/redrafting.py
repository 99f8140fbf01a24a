"""A kept order as a draft again, so that a colleague or a shop can change a part of it."""

from regulars.lib.money import from_minor
from regulars.orders.drafts import Buyer, LineDraft, OrderDraft
from regulars.orders.models import Line, Order

AMOUNTS = ("discount", "shipping", "tax", "tax_included", "total", "refunded")


def draft_of(order: Order) -> OrderDraft:
    """Return an order as if it came in anew, amounts in its currency; the subtotal is left to its lines. One query."""
    amounts = {name: from_minor(getattr(order, name), order.currency) for name in AMOUNTS}
    lines = [_line_of(line, order.currency) for line in order.lines.select_related("product").order_by("pk")]
    buyer = Buyer(order.buyer_name, email=order.buyer_email, phone=order.buyer_phone, external_id=order.buyer_id)
    return OrderDraft(
        placed_at=order.placed_at,
        currency=order.currency,
        source=order.source,
        external_id=order.external_id,
        version=order.version,
        number=order.number,
        channel=order.channel,
        status=order.status,
        lines=lines,
        note=order.note,
        buyer=buyer,
        settled_rate=order.rate if order.is_rate_settled else None,
        **amounts,
    )


def _line_of(line: Line, currency: str) -> LineDraft:
    money = {name: from_minor(getattr(line, name), currency) for name in ("unit_price", "discount", "tax", "total")}
    known = line.product
    return LineDraft(
        line.name,
        quantity=line.quantity,
        sku=known.sku if known else "",
        category=known.category if known else "",
        returned=line.returned,
        **money,
    )
