"""Changing many people or companies at once: what can be changed, in batches, with undo.

A bulk edit is an operation of kind "bulk_edit". Its state holds the list, the change and either the chosen ids or the
query of the list; each batch looks again at what its starter may know of. An undo step holds what one record was
before and what it became; undo leaves alone what somebody else has changed since, and counts it.

A bulk edit tidies records; it is nothing that happened with people. So it moves nobody to the top of "recently touched"
and puts nothing on timelines, also when it makes somebody a customer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.access import operations
from regulars.access.door import require
from regulars.access.models import AuditEvent, Operation, Organisation, UndoStep, User
from regulars.access.models.audit import audit
from regulars.contacts.filters import Scope
from regulars.contacts.lists.bulk_changes import Change, Edit, change_named
from regulars.contacts.lists.listing import PeopleList
from regulars.contacts.lists.saved_views import PAGES
from regulars.contacts.new_owners import tell_new_owner

KIND = "bulk_edit"
BATCH = 300
AT_ONCE = 200  # this many chosen rows are changed while the person waits
TOLD_FROM = 200  # from this many rows on, the starter is notified at the end


@dataclass(frozen=True)
class Selection:
    """What was chosen in a list: rows by id, or everything that its query matches."""

    host: str
    ids: Sequence[int] = ()
    query: str | None = None
    limit: int = field(default=5_000, repr=False)

    @property
    def is_small(self) -> bool:
        """Whether it is changed at once."""
        return self.query is None and len(self.ids) <= AT_ONCE

    def rows(self, user: User) -> QuerySet[Any]:
        """What was chosen, as far as `user` may know of it, in no order."""
        scope = Scope(self.host, user, Organisation.current())
        if self.query is not None:
            return PeopleList(QueryDict(self.query), scope).matching
        visible: QuerySet[Any] = scope.model.objects.visible_to(user)
        return visible.filter(pk__in=list(self.ids)[: self.limit])


def start_bulk_edit(selection: Selection, change: Change, value: Any, *, by: User) -> Operation:
    """Start changing what was chosen and return the operation; a small selection is done when this returns.

    Records one audit event for the whole and one for each record that changes. Raises PermissionDenied without the
    capability `bulk` (and `delete` for moving to the bin).
    """
    require(by, "bulk")
    require(by, change.capability)
    last = selection.rows(by).order_by("-pk").values_list("pk", flat=True).first()
    scope = Scope(selection.host, by, Organisation.current())
    words = change.words(value, scope)
    operation = operations.start(
        KIND,
        words,
        by=by,
        host=selection.host,
        change=change.key,
        value=value,
        ids=None if selection.query is not None else list(selection.ids)[: selection.limit],
        query=selection.query,
        after=0,
        upto=last or 0,
        back=f"{reverse(PAGES[selection.host])}?{selection.query or ''}",
    )
    audit("changed many", by=by, kind=selection.host, title=words, changes={"operation": operation.pk})
    if selection.is_small:
        operations.run(operation)
        operation.refresh_from_db()
    return operation


def edit_batch(operation: Operation) -> bool:
    """Change the next batch: values, undo steps and audit events together. Returns whether there is more."""
    state = operation.state
    selection = Selection(state["host"], state["ids"] or (), state["query"])
    scope = Scope(state["host"], operation.by, Organisation.current())
    change = change_named(state["change"], scope)
    if change is None:
        raise operations.OperationError(_("What should be changed is no longer there."))
    left = selection.rows(operation.by).filter(pk__gt=state["after"], pk__lte=state["upto"])
    if operation.total is None:
        Operation.objects.filter(pk=operation.pk).update(total=left.count())
        operation.refresh_from_db(fields=["total"])
    ids = list(left.order_by("pk").values_list("pk", flat=True)[:BATCH])
    if not ids:
        operation.result = _result(operation)
        operation.advance(0)
        return False
    rows = list(scope.model.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk"))
    edits = change.apply(rows, state["value"], scope)
    _record(operation, edits, scope)
    result = dict(operation.result)
    result["changed"] = result.get("changed", 0) + len({edit.row.pk for edit in edits})
    operation.result = result
    operation.result = _result(operation)
    operation.advance(len(ids), after=ids[-1])
    return len(ids) == BATCH


def _record(operation: Operation, edits: Iterable[Edit], scope: Scope) -> None:
    label = scope.model._meta.label_lower
    edits = list(edits)
    UndoStep.objects.bulk_create(
        [UndoStep(operation=operation, model=label, object_id=e.row.pk, before=e.step) for e in edits]
    )
    AuditEvent.objects.bulk_create(
        [
            AuditEvent(
                actor=operation.by,
                verb="binned" if edit.step.get("field") == "binned_at" else "changed",
                kind=scope.host,
                object_id=edit.row.pk,
                title=edit.row.display_name[:300],
                changes=edit.audit,
            )
            for edit in edits
        ]
    )


def undo_batch(operation: Operation) -> bool:
    """Put back the next batch, newest first; what was changed since by somebody else stays and is counted."""
    state = operation.state
    steps = operation.undo_steps.order_by("-id")
    if "undone_to" in state:
        steps = steps.filter(pk__lt=state["undone_to"])
    batch = list(steps[:BATCH])
    scope = Scope(state["host"], operation.by, Organisation.current())
    change = change_named(state["change"], scope)
    if change is None:
        raise operations.OperationError(_("What was changed is no longer there, so it can't be put back."))
    rows = scope.model.objects.select_for_update(of=("self",)).in_bulk({step.object_id for step in batch})
    put_back = change.undo([(rows[s.object_id], s.before or {}) for s in batch if s.object_id in rows], scope)
    result = dict(operation.result)
    result["restored"] = result.get("restored", 0) + put_back
    result["kept"] = result.get("kept", 0) + len(batch) - put_back
    operation.result = result | {"sentence": _undone_sentence(result)}
    operation.advance(-min(len(batch), operation.done), **({"undone_to": batch[-1].pk} if batch else {}))
    return len(batch) == BATCH


def finish(operation: Operation) -> None:
    """Tell the starter when the work took long enough for them to look away; note an undo in the audit log."""
    if operation.status == Operation.Status.UNDONE:
        audit("undid", by=operation.by, kind=operation.state["host"], title=operation.title)
    given = operation.state["change"] == "owner" and operation.status == Operation.Status.DONE
    if given and operation.result.get("changed"):
        tell_new_owner(operation, operation.state["value"], by=operation.by)
    if (operation.total or 0) > TOLD_FROM:
        operations.tell_starter(operation, operation.result.get("sentence", ""))


def _result(operation: Operation) -> dict[str, Any]:
    changed = operation.result.get("changed", 0)
    sentence = ngettext("%(count)s changed.", "%(count)s changed.", changed) % {"count": f"{changed:,}"}
    return {**operation.result, "changed": changed, "sentence": sentence}


def _undone_sentence(result: dict[str, Any]) -> str:
    sentence = _("%(count)s put back.") % {"count": f"{result['restored']:,}"}
    if kept := result["kept"]:
        sentence += " " + _("%(count)s left as they are, because they were changed since.") % {"count": f"{kept:,}"}
    return sentence


operations.register(operations.OperationKind(KIND, edit_batch, undo_batch, on_finish=finish))

__all__ = ["KIND", "Selection", "start_bulk_edit"]
