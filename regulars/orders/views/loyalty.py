"""How loyalty works here, the rewards, who has a card, and the page for whoever holds one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.access.door import SignedInRequest, can
from regulars.access.models import Organisation
from regulars.access.models.audit import audit
from regulars.contacts.referrals import guard
from regulars.contacts.views.referrals_public import for_visitors
from regulars.lib.keyset import by, read_page
from regulars.lib.qr import qr_code
from regulars.lib.toast import toast
from regulars.orders.forms.loyalty import LoyaltySettingsForm, RewardForm
from regulars.orders.loyalty import MODULE
from regulars.orders.loyalty.standing import standing_of
from regulars.orders.loyalty.words import sentences_of
from regulars.orders.models import LoyaltyCard, LoyaltyMove, Programme, Reward

PAGE = 40
LOOKS = 60  # pages of one address in ten minutes


@can("settings")
@require_http_methods(["GET", "POST"])
def loyalty_settings(request: SignedInRequest) -> HttpResponse:
    """How loyalty works, with the rewards and what that comes to in a sentence. Audited."""
    currency = request.organisation.currency
    data = request.POST if request.method == "POST" else None
    form = LoyaltySettingsForm(data, instance=Programme.current(), currency=currency)
    if form.is_bound and form.is_valid():
        form.keep()
        changes = {name: ["", str(form.cleaned_data[name])] for name in form.changed_data}
        audit("changed the settings of", by=request.user, kind="business", object_id=1, title=_("Loyalty"),
              changes=changes)  # fmt: skip
        toast(request, _("Saved. New rules count for orders from now on."), tone="good")
        return redirect("loyalty-settings")
    context = _settings_context(request, form) | {"reward_form": RewardForm(auto_id="new_%s")}
    return render(request, "orders/loyalty_settings.html", context, status=422 if form.is_bound else 200)


def _settings_context(request: SignedInRequest, form: LoyaltySettingsForm) -> dict[str, Any]:
    rewards = list(Reward.objects.filter(is_active=True).order_by("cost", "pk"))
    programme = Programme.current()
    preview = list(sentences_of(programme, rewards, request.organisation.currency))
    return {"form": form, "rewards": rewards, "preview": preview, "is_new": programme._state.adding}


@can("settings")
@require_POST
def preview_loyalty(request: SignedInRequest) -> HttpResponse:
    """What the form as it stands would mean, in sentences; nothing while it makes no sense yet."""
    currency = request.organisation.currency
    form = LoyaltySettingsForm(request.POST, instance=Programme.current(), currency=currency)
    preview = []
    if form.is_valid():
        rewards = list(Reward.objects.filter(is_active=True).order_by("cost", "pk"))
        preview = list(sentences_of(form.programme(), rewards, currency))
    return render(request, "orders/loyalty_preview.html", {"preview": preview})


@can("settings")
@require_POST
def add_reward(request: SignedInRequest) -> HttpResponse:
    """Offer one more reward."""
    form = RewardForm(request.POST, auto_id="new_%s")
    if form.is_valid():
        reward = form.save()
        audit("added", by=request.user, kind="reward", object_id=reward.pk, title=reward.name)
        return redirect("loyalty-settings")
    settings_form = LoyaltySettingsForm(instance=Programme.current(), currency=request.organisation.currency)
    context = _settings_context(request, settings_form) | {"reward_form": form}
    return render(request, "orders/loyalty_settings.html", context, status=422)


@can("settings")
@require_http_methods(["GET", "POST"])
def reward(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change the name or the cost of a reward; what was redeemed stays as it was."""
    found = get_object_or_404(Reward, pk=pk)
    form = RewardForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and form.is_valid():
        form.save()
        audit("changed", by=request.user, kind="reward", object_id=pk, title=found.name)
        toast(request, _("Saved."), tone="good")
        return redirect("loyalty-settings")
    context = {"form": form, "reward": found}
    return render(request, "orders/loyalty_reward.html", context, status=422 if form.is_bound else 200)


@can("settings")
@require_http_methods(["POST", "DELETE"])
def withdraw_reward(request: SignedInRequest, pk: int) -> HttpResponse:
    """Offer a reward no longer (POST), or again (DELETE)."""
    found = get_object_or_404(Reward, pk=pk)
    is_active = request.method == "DELETE"
    if Reward.objects.filter(pk=pk, is_active=not is_active).update(is_active=is_active):
        audit("changed", by=request.user, kind="reward", object_id=pk, title=found.name,
              changes={"offered": [not is_active, is_active]})  # fmt: skip
    if is_active:
        return HttpResponse(status=204)
    toast(request, _("%(reward)s is no longer offered.") % {"reward": found.name},
          undo_url=reverse("reward-withdraw", args=[pk]))  # fmt: skip
    return redirect("loyalty-settings")


@can("view")
@require_GET
def loyalty_cards(request: SignedInRequest) -> HttpResponse:
    """Who has a card, those who used it last first; htmx gets the next rows."""
    visible = LoyaltyCard.objects.visible_to(request.user)
    page = read_page(visible, by("active_at", descending=True), request.GET.get("after", "")[:2000], PAGE)
    found = LoyaltyCard.objects.for_list().in_bulk(page.ids)
    context = {
        "rows": [found[pk] for pk in page.ids if pk in found],
        "programme": Programme.current(),
        "next_url": f"{reverse('loyalty-cards')}?after={page.next}" if page.next else "",
    }
    partly = request.htmx and "after" in request.GET
    return render(request, "orders/loyalty_card_rows.html" if partly else "orders/loyalty_cards.html", context)


@require_GET
@for_visitors
def loyalty_card(request: HttpRequest, token: str) -> HttpResponse:
    """The card for whoever holds it: what is on it, the next reward, the code to show. Nothing else of the person."""
    address = guard.address_key(request)
    if guard.is_too_often("card", address, LOOKS):
        return render(request, "orders/loyalty_card.html", {"too_many": True}, status=429)
    organisation, card = Organisation.current(), _card_behind(token)
    if organisation is None or card is None or not organisation.has_module(MODULE):
        guard.count("wrong", address)
        return render(request, "orders/loyalty_card.html", {"gone": True}, status=404)
    standing = standing_of(card.contact)
    moves = LoyaltyMove.objects.filter(card__contact=card.contact).select_related("reward").order_by("-at", "-pk")
    context = {
        "card": card,
        "standing": standing,
        "name": card.contact.given_name or card.contact.display_name.split()[0],
        "how": list(sentences_of(standing.programme, standing.rewards, organisation.currency)),
        "moves": moves[:5],
        "qr": qr_code(request.build_absolute_uri(card.get_absolute_url())),
    }
    return render(request, "orders/loyalty_card.html", context)


def _card_behind(token: str) -> LoyaltyCard | None:
    """The card with this secret, of somebody who is still there; not a blocked one."""
    there = LoyaltyCard.objects.usable().filter(contact__binned_at=None, contact__erased_at=None)
    return there.for_list().filter(token=token[:40]).first()
