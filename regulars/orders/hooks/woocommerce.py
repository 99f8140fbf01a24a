"""WooCommerce: base64 of HMAC-SHA256 over the body in `X-WC-Webhook-Signature`; the order is the whole message."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

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
    plain,
    stamp,
    sure,
    text,
)
from regulars.orders.models import Order

KNOCK = re.compile(rb"webhook_id=\d{1,19}")
TESTS = "test."
STATUS = {
    "pending": Order.Status.PLACED,
    "on-hold": Order.Status.PLACED,
    "processing": Order.Status.PAID,
    "completed": Order.Status.FULFILLED,
    "cancelled": Order.Status.CANCELLED,
    "failed": Order.Status.CANCELLED,
    "trash": Order.Status.CANCELLED,
    "refunded": Order.Status.REFUNDED,
}
NOT_YET = ("checkout-draft", "auto-draft", "draft")


def is_knock(arrival: Arrival) -> bool:
    """Whether it is the unsigned `webhook_id=7` that WooCommerce sends when a webhook is saved."""
    return bool(KNOCK.fullmatch(arrival.body))


def check(arrival: Arrival, secrets: Sequence[str]) -> None:
    """Raise Refused unless the body is signed with one of `secrets`."""
    given = arrival.headers.get("x-wc-webhook-signature", "")
    if not given:
        raise Refused("unsigned", "There is no X-WC-Webhook-Signature.")
    if not fits([given.strip()], [in_base64(mac(secret.encode(), arrival.body)) for secret in secrets]):
        raise Refused("forged", "The signature does not fit.")


def head(arrival: Arrival, payload: Payload | None) -> Head:
    """WooCommerce makes the id of a delivery from the second it was made in, so two may share one: the body counts too.

    What it calls a version is that of the shop, in the order itself.
    """
    delivery = arrival.headers.get("x-wc-webhook-delivery-id", "")
    event_id = f"{delivery[:64]}:{fingerprint(arrival.body)}"
    return Head(event_id, arrival.headers.get("x-wc-webhook-topic", ""), text(payload, "version", most=40))


def read(payload: Payload, about: Head, headers: Mapping[str, str]) -> list[News]:
    """Return what an order tells; refunds stand in it."""
    subject, _dot, verb = about.topic.partition(".")
    if about.topic.startswith(TESTS):
        raise NotNeeded(_("A test: it came through and is signed as it should be. No order was made of it."))
    if subject == "order" and verb in ("created", "updated", "restored"):
        back = [News(key(payload, "id"), "cancel", "")] if verb == "restored" else []
        return [*back, *_order(payload)]
    if about.topic == "order.deleted":
        return [News(key(payload, "id"), "cancel", "", status=Order.Status.CANCELLED)]
    if subject in ("customer", "product", "coupon", "action"):
        raise NotNeeded(_("It isn’t about an order that was placed, paid, changed or refunded."))
    raise NotUnderstood(_("We don’t know events of the kind “%(topic)s”.") % {"topic": about.topic or "–"})


def _order(order: Payload) -> list[News]:
    number, status = key(order, "id"), key(order, "status")
    if status in NOT_YET:
        raise NotNeeded(_("A basket that nobody has ordered yet."))
    at = stamp(moment(order, "date_modified_gmt" if order.get("date_modified_gmt") else "date_created_gmt"))
    refunds = [
        News(number, f"refund:{key(one, 'id')}", at, refunded=abs(amount(one, "total")))
        for one in items(order, "refunds")
    ]
    return [News(number, "order", at, _draft(order, status), rank=1), *refunds]


def _draft(order: Payload, status: str) -> OrderDraft:
    draft = OrderDraft(
        placed_at=moment(order, "date_created_gmt"),
        currency=money(order, "currency"),
        number=text(order, "number", most=80),
        channel=Order.Channel.TILL if "pos" in text(order, "created_via").split("-") else Order.Channel.WEB,
        status=STATUS.get(status, Order.Status.PAID if order.get("date_paid_gmt") else Order.Status.PLACED),
        lines=[line for one in items(order, "line_items") if (line := _line(one))],
        shipping=amount(order, "shipping_total"),
        tax=amount(order, "total_tax"),
        total=sure(order, "total"),
        note=text(order, "customer_note"),
        buyer=_buyer(order),
    )
    return balanced(draft, pgettext("on an order", "Fees"))


def _line(line: Payload) -> LineDraft | None:
    """A line as it was ordered; its price before the discount, without tax, as WooCommerce keeps it."""
    quantity, before, total = amount(line, "quantity"), amount(line, "subtotal"), amount(line, "total")
    if quantity <= 0:
        return None
    return LineDraft(
        plain(text(line, "name", most=200)),
        quantity=quantity,
        unit_price=max(before, total) / quantity,
        discount=max(before - total, ZERO),
        tax=amount(line, "total_tax"),
        total=total,
        sku=text(line, "sku", most=80),
    )


def _buyer(order: Payload) -> Buyer:
    where = part(order, "billing") or {}
    given, family = text(where, "first_name"), text(where, "last_name")
    known = text(order, "customer_id", most=120)
    return Buyer(
        name=f"{given} {family}".strip(),
        given_name=given,
        family_name=family,
        email=text(where, "email"),
        phone=text(where, "phone"),
        company=text(where, "company"),
        external_id="" if known == "0" else known,
    )


def sample(secret: str, address: str, now: float) -> Sample:
    """A small order under a topic of our own."""
    at = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
    line = {"id": 1, "name": "Test", "quantity": 1, "subtotal": "4.50", "total": "4.50"}
    order = {"id": 9999, "status": "processing", "currency": "EUR", "date_created_gmt": at, "total": "4.50"}
    body = json.dumps({**order, "line_items": [line]}).encode()
    headers = {
        "X-WC-Webhook-Topic": f"{TESTS}order",
        "X-WC-Webhook-Delivery-ID": f"test-{int(now * 1000)}",
        "X-WC-Webhook-Signature": in_base64(mac(secret.encode(), body)),
    }
    return Sample(body, headers)


KIND = Kind(
    name="woocommerce",
    label="WooCommerce",
    icon="store",
    steps=(
        gettext_lazy("In WordPress open WooCommerce › Settings › Advanced › Webhooks and press “Add webhook”."),
        gettext_lazy("Status “Active”, topic “Order updated”, and paste the address as delivery URL."),
        gettext_lazy("Copy the secret from here into the field “Secret” there, then save both."),
        gettext_lazy("Do the same for “Order created” and “Order deleted”, with the same secret."),
    ),
    secret_label=gettext_lazy("Secret"),
    secret_help=gettext_lazy("We thought one up. Copy it now: once saved it is never shown again."),
    check=check,
    head=head,
    read=read,
    sample=sample,
    brings=gettext_lazy("Orders with what was bought, refunds and cancellations."),
    makes_secret=True,
    is_knock=is_knock,
)
