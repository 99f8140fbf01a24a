"""What is done with a card by hand: issuing it, giving, redeeming, correcting, and taking any of that back.

Everything here is done once for each `act`, the name under which a page sends it, however often it is sent.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.contacts.models import Contact
from regulars.orders.loyalty.telling import log, unlog
from regulars.orders.models import LOYALTY, BuyerKey, LoyaltyCard, LoyaltyMove, Programme, Reward

Moves = list[LoyaltyMove]
BY_HAND = ("redeemed", "adjusted")  # what can be taken back by hand
UNDO_WITHIN = timedelta(days=30)


class NotPossible(ValueError):
    """It can't be done; the message is for the person at the till. Nothing was changed."""


class NotEnough(NotPossible):
    """There is not so much on the cards, perhaps because somebody else was a moment faster."""

    def __init__(self) -> None:
        super().__init__(_("There is not enough on the card any more. Somebody may have been a moment faster."))


def issue_card(contact: Contact, *, by: User | None) -> LoyaltyCard:
    """Give `contact` a card with the welcome gift, or return the one they have. Written on the timeline.

    Raises NotPossible while the business has no programme.
    """
    programme = Programme.current()
    if programme._state.adding:
        raise NotPossible(_("Say in the settings first how loyalty works."))
    try:
        return _usable(contact) or _issue(contact, programme, by)
    except IntegrityError:  # somebody issued it this very moment
        found = _usable(contact)
        if found is None:
            raise
        return found


def _usable(contact: Contact) -> LoyaltyCard | None:
    found: LoyaltyCard | None = LoyaltyCard.objects.usable().filter(contact=contact).order_by("-pk").first()
    return found


@transaction.atomic
def _issue(contact: Contact, programme: Programme, by: User | None) -> LoyaltyCard:
    is_first = not LoyaltyCard.objects.filter(contact=contact).exists()
    card: LoyaltyCard = LoyaltyCard.objects.create(contact=contact, issued_by=by)
    if is_first and programme.welcome:
        card.shift(programme.welcome)
        _write([(card, programme.welcome)], "welcome", f"welcome:{contact.pk}", by=by)
    _known_at_tills(card)
    log(contact, _("Got a loyalty card"), "issued", card.pk, by)
    return card


def withdraw_card(card: LoyaltyCard, *, by: User) -> bool:
    """Undo issuing: the card goes, as long as nothing happened with it but the welcome. False afterwards."""
    with transaction.atomic():
        if card.moves.exclude(kind="welcome").exists():
            return False
        deleted, _rows = LoyaltyCard.objects.filter(pk=card.pk).delete()
        BuyerKey.objects.filter(source=LOYALTY, key=card.number).delete()
        unlog("issued", card.pk, by)
        return bool(deleted)


@transaction.atomic
def give(contact: Contact, amount: int, *, by: User, act: str, note: str = "") -> Moves:
    """Give by hand, or correct with an amount below zero; returns the moves. Sent twice, it is done once.

    Raises NotEnough when a correction would leave less than nothing, NotPossible without a card.
    """
    cards = _locked(contact)
    if done := _done(act, cards):
        return done
    usable = [card for card in cards if card.blocked_at is None]
    if not usable:
        raise NotPossible(_("There is no card that can be used. Issue one first."))
    if amount > 0:
        usable[-1].shift(amount)
        return _write([(usable[-1], amount)], "adjusted", act, by=by, note=note)
    return _write(_spread(cards, -amount), "adjusted", act, by=by, note=note)


@transaction.atomic
def redeem(contact: Contact, reward: Reward, *, by: User, act: str) -> Moves:
    """Pay for a reward with what is on the cards of `contact`; returns the moves. Sent twice, it is done once.

    Written on the timeline. Raises NotEnough when it does not suffice (two tills at once: one wins), NotPossible for a
    reward that is no longer offered or without a usable card.
    """
    cards = _locked(contact)
    if done := _done(act, cards):
        return done
    if not reward.is_active:
        raise NotPossible(_("This reward is no longer offered."))
    if all(card.blocked_at for card in cards):
        raise NotPossible(_("There is no card that can be used. Issue one first."))
    moves = _write(_spread(cards, reward.cost), "redeemed", act, by=by, reward=reward)
    text = _("Redeemed %(reward)s for %(cost)d") % {"reward": reward.name, "cost": reward.cost}
    log(contact, text, "redeemed", moves[0].pk, by)
    return moves


