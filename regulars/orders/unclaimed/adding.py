"""Making new people of unknown buyers, those that were chosen or all there are: an operation, so that very many are
added in the background with progress, and any number can be undone.
"""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.access import operations
from regulars.access.models import Operation, UndoStep, User
from regulars.contacts.actions.binning import bin_holder
from regulars.contacts.models import Contact, Involvement
from regulars.lib.keyset import by as ordered_by
from regulars.lib.keyset import read_page
from regulars.orders.actions.changing import take_away
from regulars.orders.models import Order
from regulars.orders.unclaimed.buyers import orders_of
from regulars.orders.unclaimed.claiming import Added, add_people

KIND = "orders.people"
WINDOW = 200  # orders that one transaction looks at
AT_ONCE = 100  # buyers that are added while the person waits
OF_ORDERS = ("order", "milestone", "loyalty")  # entries that come by themselves
GIVEN, MADE = "orders.order", "contacts.contact"


def start_adding(keys: Sequence[str] | None, *, by: User) -> Operation:
    """Make people of the buyers of these keys (None: of everybody who waits) and give them their orders.

    A few are done when this returns; otherwise a worker goes on with it.
    """
    newest = Order.objects.unclaimed().order_by("-pk").values_list("pk", flat=True).first() if keys is None else 0
    operation = operations.start(
        KIND,
        _("Add buyers as new people"),
        by=by,
        keys=None if keys is None else list(keys),
        upto=newest or 0,
        after="",
        back=reverse("unclaimed"),
    )
    if keys is not None and len(keys) <= AT_ONCE:
        operations.run(operation)
        operation.refresh_from_db()
    return operation


def add_step(operation: Operation) -> bool:
    """Add the buyers of the next orders, with what is needed to take it back. Returns whether there are more."""
    state = operation.state
    if state["keys"] is not None:
        left = state["keys"][AT_ONCE:]
        orders = orders_of(state["keys"][:AT_ONCE])
        told = {"keys": left, "after": ""}
    else:
        if operation.total is None:
            operation.total = Order.objects.unclaimed().filter(pk__lte=state["upto"]).count()
            operation.save(update_fields=["total"])
        waiting = Order.objects.unclaimed().filter(pk__lte=state["upto"])
        page = read_page(waiting, ordered_by("placed_at"), state["after"], WINDOW)
        orders = list(Order.objects.filter(pk__in=page.ids).order_by("placed_at", "pk"))
        told = {"keys": None, "after": page.next}
    _remember(operation, add_people(orders, by=operation.by))
    operation.advance(len(orders), **told)
    return bool(told["keys"] or told["after"])


def _remember(operation: Operation, added: Sequence[Added]) -> None:
    steps = []
    for one in added:
        if one.is_new:
            steps.append(UndoStep(operation=operation, model=MADE, object_id=one.holder.pk, before=None))
        steps += [UndoStep(operation=operation, model=GIVEN, object_id=pk, before={}) for pk in one.orders]
    UndoStep.objects.bulk_create(steps)
    counts = operation.result.setdefault("counts", {})
    counts["people"] = counts.get("people", 0) + sum(one.is_new for one in added)
    counts["orders"] = counts.get("orders", 0) + sum(len(one.orders) for one in added)
    people, orders = counts["people"], counts["orders"]
    said = ngettext("%(orders)s order has its customer now", "%(orders)s orders have their customers now", orders)
    new = ngettext("%(people)s new person.", "%(people)s new people.", people)
    operation.result["sentence"] = f"{said % {'orders': f'{orders:,}'}}, {new % {'people': f'{people:,}'}}"


def undo_step(operation: Operation) -> bool:
    """Make the orders of the newest steps nobody's again; people that came of them and nothing else go to the bin."""
    steps = list(UndoStep.objects.filter(operation=operation).order_by("-id")[:WINDOW])
    orders = Order.objects.filter(pk__in=[step.object_id for step in steps if step.model == GIVEN])
    if found := list(orders.select_related("contact", "company")):
        take_away(found, by=operation.by)
    made = Contact.objects.filter(pk__in=[step.object_id for step in steps if step.model == MADE], binned_at=None)
    for person in made:
        if not _is_lived_in(person):
            bin_holder(person, by=operation.by)
    UndoStep.objects.filter(pk__in=[step.pk for step in steps]).delete()
    operation.advance(0)
    return bool(steps)


def _is_lived_in(person: Contact) -> bool:
    """Whether something happened with them since they were added."""
    return (
        person.orders.exists()
        or person.version > 1
        or Involvement.objects.filter(contact=person).exclude(kind__in=OF_ORDERS).exists()
    )


def register() -> None:
    """Make the operation known; called in `apps.ready()`."""
    operations.register(operations.OperationKind(KIND, add_step, undo_step, on_finish=_tell))


def _tell(operation: Operation) -> None:
    if operation.state.get("keys") is None:
        operations.tell_starter(operation)
