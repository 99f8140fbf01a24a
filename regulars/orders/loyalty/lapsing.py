"""What lapses: the points of whoever earned and spent nothing for so many months, and gift cards past their day."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from regulars.access.home import at_home_of
from regulars.access.models import Organisation
from regulars.lib.schedule import every
from regulars.orders.loyalty import MODULE
from regulars.orders.loyalty.vouchers import lapse_gift_card
from regulars.orders.models import GiftCard, LoyaltyCard, LoyaltyMove, Programme

BATCH = 200
MONTH = timedelta(days=30.44)


@every(hours=24)
def let_points_lapse() -> None:
    """Write down what lapsed since yesterday; nothing while the programme knows no end."""
    organisation, programme = Organisation.current(), Programme.current()
    if organisation and organisation.has_module(MODULE) and programme.expiry_months:
        while lapse(timezone.now() - programme.expiry_months * MONTH):
            pass


@every(hours=24)
def let_gift_cards_lapse() -> None:
    """Write down what lapsed with gift cards that are past their day, so that a balance stays the sum of its moves."""
    with at_home_of(None):  # a day is over when it is over at the till
        today = timezone.localdate()
    last = 0
    over = GiftCard.objects.filter(expires_on__lt=today, balance__gt=0).order_by("pk")
    while cards := list(over.filter(pk__gt=last)[:BATCH]):
        for card in cards:
            lapse_gift_card(card, today)
        last = cards[-1].pk


def lapse(before: datetime) -> int:
    """Let the balance of a batch of people lapse who were last active before then; returns how many cards there were.

    A person with several cards is as active as the latest of them. May run twice without harm.
    """
    later = LoyaltyCard.objects.filter(contact=OuterRef("contact"), active_at__gte=before)
    idle = LoyaltyCard.objects.filter(active_at__lt=before, balance__gt=0).exclude(Exists(later))
    cards = list(idle.order_by("active_at", "pk")[:BATCH])
    for card in cards:
        _lapse(card)
    return len(cards)


@transaction.atomic
def _lapse(card: LoyaltyCard) -> None:
    lapsed = LoyaltyCard.objects.filter(pk=card.pk, balance=card.balance, active_at=card.active_at)
    if lapsed.update(balance=0):  # else something happened this very moment
        act = f"lapse:{timezone.now().isoformat()}"
        LoyaltyMove.objects.create(card=card, amount=-card.balance, kind="expired", act=act)
