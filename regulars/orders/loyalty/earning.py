"""Points follow the orders: earned when an order counts, taken back with refunds, moved when it turns out to be
somebody else's. What an order should have earned is compared with what it did; the difference is one more move.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.models import Organisation
from regulars.orders.loyalty import MODULE
from regulars.orders.loyalty.rules import Rule, earned, returns_known, rule_of, units_in
from regulars.orders.models import Line, LoyaltyCard, LoyaltyMove, Order, Programme

Moves = Sequence[LoyaltyMove]


@dataclass
class Known:
    """What is read once for a batch of orders: cards by person, moves by order, lines by order."""

    organisation: Organisation
    rule: Rule | None  # None while new orders earn nothing
    programme: Programme
    cards: dict[int, list[LoyaltyCard]] = field(default_factory=lambda: defaultdict(list))
    moves: dict[int, list[LoyaltyMove]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[int, list[Line]] = field(default_factory=lambda: defaultdict(list))


@transaction.atomic
def follow_orders(orders: Sequence[Order]) -> None:
    """Give and take what these orders earn; told by `orders.after` in the transaction in which they changed.

    Three queries for a batch that concerns no card, whatever its size; one to three more for each move.
    """
    known = _read(orders)
    if known is None:
        return
    new = [move for order in orders for move in _settle(order, known)]
    LoyaltyMove.objects.bulk_create(new)


def _read(orders: Sequence[Order]) -> Known | None:
    organisation = Organisation.current()
    if organisation is None:
        return None
    people = {order.contact_id for order in orders if order.contact_id}
    cards = LoyaltyCard.objects.filter(contact__among=list(people)).order_by("pk") if people else []
    moves = LoyaltyMove.objects.filter(order__among=[order.pk for order in orders])
    moves = moves.select_related("card").order_by("pk")
    programme = Programme.current()
    is_on = programme.is_on and not programme._state.adding and organisation.has_module(MODULE)
    known = Known(organisation, rule_of(programme) if is_on else None, programme)
    for card in cards:
        known.cards[card.contact_id].append(card)
    for move in moves:
        known.moves[move.order_id or 0].append(move)
    if not known.cards and not known.moves:
        return None
    _read_lines(orders, known)
    return known


def _read_lines(orders: Iterable[Order], known: Known) -> None:
    """Lines are needed only where units are counted."""
    wanted = [
        order.pk
        for order in orders
        if (rule := _rule_for(order, known)) and rule["earn"] == Programme.Earn.UNIT
    ]  # fmt: skip
    if wanted:
        for line in Line.objects.filter(order__in=wanted).select_related("product"):
            known.lines[line.order_id].append(line)


def _rule_for(order: Order, known: Known) -> Rule | None:
    """The rule that the order earned by; for one that never earned the rule of today, if it may earn at all."""
    first = next((move.rule for move in known.moves[order.pk] if move.rule), None)
    return first or (known.rule if _may_earn(order, known) else None)


def _may_earn(order: Order, known: Known) -> bool:
    """Not before the rules, and not before the day on which its customer got a card."""
    cards = known.cards[order.contact_id or 0]
    if not cards or order.placed_at < known.programme.rules_since:
        return False
    return order.placed_on >= timezone.localtime(cards[0].issued_at).date()


def _settle(order: Order, known: Known) -> list[LoyaltyMove]:
    """Bring what the order gave into line with what it should give, for its customer and whoever had it before."""
    net: dict[int, int] = defaultdict(int)
    there = known.moves[order.pk]
    for move in there:
        net[move.card.contact_id] += move.amount
    owner = order.contact_id or 0
    rule = _rule_for(order, known)
    target = _target(order, rule, known) if rule and owner else 0
    found = []
    for person in {*net, owner} - {0}:
        delta = (target if person == owner else 0) - net[person]
        act = f"order:{order.pk}:{len(there)}"
        if delta > 0:
            found += _give(order, delta, act, known, rule)
        elif delta < 0:
            found += _take(order, -delta, act, [move for move in there if move.card.contact_id == person])
    return found


def _target(order: Order, rule: Rule, known: Known) -> int:
    lines = known.lines[order.pk]  # read only where units are counted
    return earned(rule, order, known.organisation.currency, units_in(rule, lines), returns_known=returns_known(lines))


def _give(order: Order, amount: int, act: str, known: Known, rule: Rule | None) -> list[LoyaltyMove]:
    """Put it on the newest card that is not blocked; without one nothing is earned."""
    usable = [card for card in known.cards[order.contact_id or 0] if card.blocked_at is None]
    if not usable or not usable[-1].shift(amount):
        return []
    return [LoyaltyMove(card=usable[-1], amount=amount, kind="earned", act=act, order=order, rule=rule)]


def _take(order: Order, wanted: int, act: str, moves: Moves) -> list[LoyaltyMove]:
    """Take it back from the cards that got it, as far as it was not spent: nobody is left with less than nothing."""
    found = []
    left = wanted
    for card in {move.card_id: move.card for move in moves}.values():
        taken = _take_up_to(card, left)
        left -= taken
        if taken:
            found.append(LoyaltyMove(card=card, amount=-taken, kind="reversed", act=act, order=order))
    if found and left:
        found[-1].note = _("%(left)d of them had been spent.") % {"left": left}
    return found


def _take_up_to(card: LoyaltyCard, wanted: int) -> int:
    """Take what is there, at most `wanted`; a till may be taking at this very moment, so look again when it was."""
    while wanted > 0:
        there = LoyaltyCard.objects.filter(pk=card.pk).values_list("balance", flat=True).first() or 0
        part = min(there, wanted)
        if not part:
            return 0
        if card.shift(-part):
            return part
    return 0
