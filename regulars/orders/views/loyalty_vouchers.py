"""Coupons and gift cards: the lists for those who lead, selling, paying and using at the till."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.access.door import SignedInRequest, can
from regulars.access.models.audit import audit
from regulars.contacts.door import get_contact
from regulars.contacts.models import Contact
from regulars.lib import exports
from regulars.lib.keyset import by, read_page
from regulars.lib.money import money_text
from regulars.lib.qr import qr_code
from regulars.lib.toast import toast
from regulars.orders.forms.vouchers import CouponForm, ExtendForm, PayForm, SellGiftCardForm, UseCouponForm
from regulars.orders.loyalty import vouchers
from regulars.orders.loyalty.finding import Found
from regulars.orders.loyalty.spending import NotPossible
from regulars.orders.models import Coupon, CouponUse, GiftCard, GiftMove
from regulars.orders.views.loyalty_till import new_act, till_context

PAGE = 40


@can("settings")
@require_GET
def coupons(request: SignedInRequest) -> HttpResponse:
    """All coupons with their states, newest first; htmx gets the next rows."""
    page = read_page(Coupon.objects.all(), by("created_at", descending=True), request.GET.get("after", "")[:2000], PAGE)
    found = Coupon.objects.for_list().in_bulk(page.ids)
    currency = request.organisation.currency
    rows = [coupon_row(found[pk], currency) for pk in page.ids if pk in found]
    context = {
        "rows": rows,
        "next_url": f"{reverse('coupons')}?after={page.next}" if page.next else "",
        "formats": exports.formats_for("coupon"),
    }
    partly = request.htmx and "after" in request.GET
    return render(request, "orders/coupon_rows.html" if partly else "orders/coupons.html", context)


def coupon_row(coupon: Coupon, currency: str) -> dict[str, Any]:
    """What a row says of a coupon."""
    rules = list(vouchers.rules_of(coupon, currency))
    return {"coupon": coupon, "gives": vouchers.gives(coupon, currency), "rules": rules}


@can("settings")
@require_http_methods(["GET", "POST"])
def add_coupon(request: SignedInRequest) -> HttpResponse:
    """Make a coupon. Audited."""
    currency = request.organisation.currency
    data = request.POST if request.method == "POST" else None
    form = CouponForm(data, user=request.user, currency=currency, initial={"contact": request.GET.get("contact", "")})
    if form.is_bound and form.is_valid():
        coupon = form.save(by=request.user)
        audit("added", by=request.user, kind="coupon", object_id=coupon.pk, title=coupon.name)
        toast(request, _("The coupon is ready."), tone="good")
        return redirect(coupon)
    return render(request, "orders/coupon_add.html", {"form": form}, status=422 if form.is_bound else 200)


@can("settings")
@require_GET
def coupon(request: SignedInRequest, pk: int) -> HttpResponse:
    """One coupon: its code to give away, its rules, and who used it."""
    found = get_object_or_404(Coupon.objects.for_list(), pk=pk)
    uses = CouponUse.objects.filter(coupon=found).select_related("contact", "by").order_by("-at", "-pk")[:PAGE]
    users = [use.contact_id for use in uses]
    known = set(Contact.objects.visible_to(request.user).filter(pk__in=users).values_list("pk", flat=True))
    currency = request.organisation.currency
    context = {"row": coupon_row(found, currency), "uses": uses, "known": known, "currency": currency}
    return render(request, "orders/coupon.html", context | {"qr": qr_code(found.code)})


@can("settings")
@require_http_methods(["POST", "DELETE"])
def stop_coupon(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let nobody use it any more (POST), or let it be used again (DELETE). Audited."""
    found = get_object_or_404(Coupon, pk=pk)
    is_stop = request.method == "POST"
    if found.stop() if is_stop else found.resume():
        verb = "stopped" if is_stop else "resumed"
        audit(verb, by=request.user, kind="coupon", object_id=pk, title=found.name)
    if not is_stop:
        return HttpResponse(status=204)
    toast(request, _("Nobody can use it any more."), undo_url=reverse("coupon-stop", args=[pk]))
    return redirect(found)


