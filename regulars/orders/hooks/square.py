"""Square: base64 of HMAC-SHA256 over address and body in `x-square-hmacsha256-signature`.

Its messages about an order hold its id and little else; the amount comes with its payments. What was bought is in
none of them.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.orders.drafts import Buyer, OrderDraft
from regulars.orders.hooks.news import Arrival, Head, Kind, News, NotNeeded, NotUnderstood, Payload, Refused, Sample
from regulars.orders.hooks.reading import (
    fingerprint,
    fits,
    in_base64,
    key,
    mac,
    minor,
    moment,
    money,
    need,
    part,
    stamp,
    text,
)
from regulars.orders.models import Order

Status = Order.Status
ORDER_TOPICS = {
    "order.created": "order_created",
    "order.updated": "order_updated",
    "order.fulfillment.updated": "order_fulfillment_updated",
}
OTHERS = (
    "bank_account", "booking", "card", "cash_drawer_shift", "catalog", "customer", "device", "dispute", "gift_card",
    "inventory", "invoice", "job", "labor", "location", "loyalty", "merchant", "oauth", "online_checkout", "payout",
    "subscription", "team_member", "terminal", "transfer_order", "vendor",
)  # fmt: skip
STATES = {"COMPLETED": Status.FULFILLED, "CANCELED": Status.CANCELLED}
PAYMENT = {"COMPLETED": Status.PAID, "APPROVED": Status.PLACED, "PENDING": Status.PLACED}
BACK = ("COMPLETED", "PENDING", "APPROVED")  # refunds that went wrong are taken back from the sum


def check(arrival: Arrival, secrets: Sequence[str]) -> None:
    """Raise Refused unless address and body are signed with one of `secrets`.

    The address is the one that stands in Square: behind a proxy we may see http where Square was told https.
    """
    given = arrival.headers.get("x-square-hmacsha256-signature", "")
    if not given:
        raise Refused("unsigned", "There is no x-square-hmacsha256-signature.")
    bare = arrival.url.partition("://")[2].rstrip("/")
    addresses = [f"{scheme}://{bare}{end}" for scheme in ("https", "http") for end in ("", "/")]
    expected = [in_base64(mac(s.encode(), url.encode() + arrival.body)) for s in secrets for url in addresses]
    if not fits([given.strip()], expected):
        raise Refused("forged", "The signature does not fit.")


def head(arrival: Arrival, payload: Payload | None) -> Head:
    """Square names each event in its body."""
    event_id = text(payload, "event_id", most=120) or fingerprint(arrival.body)
    return Head(event_id, text(payload, "type", most=80), arrival.headers.get("square-version", ""))


def read(payload: Payload, about: Head, headers: Mapping[str, str]) -> list[News]:
    """Return what an order, a payment or a refund tells."""
    if about.topic in ORDER_TOPICS:
        return _order(need(payload, "data", "object", ORDER_TOPICS[about.topic]), about.topic)
    if about.topic in ("payment.created", "payment.updated"):
        return [_payment(need(payload, "data", "object", "payment"))]
    if about.topic in ("refund.created", "refund.updated"):
        return [_refund(need(payload, "data", "object", "refund"))]
    if about.topic == "webhooks.test_notification":
        raise NotNeeded(_("A test: it came through and is signed as it should be. No order was made of it."))
    if about.topic.partition(".")[0] in OTHERS:
        raise NotNeeded(_("It isn’t about an order that was placed, paid, changed or refunded."))
    raise NotUnderstood(_("We don’t know events of the kind “%(topic)s”.") % {"topic": about.topic or "–"})


def _order(order: Payload, topic: str) -> list[News]:
    number = key(order, "order_id")
    if topic == "order.fulfillment.updated":
        raise NotNeeded(_("How an order is handed out doesn’t change what it is worth."))
    at = stamp(moment(order, "updated_at" if order.get("updated_at") else "created_at"))
    version = text(order, "version", most=12).zfill(12)
    missing = _("Square tells only the number of an order here: its payment brings the amount.")
    return [News(number, "state", f"{at}.{version}", status=STATES.get(text(order, "state"), ""), missing=missing)]


def _payment(payment: Payload) -> News:
    """A part of what was paid for an order; tips belong to it."""
    status = PAYMENT.get(text(payment, "status"), Status.CANCELLED)
    total = payment.get("total_money") or need(payment, "amount_money")
    currency = money(total, "currency")
    placed_at = moment(payment, "created_at")
    updated = moment(payment, "updated_at") if payment.get("updated_at") else placed_at
    draft = OrderDraft(
        placed_at=placed_at,
        currency=currency,
        number=text(payment, "receipt_number", most=80),
        channel=_channel(payment),
        status=status,
        total=minor({"amount": need(total, "amount")}, currency, "amount"),
        refunded=minor(payment, currency, "refunded_money", "amount"),
        note=text(payment, "note"),
        buyer=_buyer(payment),
    )
    missing = _("Square doesn’t tell what was bought: only the amount is known.")
    return News(_order_of(payment), f"payment:{key(payment, 'id')}", stamp(updated), draft, adds=True, missing=missing)


def _order_of(payment: Payload) -> str:
    return text(payment, "order_id", most=120) or key(payment, "id")


def _channel(payment: Payload) -> str:
    product = text(payment, "application_details", "square_product")
    if product in ("ECOMMERCE_API", "ONLINE_STORE", "WEEBLY"):
        return Order.Channel.WEB
    return Order.Channel.INVOICE if product == "INVOICES" else Order.Channel.TILL


def _buyer(payment: Payload) -> Buyer:
    where = part(payment, "billing_address") or part(payment, "shipping_address") or {}
    given, family = text(where, "first_name"), text(where, "last_name")
    return Buyer(
        name=f"{given} {family}".strip() or text(payment, "card_details", "card", "cardholder_name"),
        given_name=given,
        family_name=family,
        email=text(payment, "buyer_email_address"),
        phone=text(payment, "buyer_phone_number"),
        external_id=text(payment, "customer_id", most=120),
    )


def _refund(refund: Payload) -> News:
    currency = money(refund, "amount_money", "currency")
    is_back = text(refund, "status") in BACK
    given_back = minor(refund, currency, "amount_money", "amount")
    at = stamp(moment(refund, "updated_at" if refund.get("updated_at") else "created_at"))
    order = text(refund, "order_id", most=120) or key(refund, "payment_id")
    return News(order, f"refund:{key(refund, 'id')}", at, refunded=given_back if is_back else 0 * given_back)


def sample(secret: str, address: str, now: float) -> Sample:
    """A message like Square's own “Send test event”. Square signs the address too."""
    at = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
    event = {"merchant_id": "TEST", "type": "webhooks.test_notification", "created_at": at}
    body = json.dumps({**event, "event_id": f"test-{int(now * 1000)}", "data": {"type": "webhooks"}}).encode()
    return Sample(body, {"x-square-hmacsha256-signature": in_base64(mac(secret.encode(), address.encode() + body))})


KIND = Kind(
    name="square",
    label="Square",
    icon="square-square",
    steps=(
        gettext_lazy(
            "In Square’s Developer Dashboard open your application (or make one), then Webhooks › Subscriptions."
        ),
        gettext_lazy("Press “Add subscription” and paste the address as notification URL."),
        gettext_lazy(
            "Choose the events payment.created, payment.updated, refund.created, refund.updated and order.updated."
        ),
        gettext_lazy("Save, open the subscription, and copy its “Signature key”. Paste that here."),
    ),
    secret_label=gettext_lazy("Signature key"),
    secret_help=gettext_lazy("It stands in the subscription, behind “Show”."),
    check=check,
    head=head,
    read=read,
    sample=sample,
    brings=gettext_lazy("Payments and refunds with their amounts. Square doesn’t tell what was bought."),
    signs_address=True,
)
