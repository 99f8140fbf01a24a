"""Rows that were removed from a contact or company, so that Undo brings them back within 30 days.

Each removal is a finished operation with one undo step for each row: the same machinery that undoes imports.
"""

import json
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from regulars.access import operations
from regulars.access.models import Operation, UndoStep, User
from regulars.contacts.models import Contact
from regulars.contacts.records.picture import Picture, picture_of

KIND = "removal"


def state_of(row: models.Model) -> dict[str, Any]:
    """Return every column of `row` as JSON can carry it."""
    state = {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}
    for name, value in state.items():
        if isinstance(value, models.fields.files.FieldFile):
            state[name] = value.name or ""
    return dict(json.loads(json.dumps(state, cls=DjangoJSONEncoder)))


def bring_back(model: str, state: dict[str, Any]) -> bool:
    """Insert a row again; False when its place is taken or what it belonged to is gone."""
    found = apps.get_model(model)
    values = {
        field.attname: field.to_python(state[field.attname])
        for field in found._meta.concrete_fields
        if field.attname in state
    }
    if found._default_manager.filter(pk=state[found._meta.pk.attname]).exists():
        return False
    try:
        with transaction.atomic():
            found(**values).save(force_insert=True)
    except IntegrityError:
        return False
    return True


@transaction.atomic
def remove_row(row: models.Model, *, title: str, by: User, about: dict[str, int]) -> Operation:
    """Delete `row` and keep what brings it back. `about` says whom it concerned: {"contact": 5}."""
    operation = Operation.objects.create(kind=KIND, title=title[:300], by=by, state=about, total=1, done=1)
    UndoStep.objects.create(operation=operation, model=row._meta.label_lower, object_id=row.pk, before=state_of(row))
    row.delete()
    operation.started_at = timezone.now()
    operation.finish(Operation.Status.DONE)
    return operation


@transaction.atomic
def keep_picture(contact: Contact, picture: Picture, *, title: str, by: User) -> Operation:
    """Remember points or addresses as they were before one was taken away."""
    about = {"contact": contact.pk}
    operation = Operation.objects.create(kind=KIND, title=title[:300], by=by, state=about, total=1, done=1)
    before = {"picture": picture, "contact_id": contact.pk}
    UndoStep.objects.create(operation=operation, model="contacts.contact", object_id=contact.pk, before=before)
    operation.started_at = timezone.now()
    operation.finish(Operation.Status.DONE)
    return operation


def undo_step(operation: Operation) -> bool:
    """Bring back everything that one removal took away."""
    for step in operation.undo_steps.order_by("-id"):
        before = step.before or {}
        if "picture" in before:
            _merge_back(step.object_id, before["picture"], operation.by)
        else:
            bring_back(step.model, before)
    return False


def _merge_back(pk: int, picture: Picture, by: User) -> None:
    """Add the points or addresses that are missing; what came since stays."""
    contact = Contact.objects.filter(pk=pk).first()
    if contact is None:
        return
    now = picture_of(contact)
    for key, rows in picture.items():
        known = [_without_star(row) for row in now[key]]
        missing = [row for row in rows if _without_star(row) not in known]
        contact.revise({key: [*now[key], *missing]}, expected_version=contact.version, by=by)


def _without_star(row: Any) -> Any:
    return {**row, "is_preferred": False} if isinstance(row, dict) else row[:3]


def undo_now(operation: Operation, *, by: User) -> bool:
    """Undo a finished operation in this process instead of waiting for a worker; False when it can't be undone."""
    if not operations.request_undo(operation, by=by):
        return False
    operations.run(operation)
    operation.refresh_from_db()
    return operation.status in (Operation.Status.UNDONE, Operation.Status.UNDOING)  # a worker may have been first


def register() -> None:
    """Make the kind known; called in `apps.ready()`."""
    operations.register(operations.OperationKind(KIND, step=lambda operation: False, undo_step=undo_step))
