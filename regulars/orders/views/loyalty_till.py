"""The till page of loyalty: one field that takes whatever is typed or scanned, and what can be done with it."""

import secrets
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.access.door import SignedInRequest, can, require, signed_in
from regulars.contacts.door import get_contact
from regulars.contacts.models import Contact
from regulars.lib.text import number_in
from regulars.lib.toast import toast
from regulars.orders.forms.loyalty import ActForm, AdjustForm, GiveForm
from regulars.orders.loyalty import spending
from regulars.orders.loyalty.finding import Found, find
from regulars.orders.loyalty.spending import NotPossible
from regulars.orders.loyalty.standing import count_words, standing_of
from regulars.orders.loyalty.vouchers import gives, problem_with, problem_with_gift, rules_of
from regulars.orders.models import Coupon, GiftCard, LoyaltyCard, LoyaltyMove, Programme, Reward

CHANGED = "loyalty-changed, brief-changed, moment-changed"


@can("log")
@require_GET
def loyalty_till(request: SignedInRequest) -> HttpResponse:
    """The page with its field; htmx gets only what was found. `contact` is whom the till has before it."""
    text = request.GET.get("q", "")
    found = find(request.user, text, typed_out="go" in request.GET)
    contact = _meant(request, found, text)
    context = till_context(request, found, contact) | {"text": text}
    partly = request.htmx and request.headers.get("HX-Target") == "till"
    shown = render(request, "orders/loyalty_found.html" if partly else "orders/loyalty_till.html", context)
    return _at(shown, context["person"]) if partly else shown


def _meant(request: SignedInRequest, found: Found, text: str) -> Contact | None:
    """Whose card it is, the only one the text means, or, for a code, whom the till has before it anyway."""
    if found.card:
        return found.card.contact
    if found.people:
        return found.people[0] if len(found.people) == 1 and "go" in request.GET else None
    return _named(request) if found.coupon or found.gift or not text.strip() else None


def _at(shown: HttpResponse, person: Contact | None) -> HttpResponse:
    """Let the address name the person, so that the page comes back to them, after Undo too."""
    if person:
        shown.headers["HX-Replace-Url"] = f"{reverse('loyalty-till')}?contact={person.pk}"
    return shown


def _named(request: SignedInRequest) -> Contact | None:
    pk = number_in(request.GET.get("contact"))
    return None if pk is None else Contact.objects.visible_to(request.user).filter(pk=pk).first()


def till_context(request: SignedInRequest, found: Found, contact: Contact | None) -> dict[str, Any]:
    """What the till shows: a person with what they have, a coupon, a gift card, or whom the text may mean."""
    currency = request.organisation.currency
    context: dict[str, Any] = {
        "found": found,
        "person": contact,
        "people": [] if contact else found.people,
        "act": new_act(),
        "currency": currency,
        "is_set_up": not Programme.current()._state.adding,
    }
    if coupon := found.coupon:
        context["coupon_gives"] = gives(coupon, currency)
        context["coupon_rules"] = list(rules_of(coupon, currency, reader=request.user))
        context["problem"] = problem_with(coupon, contact, None, currency, request.user)
    elif found.gift:
        context["problem"] = problem_with_gift(found.gift)
    elif contact:
        context["standing"] = standing_of(contact)
    return context


def new_act() -> str:
    """Return the name under which a page sends what is to be done, so that it is done once."""
    return f"till:{secrets.token_urlsafe(9)}"


