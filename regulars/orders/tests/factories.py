"""Small factories for orders."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from regulars.contacts.actions.adding import Holder
from regulars.orders.drafts import LineDraft, OrderDraft
from regulars.orders.models import Order
from regulars.orders.recording import record


def make_draft(
    total: str | None = "24.50", *, days: float = 0, lines: Sequence[LineDraft] = (), **fields: Any
) -> OrderDraft:
    """A draft of an order `days` ago; with lines the total is worked out."""
    placed_at: datetime = fields.pop("placed_at", None) or timezone.now() - timedelta(days=days)
    amount = Decimal(total) if total is not None and not lines else None
    return OrderDraft(placed_at=placed_at, currency=fields.pop("currency", "EUR"), total=amount, lines=lines, **fields)


def make_order(holder: Holder | None = None, total: str | None = "24.50", **fields: Any) -> Order:
    """A kept order of `holder`, or of nobody."""
    return record(make_draft(total, **fields), holder=holder).order


def make_line(name: str, price: str = "12.00", quantity: str = "1", **fields: Any) -> LineDraft:
    """A line of a draft."""
    return LineDraft(name, Decimal(quantity), Decimal(price), **fields)
