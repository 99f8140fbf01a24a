"""What people do with orders: write one down, change it, refund, cancel, say whose it is."""

import json
import re
from decimal import Decimal
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from regulars.access.door import SignedInRequest, can, require, signed_in
from regulars.contacts.actions.adding import Holder
from regulars.contacts.capture.box import holder_named
from regulars.contacts.door import get_company, get_contact
from regulars.contacts.models import Contact
from regulars.lib.money import money_text
from regulars.lib.text import number_in, numbers_in
from regulars.lib.toast import toast
from regulars.orders.actions import changing
from regulars.orders.actions.changing import ChangedMeanwhile
from regulars.orders.drafts import BadOrder
from regulars.orders.forms.orders import ClaimOrderForm, EditOrderForm, OrderForm, QuickOrderForm, RefundOrderForm
from regulars.orders.models import HAND, Order
from regulars.orders.orders_door import get_order
from regulars.orders.recording import record, remove, rewrite
from regulars.orders.views.worth import draw_worth

TITLES = {
    "order-add": gettext_lazy("Write down an order"),
    "order-edit": gettext_lazy("Change the order"),
    "order-refund": gettext_lazy("Refund"),
    "order-claim": gettext_lazy("Whose order is this?"),
}
UNDOABLE = 300  # orders whose ids fit into the address that takes them back
EVENTS = ("order-changed", "brief-changed", "moment-changed")


@require_http_methods(["GET", "POST"])
@can("log")
def add_order(request: SignedInRequest) -> HttpResponse:
    """Write down an order by hand, of somebody (`?on=contact-5`) or of nobody."""
    on = holder_named(request.GET.get("on", ""), request.user)
    initial = {"contact" if isinstance(on, Contact) else "company": on.pk} if on else {}
    form = OrderForm(request.POST if request.method == "POST" else None, user=request.user, initial=initial)
    if request.method == "GET" or not form.is_valid():
        return _ask(request, "order-add", None, form)
    order = record(form.draft, by=request.user, holder=form.holder).order
    _say_kept(request, order)
    return _done(request, order)


def _say_kept(request: SignedInRequest, order: Order) -> None:
    total = money_text(order.total, order.currency)
    toast(
        request, _("Order of %(total)s written down.") % {"total": total}, tone="good",
        undo_url=reverse("order-keep", args=[order.pk]), link_url=order.get_absolute_url(), link_text=_("Open"),
    )  # fmt: skip


