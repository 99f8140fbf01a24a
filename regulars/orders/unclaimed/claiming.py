"""Giving orders of nobody to people: to somebody we know, or to new people made of what the orders say."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.contacts.actions.adding import Holder, Point, add_contact
from regulars.contacts.actions.moments import touch
from regulars.contacts.models import Contact, ContactPoint
from regulars.lib.text import fold
from regulars.orders import after, entries, matching
from regulars.orders.drafts import Buyer
from regulars.orders.facts import recount_of
from regulars.orders.models import HAND, Line, Order
from regulars.orders.unclaimed.buyers import UnknownBuyer, grouped_orders


@transaction.atomic
def give_all(orders: Sequence[Order], holder: Holder, *, by: User) -> list[Order]:
    """Give orders of nobody to `holder`; what somebody else claimed meanwhile is left out. Returns those given.

    Puts them on the timelines, counts the customer anew, remembers what the sources call them; audited.
    """
    link = {"contact": holder, "company_id": holder.company_id} if isinstance(holder, Contact) else {"company": holder}
    ids = [order.pk for order in orders]
    free = set(Order.objects.unclaimed().select_for_update().filter(pk__in=ids).values_list("pk", flat=True))
    given = [order for order in orders if order.pk in free]
    Order.objects.unclaimed().filter(pk__in=free).update(**link)
    for order in given:
        for name, value in link.items():
            setattr(order, name, value)
    entries.write(given, _texts(given))
    known = {(order.source, order.buyer_id) for order in given if order.buyer_id and order.source != HAND}
    matching.remember([(Buyer(external_id=number), source, holder) for source, number in known], anew=True)
    touch([holder], timezone.now())
    recount_of(given)
    after.tell(given)
    changes = {"orders": [str(order) for order in given[:20]]}
    audit("claimed orders", by=by, kind="order", object_id=holder.pk, title=holder.display_name, changes=changes)
    return given


def _texts(orders: Sequence[Order]) -> dict[int, str]:
    """What each order's line on the timeline says. One query."""
    said: dict[int, list[tuple[object, str]]] = {}
    rows = Line.objects.filter(order__in=[order.pk for order in orders]).order_by("pk")
    for pk, quantity, name in rows.values_list("order_id", "quantity", "name"):
        said.setdefault(pk, []).append((quantity, name))
    return {pk: entries.text_for(lines[: entries.SAID + 1]) for pk, lines in said.items()}  # type: ignore[arg-type]


@dataclass(frozen=True)
class Added:
    """Who has which orders now (their ids); `is_new` for somebody who was made for it."""

    holder: Holder
    orders: Sequence[int]
    is_new: bool


@transaction.atomic
def add_people(orders: Sequence[Order], *, by: User) -> list[Added]:
    """Make a new person of each buyer of `orders` of whom a name or an email is known, and give them their orders.

    Somebody who came into the book meanwhile is not added again: their orders go to them.
    """
    return [_add(buyer, orders, by) for buyer in grouped_orders(orders) if buyer.can_be_added]


def _add(buyer: UnknownBuyer, orders: Sequence[Order], by: User) -> Added:
    theirs = set(buyer.ids)
    own = [order for order in orders if order.pk in theirs]
    who = Buyer(name=buyer.name, email=buyer.email, phone=buyer.phone, external_id=buyer.number)
    holder = known = matching.find_holder(who, buyer.source)
    if holder is None:
        given, family = _split(buyer.name)
        holder = add_contact(
            by=by, display_name=buyer.name or buyer.email, given_name=given, family_name=family,
            points=[
                Point(kind, value)
                for kind, value in ((ContactPoint.Kind.EMAIL, buyer.email), (ContactPoint.Kind.PHONE, buyer.phone))
                if value
            ],
        )  # fmt: skip
    given_orders = give_all(own, holder, by=by)
    return Added(holder, [order.pk for order in given_orders], known is None)


def _split(name: str) -> tuple[str, str]:
    """Given and family name; one word is a given name."""
    words = name.split()
    if len(words) < 2 or fold(name) == "":
        return name, ""
    return " ".join(words[:-1]), words[-1]
