"""The stamp card of Harbor & Pine: cards of many guests, stamps from their orders, rewards, coupons and gift cards."""

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from regulars.access.models import Organisation
from regulars.contacts.models import Contact, Involvement
from regulars.orders.loyalty import KIND, MODULE
from regulars.orders.loyalty.rules import earned, rule_of
from regulars.orders.models import (
    LOYALTY,
    BuyerKey,
    Coupon,
    CouponUse,
    GiftCard,
    GiftMove,
    LoyaltyCard,
    LoyaltyMove,
    Order,
    Programme,
    Reward,
)
from regulars.timeline.models import Entry

if TYPE_CHECKING:
    from regulars.desk.demo.load import Loader

SEED = 2210
SINCE = 300  # days ago the stamp card began
REGULAR = 4  # orders since then; who has fewer has no card
WITH_CARD = 0.45  # of those who come so often
MINIMUM, COFFEE, BRUNCH = 300, 10, 25
# who has more on the card than chance gives: so that each state is to be seen
STAMPS = {"Maya Okafor": 7, "Tomás Reis": 12}


def add_loyalty(loader: "Loader") -> None:
    """Write the programme, cards, the ledger that follows from the orders, coupons and gift cards."""
    organisation = Organisation.current()
    if organisation is None or not organisation.has_module(MODULE) or Programme.objects.exists():
        return
    rng = Random(SEED)  # noqa: S311  (of its own, so that nothing else is drawn differently)
    begun = loader.now - timedelta(days=SINCE)
    programme = Programme(pk=1, name="Coffee card", minimum=MINIMUM, welcome=1, expiry_months=12, rules_since=begun)
    loader.keep([programme])
    rewards = loader.keep([Reward(name="Free coffee", cost=COFFEE), Reward(name="Brunch for two", cost=BRUNCH)])
    _cards(loader, rng, programme, rewards[0])
    _coupons(loader, rng)
    _gift_cards(loader, rng)


