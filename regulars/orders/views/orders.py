"""The list of orders, its export, and the page of one order."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from regulars.access.door import SignedInRequest, can, signed_in
from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.contacts.models import Company
from regulars.contacts.page import may_know
from regulars.lib import exports
from regulars.lib.money import from_minor
from regulars.orders.actions.changing import unclaimed_of_buyer
from regulars.orders.facts_check import last_check
from regulars.orders.models import HAND, Order
from regulars.orders.order_list import SPANS, WHOSE, OrderList
from regulars.orders.orders_door import get_order
from regulars.orders.rates import home_currency

BATCH = 500


@signed_in
@require_GET
def orders(request: SignedInRequest) -> HttpResponse:
    """The list; htmx gets the next page, or the part that changes with filters."""
    listed = OrderList(request.GET, request.user)
    page = listed.page()
    context = {
        "listed": listed,
        "rows": listed.rows(page.ids),
        "next_url": f"?{listed.address()}&after={page.next}" if page.next else "",
        "may_log": request.user.can("log"),
    }
    if request.htmx and "after" in request.GET and not request.htmx.history_restore_request:
        return render(request, "orders/order_rows.html", context)
    response = render(request, "orders/orders.html", context | _choices(listed))
    patch_vary_headers(response, ["HX-Request"])
    return response


def _choices(listed: OrderList) -> dict[str, Any]:
    """What the filters offer."""
    return {
        "statuses": Order.Status.choices,
        "channels": Order.Channel.choices,
        "spans": SPANS.items(),
        "whose": WHOSE.items(),
        "holder_kind": "company" if isinstance(listed.holder, Company) else "contact",
        "formats": exports.formats_for("order"),
        "check": last_check() if listed.user.can("settings") else None,
    }


@signed_in
@require_GET
def order(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page of an order: whose, what, what it came to, where it stands."""
    found = get_order(request.user, pk)
    return render(request, "orders/order.html", order_context(request, found))


def order_context(request: SignedInRequest, found: Order) -> dict[str, Any]:
    """What the page of an order shows."""
    is_free = found.contact_id is None and found.company_id is None
    return {
        "order": found,
        "company": _known_company(found, request.user),
        "lines": found.lines.select_related("product").order_by("pk"),
        "home": home_currency(),
        "left": found.total - found.refunded,
        "is_ours": found.source == HAND,
        "is_free": is_free,
        "others": len(unclaimed_of_buyer(found)) if is_free else 0,
        "may_log": request.user.can("log"),
        "may_edit": request.user.can("edit"),
    }


def _known_company(one: Order, user: User) -> Company | None:
    """The company of an order, if the colleague may know of it: a person may be known where their company is not."""
    return one.company if one.company and may_know(one.company, user) else None


@can("export")
@require_GET
def export_orders(request: SignedInRequest) -> StreamingHttpResponse:
    """Stream the list in the format asked for, as it is filtered; audited. 404 for an unknown format."""
    format = exports.format_named(request.GET.get("format", "csv"), "order")
    if format is None:
        raise Http404("There is no such format.")
    listed = OrderList(request.GET, request.user)
    audit("exported", by=request.user, kind="order", title=_("Orders"), changes=listed.words())
    heads = [
        _("Order number"), _("Placed"), _("Person"), _("Company"), _("Buyer"), _("Email"), _("Channel"),
        _("Status"), _("What"), _("Currency"), _("Subtotal"), _("Discount"), _("Shipping"), _("Tax"), _("Total"),
        _("Refunded"), _("Source"), _("Id there"), _("Note"),
    ]  # fmt: skip
    table = exports.Table(_("Orders"), "order", heads, _cells(listed), user=request.user)
    response = StreamingHttpResponse(format.write(table), content_type=format.content_type)
    name = f"orders-{timezone.localdate().isoformat()}.{format.extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cells(listed: OrderList) -> Iterator[list[str]]:
    cursor = ""
    while True:
        page = listed.page(cursor or "-", BATCH)
        yield from (_cell(one, _known_company(one, listed.user)) for one in listed.rows(page.ids))
        if not page.next:
            return
        cursor = page.next


def _cell(one: Order, company: Company | None) -> list[str]:
    amounts = (one.subtotal, one.discount, one.shipping, one.tax + one.tax_included, one.total, one.refunded)
    return [
        one.number, f"{timezone.localtime(one.placed_at):%Y-%m-%d %H:%M}",
        one.contact.display_name if one.contact else "", company.display_name if company else "",
        one.buyer_name, one.buyer_email, str(one.get_channel_display()), str(one.get_status_display()), one.what,
        one.currency, *(f"{from_minor(minor, one.currency):f}" for minor in amounts), one.source, one.external_id,
        one.note,
    ]  # fmt: skip
