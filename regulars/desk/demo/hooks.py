"""The web shop of Harbor & Pine, connected: what its last orders told, and an event of each kind of outcome."""

import json
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from regulars.desk.demo.orders import SHOP
from regulars.lib.money import from_minor
from regulars.lib.secrets import seal
from regulars.orders.models import Connection, HookEvent, Order

if TYPE_CHECKING:
    from regulars.desk.demo.load import Loader

NEWEST = 9  # orders of the web shop whose events are still there
VERSION = "2026-10"
Status = HookEvent.Status


def add_hooks(loader: "Loader") -> None:
    """Write the connection of the web shop and its newest events; they name orders that are there."""
    orders = list(Order.objects.filter(source=SHOP).order_by("-placed_at", "-pk").prefetch_related("lines")[:NEWEST])
    if not orders:
        return
    shop = Connection(
        kind="shopify", name="harborandpine.example", source=SHOP, secret=seal(secrets.token_hex(32)),
        created_by=loader.by, last_event_at=orders[0].placed_at, refused=2, refused_why="forged",
        refused_at=loader.now - timedelta(days=3),
    )  # fmt: skip
    loader.keep([shop])
    sold = [_sold(shop, order) for order in orders]
    HookEvent.objects.bulk_create([*sold, *_others(shop, orders, loader.now)])


def _sold(shop: Connection, order: Order) -> HookEvent:
    return _event(
        shop, f"sold-{order.pk}", "orders/create", _told(order), order.placed_at, Status.PROCESSED, _("A new order."),
        order=order, order_key=order.external_id,
    )  # fmt: skip


def _told(order: Order) -> dict[str, Any]:
    """An order as the shop tells it."""
    lines = [
        {"name": line.name, "quantity": int(line.quantity), "price": str(from_minor(line.unit_price, order.currency))}
        for line in order.lines.all()
    ]
    return {
        "id": order.external_id, "name": order.number, "created_at": order.placed_at.isoformat(),
        "updated_at": order.placed_at.isoformat(), "currency": order.currency, "financial_status": "paid",
        "source_name": "web", "taxes_included": True, "total_tax": str(from_minor(order.tax_included, order.currency)),
        "total_price": str(from_minor(order.total, order.currency)), "email": order.buyer_email, "line_items": lines,
        "shipping_lines": [{"price": str(from_minor(order.shipping, order.currency))}],
        "customer": {"id": order.buyer_id, "first_name": order.buyer_name.partition(" ")[0]},
    }  # fmt: skip


def _others(shop: Connection, orders: list[Order], now: datetime) -> list[HookEvent]:
    """One that was not needed, one that failed, one nobody understands, and one that waits."""
    last, other = orders[0], orders[-1]
    too_much = {"id": 88, "order_id": other.external_id, "created_at": (now - timedelta(days=2)).isoformat(),
                "transactions": [{"kind": "refund", "status": "success", "amount": "9999.00"}]}  # fmt: skip
    most = {"most": from_minor(other.total, other.currency)}
    refused = _("No more than %(most)s can be refunded: that is what the order came to.") % most
    not_known = _("We don’t know events of the kind “%(topic)s”.") % {"topic": "order_risks/assessed"}
    idle = _("It isn’t about an order that was placed, paid, changed or refunded.")
    return [
        _event(shop, "risk", "order_risks/assessed", {"order_id": last.external_id, "level": "low"},
               now - timedelta(days=1, hours=3), Status.UNKNOWN, not_known),
        _event(shop, "profile", "customers/update", {"id": last.buyer_id}, now - timedelta(days=1), Status.IGNORED,
               idle),
        _event(shop, "refund", "refunds/create", too_much, now - timedelta(days=2), Status.FAILED, refused,
               order_key=other.external_id),
        _event(shop, "again", "orders/updated", _told(last), last.placed_at + timedelta(seconds=20), Status.WAITING,
               order_key=last.external_id, order=last),
    ]  # fmt: skip


def _event(
    shop: Connection, name: str, topic: str, told: dict[str, Any], at: datetime, status: str, note: str = "",
    **more: Any,
) -> HookEvent:  # fmt: skip
    body = json.dumps(told, ensure_ascii=False).encode()
    headers = {"x-shopify-topic": topic, "x-shopify-api-version": VERSION, "content-type": "application/json"}
    settled = None if status == Status.WAITING else at + timedelta(seconds=1)
    return HookEvent(
        connection=shop, event_id=f"demo-{name}", topic=topic, version=VERSION, headers=headers, body=body,
        size=len(body), received_at=at, status=status, settled_at=settled, note=note, **more,
    )  # fmt: skip