@can("log")
@require_POST
def use_coupon(request: SignedInRequest, pk: int) -> HttpResponse:
    """Use a coupon at the till, for the person it has before it."""
    found = get_object_or_404(Coupon.objects.for_list(), pk=pk)
    currency = request.organisation.currency
    form = UseCouponForm(request.POST, user=request.user, currency=currency)
    contact = form.cleaned_data.get("contact") if form.is_valid() else None
    if not form.is_valid():
        return _again(request, Found(coupon=found), contact, _("Say the purchase as an amount, like 12.50."))
    said = form.cleaned_data
    try:
        use = vouchers.use_coupon(
            found, contact, spent=said["spent"], currency=currency, by=request.user, act=said["act"]
        )
    except NotPossible as problem:
        found.refresh_from_db()
        return _again(request, Found(coupon=found), contact, str(problem))
    text = _("%(gives)s: used.") % {"gives": vouchers.gives(found, currency)}
    if use.saved:
        text = _("%(gives)s: %(saved)s taken off.") % {
            "gives": vouchers.gives(found, currency), "saved": money_text(use.saved, currency)
        }  # fmt: skip
    toast(request, text, undo_url=reverse("coupon-use-undo", args=[use.pk]), tone="good")
    return _done(request, contact)


@can("log")
@require_http_methods(["DELETE"])
def undo_coupon_use(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back one use."""
    use = get_object_or_404(CouponUse, pk=pk)
    if use.contact_id:
        get_contact(request.user, use.contact_id, to="log")
    return _taken_back(request, lambda: vouchers.take_back_use(use, by=request.user))


@can("settings")
@require_GET
def gift_cards(request: SignedInRequest) -> HttpResponse:
    """All gift cards with what is left on them, newest first; htmx gets the next rows."""
    page = read_page(GiftCard.objects.all(), by("sold_at", descending=True), request.GET.get("after", "")[:2000], PAGE)
    found = GiftCard.objects.for_list().in_bulk(page.ids)
    rows = [found[pk] for pk in page.ids if pk in found]
    context = {
        "rows": rows,
        "known": known_people(request, rows),
        "next_url": f"{reverse('gift-cards')}?after={page.next}" if page.next else "",
        "formats": exports.formats_for("gift card"),
    }
    partly = request.htmx and "after" in request.GET
    return render(request, "orders/gift_card_rows.html" if partly else "orders/gift_cards.html", context)


def known_people(request: SignedInRequest, rows: list[GiftCard]) -> set[int]:
    """The ids of those buyers and holders that the colleague may know of."""
    ids = {pk for card in rows for pk in (card.buyer_id, card.holder_id) if pk}
    return set(Contact.objects.visible_to(request.user).filter(pk__in=ids).values_list("pk", flat=True))


@can("log")
@require_http_methods(["GET", "POST"])
def sell_gift_card(request: SignedInRequest) -> HttpResponse:
    """Sell a gift card and show its code."""
    currency, pk = request.organisation.currency, request.GET.get("contact", "")
    data = request.POST if request.method == "POST" else None
    form = SellGiftCardForm(data, user=request.user, currency=currency, initial={"buyer": pk, "act": new_act()})
    if form.is_bound and form.is_valid():
        card = vouchers.sell_gift_card(form.cleaned_data.pop("value"), currency, by=request.user, **form.cleaned_data)
        toast(request, _("Sold. Write the code down or print it."), tone="good")
        return redirect(card)
    return render(request, "orders/gift_card_sell.html", {"form": form}, status=422 if form.is_bound else 200)


@can("log")
@require_GET
def gift_card(request: SignedInRequest, pk: int) -> HttpResponse:
    """One gift card, to print: whole for those who lead and whoever sold it, for others it does not exist."""
    card = get_object_or_404(GiftCard.objects.for_list(), pk=pk)
    if card.sold_by_id != request.user.pk and not request.user.can("settings"):
        raise Http404("There is no such gift card.")
    return _gift_card_page(request, card)


def _gift_card_page(request: SignedInRequest, card: GiftCard, form: ExtendForm | None = None) -> HttpResponse:
    moves = GiftMove.objects.filter(card=card).select_related("by").order_by("-at", "-pk")[:PAGE]
    context = {"card": card, "moves": moves, "known": known_people(request, [card]), "qr": qr_code(card.code)}
    context |= {"may_block": request.user.can("settings"), "extend_form": form or ExtendForm(card=card)}
    return render(request, "orders/gift_card.html", context, status=422 if form else 200)


@can("settings")
@require_POST
def extend_gift_card(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let a gift card be good until another day; what had lapsed is on it again."""
    card = get_object_or_404(GiftCard.objects.for_list(), pk=pk)
    form = ExtendForm(request.POST, card=card)
    if not form.is_valid():
        return _gift_card_page(request, card, form)
    vouchers.extend_gift_card(card, form.cleaned_data["until"], by=request.user)
    toast(request, _("Saved."), tone="good")
    return redirect(card)


@can("log")
@require_POST
def pay_with_gift_card(request: SignedInRequest, pk: int) -> HttpResponse:
    """Pay at the till with a gift card that was found by its code."""
    card = get_object_or_404(GiftCard.objects.for_list(), pk=pk, code=request.POST.get("code", ""))
    form = PayForm(request.POST, user=request.user, currency=card.currency)
    contact = form.cleaned_data.get("contact") if form.is_valid() else None
    if not form.is_valid():
        return _again(request, Found(gift=card), contact, _("Say how much, like 12.50."))
    amount = form.cleaned_data["amount"]
    try:
        move = vouchers.pay_with(card, amount, by=request.user, act=form.cleaned_data["act"], contact=contact)
    except NotPossible as problem:
        card.refresh_from_db()
        return _again(request, Found(gift=card), contact, str(problem))
    card.refresh_from_db()
    said = {"amount": money_text(amount, card.currency), "left": money_text(card.balance, card.currency)}
    undo = reverse("gift-move-undo", args=[move.pk])
    toast(request, _("%(amount)s paid, %(left)s left on the card.") % said, undo_url=undo, tone="good")
    return _done(request, contact)


@can("log")
@require_http_methods(["DELETE"])
def undo_gift_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back a payment with a gift card: whoever took it, or those who lead."""
    move = get_object_or_404(GiftMove.objects.select_related("card"), pk=pk)
    if move.by_id != request.user.pk and not request.user.can("settings"):
        raise Http404("There is no such payment.")
    return _taken_back(request, lambda: vouchers.take_back_payment(move, by=request.user))


@can("settings")
@require_http_methods(["POST", "DELETE"])
def block_gift_card(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let nobody pay with it (POST), or let it be used again (DELETE)."""
    card = get_object_or_404(GiftCard, pk=pk)
    vouchers.switch_gift_card(card, blocked=request.method == "POST", by=request.user)
    if request.method == "DELETE":
        return HttpResponse(status=204)
    toast(request, _("Nobody can pay with it any more."), undo_url=reverse("gift-card-block", args=[pk]))
    return redirect(card)


def _again(request: SignedInRequest, found: Found, contact: Contact | None, problem: str) -> HttpResponse:
    """Show it once more, with what is wrong."""
    context = till_context(request, found, contact) | {"problem": problem, "refused": True}
    page = "orders/loyalty_found.html" if request.htmx else "orders/loyalty_till.html"
    return render(request, page, context, status=422)


def _done(request: SignedInRequest, contact: Contact | None) -> HttpResponse:
    if not request.htmx:
        return redirect(f"{reverse('loyalty-till')}{f'?contact={contact.pk}' if contact else ''}")
    return render(request, "orders/loyalty_found.html", till_context(request, Found(), contact))


def _taken_back(request: SignedInRequest, undo: Any) -> HttpResponse:
    try:
        undo()
    except NotPossible as problem:
        toast(request, problem, tone="risk")
        return HttpResponse(status=409)
    return HttpResponse(status=204)
