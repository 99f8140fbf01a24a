"""Coupons and gift cards at the till: checked, used, sold, paid with, and any of that taken back.

Everything is done once for each `act`, the name under which a page sends it.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from regulars.access.models import Organisation, User
from regulars.access.models.audit import audit
from regulars.contacts.filters.base import CONTACT, Scope
from regulars.contacts.models import Contact
from regulars.contacts.segments.reading import condition_of
from regulars.lib.money import money_text
from regulars.orders.loyalty.spending import UNDO_WITHIN, NotPossible
from regulars.orders.loyalty.telling import log, unlog
from regulars.orders.models import Coupon, CouponUse, GiftCard, GiftMove

HUNDRED = Decimal(100)
Given = ParamSpec("Given")
Made = TypeVar("Made", CouponUse, GiftCard, GiftMove)


def once(model: type[Made]) -> Callable[[Callable[Given, Made]], Callable[Given, Made]]:
    """Let a verb be done once for each `act`, in a transaction, and return the row of `model` that it made.

    Of the same act sent twice in the same moment the later finds the place taken: it is undone as a whole, and answers
    with what the earlier has made.
    """

    def decorate(verb: Callable[Given, Made]) -> Callable[Given, Made]:
        @wraps(verb)
        def done(*arguments: Given.args, **named: Given.kwargs) -> Made:
            if known := _made(model, named["act"]):
                return known
            try:
                with transaction.atomic():
                    return verb(*arguments, **named)
            except (IntegrityError, NotPossible):
                if known := _made(model, named["act"]):
                    return known
                raise

        return done

    return decorate


def _made(model: type[Made], act: Any) -> Made | None:
    found: Made | None = model.objects.filter(act=act).first()
    return found


# Coupons


def gives(coupon: Coupon, currency: str) -> str:
    """Return what a coupon gives, in words: "10 % off", "€5.00 off", "Free: Croissant"."""
    if coupon.kind == Coupon.Kind.PERCENT:
        return _("%(percent)d %% off") % {"percent": coupon.percent}
    if coupon.kind == Coupon.Kind.AMOUNT:
        return _("%(amount)s off") % {"amount": money_text(coupon.amount or 0, currency)}
    return _("Free: %(what)s") % {"what": coupon.gift or coupon.product}


def rules_of(coupon: Coupon, currency: str, *, reader: User | None = None) -> Iterator[str]:
    """Say under which rules, a few words each; to a `reader` without names that they may not know of."""
    if coupon.minimum:
        yield _("from %(amount)s") % {"amount": money_text(coupon.minimum, currency)}
    if coupon.starts_on and coupon.starts_on > timezone.localdate():
        yield _("from %(day)s on") % {"day": date_format(coupon.starts_on, _("j F"))}
    if coupon.ends_on:
        yield _("until %(day)s") % {"day": date_format(coupon.ends_on, _("j F"))}
    if coupon.uses_each:
        yield _("%(count)d× for each person") % {"count": coupon.uses_each}
    if coupon.contact or coupon.segment:
        yield _only_for(coupon, reader)


def _only_for(coupon: Coupon, reader: User | None) -> str:
    whom = coupon.contact or coupon.segment
    if reader and whom and not type(whom).objects.visible_to(reader).filter(pk=whom.pk).exists():
        return _("only for one person") if coupon.contact else _("only for some people")
    if coupon.contact:
        return _("only for %(name)s") % {"name": coupon.contact}
    return _("only for “%(segment)s”") % {"segment": coupon.segment.name if coupon.segment else ""}


def problem_with(coupon: Coupon, contact: Contact | None, spent: int | None, currency: str, user: User) -> str:
    """Return why a coupon can't be used now, in a sentence; "" when it can.

    `spent` is the purchase in minor units, None while nobody said it.
    """
    closed = {
        "stopped": _("This coupon was stopped."),
        "used": _("This coupon has been used up."),
        "over": _("This coupon is over."),
        "waiting": _("This coupon can't be used yet."),
    }.get(coupon.state, "")
    if closed:
        return closed
    if spent is not None and spent < coupon.minimum:
        return _("It counts from %(amount)s on.") % {"amount": money_text(coupon.minimum, currency)}
    return _wrong_person(coupon, contact, user)


def _wrong_person(coupon: Coupon, contact: Contact | None, user: User) -> str:
    is_bound = coupon.is_personal or coupon.is_for_some
    if contact is None:
        return _("Find the person first: it is not for everybody.") if is_bound or coupon.uses_each else ""
    if coupon.is_personal and coupon.contact_id != contact.pk:
        return _("It is for somebody else.")
    if coupon.is_for_some and not _is_in_segment(coupon, contact, user):
        return _("It is not for this person.")
    if coupon.uses_each and _turns(coupon, contact) >= coupon.uses_each:
        return _("This person has used it already.")
    return ""


def _is_in_segment(coupon: Coupon, contact: Contact, user: User) -> bool:
    """Asked of whoever made the coupon, so that it counts at the till of a colleague who can't see the segment."""
    if coupon.segment is None:
        return False
    condition = condition_of(coupon.segment, Scope(CONTACT, coupon.created_by or user, Organisation.current()))
    return bool(Contact.objects.filter(condition.q, pk=contact.pk).exists())


