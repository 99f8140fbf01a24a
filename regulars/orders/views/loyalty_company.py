"""Loyalty on the page of a company: cards belong to people, and here is who of its people has one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from regulars.access.door import SignedInRequest, signed_in
from regulars.contacts.door import get_company
from regulars.contacts.models import Contact
from regulars.orders.loyalty.standing import count_words
from regulars.orders.models import LoyaltyCard, Programme

SHOWN = 5


@signed_in
@require_GET
def company_loyalty(request: SignedInRequest, pk: int) -> HttpResponse:
    """The panel: the cards of its people that the colleague may know of, the fullest first."""
    company = get_company(request.user, pk)
    people = Contact.objects.visible_to(request.user).filter(company=company, binned_at=None)
    cards = LoyaltyCard.objects.usable().filter(contact__in=people).select_related("contact")
    found, programme = list(cards.order_by("-balance", "-pk")[: SHOWN + 1]), Programme.current()
    rows = [(card, count_words(card.balance, programme)) for card in found[:SHOWN]]
    context = {"company": company, "rows": rows, "has_more": len(found) > SHOWN}
    return render(request, "orders/loyalty_company.html", context)
