"""A café with a stamp card, for the tests of loyalty."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from regulars.access.models import User
from regulars.contacts.models import Contact
from regulars.contacts.tests.factories import make_contact
from regulars.orders.drafts import Buyer, LineDraft, OrderDraft
from regulars.orders.loyalty.spending import give, issue_card
from regulars.orders.loyalty.vouchers import pay_with, sell_gift_card, use_coupon
from regulars.orders.models import Coupon, GiftCard, LoyaltyCard, Order, Programme, Reward
from regulars.orders.recording import record


def make_programme(**fields: Any) -> Programme:
    """A stamp for every order, since last year; other fields as given."""
    values = {"kind": "stamps", "rules_since": timezone.now() - timedelta(days=365), **fields}
    return Programme.objects.update_or_create(pk=1, defaults=values)[0]


def make_reward(cost: int = 10, name: str = "Free coffee") -> Reward:
    """Something to redeem."""
    return Reward.objects.create(name=name, cost=cost)


def make_card(contact: Contact, *, by: User, stamps: int = 0) -> LoyaltyCard:
    """A card with so many stamps given by hand."""
    card = issue_card(contact, by=by)
    if stamps:
        give(contact, stamps, by=by, act=f"test:{contact.pk}:{stamps}")
    card.refresh_from_db()
    return card


def order(contact: Contact | None, total: str, number: str, *, by: User, **fields: Any) -> Order:
    """An order of today, told by the web shop."""
    lines = fields.pop("lines", [LineDraft("Flat white", unit_price=Decimal(total))])
    buyer = fields.pop("buyer", Buyer())
    draft = OrderDraft(
        placed_at=fields.pop("placed_at", timezone.now()), currency="EUR", source="shop", external_id=number,
        lines=lines, buyer=buyer, **fields,
    )  # fmt: skip
    return record(draft, by=by, holder=contact).order


def make_coupon(by: User, **fields: Any) -> Coupon:
    """Ten per cent for everybody, as often as they like."""
    values = {"name": "Autumn", "kind": "percent", "percent": 10, **fields}
    coupon: Coupon = Coupon.objects.create(created_by=by, **values)
    return coupon


def balance(contact: Contact) -> int:
    """What somebody has; fails when a card differs from the sum of its moves."""
    total = 0
    for card in LoyaltyCard.objects.filter(contact=contact):
        assert card.balance == sum(card.moves.values_list("amount", flat=True)), card.number
        total += card.balance
    return total


def loyalty_ids(contact: Contact, by: User) -> dict[str, Any]:
    """One of each, for the addresses of loyalty."""
    make_programme()
    reward, card, coupon = make_reward(), issue_card(contact, by=by), make_coupon(by)

    def gift(user: User) -> GiftCard:
        return sell_gift_card(1000, "EUR", by=user, act=f"gift:{user.pk}")

    def given(user: User) -> dict[str, Any]:
        give(contact, 1, by=user, act="given")
        return {"act": "given"}

    def used(user: User) -> dict[str, Any]:
        return {"pk": use_coupon(coupon, None, spent=None, currency="EUR", by=user, act="used").pk}

    def paid(user: User) -> dict[str, Any]:
        return {"pk": pay_with(gift(user), 100, by=user, act="paid").pk}

    def fresh(user: User) -> dict[str, Any]:
        newcomer = make_contact("New Card", by=by)
        issue_card(newcomer, by=user)
        return {"pk": newcomer.pk}

    return {
        "contact-card": fresh,
        "loyalty-card": {"token": card.token},
        "loyalty-card-block": {"pk": card.pk},
        "loyalty-act": given,
        "loyalty-redeem": {"pk": contact.pk, "reward_pk": reward.pk},
        **{key: {"pk": reward.pk} for key in ("reward", "reward-withdraw")},
        **{key: {"pk": coupon.pk} for key in ("coupon", "coupon-stop", "coupon-use")},
        "coupon-use-undo": used,
        **dict.fromkeys(
            ("gift-card", "gift-card-pay", "gift-card-block", "gift-card-extend"), lambda user: {"pk": gift(user).pk}
        ),
        "gift-move-undo": paid,
    }