def _turns(coupon: Coupon, contact: Contact) -> int:
    return int(CouponUse.objects.filter(coupon=coupon, contact=contact, undone_at=None).count())


def saves(coupon: Coupon, spent: int | None) -> int | None:
    """Return what a coupon takes off a purchase of `spent`, in minor units; None where that can't be said."""
    if coupon.kind == Coupon.Kind.AMOUNT:
        return min(coupon.amount or 0, spent) if spent is not None else coupon.amount
    if coupon.kind == Coupon.Kind.PERCENT and spent is not None:
        return int((Decimal(spent) * (coupon.percent or 0) / HUNDRED).quantize(Decimal(1), ROUND_HALF_UP))
    return coupon.product.price if coupon.kind == Coupon.Kind.PRODUCT and coupon.product else None


@once(CouponUse)
def use_coupon(
    coupon: Coupon, contact: Contact | None, *, spent: int | None, currency: str, by: User, act: str
) -> CouponUse:
    """Use a coupon once; returns the use. Sent twice, it is used once. On the timeline of the person, if one is named.

    Of two tills that use the last one at once the second is refused. Raises NotPossible with the reason.
    """
    # The guarded count comes first: it lets one till at a time check the rest, whatever the database.
    taken = coupon.take_one()
    coupon.refresh_from_db(fields=["stopped_at"])
    if not taken:
        raise NotPossible(_("Somebody was a moment faster: this coupon has been used up."))
    if problem := problem_with(coupon, contact, spent, currency, by):
        raise NotPossible(problem)
    turn = _next_turn(coupon, contact)
    use: CouponUse = CouponUse.objects.create(
        coupon=coupon, contact=contact, turn=turn, saved=saves(coupon, spent), act=act, by=by
    )
    if contact is not None:
        text = _("Used a coupon: %(name)s (%(gives)s)") % {"name": coupon.name, "gives": gives(coupon, currency)}
        log(contact, text, "coupon", use.pk, by)
    return use


def _next_turn(coupon: Coupon, contact: Contact | None) -> int:
    turns = CouponUse.objects.filter(coupon=coupon, contact=contact, undone_at=None).order_by("-turn")
    return (turns.values_list("turn", flat=True).first() or 0) + 1 if contact else 1


@transaction.atomic
def take_back_use(use: CouponUse, *, by: User) -> bool:
    """Undo one use of a coupon; its line leaves the timeline. False when that was done. Raises NotPossible after 30
    days."""
    _not_too_late(use.at)
    mine = CouponUse.objects.filter(pk=use.pk, undone_at=None)
    if not mine.update(undone_at=timezone.now()):
        return False
    Coupon.objects.filter(pk=use.coupon_id, used__gt=0).update(used=F("used") - 1)
    unlog("coupon", use.pk, by)
    return True


# Gift cards


@once(GiftCard)
def sell_gift_card(
    value: int,
    currency: str,
    *,
    by: User,
    act: str,
    buyer: Contact | None = None,
    holder: Contact | None = None,
    for_name: str = "",
    months: int | None = None,
    note: str = "",
) -> GiftCard:
    """Sell a gift card of `value` minor units that lapses after so many months; sent twice, it is sold once. Audited.

    On the timelines of the buyer and of whom it is for, as far as they are people we know.
    """
    expires = timezone.localdate() + timedelta(days=round(months * 30.44)) if months else None
    card: GiftCard = GiftCard.objects.create(
        value=value, balance=value, currency=currency, expires_on=expires, buyer=buyer, holder=holder,
        for_name=for_name, note=note, sold_by=by, act=act,
    )  # fmt: skip
    GiftMove.objects.create(card=card, amount=value, kind="sold", act=act, by=by)
    amount = money_text(value, currency)
    if buyer:
        log(buyer, _("Bought a gift card of %(amount)s") % {"amount": amount}, "gift", card.pk, by)
    if holder and holder != buyer:
        log(holder, _("Was given a gift card of %(amount)s") % {"amount": amount}, "gift", card.pk, by)
    audit("sold", by=by, kind="gift card", object_id=card.pk, title=f"{amount} {card.ends_of_code}")
    return card


