"""Removing a segment, so that Undo brings it back with everybody on it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access import operations
from regulars.access.models import Operation, UndoStep, User
from regulars.access.models.audit import audit
from regulars.contacts.models import Contact, Segment, SegmentMember
from regulars.contacts.records.removals import bring_back, state_of

KIND = "segment_removal"
CHUNK = 5_000


@transaction.atomic
def remove_segment(segment: Segment, *, by: User) -> Operation:
    """Delete the segment and keep what brings it back for 30 days. Audited."""
    title = _("Remove the segment “%(name)s”") % {"name": segment.name}
    operation = Operation.objects.create(kind=KIND, title=title[:300], by=by, total=1, done=1)
    label = segment._meta.label_lower
    ids = list(segment.members.values_list("contact_id", flat=True))
    for start in range(0, len(ids), CHUNK):
        before = {"people": ids[start : start + CHUNK]}
        UndoStep.objects.create(operation=operation, model=label, object_id=segment.pk, before=before)
    UndoStep.objects.create(operation=operation, model=label, object_id=segment.pk, before=state_of(segment))
    audit("removed", by=by, kind="segment", object_id=segment.pk, title=segment.name)
    segment.delete()
    operation.started_at = timezone.now()
    operation.finish(Operation.Status.DONE)
    return operation


def undo_step(operation: Operation) -> bool:
    """Bring the segment back, and on it everybody who is still there."""
    for step in operation.undo_steps.order_by("-id"):
        before = step.before or {}
        if "people" not in before:
            if not bring_back(step.model, before):
                raise operations.OperationError(_("There is a segment of this name again."))
            continue
        there = Contact.objects.filter(pk__in=before["people"], erased_at=None).values_list("pk", flat=True)
        rows = [SegmentMember(segment_id=step.object_id, contact_id=pk, added_by=operation.by) for pk in there]
        SegmentMember.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return False


operations.register(operations.OperationKind(KIND, step=lambda operation: False, undo_step=undo_step))

__all__ = ["Segment", "remove_segment"]
