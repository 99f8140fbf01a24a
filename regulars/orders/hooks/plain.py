"""The plain endpoint for any till: JSON of our own, signed with HMAC-SHA256 over time and body. See docs/webhooks.md.

Two ways to sign: `X-Regulars-Timestamp` and `X-Regulars-Signature: v1=<hex>` over "timestamp.body", or those of the
Standard Webhooks specification (`webhook-id`, `webhook-timestamp`, `webhook-signature`).
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
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
    fingerprint,
    fits,
    in_base64,
    items,
    key,
    mac,
    moment,
    money,
    need,
    stamp,
    sure,
    text,
)
from regulars.orders.models import Order

VERSION = 1
STANDARD = "whsec_"
AMOUNTS = ("discount", "shipping", "tax", "tax_included", "refunded")


def check(arrival: Arrival, secrets: Sequence[str]) -> None:
    """Raise Refused unless time and body are signed with one of `secrets`, not longer than five minutes ago."""
    sent = arrival.headers
    if "webhook-signature" in sent:
        at = sent.get("webhook-timestamp", "")
        signed = f"{sent.get('webhook-id', '')}.{at}.".encode() + arrival.body
        given = [one.partition(",")[2] for one in sent["webhook-signature"].split() if one.startswith("v1,")]
        expected = [in_base64(mac(standard_key(secret), signed)) for secret in secrets]
    else:
        at = sent.get("x-regulars-timestamp", "")
        signed = f"{at}.".encode() + arrival.body
        fields = sent.get("x-regulars-signature", "").split(",")
        given = [one.strip().removeprefix("v1=").lower() for one in fields if one.strip().startswith("v1=")]
        expected = [mac(secret.encode(), signed).hex() for secret in secrets]
    if not given or not (at.isascii() and at.isdigit() and len(at) <= 12):
        raise Refused("unsigned", "X-Regulars-Timestamp (seconds) and X-Regulars-Signature (v1=...) are needed.")
    if not fits(given, expected):
        raise Refused("forged", "The signature does not fit.")
    if abs(arrival.now - int(at)) > SMALLEST_WINDOW:
        raise Refused("old", "It was signed more than five minutes ago, or the clock is wrong.")


def standard_key(secret: str) -> bytes:
    """Return the key that a secret of the Standard Webhooks specification stands for; the text itself otherwise."""
    bare = secret.removeprefix(STANDARD)
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (ValueError, binascii.Error):
        return secret.encode()


def head(arrival: Arrival, payload: Payload | None) -> Head:
    """The till names its messages, in the body or by `webhook-id`; one without a name is known by its text."""
    event_id = text(payload, "id", most=120) or arrival.headers.get("webhook-id", "") or fingerprint(arrival.body)
    return Head(event_id, text(payload, "topic", most=80), text(payload, "version", most=40) or str(VERSION))


def read(payload: Payload, about: Head, headers: Mapping[str, str]) -> list[News]:
    """Return what an order, a refund or a cancellation tells."""
    if about.version != str(VERSION):
        raise NotUnderstood(_("We speak version 1 of this format, not “%(version)s”.") % {"version": about.version})
    if about.topic == "order":
        return _order(need(payload, "order"), payload)
    if about.topic == "refund":
        back = sure(payload, "refund", "amount")
        number = key(payload, "refund", "id")
        at = stamp(moment(payload, "at"))
        return [News(key(payload, "refund", "order"), f"refund:{number}", at, refunded=back)]
    if about.topic == "cancel":
        at = stamp(moment(payload, "at"))
        return [News(key(payload, "cancel", "order"), "cancel", at, status=Order.Status.CANCELLED)]
    if about.topic == "test":
        raise NotNeeded(_("A test: it came through and is signed as it should be. No order was made of it."))
    raise NotUnderstood(_("We don’t know events of the kind “%(topic)s”.") % {"topic": about.topic or "–"})


def _order(order: Payload, payload: Payload) -> list[News]:
    times = [(order, "updated_at"), (payload, "at"), (order, "placed_at")]
    at = next(moment(holder, name) for holder, name in times if holder.get(name) or name == "placed_at")
    amounts: dict[str, Any] = {name: amount(order, name) for name in AMOUNTS}
    draft = OrderDraft(
        placed_at=moment(order, "placed_at"),
        currency=money(order, "currency"),
        number=text(order, "number", most=80),
        channel=text(order, "channel") or Order.Channel.TILL,
        status=text(order, "status") or Order.Status.PAID,
        lines=[_line(line) for line in items(order, "lines")],
        total=sure(order, "total") if order.get("total") is not None or not items(order, "lines") else None,
        note=text(order, "note"),
        buyer=_buyer(order.get("customer")),
        **amounts,
    )
    if draft.channel not in Order.Channel.values:
        raise NotUnderstood(_("“%(channel)s” is no channel we know.") % {"channel": draft.channel})
    return [News(key(order, "id"), "order", stamp(at), draft, rank=1)]


def _line(line: Payload) -> LineDraft:
    return LineDraft(
        text(line, "name", most=200),
        quantity=amount(line, "quantity") if line.get("quantity") is not None else Decimal(1),
        unit_price=sure(line, "unit_price"),
        discount=amount(line, "discount"),
        tax=amount(line, "tax"),
        sku=text(line, "sku", most=80),
        category=text(line, "category", most=100),
        returned=amount(line, "returned") or None,
    )


def _buyer(who: object) -> Buyer:
    return Buyer(
        name=text(who, "name"),
        given_name=text(who, "given_name"),
        family_name=text(who, "family_name"),
        email=text(who, "email"),
        phone=text(who, "phone"),
        company=text(who, "company"),
        external_id=text(who, "id", most=120),
        loyalty_number=text(who, "loyalty_number", most=120),
    )


def sample(secret: str, address: str, now: float) -> Sample:
    """A message of the topic “test”."""
    at = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
    body = json.dumps({"version": VERSION, "id": f"test-{int(now * 1000)}", "topic": "test", "at": at}).encode()
    signed = f"{int(now)}.".encode() + body
    headers = {
        "X-Regulars-Timestamp": str(int(now)),
        "X-Regulars-Signature": f"v1={mac(secret.encode(), signed).hex()}",
    }
    return Sample(body, headers)


KIND = Kind(
    name="json",
    label=gettext_lazy("Any other till or shop"),
    icon="braces",
    steps=(
        gettext_lazy("Give the address and the secret to whoever looks after your till or shop."),
        gettext_lazy("They find what to send in the page “Webhooks” of our documentation, with an example to try."),
    ),
    secret_label=gettext_lazy("Secret"),
    secret_help=gettext_lazy("We thought one up. Copy it now: once saved it is never shown again."),
    check=check,
    head=head,
    read=read,
    sample=sample,
    brings=gettext_lazy("Whatever your till tells: orders with what was bought, refunds and cancellations."),
    makes_secret=True,
)