def problem_with_gift(card: GiftCard) -> str:
    """Return why nobody can pay with a gift card, in a sentence; "" when somebody can."""
    return {
        "blocked": _("This gift card was blocked."),
        "empty": _("There is nothing left on it."),
        "over": _("This gift card has lapsed."),
    }.get(card.state, "")


@once(GiftMove)
def pay_with(card: GiftCard, amount: int, *, by: User, act: str, contact: Contact | None = None) -> GiftMove:
    """Pay `amount` minor units with a gift card; returns the move. Sent twice, it is paid once.

    Of two tills that take the rest at once one is refused. Raises NotPossible with the reason.
    """
    card.refresh_from_db()
    if problem := problem_with_gift(card):
        raise NotPossible(problem)
    if amount <= 0 or not card.shift(-amount):
        card.refresh_from_db()
        raise NotPossible(_("There is only %(left)s left on it.") % {"left": money_text(card.balance, card.currency)})
    move: GiftMove = GiftMove.objects.create(card=card, amount=-amount, kind="used", act=act, by=by)
    person = contact or card.holder
    if person:
        said = {"amount": money_text(amount, card.currency)}
        log(person, _("Paid %(amount)s with a gift card") % said, "gift-used", move.pk, by)
    return move


@transaction.atomic
def take_back_payment(move: GiftMove, *, by: User) -> bool:
    """Undo a payment: the amount is on the card again. False when that was done. Raises NotPossible after 30 days."""
    _not_too_late(move.at)
    GiftCard.objects.select_for_update().filter(pk=move.card_id).first()
    if move.kind != GiftMove.Kind.USED or GiftMove.objects.filter(undoes=move).exists():
        return False
    move.card.shift(-move.amount)
    GiftMove.objects.create(
        card=move.card, amount=-move.amount, kind="reversed", act=f"undo:{move.pk}", undoes=move, by=by
    )
    unlog("gift-used", move.pk, by)
    return True


@transaction.atomic
def lapse_gift_card(card: GiftCard, today: date) -> bool:
    """Write down that what is left on an expired card has lapsed; False when something happened this very moment."""
    mine = GiftCard.objects.filter(pk=card.pk, balance=card.balance, expires_on__lt=today)
    if not card.balance or not mine.update(balance=0):
        return False
    number = GiftMove.objects.filter(card=card).count()
    GiftMove.objects.create(card=card, amount=-card.balance, kind="expired", act=f"lapse:{card.pk}:{number}")
    return True


@transaction.atomic
def extend_gift_card(card: GiftCard, until: date | None, *, by: User) -> None:
    """Let it be good until another day (None: for ever); what had lapsed is on it again. Audited."""
    GiftCard.objects.select_for_update().filter(pk=card.pk).first()
    was = card.expires_on
    GiftCard.objects.filter(pk=card.pk).update(expires_on=until)
    for move in GiftMove.objects.filter(card=card, kind="expired", undone_by=None):
        GiftCard.objects.filter(pk=card.pk).update(balance=F("balance") - move.amount)
        GiftMove.objects.create(
            card=card, amount=-move.amount, kind="reversed", act=f"undo:{move.pk}", undoes=move, by=by
        )
    changes = {"expires_on": [str(was or ""), str(until or "")]}
    audit("extended", by=by, kind="gift card", object_id=card.pk, title=card.ends_of_code, changes=changes)


def switch_gift_card(card: GiftCard, *, blocked: bool, by: User) -> bool:
    """Block a gift card or let it be used again. Audited. False when it was so already."""
    done = card.block() if blocked else card.unblock()
    if done:
        verb = "blocked" if blocked else "unblocked"
        audit(verb, by=by, kind="gift card", object_id=card.pk, title=card.ends_of_code)
    return done


def _not_too_late(at: datetime) -> None:
    if at < timezone.now() - UNDO_WITHIN:
        raise NotPossible(_("This is too long ago to be undone."))