@require_http_methods(["DELETE"])
@can("log")
def keep_order(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take an order back that was written down by hand: it goes as if it had never been."""
    order = get_order(request.user, pk, to="log")
    if order.source != HAND or order.brought_by_id or (order.created_by_id != request.user.pk):
        require(request.user, "delete")
    if order.source != HAND:
        raise Http404("Only an order written down by hand can be taken back.")
    remove([order])
    toast(request, _("Taken back."), tone="good")
    return _done(request, None)


@require_POST
@signed_in
def add_contact_order(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write down an order of a person in one line."""
    return _quick(request, get_contact(request.user, pk, to="log", alone=True))


@require_POST
@signed_in
def add_company_order(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same for a company."""
    return _quick(request, get_company(request.user, pk, to="log"))


def _quick(request: SignedInRequest, holder: Holder) -> HttpResponse:
    form = QuickOrderForm(request.POST)
    if not form.is_valid():
        return draw_worth(request, holder, form, status=422)
    order = record(form.draft, by=request.user, holder=holder).order
    _say_kept(request, order)
    if not request.htmx:
        return redirect(holder.get_absolute_url())
    return _changed(draw_worth(request, holder), "brief-changed", "moment-changed")


@require_http_methods(["GET", "POST"])
@can("edit")
def edit_order(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change what was written down by hand; a shop's or till's orders are changed there."""
    order = get_order(request.user, pk, to="edit")
    if order.source != HAND:
        raise Http404("An order that came from elsewhere is changed there.")
    form = EditOrderForm(request.POST if request.method == "POST" else None, order=order, user=request.user)
    if request.method == "GET" or not form.is_valid():
        return _ask(request, "order-edit", order, form)
    rewrite(order, form.draft, by=request.user)
    toast(request, _("Saved."), tone="good")
    return _done(request, order)


@require_http_methods(["GET", "POST", "DELETE"])
@can("log")
def refund_order(request: SignedInRequest, pk: int) -> HttpResponse:
    """Refund in part or whole; DELETE with `?amount=` (minor units) takes a refund back."""
    order = get_order(request.user, pk, to="log")
    if request.method == "DELETE":
        amount, returned = -_amount(request, order), _returned(request)
        return _attempt(request, order, lambda: changing.refund(order, amount, by=request.user, returned=returned))
    form = RefundOrderForm(request.POST if request.method == "POST" else None, order=order)
    if request.method == "GET" or not form.is_valid():
        return _ask(request, "order-refund", order, form)
    minor = form.cleaned_data["amount"]
    try:
        changing.refund(order, minor, by=request.user, returned=form.returned)
    except BadOrder as bad:
        form.add_error("amount", str(bad))
        return _ask(request, "order-refund", order, form)
    except ChangedMeanwhile:
        return _too_late(request, order)
    back = ",".join(f"{line}:{quantity}" for line, quantity in form.returned.items())
    undo = f"{reverse('order-refund', args=[pk])}?amount={minor}&back={back}"
    said = _("%(amount)s refunded.") % {"amount": money_text(minor, order.currency)}
    toast(request, said, tone="good", undo_url=undo)
    return _done(request, order)


def _returned(request: SignedInRequest) -> dict[int, Decimal]:
    """What `back` says came back of which lines: "12:1,13:0.5"."""
    found = re.findall(r"([0-9]{1,18}):([0-9]{1,9}(?:\.[0-9]{1,3})?)(?:,|$)", request.GET.get("back", "")[:2000])
    return {int(pk): Decimal(quantity) for pk, quantity in found}


def _amount(request: SignedInRequest, order: Order) -> int:
    amount = number_in(request.GET.get("amount"))
    return order.refunded if amount is None else amount


@require_http_methods(["POST", "DELETE"])
@can("log")
def cancel_order(request: SignedInRequest, pk: int) -> HttpResponse:
    """Cancel it; DELETE takes the cancellation back (`?was=` where it stood)."""
    order = get_order(request.user, pk, to="log")
    if request.method == "DELETE":
        was = request.GET.get("was", "")
        return _attempt(request, order, lambda: changing.reinstate(order, was, by=request.user))
    was = order.status
    try:
        changing.cancel(order, by=request.user)
    except ChangedMeanwhile:
        return _too_late(request, order)
    toast(
        request, _("The order is cancelled."), tone="good", undo_url=f"{reverse('order-cancel', args=[pk])}?was={was}"
    )
    return _done(request, order)


@require_http_methods(["GET", "POST", "DELETE"])
@can("log")
def claim_order(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say whose an order is, with the buyer's others; DELETE makes it nobody's again (`?also=` ids of others)."""
    order = get_order(request.user, pk, to="log")
    if request.method == "DELETE":
        return _give_back(request, order)
    initial = {"contact": order.contact_id, "company": None if order.contact_id else order.company_id}
    form = ClaimOrderForm(request.POST if request.method == "POST" else None, user=request.user, initial=initial)
    if request.method == "GET" or not form.is_valid():
        return _ask(request, "order-claim", order, form)
    was_free = order.holder is None
    holder = form.holder
    assert holder is not None  # noqa: S101  (the form says so)
    others = was_free and form.cleaned_data["others"]
    try:
        given = changing.give_to(order, holder, by=request.user, others=others)
    except ChangedMeanwhile:
        return _too_late(request, order)
    also = ",".join(str(one.pk) for one in given[1:])
    undo = f"{reverse('order-claim', args=[pk])}?also={also}" if was_free and len(given) <= UNDOABLE else ""
    toast(request, _("It is %(name)s’s now.") % {"name": holder.display_name}, tone="good", undo_url=undo)
    return _done(request, order)


def _give_back(request: SignedInRequest, order: Order) -> HttpResponse:
    ids = numbers_in(request.GET.get("also", "").split(","), UNDOABLE)
    others = Order.objects.visible_to(request.user).filter(pk__in=ids, contact=order.contact, company=order.company)
    changing.take_away([order, *others], by=request.user)
    return _done(request, order)


def _attempt(request: SignedInRequest, order: Order, verb: Any) -> HttpResponse:
    try:
        verb()
    except BadOrder as bad:
        toast(request, str(bad), tone="risk")
    except ChangedMeanwhile:
        return _too_late(request, order)
    return _done(request, order)


def _too_late(request: SignedInRequest, order: Order) -> HttpResponse:
    order.refresh_from_db()
    said = _("Somebody was faster. It is now: %(what)s.") % {"what": order.get_status_display()}
    toast(request, said, tone="risk")
    return _done(request, order)


def _done(request: SignedInRequest, order: Order | None) -> HttpResponse:
    """Close the dialog and let the page draw itself again; whole pages go to the order."""
    if not request.htmx:
        return redirect(order) if order else redirect("orders")
    return _changed(HttpResponse(status=200, headers={"HX-Reswap": "none"}), *EVENTS, "dialog:close")


def _changed(response: HttpResponse, *events: str) -> HttpResponse:
    response.headers["HX-Trigger"] = json.dumps(dict.fromkeys(events))
    return response


def _ask(request: SignedInRequest, stem: str, order: Order | None, form: Form) -> HttpResponse:
    """The form: a dialog, its body after an error, or a page."""
    context = {
        "order": order,
        "form": form,
        "title": TITLES[stem],
        "form_template": f"orders/{stem.replace('-', '_')}_form.html",
        "action": reverse(stem, args=[order.pk] if order else []),
        "others": len(changing.unclaimed_of_buyer(order))
        if order and stem == "order-claim" and not order.holder
        else 0,
    }
    status = 422 if form.is_bound else 200
    if not request.htmx:
        return render(request, "orders/order_ask_page.html", context, status=status)
    name = context["form_template"] if form.is_bound else "orders/order_ask.html"
    return render(request, str(name), context, status=status)
