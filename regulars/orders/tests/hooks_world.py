"""Shops for tests: a connection of each kind, and events signed as each shop signs them."""

import json
import time
from typing import Any

from django.test import Client

from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.lib.secrets import seal
from regulars.orders.hooks import working
from regulars.orders.hooks.reading import in_base64, mac
from regulars.orders.models import Connection, HookEvent

SECRET = "whsec_b2xpdmUtdHJhbS1zZWFndWxs"
HOST = "http://testserver"


def make_connection(kind: str, by: User | None = None, secret: str = SECRET) -> Connection:
    """A connection with a secret, without a line in the audit log, which no test could flush."""
    source = f"{'till' if kind == 'json' else kind}{'' if not Connection.objects.filter(kind=kind).exists() else '-2'}"
    made: Connection = Connection.objects.create(
        kind=kind, name=f"Our {kind}", source=source, created_by=by or make_user(role="owner"), secret=seal(secret)
    )
    return made


def signed(connection: Connection, body: bytes, **more: str) -> dict[str, str]:
    """The headers of `body` as the shop would send them; `more` are headers by their names with underscores."""
    key, now = SECRET.encode(), int(time.time())
    address = f"{HOST}{connection.hook_path}"
    headers = {
        "shopify": lambda: {"X-Shopify-Hmac-Sha256": in_base64(mac(key, body))},
        "woocommerce": lambda: {"X-WC-Webhook-Signature": in_base64(mac(key, body))},
        "square": lambda: {"X-Square-HmacSha256-Signature": in_base64(mac(key, address.encode() + body))},
        "stripe": lambda: {"Stripe-Signature": f"t={now},v1={mac(key, f'{now}.'.encode() + body).hex()}"},
        "json": lambda: {
            "X-Regulars-Timestamp": str(now),
            "X-Regulars-Signature": f"v1={mac(key, f'{now}.'.encode() + body).hex()}",
        },
    }[connection.kind]()
    return headers | {name.replace("_", "-"): value for name, value in more.items()}


def send(connection: Connection, payload: Any, **headers: str) -> int:
    """Send an event as the shop would and return the status of the answer."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    sent: Any = signed(connection, body, **headers)
    answer = Client(enforce_csrf_checks=True).post(
        connection.hook_path, body, content_type="application/json", headers=sent
    )
    return int(answer.status_code)


def tell(connection: Connection, payload: Any, **headers: str) -> HookEvent:
    """Send an event, have it worked on, and return it."""
    assert send(connection, payload, **headers) == 200
    working.work_off()
    found: HookEvent = HookEvent.objects.select_related("order").latest("pk")
    return found


def shopify_order(number: int = 1001, **changes: Any) -> dict[str, Any]:
    """What Shopify tells of an order of 2 bags of beans at 12.50 and 3.00 shipping."""
    return {
        "id": number,
        "name": f"#{number}",
        "created_at": "2026-03-01T10:00:00+01:00",
        "updated_at": "2026-03-01T10:00:05+01:00",
        "currency": "EUR",
        "financial_status": "paid",
        "source_name": "web",
        "total_price": "28.00",
        "total_tax": "0.00",
        "email": "maya@lumen.example",
        "customer": {"id": 77, "first_name": "Maya", "last_name": "Okafor"},
        "line_items": [{"id": 1, "name": "House beans", "sku": "HB", "quantity": 2, "price": "12.50"}],
        "shipping_lines": [{"price": "3.00"}],
        **changes,
    }


def shopify_refund(amount: str, number: int = 5, order: int = 1001) -> dict[str, Any]:
    """What Shopify tells of a refund."""
    paid = {"kind": "refund", "status": "success", "amount": amount}
    return {"id": number, "order_id": order, "created_at": "2026-03-02T10:00:00Z", "transactions": [paid]}
