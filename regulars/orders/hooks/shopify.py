"""Shopify: base64 of HMAC-SHA256 over the body in `X-Shopify-Hmac-Sha256`; the order is the whole message."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from regulars.orders.drafts import ZERO, Buyer, LineDraft, OrderDraft
from regulars.orders.hooks.news import Arrival, Head, Kind, News, NotNeeded, NotUnderstood, Payload, Refused, Sample
from regulars.orders.hooks.reading import (
    amount,
    balanced,
    fingerprint,
    fits,
    in_base64,
    items,
    key,
    mac,
    moment,
    money,
    part,
    stamp,
    sure,
    text,
)
from regulars.orders.models import Order

ORDERS = {"create", "updated", "paid", "partially_fulfilled", "fulfilled", "cancelled"}
OTHERS = (
    "app", "app_subscriptions", "bulk_operations", "cart", "carts", "checkouts", "collection_listings", "collections",
    "companies", "customer", "customer_groups", "customer_payment_methods", "customers", "disputes", "domains",
    "draft_orders", "fulfillment_events", "fulfillment_orders", "fulfillments", "inventory_items", "inventory_levels",
    "locales", "locations", "markets", "metaobjects", "order_transactions", "product_listings", "products", "profiles",
    "segments", "shop", "subscription_contracts", "tender_transactions", "themes", "variants",
)  # fmt: skip
STATUS = {
    "paid": Order.Status.PAID,
    "partially_refunded": Order.Status.PAID,
    "refunded": Order.Status.REFUNDED,
    "voided": Order.Status.CANCELLED,
}
CHANNEL = {"pos": Order.Channel.TILL, "shopify_draft_order": Order.Channel.OTHER}


def check(arrival: Arrival, secrets: Sequence[str]) -> None:
    """Raise Refused unless the body is signed with one of `secrets`."""
    given = arrival.headers.get("x-shopify-hmac-sha256", "")
    if not given:
        raise Refused("unsigned", "There is no X-Shopify-Hmac-Sha256.")
    if not fits([given.strip()], [in_base64(mac(secret.encode(), arrival.body)) for secret in secrets]):
        raise Refused("forged", "The signature does not fit.")


def head(arrival: Arrival, payload: Payload | None) -> Head:
    """The id of a delivery, which stays the same when Shopify tries again."""
    sent = arrival.headers
    event_id = sent.get("x-shopify-webhook-id") or sent.get("x-shopify-event-id") or fingerprint(arrival.body)
    return Head(event_id, sent.get("x-shopify-topic", ""), sent.get("x-shopify-api-version", ""))


def read(payload: Payload, about: Head, headers: Mapping[str, str]) -> list[News]:
    """Return what an order or a refund tells."""
    subject, _slash, verb = about.topic.partition("/")
    if headers.get("x-shopify-test", "").lower() == "true":
        raise NotNeeded(_("A test: it came through and is signed as it should be. No order was made of it."))
    if subject == "orders" and verb in ORDERS:
        return _order(part(payload, "order") or payload)
    if about.topic == "orders/delete":
        return [News(key(payload, "id"), "cancel", "", status=Order.Status.CANCELLED)]
    if about.topic == "refunds/create":
        found = part(payload, "refund") or payload
        return [_refund(found, key(found, "order_id"))]
    if subject in OTHERS or about.topic == "orders/edited":
        raise NotNeeded(_("It isn’t about an order that was placed, paid, changed or refunded."))
    raise NotUnderstood(_("We don’t know events of the kind “%(topic)s”.") % {"topic": about.topic or "–"})


def _order(order: Payload) -> list[News]:
    number, at = key(order, "id"), stamp(moment(order, "updated_at"))
    if order.get("test") is True:
        raise NotNeeded(_("A test order: it was paid with play money, so it doesn’t count."))
    refunds = [_refund(one, number) for one in items(order, "refunds")]
    return [News(number, "order", at, _draft(order), rank=1), *refunds]


def _draft(order: Payload) -> OrderDraft:
    taxes = amount(order, "total_tax")
    is_within, back = order.get("taxes_included") is True, _returned(order)
    draft = OrderDraft(
        placed_at=moment(order, "processed_at" if order.get("processed_at") else "created_at"),
        currency=money(order, "currency"),
        number=text(order, "name", most=80),
        channel=CHANNEL.get(text(order, "source_name"), Order.Channel.WEB),
        status=_status(order),
        lines=[_line(line, back) for line in items(order, "line_items")],
        shipping=sum((amount(line, "price") for line in items(order, "shipping_lines")), ZERO),
        tax=ZERO if is_within else taxes,
        tax_included=taxes if is_within else ZERO,
        total=sure(order, "total_price"),
        note=text(order, "note"),
        buyer=_buyer(order),
    )
    return balanced(draft, pgettext("on an order", "Tip, fees and duties"))


def _returned(order: Payload) -> dict[str, Decimal]:
    """How much of which line came back, by the refunds that stand in the order."""
    back: dict[str, Decimal] = {}
    for refund in items(order, "refunds"):
        for one in items(refund, "refund_line_items"):
            line = text(one, "line_item_id")
            back[line] = back.get(line, ZERO) + amount(one, "quantity")
    return back


def _line(line: Payload, back: Mapping[str, Decimal]) -> LineDraft:
    shares = items(line, "discount_allocations")
    off = sum((amount(one, "amount") for one in shares), ZERO) if shares else amount(line, "total_discount")
    return LineDraft(
        text(line, "name", most=200) or text(line, "title", most=200),
        quantity=amount(line, "quantity") or Decimal(1),
        unit_price=amount(line, "price"),
        discount=off,
        tax=sum((amount(one, "price") for one in items(line, "tax_lines")), ZERO),
        sku=text(line, "sku", most=80),
        category=text(line, "product_type", most=100),
        returned=back.get(text(line, "id")) or None,
    )


def _status(order: Payload) -> str:
    if order.get("cancelled_at"):
        return Order.Status.CANCELLED
    found = STATUS.get(text(order, "financial_status"), Order.Status.PLACED)
    is_sent = text(order, "fulfillment_status") == "fulfilled"
    return Order.Status.FULFILLED if is_sent and found == Order.Status.PAID else found


def _buyer(order: Payload) -> Buyer:
    who, where = part(order, "customer") or {}, part(order, "billing_address") or part(order, "shipping_address") or {}
    given, family = (text(who, name) or text(where, name) for name in ("first_name", "last_name"))
    return Buyer(
        name=f"{given} {family}".strip() or text(where, "name"),
        given_name=given,
        family_name=family,
        email=text(order, "email") or text(order, "contact_email") or text(who, "email"),
        phone=text(order, "phone") or text(who, "phone") or text(where, "phone"),
        company=text(where, "company"),
        external_id=text(who, "id", most=120),
    )


def _refund(refund: Payload, order: str) -> News:
    """What was given back is what the payments say: goods may come back without money, and money without goods."""
    paid = [one for one in items(refund, "transactions") if one.get("kind") == "refund"]
    given_back = [one for one in paid if text(one, "status") in ("success", "")]
    total = sum((amount(one, "amount") for one in given_back), ZERO)
    at = moment(refund, "processed_at" if refund.get("processed_at") else "created_at")
    return News(order, f"refund:{key(refund, 'id')}", stamp(at), refunded=abs(total))


def sample(secret: str, address: str, now: float) -> Sample:
    """A message like the one of Shopify's own “Send test notification”."""
    at = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
    order = {
        "id": 820982911946154508, "name": "#9999", "test": True, "currency": "EUR", "created_at": at, "updated_at": at,
        "financial_status": "paid", "total_price": "4.50", "total_tax": "0.00", "email": "test@example.com",
        "line_items": [{"name": "Test", "quantity": 1, "price": "4.50"}],
    }  # fmt: skip
    body = json.dumps(order).encode()
    headers = {
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Test": "true",
        "X-Shopify-Webhook-Id": f"test-{int(now * 1000)}",
        "X-Shopify-Hmac-Sha256": in_base64(mac(secret.encode(), body)),
    }
    return Sample(body, headers)


KIND = Kind(
    name="shopify",
    label="Shopify",
    icon="shopping-bag",
    steps=(
        gettext_lazy("In Shopify open Settings › Notifications › Webhooks and press “Create webhook”."),
        gettext_lazy("Choose the event “Order update” and the format JSON, and paste the address. Save."),
        gettext_lazy("Do the same for “Order creation”, “Order cancellation” and “Refund create”."),
        gettext_lazy("At the foot of that page stands “Your webhooks will be signed with …”. Paste that here."),
    ),
    secret_label=gettext_lazy("Signing secret"),
    secret_help=gettext_lazy("The long line of letters and digits below your webhooks in Shopify."),
    check=check,
    head=head,
    read=read,
    sample=sample,
    brings=gettext_lazy("Orders with what was bought, refunds and cancellations."),
)
