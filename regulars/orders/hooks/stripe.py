"""Stripe: `Stripe-Signature: t=…,v1=…`, hex of HMAC-SHA256 over "t.body", five minutes at most.

One sale is told by several messages: a checkout session, its payment intent, a charge, an invoice, refunds. They are
one order under the id of the payment intent, or of the charge where there is none.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.orders.drafts import Buyer, LineDraft, OrderDraft
from regulars.orders.hooks.news import (
    SMALLEST_WINDOW,
    Arrival,
    Head,
    Kind,
    News,
    NotNeeded,
    NotUnderstood,
    Payload,
    Refused,
    Sample,
)
from regulars.orders.hooks.reading import (
    amount,
    balanced,
    fingerprint,
    fits,
    items,
    key,
    mac,
    minor,
    missing,
    moment,
    money,
    need,
    part,
    stamp,
    text,
)
from regulars.orders.models import Order

Status = Order.Status
OTHERS = (
    "account", "application_fee", "balance", "billing", "billing_portal", "capability", "cash_balance", "climate",
    "coupon", "credit_note", "customer", "customer_cash_balance_transaction", "entitlements", "file",
    "financial_connections", "identity", "invoiceitem", "issuing_authorization", "issuing_card", "mandate",
    "payment_link", "payment_method", "payout", "person", "plan", "price", "product", "promotion_code", "quote",
    "radar", "reporting", "review", "setup_intent", "sigma", "source", "subscription_schedule", "tax", "tax_rate",
    "terminal", "test_helpers", "topup", "transfer", "treasury",
)  # fmt: skip
RANK = {"charge": 1, "intent": 2, "session": 3, "invoice": 4}
LOST = ("charge.dispute.funds_withdrawn", "charge.dispute.created", "charge.dispute.updated")
GONE = ("failed", "canceled")
Reader = Callable[[Payload, str, str], list[News]]


def check(arrival: Arrival, secrets: Sequence[str]) -> None:
    """Raise Refused unless time and body are signed with one of `secrets`, not longer than five minutes ago."""
    fields = [item.strip().partition("=") for item in arrival.headers.get("stripe-signature", "").split(",")]
    times = [value for name, _is, value in fields if name == "t" and value.isascii() and value.isdigit()]
    given = [value for name, _is, value in fields if name == "v1"]
    if not times or not given:
        raise Refused("unsigned", "There is no Stripe-Signature with t and v1.")
    signed = times[0].encode() + b"." + arrival.body
    if not fits(given, [mac(secret.encode(), signed).hex() for secret in secrets]):
        raise Refused("forged", "The signature does not fit.")
    if len(times[0]) > 12 or abs(arrival.now - int(times[0])) > SMALLEST_WINDOW:
        raise Refused("old", "It was signed more than five minutes ago.")


def head(arrival: Arrival, payload: Payload | None) -> Head:
    """Stripe names each event in its body."""
    event_id = text(payload, "id", most=120) or fingerprint(arrival.body)
    return Head(event_id, text(payload, "type", most=80), text(payload, "api_version", most=40))


def read(payload: Payload, about: Head, headers: Mapping[str, str]) -> list[News]:
    """Return what a charge, payment intent, checkout session, invoice, refund or dispute tells."""
    if text(payload, "object") != "event":
        raise NotUnderstood(_("We don’t know events of the kind “%(topic)s”.") % {"topic": about.topic or "–"})
    if about.event_id.startswith(TEST):
        raise NotNeeded(_("A test: it came through and is signed as it should be. No order was made of it."))
    found = need(payload, "data", "object")
    at = stamp(moment(payload, "created"))
    reader = READERS.get(text(found, "object"))
    if reader is None or not isinstance(found, dict):
        if about.topic.partition(".")[0] in OTHERS:
            raise NotNeeded(_("It isn’t about an order that was placed, paid, changed or refunded."))
        raise NotUnderstood(_("We don’t know events of the kind “%(topic)s”.") % {"topic": about.topic or "–"})
    return reader(found, at, about.topic)


def _link(found: Payload, *path: str) -> str:
    """The id of what is linked at `path`, which may be spelt out there."""
    linked = part(found, *path)
    return text(linked, "id", most=120) if isinstance(linked, dict) else text(found, *path, most=120)


def _charge(charge: Payload, at: str, topic: str) -> list[News]:
    if text(charge, "status") in GONE or charge.get("paid") is False:
        raise NotNeeded(_("A payment that didn’t go through."))
    currency = money(charge, "currency")
    is_taken = charge.get("captured") is not False
    taken = "amount_captured" if charge.get("amount_captured") and is_taken else "amount"
    draft = OrderDraft(
        placed_at=moment(charge, "created"),
        currency=currency,
        number=text(charge, "receipt_number", most=80),
        channel=Order.Channel.WEB,
        status=Status.PAID if is_taken else Status.PLACED,
        total=_whole(charge, currency, taken),
        refunded=minor(charge, currency, "amount_refunded"),
        note=text(charge, "description"),
        buyer=_buyer(charge, "billing_details", email="receipt_email"),
    )
    number = key(charge, "id")
    order = _link(charge, "payment_intent") or number
    given_back = str(int(draft.refunded * 1000)).zfill(15)
    return [News(order, f"charge:{number}", f"{at}.{given_back}", draft, rank=RANK["charge"])]


def _intent(intent: Payload, at: str, topic: str) -> list[News]:
    number = key(intent, "id")
    if topic == "payment_intent.canceled":
        return [News(number, "cancel", at, status=Status.CANCELLED)]
    if topic != "payment_intent.succeeded" and text(intent, "status") != "succeeded":
        raise NotNeeded(_("A payment that isn’t through yet."))
    currency = money(intent, "currency")
    draft = OrderDraft(
        placed_at=moment(intent, "created"),
        currency=currency,
        channel=Order.Channel.WEB,
        total=_whole(intent, currency, "amount_received" if intent.get("amount_received") else "amount"),
        note=text(intent, "description"),
        buyer=_buyer(intent, "shipping", email="receipt_email"),
    )
    return [News(number, "intent", at, draft, rank=RANK["intent"])]


def _session(session: Payload, at: str, topic: str) -> list[News]:
    order = _link(session, "payment_intent")
    if not order:
        raise NotNeeded(_("Nothing was paid here; a subscription is counted by its payments."))
    if text(session, "payment_status") == "unpaid" or topic == "checkout.session.expired":
        raise NotNeeded(_("A payment that isn’t through yet."))
    currency = money(session, "currency")
    draft = OrderDraft(
        placed_at=moment(session, "created"),
        currency=currency,
        number=text(session, "client_reference_id", most=80),
        channel=Order.Channel.WEB,
        lines=[_line(one, currency) for one in items(session, "line_items", "data")],
        subtotal=_whole(session, currency, "amount_subtotal") if session.get("amount_subtotal") is not None else None,
        discount=minor(session, currency, "total_details", "amount_discount"),
        shipping=minor(session, currency, "total_details", "amount_shipping"),
        tax=minor(session, currency, "total_details", "amount_tax"),
        total=_whole(session, currency, "amount_total"),
        buyer=_buyer(session, "customer_details", email="customer_email"),
    )
    return [News(order, "session", at, _settled(draft), rank=RANK["session"])]


def _invoice(invoice: Payload, at: str, topic: str) -> list[News]:
    order = _link(invoice, "payment_intent") or _link(invoice, "charge")
    if topic not in ("invoice.paid", "invoice.payment_succeeded") or not order:
        raise NotNeeded(_("An invoice is counted when it is paid, by its payment."))
    currency = money(invoice, "currency")
    who = Buyer(
        name=text(invoice, "customer_name"),
        email=text(invoice, "customer_email"),
        phone=text(invoice, "customer_phone"),
        external_id=_link(invoice, "customer"),
    )
    draft = OrderDraft(
        placed_at=moment(invoice, "created"),
        currency=currency,
        number=text(invoice, "number", most=80),
        channel=Order.Channel.INVOICE,
        lines=[_line(one, currency) for one in items(invoice, "lines", "data")],
        total=_whole(invoice, currency, "amount_paid"),
        tax=minor(invoice, currency, "tax"),
        buyer=who,
    )
    return [News(order, "invoice", at, _settled(draft), rank=RANK["invoice"])]


def _line(line: Payload, currency: str) -> LineDraft:
    quantity = max(amount(line, "quantity"), Decimal(1))
    total = minor(line, currency, "amount_subtotal" if line.get("amount_subtotal") is not None else "amount")
    return LineDraft(text(line, "description", most=200), quantity=quantity, unit_price=total / quantity, total=total)


def _settled(draft: OrderDraft) -> OrderDraft:
    """What Stripe sums may hold tax within prices: the total is what was paid, the rest is made to fit."""
    if any(line.total is not None and line.total < 0 for line in draft.lines):
        draft = OrderDraft(**{**vars(draft), "lines": ()})
    if draft.lines:
        return balanced(OrderDraft(**{**vars(draft), "subtotal": None}), _("Fees"))
    return OrderDraft(**{**vars(draft), "subtotal": None, "discount": Decimal(0)})


def _refund(refund: Payload, at: str, topic: str) -> list[News]:
    currency = money(refund, "currency")
    given_back = Decimal(0) if text(refund, "status") in GONE else minor(refund, currency, "amount")
    order = _link(refund, "payment_intent") or _link(refund, "charge")
    if not order:
        raise missing("payment_intent")
    return [News(order, f"refund:{key(refund, 'id')}", at, refunded=given_back)]


def _dispute(dispute: Payload, at: str, topic: str) -> list[News]:
    """Money that a bank took back is gone like a refund, unless the dispute is won."""
    currency = money(dispute, "currency")
    order = _link(dispute, "payment_intent") or _link(dispute, "charge")
    if not order:
        raise missing("payment_intent")
    is_lost = topic == "charge.dispute.funds_withdrawn" or text(dispute, "status") == "lost"
    is_won = topic == "charge.dispute.funds_reinstated" or text(dispute, "status") in ("won", "warning_closed")
    if not is_lost and not is_won:
        raise NotNeeded(_("A dispute counts when the bank has taken the money, or given it back."))
    taken = Decimal(0) if is_won else minor(dispute, currency, "amount")
    return [News(order, f"refund:{key(dispute, 'id')}", at, refunded=taken)]


def _whole(found: Payload, currency: str, name: str) -> Decimal:
    need(found, name)
    return minor(found, currency, name)


def _buyer(found: Payload, place: str, *, email: str) -> Buyer:
    who: Any = part(found, place) or {}
    return Buyer(
        name=text(who, "name"),
        email=text(who, "email") or text(found, email),
        phone=text(who, "phone"),
        company=text(who, "business_name"),
        external_id=_link(found, "customer"),
    )


READERS: dict[str, Reader] = {
    "charge": _charge,
    "payment_intent": _intent,
    "checkout.session": _session,
    "invoice": _invoice,
    "refund": _refund,
    "dispute": _dispute,
}
TEST = "evt_test_regulars_"


def sample(secret: str, address: str, now: float) -> Sample:
    """A small charge under an id of our own."""
    charge = {"id": "ch_test", "object": "charge", "amount": 450, "currency": "eur", "description": "Test"}
    event = {"id": f"{TEST}{int(now * 1000)}", "object": "event", "type": "charge.succeeded", "created": int(now)}
    body = json.dumps({**event, "data": {"object": {**charge, "created": int(now)}}}).encode()
    at = int(datetime.fromtimestamp(now, UTC).timestamp())
    signature = mac(secret.encode(), f"{at}.".encode() + body).hex()
    return Sample(body, {"Stripe-Signature": f"t={at},v1={signature}"})


KIND = Kind(
    name="stripe",
    label="Stripe",
    icon="credit-card",
    steps=(
        gettext_lazy(
            "In the Stripe Dashboard open Developers › Webhooks and press “Add destination” (or “Add endpoint”)."
        ),
        gettext_lazy(
            "Choose the events charge.succeeded, charge.refunded, checkout.session.completed and invoice.paid."
        ),
        gettext_lazy("Paste the address as endpoint URL and save."),
        gettext_lazy("Copy the “Signing secret” that Stripe shows then (it begins with whsec_) and paste it here."),
    ),
    secret_label=gettext_lazy("Signing secret"),
    secret_help=gettext_lazy("It begins with whsec_."),
    check=check,
    head=head,
    read=read,
    sample=sample,
    brings=gettext_lazy("Payments, refunds and lost disputes; what was bought where Stripe knows it."),
)
