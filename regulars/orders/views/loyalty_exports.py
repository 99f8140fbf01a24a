"""Coupons and gift cards as files, for those who lead: all of them, with every state."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from regulars.access.door import SignedInRequest, can, require
from regulars.access.models.audit import audit
from regulars.contacts.models import Contact
from regulars.lib import exports
from regulars.lib.money import from_minor
from regulars.orders.models import Coupon, GiftCard

BATCH = 500
STATES = {
    "running": "running", "waiting": "waiting", "over": "over", "used": "used up", "stopped": "stopped",
    "full": "unused", "partly": "used in part", "empty": "used up", "blocked": "blocked",
}  # fmt: skip


@can("export")
@require_GET
def export_coupons(request: SignedInRequest) -> StreamingHttpResponse:
    """Stream all coupons in the format asked for; audited. 404 for an unknown format."""
    require(request.user, "settings")
    heads = [_("Code"), _("What it is for"), _("Gives"), _("Per cent"), _("Amount"), _("Product"), _("From"),
             _("Until"), _("Minimum"), _("Uses in all"), _("Uses for each person"), _("Used"), _("Only for"),
             _("Only for this segment"), _("State"), _("Made")]  # fmt: skip
    currency = request.organisation.currency
    rows = (_coupon(one, currency, known) for one, known in _newest(request, Coupon.objects.for_list()))
    return _stream(request, "coupon", _("Coupons"), heads, rows)


def _coupon(one: Coupon, currency: str, known: set[int]) -> list[str]:
    amount = "" if one.amount is None else f"{from_minor(one.amount, currency):f}"
    numbers = (one.uses_total, one.uses_each, one.used)
    return [
        one.code, one.name, str(one.get_kind_display()), _said(one.percent), amount, str(one.product or one.gift or ""),
        _said(one.starts_on), _said(one.ends_on), f"{from_minor(one.minimum, currency):f}", *map(_said, numbers),
        str(one.contact) if one.contact_id in known else "", str(one.segment or ""), STATES[one.state],
        _day(one.created_at),
    ]  # fmt: skip


@can("export")
@require_GET
def export_gift_cards(request: SignedInRequest) -> StreamingHttpResponse:
    """Stream all gift cards, with their codes and what is left on each; audited. 404 for an unknown format."""
    require(request.user, "settings")
    heads = [_("Code"), _("Value"), _("Left"), _("Currency"), _("State"), _("Sold"), _("Lapses"), _("Bought by"),
             _("For"), _("Note")]  # fmt: skip
    rows = (_gift(one, known) for one, known in _newest(request, GiftCard.objects.for_list()))
    return _stream(request, "gift card", _("Gift cards"), heads, rows)


def _gift(one: GiftCard, known: set[int]) -> list[str]:
    state = "lapsed" if one.state == "over" else STATES[one.state]
    holder = str(one.holder) if one.holder_id in known else ""
    return [
        one.code, *(f"{from_minor(minor, one.currency):f}" for minor in (one.value, one.balance)), one.currency, state,
        _day(one.sold_at), _said(one.expires_on), str(one.buyer) if one.buyer_id in known else "",
        holder or one.for_name, one.note,
    ]  # fmt: skip


def _newest(request: SignedInRequest, queryset: QuerySet[Any]) -> Iterator[tuple[Any, set[int]]]:
    """Every record, the newest first, some hundred at a time, each with the ids of people that the colleague knows."""
    last = None
    while batch := list((queryset if last is None else queryset.filter(pk__lt=last)).order_by("-pk")[:BATCH]):
        names = ("contact_id", "buyer_id", "holder_id")
        ids = {pk for one in batch for name in names if (pk := getattr(one, name, None))}
        known = set(Contact.objects.visible_to(request.user).filter(pk__in=ids).values_list("pk", flat=True))
        yield from ((one, known) for one in batch)
        last = batch[-1].pk


def _stream(
    request: SignedInRequest, kind: str, title: str, heads: Sequence[str], rows: Iterator[list[str]]
) -> StreamingHttpResponse:
    format = exports.format_named(request.GET.get("format", "csv"), kind)
    if format is None:
        raise Http404("There is no such format.")
    audit("exported", by=request.user, kind=kind, title=title)
    table = exports.Table(title, kind, heads, rows, user=request.user)
    response = StreamingHttpResponse(format.write(table), content_type=format.content_type)
    name = f"{kind.replace(' ', '-')}s-{timezone.localdate().isoformat()}.{format.extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _day(at: Any) -> str:
    return timezone.localtime(at).date().isoformat()
