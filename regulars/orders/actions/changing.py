"""What a colleague does with one order: refund, cancel, give it to somebody. Each can be taken back."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.contacts.actions.adding import Holder
from regulars.contacts.actions.moments import touch
from regulars.contacts.models import Contact
from regulars.lib.money import money_text
from regulars.orders import after, entries, matching
from regulars.orders.checking import status_for
from regulars.orders.drafts import BadOrder, Buyer
from regulars.orders.facts import recount
from regulars.orders.models import Order
from regulars.orders.rates import home_currency
from regulars.orders.valuing import margin_of, value_of

Status = Order.Status
CLAIMED_AT_ONCE = 500


class ChangedMeanwhile(Exception):
    """Somebody else changed the order first; nothing was done."""


@transaction.atomic
def refund(order: Order, minor: int, *, by: User, returned: Mapping[int, Decimal] | None = None) -> None:
    """Give back `minor` units more, or take a refund back where it is negative.

    `returned` says how much of which lines (by id) comes back with it, or is taken back; none where nobody knows.
    Corrects the timeline, the customer's facts and what hangs on the order; audited. Raises BadOrder for more than is
    left or nothing at all, ChangedMeanwhile when somebody was faster.
    """
    if order.status == Status.CANCELLED:
        raise BadOrder("amount", _("A cancelled order has nothing to refund."))
    refunded = order.refunded + minor
    if not minor or not 0 <= refunded <= order.total:
        left = money_text(order.total - order.refunded, order.currency)
        raise BadOrder("amount", _("Between nothing and %(left)s can be refunded.") % {"left": left})
    before = order.refunded
    _return(order, returned or {}, 1 if minor > 0 else -1)
    _write(order, {"refunded": refunded, "status": status_for(order.status, order.total, refunded)})
    audit(
        "refunded", by=by, kind="order", object_id=order.pk, title=str(order), changes={"refunded": [before, refunded]}
    )


def _return(order: Order, returned: Mapping[int, Decimal], sign: int) -> None:
    """Note on the lines what came back of them, never more than there was."""
    for line in order.lines.filter(pk__in=returned):
        back = (line.returned or Decimal(0)) + sign * returned[line.pk]
        order.lines.filter(pk=line.pk).update(returned=min(max(back, Decimal(0)), line.quantity) or None)


@transaction.atomic
def cancel(order: Order, *, by: User) -> None:
    """Cancel it: it counts as no purchase any more. Audited. Raises ChangedMeanwhile when somebody was faster."""
    if order.status == Status.CANCELLED:
        raise ChangedMeanwhile
    before = order.status
    _write(order, {"status": Status.CANCELLED})
    audit(
        "cancelled",
        by=by,
        kind="order",
        object_id=order.pk,
        title=str(order),
        changes={"status": [before, "cancelled"]},
    )


@transaction.atomic
def reinstate(order: Order, status: str = Status.PAID, *, by: User) -> None:
    """Take a cancellation back; `status` is where it stood. Raises ChangedMeanwhile when it is not cancelled."""
    if order.status != Status.CANCELLED:
        raise ChangedMeanwhile
    status = status if status in (Status.PLACED, Status.PAID, Status.FULFILLED) else Status.PAID
    _write(order, {"status": status_for(status, order.total, order.refunded)})
    audit(
        "reinstated",
        by=by,
        kind="order",
        object_id=order.pk,
        title=str(order),
        changes={"status": ["cancelled", status]},
    )


def _write(order: Order, changes: dict[str, Any]) -> None:
    """Write what changed if nobody was faster, its value anew, and all that follows."""
    was = {"status": order.status, "refunded": order.refunded}
    for name, value in changes.items():
        setattr(order, name, value)
    home = home_currency()
    order.value = value_of(order, order.rate, home)
    order.margin = margin_of(order, order.rate, home, order.lines.select_related("product"))
    order.status_at = timezone.now()
    columns = ("status", "refunded", "value", "margin", "status_at")
    if not Order.objects.filter(pk=order.pk, **was).update(**{name: getattr(order, name) for name in columns}):
        raise ChangedMeanwhile
    _follow([order])


def _follow(orders: Sequence[Order], *, also: Sequence[Holder] = ()) -> None:
    """Keep timelines, facts and what hangs on the orders in step; `also` are whose they were."""
    for order in orders:
        entries.keep_in_step(order)
    people = {order.contact_id for order in orders if order.contact_id} | {h.pk for h in also if isinstance(h, Contact)}
    firms = [order.company_id for order in orders]
    firms += [h.company_id if isinstance(h, Contact) else h.pk for h in also]
    recount(people, {pk for pk in firms if pk})
    after.tell(orders)


@transaction.atomic
def give_to(order: Order, holder: Holder, *, by: User, others: bool = True) -> list[Order]:
    """Say whose an order is; with `others` also those of nobody that the same buyer made. Returns all that were given.

    What the source calls the buyer is remembered, so that their next order finds them. Audited. Raises ChangedMeanwhile
    when somebody else has said so first.
    """
    given = [order, *(_free_of_buyer(order).select_for_update() if others else [])]
    was = [order.holder] if order.holder else []
    link: dict[str, Any] = {"contact": None, "company": holder}
    if isinstance(holder, Contact):
        link = {"contact": holder, "company_id": holder.company_id}
    before: dict[str, Any] = {"contact_id": order.contact_id, "company_id": order.company_id}
    if not Order.objects.filter(pk=order.pk, **before).update(**link):
        raise ChangedMeanwhile
    Order.objects.unclaimed().filter(pk__in=[one.pk for one in given[1:]]).update(**link)
    for one in given:
        one.contact = one.company = None
        for name, value in link.items():
            setattr(one, name, value)
    buyer = Buyer(external_id=order.buyer_id)
    if order.buyer_id and order.source != "hand":
        matching.remember([(buyer, order.source, holder)], anew=True)
    touch([holder], timezone.now())
    _follow(given, also=was)
    changes = {"orders": [str(one) for one in given[:20]]}
    audit("claimed orders", by=by, kind="order", object_id=order.pk, title=holder.display_name, changes=changes)
    return given


def unclaimed_of_buyer(order: Order) -> list[Order]:
    """Other orders of nobody by the same buyer: the same email, else the same id at the same source."""
    return list(_free_of_buyer(order))


def _free_of_buyer(order: Order) -> "QuerySet[Order]":
    free: QuerySet[Order] = Order.objects.unclaimed().exclude(pk=order.pk)
    if order.buyer_email:
        return free.filter(buyer_email=order.buyer_email).order_by("pk")[: CLAIMED_AT_ONCE - 1]
    if order.buyer_id:
        same = free.filter(buyer_id=order.buyer_id, source=order.source)
        return same.order_by("-placed_at", "-pk")[: CLAIMED_AT_ONCE - 1]
    return free.none()


@transaction.atomic
def take_away(orders: Sequence[Order], *, by: User) -> None:
    """Make orders nobody's again: undoes `give_to`. The entries leave the timelines.

    What somebody gave to somebody else since it was read is left alone.
    """
    rows = Order.objects.select_for_update().filter(pk__in=[one.pk for one in orders])
    held = set(rows.values_list("pk", "contact_id", "company_id"))
    orders = [one for one in orders if (one.pk, one.contact_id, one.company_id) in held]
    was = [one.holder for one in orders if one.holder]
    Order.objects.filter(pk__in=[one.pk for one in orders]).update(contact=None, company=None)
    for one in orders:
        one.contact = one.company = None
    entries.drop([one.pk for one in orders])
    _follow([], also=was)
    after.tell(orders)
    audit("gave back orders", by=by, kind="order", title=", ".join(str(one) for one in orders[:20]))