@signed_in
@require_POST
def give_loyalty(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give stamps or points by hand."""
    contact = get_contact(request.user, pk, to="log")
    form = GiveForm(request.POST)
    if not form.is_valid():
        return answer(request, contact, status=422)
    act, amount = form.cleaned_data["act"], form.cleaned_data["amount"]
    try:
        spending.give(contact, amount, by=request.user, act=act)
    except NotPossible as problem:
        toast(request, problem, tone="risk")
        return answer(request, contact, status=422)
    said = {"count": count_words(amount, Programme.current()), "name": contact.display_name}
    toast(request, _("%(count)s for %(name)s.") % said, undo_url=reverse("loyalty-act", args=[act]), tone="good")
    return answer(request, contact)


@signed_in
@require_POST
def redeem_reward(request: SignedInRequest, pk: int, reward_pk: int) -> HttpResponse:
    """Redeem a reward."""
    contact = get_contact(request.user, pk, to="log")
    reward = Reward.objects.filter(pk=reward_pk).first()
    form = ActForm(request.POST)
    if reward is None:
        raise Http404("There is no such reward.")
    if not form.is_valid():
        return answer(request, contact, status=422)
    act = form.cleaned_data["act"]
    try:
        spending.redeem(contact, reward, by=request.user, act=act)
    except NotPossible as problem:
        toast(request, problem, tone="risk")
        return answer(request, contact, status=422)
    said = {"reward": reward.name, "name": contact.display_name}
    toast(request, _("%(reward)s for %(name)s.") % said, undo_url=reverse("loyalty-act", args=[act]), tone="good")
    return answer(request, contact)


@can("log")
@require_http_methods(["DELETE"])
def loyalty_act(request: SignedInRequest, act: str) -> HttpResponse:
    """Undo what was given or redeemed under a name. 404 for people one may not know of; done twice, it is done once."""
    first = spending.moves_of(act).select_related("card").first()
    if first is None:
        return HttpResponse(status=204)
    get_contact(request.user, first.card.contact_id, to="log")
    try:
        spending.take_back(act, by=request.user)
    except NotPossible as problem:
        toast(request, problem, tone="risk")
        return HttpResponse(status=409)
    return HttpResponse(status=204)


@signed_in
@require_http_methods(["POST", "DELETE"])
def issue_card(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give somebody a card (POST), or take a fresh one back (DELETE)."""
    contact = get_contact(request.user, pk, to="log")
    if request.method == "DELETE":
        card = LoyaltyCard.objects.usable().filter(contact=contact).order_by("-pk").first()
        done = card is not None and spending.withdraw_card(card, by=request.user)
        return HttpResponse(status=204 if done else 409)
    try:
        spending.issue_card(contact, by=request.user)
    except NotPossible as problem:
        toast(request, problem, tone="risk")
        return answer(request, contact, status=422)
    said = _("%(name)s has a card.") % {"name": contact.display_name}
    toast(request, said, undo_url=reverse("contact-card", args=[pk]), tone="good")
    return answer(request, contact)


@signed_in
@require_http_methods(["POST", "DELETE"])
def block_card(request: SignedInRequest, pk: int) -> HttpResponse:
    """Block a lost card (POST), or let it be used again (DELETE)."""
    require(request.user, "edit")
    card = LoyaltyCard.objects.visible_to(request.user).for_list().filter(pk=pk).first()
    if card is None:
        raise Http404("There is no such card.")
    if request.method == "DELETE":
        spending.unblock_card(card, by=request.user)
        return HttpResponse(status=204)
    if spending.block_card(card, by=request.user):
        said = _("The card %(number)s is blocked. What is on it stays theirs.") % {"number": card.shown_number}
        toast(request, said, undo_url=reverse("loyalty-card-block", args=[pk]))
    return answer(request, card.contact)


@signed_in
@require_http_methods(["GET", "POST"])
def adjust_loyalty(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct somebody's balance, with a reason."""
    contact = get_contact(request.user, pk, to="edit")
    form = AdjustForm(request.POST if request.method == "POST" else None, initial={"act": new_act()})
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            spending.give(contact, said["amount"], by=request.user, act=said["act"], note=said["note"])
        except NotPossible as problem:
            form.add_error("amount", str(problem))
        else:
            undo = reverse("loyalty-act", args=[said["act"]])
            toast(request, _("The balance is corrected."), undo_url=undo, tone="good")
            return answer(request, contact)
    context = {"form": form, "contact": contact, "standing": standing_of(contact)}
    page = "orders/loyalty_adjust_page.html"
    if request.htmx:
        page = "orders/loyalty_adjust_form.html" if form.is_bound else "orders/loyalty_adjust.html"
    return render(request, page, context, status=422 if form.is_bound else 200)


def answer(request: SignedInRequest, contact: Contact, status: int = 200) -> HttpResponse:
    """At the till the person as they are now; on their page word that something changed; without scripts the till."""
    if not request.htmx:
        return redirect(f"{reverse('loyalty-till')}?contact={contact.pk}")
    if request.headers.get("HX-Target") != "till":
        return HttpResponse(status=status, headers={"HX-Trigger": f"{CHANGED}, dialog:close"})
    context = till_context(request, Found(), contact)
    shown = render(request, "orders/loyalty_found.html", context, status=status)
    return _at(shown, contact)


@signed_in
@require_GET
def contact_loyalty(request: SignedInRequest, pk: int) -> HttpResponse:
    """The panel of a contact: what they have, the next reward, the last moves."""
    contact = get_contact(request.user, pk)
    moves = LoyaltyMove.objects.filter(card__contact=contact).select_related("reward", "by", "order")
    context = {
        "contact": contact,
        "standing": standing_of(contact),
        "moves": list(moves.order_by("-at", "-pk")[:5]),
        "gifts": list(GiftCard.objects.filter(holder=contact, balance__gt=0).order_by("-pk")[:3]),
        "coupons": list(Coupon.objects.running(timezone.localdate()).filter(contact=contact).order_by("-pk")[:3]),
        "currency": request.organisation.currency,
        "is_set_up": not Programme.current()._state.adding,
        "link": request.build_absolute_uri("/")[:-1],
        "may_log": request.user.can("log"),
        "may_edit": request.user.can("edit"),
    }
    return render(request, "orders/loyalty_panel.html", context)
