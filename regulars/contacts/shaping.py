"""What the business sorts by: custom fields, tags, stages and sources are added, renamed, merged, removed here."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from regulars.access import operations
from regulars.access.models import Operation, UndoStep, User
from regulars.access.models.audit import audit
from regulars.contacts.models import CompanyTag, ContactTag, CustomField, Source, Stage, Tag

TAG_KIND = "remove_tag"
BATCH = 1_000
_LINKS: dict[str, tuple[Any, str]] = {"people": (ContactTag, "contact_id"), "companies": (CompanyTag, "company_id")}


def free_key(host: str, label: str) -> str:
    """Return a key for a new field that no other has: "Dietary limits" gives "dietary_limits"."""
    base = slugify(label).replace("-", "_")[:40] or "field"
    taken = set(CustomField.objects.filter(host=host, key__startswith=base).values_list("key", flat=True))
    return next(key for key in (base, *(f"{base}_{n}" for n in range(2, 1000))) if key not in taken)


@transaction.atomic
def add_field(*, by: User, host: str, label: str, kind: str, options: Sequence[str] = ()) -> CustomField:
    """Add a custom field behind the others. Records an audit event."""
    last = CustomField.objects.filter(host=host).aggregate(last=Max("position"))["last"] or 0
    field = CustomField.objects.create(
        host=host, key=free_key(host, label), label=label, kind=kind, options=list(options), position=last + 1
    )
    audit("added", by=by, kind="custom field", object_id=field.pk, title=label)
    return field


@transaction.atomic
def change_field(field: CustomField, *, by: User, label: str, options: Sequence[str]) -> None:
    """Rename a field or change its choices; values that are no choice any more stay where they are. Audited."""
    changes = {
        name: [before, after]
        for name, before, after in (("label", field.label, label), ("options", field.options, list(options)))
        if before != after
    }
    if changes:
        field.label, field.options = label, list(options)
        field.save(update_fields=["label", "options"])
        audit("changed", by=by, kind="custom field", object_id=field.pk, title=label, changes=changes)


@transaction.atomic
def set_field_archived(field: CustomField, archived: bool, *, by: User) -> None:
    """Take a field out of forms and lists, or bring it back; its values stay either way. Audited."""
    field.archived_at = timezone.now() if archived else None
    field.save(update_fields=["archived_at"])
    audit("archived" if archived else "restored", by=by, kind="custom field", object_id=field.pk, title=field.label)


@transaction.atomic
def put_in_order(model: type[Model], ids: Sequence[int]) -> None:
    """Number the records in the order of `ids`; unknown ids are passed over, the others keep their numbers."""
    records = model._default_manager.in_bulk(list(ids))
    for position, pk in enumerate(ids, 1):
        if pk in records:
            model._default_manager.filter(pk=pk).update(position=position)


@transaction.atomic
def rename(record: Stage | Source | Tag, name: str, *, by: User, **more: Any) -> None:
    """Give a stage, source or tag another name (`more`: other columns). Audited when something differs."""
    before = {"name": record.name, **{key: getattr(record, key) for key in more}}
    after = {"name": name, **more}
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changes:
        type(record).objects.filter(pk=record.pk).update(**after)
        audit("changed", by=by, kind=record._meta.model_name or "", object_id=record.pk, title=name, changes=changes)


@transaction.atomic
def add_stage(name: str, *, by: User, is_customer: bool = False) -> Stage:
    """Add a stage behind the others. Audited."""
    last = Stage.objects.aggregate(last=Max("position"))["last"] or 0
    base = slugify(name).replace("-", "_")[:16] or "stage"
    keys = set(Stage.objects.values_list("key", flat=True))
    key = next(key for key in (base, *(f"{base}_{n}" for n in range(2, 1000))) if key not in keys)
    stage = Stage.objects.create(key=key, name=name, position=last + 1, is_customer=is_customer)
    audit("added", by=by, kind="stage", object_id=stage.pk, title=name)
    return stage


@transaction.atomic
def add_source(name: str, *, by: User) -> Source:
    """Add a source behind the others. Audited."""
    last = Source.objects.aggregate(last=Max("position"))["last"] or 0
    source = Source.objects.create(name=name, position=last + 1)
    audit("added", by=by, kind="source", object_id=source.pk, title=name)
    return source


def remove_unused(record: Stage | Source, *, by: User) -> bool:
    """Remove a stage or source that nobody has; False when somebody has it. Audited."""
    if isinstance(record, Stage):
        used = record.contacts.exists() or record.companies.exists()
    else:
        used = record.profiles.exists()
    if used:
        return False
    with transaction.atomic():
        audit("removed", by=by, kind=record._meta.model_name or "", object_id=record.pk, title=record.name)
        record.delete()
    return True


def remove_tag(tag: Tag, *, by: User, into: Tag | None = None) -> Operation:
    """Take a tag off everybody and remove it; those who had it get `into` instead. Runs now, can be undone. Audited."""
    words = {"tag": tag.name, "other": into.name if into else ""}
    title = _("Merge the tag “%(tag)s” into “%(other)s”") if into else _("Remove the tag “%(tag)s”")
    audit(
        "merged" if into else "removed",
        by=by,
        kind="tag",
        object_id=tag.pk,
        title=tag.name,
        changes={"into": words["other"]},
    )
    operation = operations.start(
        TAG_KIND, title % words, by=by, tag=tag.pk, name=tag.name, into=into.pk if into else None
    )
    operations.run(operation)
    operation.refresh_from_db()
    return operation


def remove_tag_step(operation: Operation) -> bool:
    """Take the tag off the next thousand; at the end remove the tag itself."""
    tag, into = operation.state["tag"], operation.state["into"]
    for name, (model, link) in _LINKS.items():
        ids = list(model.objects.filter(tag=tag).values_list(link, flat=True)[:BATCH])
        if not ids:
            continue
        added: list[int] = []
        if into:
            have = set(model.objects.filter(tag=into, **{f"{link}__in": ids}).values_list(link, flat=True))
            added = [pk for pk in ids if pk not in have]
            model.objects.bulk_create([model(**{link: pk}, tag_id=into) for pk in added], ignore_conflicts=True)
        model.objects.filter(tag=tag, **{f"{link}__in": ids}).delete()
        before = {"links": name, "ids": ids, "added": added}
        UndoStep.objects.create(operation=operation, model="contacts.tag", object_id=tag, before=before)
        operation.advance(len(ids))
        return True
    Tag.objects.filter(pk=tag).delete()
    UndoStep.objects.create(operation=operation, model="contacts.tag", object_id=tag, before={})
    operation.advance(1)
    return False


def restore_tag_step(operation: Operation) -> bool:
    """Make the tag again and put it back on the next thousand that are still there."""
    state = operation.state
    tag = Tag.objects.filter(name__iexact=state["name"]).first() or Tag.objects.create(name=state["name"])
    steps = operation.undo_steps.order_by("-id")
    step = steps.filter(pk__lt=state["undone_to"]).first() if "undone_to" in state else steps.first()
    if step is None:
        return False
    if step.before:
        model, link = _LINKS[step.before["links"]]
        holder = model._meta.get_field(link.removesuffix("_id")).related_model
        there = holder.objects.filter(pk__in=step.before["ids"]).values_list("pk", flat=True)
        model.objects.bulk_create([model(**{link: pk}, tag=tag) for pk in there], ignore_conflicts=True)
        model.objects.filter(tag=state["into"], **{f"{link}__in": step.before["added"]}).delete()
    operation.advance(0, undone_to=step.pk)
    return True


operations.register(operations.OperationKind(TAG_KIND, remove_tag_step, restore_tag_step))