@transaction.atomic
def take_back(act: str, *, by: User) -> bool:
    """Undo what was given or redeemed by hand under `act`; its line leaves the timeline. False when that was done.

    Raises NotEnough when what was given is spent, NotPossible after 30 days.
    """
    moves = list(moves_of(act).select_related("card"))
    people = {move.card.contact_id for move in moves}
    list(LoyaltyCard.objects.select_for_update().filter(contact__in=people).order_by("pk"))
    if not moves or LoyaltyMove.objects.filter(undoes__in=moves).exists():
        return False
    if moves[0].at < timezone.now() - UNDO_WITHIN:
        raise NotPossible(_("This is too long ago to be undone. Correct the balance instead."))
    for move in moves:
        if not move.card.shift(-move.amount):
            raise NotEnough
    back = [
        LoyaltyMove(card=m.card, amount=-m.amount, kind="reversed", act=f"undo:{m.pk}", undoes=m, by=by) for m in moves
    ]
    LoyaltyMove.objects.bulk_create(back)
    unlog("redeemed", moves[0].pk, by)
    return True


def moves_of(act: str) -> Any:
    """The moves done by hand under `act`."""
    return LoyaltyMove.objects.filter(act=act, kind__in=BY_HAND).order_by("pk")


@transaction.atomic
def block_card(card: LoyaltyCard, *, by: User) -> bool:
    """Block a lost card; what is on it stays its holder's. Audited. False when it was blocked already."""
    done = card.block(by=by)
    if done:
        BuyerKey.objects.filter(source=LOYALTY, key=card.number).delete()
        audit("blocked", by=by, kind="loyalty card", object_id=card.pk, title=card.shown_number)
    return done


@transaction.atomic
def unblock_card(card: LoyaltyCard, *, by: User) -> bool:
    """Let it be used again. Audited. False when it was not blocked."""
    done = card.unblock()
    if done:
        _known_at_tills(card)
        audit("unblocked", by=by, kind="loyalty card", object_id=card.pk, title=card.shown_number)
    return done


def _known_at_tills(card: LoyaltyCard) -> None:
    """Let an order that names the number of a card find its holder: see orders.matching."""
    key = BuyerKey(source=LOYALTY, key=card.number, contact_id=card.contact_id)
    BuyerKey.objects.bulk_create([key], ignore_conflicts=True)


def _locked(contact: Contact) -> list[LoyaltyCard]:
    """The cards of a person, oldest first; whoever else wants to change them waits (SQLite has one writer anyway)."""
    return list(LoyaltyCard.objects.select_for_update().filter(contact=contact).order_by("pk"))


def _done(act: str, cards: Sequence[LoyaltyCard]) -> Moves:
    return list(LoyaltyMove.objects.filter(act=act, card__in=cards).order_by("pk"))


def _spread(cards: Sequence[LoyaltyCard], amount: int) -> list[tuple[LoyaltyCard, int]]:
    """Take `amount` from the fullest cards first. Raises NotEnough, and the transaction takes everything back."""
    taken = []
    for card in sorted(cards, key=lambda card: -card.balance):
        part = min(card.balance, amount)
        if part and card.shift(-part):
            taken.append((card, -part))
            amount -= part
    if amount:
        raise NotEnough
    return taken


def _write(parts: Sequence[tuple[LoyaltyCard, int]], kind: str, act: str, **more: Any) -> Moves:
    made = [LoyaltyMove(card=card, amount=amount, kind=kind, act=act, **more) for card, amount in parts]
    return LoyaltyMove.objects.bulk_create(made)
