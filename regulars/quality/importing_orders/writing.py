"""Keeping a batch of orders, with what is needed to take it back."""

from typing import Any

from regulars.access.models import Operation, UndoStep
from regulars.orders.drafts import BadOrder
from regulars.orders.models import Order
from regulars.orders.recording import record_many
from regulars.quality.importing.sorts import Outcome, Reading
from regulars.quality.importing_orders import counting
from regulars.quality.importing_orders.planning import fail, plan
from regulars.quality.importing_orders.undoing import BROUGHT, LEFT, ORDER, left_as, picture_of

COUNTED_AS = {"created": "created", "updated": "updated", "same": "skipped", "late": "skipped"}


def write(operation: Operation, reading: Reading) -> Outcome:
    """Keep the orders of a batch in the caller's transaction; notes what was before."""
    imported = reading.imported
    made = plan(reading.batch, imported)
    columns = [column.target for column in imported.mapped().columns]
    drafts = [piece.draft for piece in made.keep if piece.draft]
    before = _pictures([draft.external_id for draft in drafts if draft.external_id in made.known], made.known)
    results = record_many(drafts, by=imported.by, operation=operation, count_later=True)
    changed: list[Order] = []
    brought = 0
    for piece, result in zip(made.keep, results, strict=True):
        if isinstance(result, BadOrder):
            fail(made, piece, result, imported.headers, columns)
            continue
        made.counts[COUNTED_AS[result.outcome]] += 1
        if result.outcome == "created":
            brought += 1
            made.counts["unclaimed"] += result.order.contact_id is None and result.order.company_id is None
        elif result.outcome == "updated" and result.order.pk in before:
            changed.append(result.order)
    counting.note(operation)
    _remember(operation, brought, {order.pk: before[order.pk] | {LEFT: left_as(order)} for order in changed})
    return Outcome(made.counts, made.bad)


def _pictures(ids: list[str], known: dict[str, Order]) -> dict[int, dict[str, Any]]:
    """What is known of orders that may change. One query."""
    pks = [known[name].pk for name in ids]
    return {order.pk: picture_of(order) for order in Order.objects.filter(pk__in=pks).prefetch_related("lines")}


def _remember(operation: Operation, brought: int, before: dict[int, dict[str, Any]]) -> None:
    steps = [UndoStep(operation=operation, model=ORDER, object_id=pk, before=was) for pk, was in before.items()]
    if brought:
        steps.append(UndoStep(operation=operation, model=BROUGHT, object_id=0, before={"orders": brought}))
    UndoStep.objects.bulk_create(steps)