def _cards(loader: "Loader", rng: Random, programme: Programme, coffee: Reward) -> None:
    """Some weeks after the programme began, at one of their visits, guests were given a card."""
    bought: dict[int, list[Order]] = defaultdict(list)
    rows = Order.objects.filter(placed_at__gte=programme.rules_since, contact__isnull=False)
    for order in rows.order_by("placed_at", "pk"):
        bought[order.contact_id or 0].append(order)
    people = {contact.pk: contact for contact in loader.contacts.values()}
    chosen = [
        (people[pk], orders)
        for pk, orders in bought.items()
        if pk in people and len(orders) >= REGULAR and (rng.random() < WITH_CARD or people[pk].display_name in STAMPS)
    ]
    cards = [_card(contact, orders[rng.randrange(len(orders) // 2)], loader) for contact, orders in chosen]
    loader.keep(cards)
    keys = [BuyerKey(source=LOYALTY, key=card.number, contact_id=card.contact_id) for card in cards]
    BuyerKey.objects.bulk_create(keys)
    moves = [move for card in cards for move in _ledger(card, bought[card.contact_id], programme, coffee, loader, rng)]
    LoyaltyMove.objects.bulk_create(moves, batch_size=500)
    LoyaltyCard.objects.bulk_update(cards, ["balance", "active_at"], batch_size=500)
    _tell(loader, [move for move in moves if move.kind == "redeemed"], people)


def _card(contact: Contact, order: Order, loader: "Loader") -> LoyaltyCard:
    colleague = loader.colleagues[3]
    return LoyaltyCard(contact=contact, issued_at=order.placed_at, issued_by=colleague, active_at=order.placed_at)


def _ledger(
    card: LoyaltyCard, orders: list[Order], programme: Programme, coffee: Reward, loader: "Loader", rng: Random
) -> list[LoyaltyMove]:
    """A welcome, a stamp for each order since, and a coffee for most of the times ten were reached."""
    rule = rule_of(programme)
    moves = [_move(card, 1, "welcome", f"welcome:{card.contact_id}", card.issued_at)]
    for order in orders:
        if order.placed_at < card.issued_at or not (amount := earned(rule, order, "EUR")):
            continue
        moves.append(_move(card, amount, "earned", f"order:{order.pk}:0", order.placed_at, order=order, rule=rule))
        if card.balance >= COFFEE and rng.random() < 0.6 and order.channel == "till":
            at = order.placed_at + timedelta(minutes=1)
            moves.append(
                _move(card, -COFFEE, "redeemed", f"till:{order.pk}", at, reward=coffee, by=loader.colleagues[3])
            )
    wanted = STAMPS.get(card.contact.display_name)
    if wanted is not None and wanted != card.balance:
        note = "Stamps of the old paper card"
        at, by = loader.now - timedelta(days=1, hours=3), loader.colleagues[0]
        moves.append(_move(card, wanted - card.balance, "adjusted", f"till:paper:{card.pk}", at, note=note, by=by))
    return moves


def _move(card: LoyaltyCard, amount: int, kind: str, act: str, at: datetime, **more: Any) -> LoyaltyMove:
    card.balance += amount
    card.active_at = max(card.active_at, at)
    return LoyaltyMove(card=card, amount=amount, kind=kind, act=act, at=at, **more)


def _tell(loader: "Loader", moves: list[LoyaltyMove], people: dict[int, Contact]) -> None:
    """Put what was redeemed on the timelines."""
    entries = loader.keep(
        [
            Entry(kind=KIND, text=f"Redeemed {move.reward} for {-move.amount}", occurred_at=move.at, author=move.by,
                  snapshot={"verb": "redeemed"}, subject_kind="loyalty-redeemed", subject_id=move.pk)
            for move in moves
        ]
    )  # fmt: skip
    rows = []
    for entry, move in zip(entries, moves, strict=True):
        contact = people[move.card.contact_id]
        common = {"entry": entry, "occurred_at": entry.occurred_at, "kind": entry.kind}
        rows.append(Involvement(contact=contact, **common))
        if contact.company_id:
            rows.append(Involvement(company_id=contact.company_id, is_implied=True, **common))
    Involvement.objects.bulk_create(rows, batch_size=500)


def _coupons(loader: "Loader", rng: Random) -> None:
    """One of each state."""
    day, by, maya = loader.now.astimezone(loader.zone).date(), loader.colleagues[0], loader.contacts.get("Maya Okafor")
    common: dict[str, Any] = {"created_by": by}
    coupons = [
        Coupon(name="Autumn brunch", percent=10, minimum=1500, starts_on=day - timedelta(days=20),
               ends_on=day + timedelta(days=18), uses_each=1, used=14, created_at=loader.now - timedelta(days=20),
               **common),
        Coupon(name="A croissant for bringing a friend", kind="product", gift="Croissant", uses_total=50, used=9,
               created_at=loader.now - timedelta(days=60), **common),
        Coupon(name="For the cracked jug", kind="amount", amount=800, uses_total=1, contact=maya,
               is_personal=maya is not None, created_at=loader.now - timedelta(days=4), **common),
        Coupon(name="Summer iced coffee", percent=20, ends_on=day - timedelta(days=75), used=31, uses_each=1,
               created_at=loader.now - timedelta(days=150), **common),
        Coupon(name="Ten for the book club", kind="amount", amount=500, uses_total=10, used=10,
               created_at=loader.now - timedelta(days=210), **common),
    ]  # fmt: skip
    loader.keep(coupons)
    guests = sorted(loader.contacts.values(), key=lambda contact: contact.pk)
    loader.keep([use for coupon in coupons for use in _uses(coupon, rng.sample(guests, min(coupon.used, len(guests))),
                                                            loader, rng)])  # fmt: skip


def _uses(coupon: Coupon, guests: list[Contact], loader: "Loader", rng: Random) -> list[CouponUse]:
    coupon.used = len(guests)
    coupon.save(update_fields=["used"])
    days = max((loader.now - coupon.created_at).days - (75 if coupon.state == "over" else 0), 1)
    found = []
    for number, guest in enumerate(guests):
        at = coupon.created_at + timedelta(days=rng.randrange(days), hours=rng.randrange(8))
        saved = rng.randrange(150, 480, 5) if coupon.kind == "percent" else coupon.amount
        found.append(
            CouponUse(coupon=coupon, contact=guest, saved=saved, act=f"demo:{coupon.pk}:{number}", at=at,
                      by=loader.colleagues[3])
        )  # fmt: skip
    return found


# value, days since sold, shares that were paid with, name on it
GIFTS = (
    (5000, 9, (), "Ana and João"), (2500, 34, (1120,), ""), (2500, 61, (940, 1560), "Grandma"),
    (10000, 120, (2350, 1890), "The choir"), (3000, 15, (), ""), (2500, 1200, (800,), "Miguel"),
)  # fmt: skip


def _gift_cards(loader: "Loader", rng: Random) -> None:
    guests = sorted(loader.contacts.values(), key=lambda contact: contact.pk)
    cards, moves = [], []
    for number, (value, days, paid, name) in enumerate(GIFTS):
        sold = loader.now - timedelta(days=days, hours=2)
        cards.append(
            GiftCard(value=value, balance=value - sum(paid), currency="EUR", for_name=name, act=f"demo:{number}",
                     buyer=rng.choice(guests), holder=None if name else rng.choice(guests), sold_at=sold,
                     sold_by=loader.colleagues[3], expires_on=(sold + timedelta(days=1096)).date())
        )  # fmt: skip
    loader.keep(cards)
    for number, (card, (_value, days, paid, _name)) in enumerate(zip(cards, GIFTS, strict=True)):
        common = {"card": card, "by": loader.colleagues[3]}
        moves.append(GiftMove(kind="sold", amount=card.value, act=f"demo:{number}", at=card.sold_at, **common))
        for turn, amount in enumerate(paid, 1):
            at = card.sold_at + timedelta(days=days * turn / (len(paid) + 1))
            moves.append(GiftMove(kind="used", amount=-amount, act=f"demo:{number}:{turn}", at=at, **common))
    GiftMove.objects.bulk_create(moves)
