"""Taking an import back: what it created goes, what it changed is put back, what people did since stays.

A contact that somebody has worked with since the import goes to the bin instead, where it can be found for 30 days.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.db.models import Model, Q
from django.utils import timezone

from regulars.access.models import Operation, UndoStep
from regulars.contacts.actions import Holder
from regulars.contacts.actions.revising import set_main_employment
from regulars.contacts.indexing import index_names
from regulars.contacts.models import Company, CompanyTag, Contact, ContactPoint, ContactTag, Employment, NameWord, Tag
from regulars.lib.text import fold
from regulars.quality.importing.updating import Change, Updater
from regulars.quality.importing.writing import RowMaker
from regulars.timeline.models import Entry

CREATED = "quality.created"


def remember_created(
    operation: Operation, contacts: Sequence[Contact], companies: Sequence[Company], tags: Sequence[int]
) -> None:
    """Note what a batch created: one step for the batch, which holds only ids."""
    if contacts or companies or tags:
        UndoStep.objects.create(
            operation=operation,
            model=CREATED,
            object_id=0,
            before={
                "contacts": [contact.pk for contact in contacts],
                "companies": [company.pk for company in companies],
                "tags": list(tags),
            },
        )


def remember_updated(operation: Operation, updater: Updater, maker: RowMaker) -> None:
    """Note what a batch changed about each known contact and company, and which rows it added to them."""
    if not updater.changes:
        return
    added: dict[tuple[type, int], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for model, records in maker.added.items():
        for record in records:
            added[_holder_of(record)][model._meta.label_lower].append(record.pk)
    for entry, holder in maker.entries:
        added[type(holder), holder.pk][Entry._meta.label_lower].append(entry.pk)
    UndoStep.objects.bulk_create(
        [
            UndoStep(
                operation=operation,
                model=type(change.holder)._meta.label_lower,
                object_id=change.holder.pk,
                before=_before(change, added[type(change.holder), change.holder.pk]),
            )
            for change in updater.changes.values()
            if change.changed
        ]
    )


def _holder_of(record: Any) -> tuple[type, int]:
    contact_id: int | None = getattr(record, "contact_id", None)
    return (Contact, contact_id) if contact_id else (Company, record.company_id)


def _before(change: Change, added: dict[str, list[int]]) -> dict[str, Any]:
    return {
        "columns": change.columns,
        "profile": change.profile,
        "preferred": [pk for pk in change.preferred.values() if pk],
        "version": change.holder.version,
        "added": added,
    }


def undo_step(operation: Operation) -> bool:
    """Undo the newest step; returns whether there are more."""
    steps = list(UndoStep.objects.filter(operation=operation).order_by("-id")[:50])
    if not steps:
        return False
    if steps[0].model == CREATED:
        steps = steps[:1]
        rows = _undo_created(operation, steps[0].before or {})
    else:
        steps = [step for step in steps if step.model != CREATED]
        rows = len(steps)
        for step in steps:
            _undo_updated(step)
    UndoStep.objects.filter(pk__in=[step.pk for step in steps]).delete()
    operation.result["undone"] = operation.result.get("undone", 0) + rows
    operation.advance(0)
    return True


def _undo_created(operation: Operation, created: dict[str, list[int]]) -> int:
    contacts = Contact.objects.filter(pk__in=created.get("contacts", []))
    worked_with = Q(version__gt=1) | Q(involvements__entry__snapshot__imported__isnull=True, involvements__isnull=False)
    kept = set(contacts.filter(worked_with).values_list("pk", flat=True))
    binned = Contact.objects.filter(pk__in=kept, binned_at=None).update(binned_at=timezone.now())
    operation.result["binned"] = operation.result.get("binned", 0) + binned
    gone = [pk for pk in contacts.values_list("pk", flat=True) if pk not in kept]
    _delete_holders(Contact, "contact", gone)
    companies = created.get("companies", [])
    busy = Q(employments__isnull=False) | Q(version__gt=1) | Q(main_people__isnull=False) | Q(children__isnull=False)
    in_use = set(Company.objects.filter(busy, pk__in=companies).values_list("pk", flat=True))
    operation.state["companies_left"] = operation.state.get("companies_left", []) + sorted(in_use)
    _delete_holders(Company, "company", [pk for pk in companies if pk not in in_use])
    left = list(operation.state["companies_left"])
    if left:  # a company made by an early batch for people of a later one
        empty = list(Company.objects.filter(pk__in=left).exclude(busy).values_list("pk", flat=True))
        _delete_holders(Company, "company", empty)
    _delete_tags(created.get("tags", []))
    return len(created.get("contacts", [])) + len(companies)


def _delete_holders(model: type[Model], link: str, ids: Sequence[int]) -> None:
    if not ids:
        return
    entries = Entry.objects.filter(**{f"involvements__{link}__in": ids}, snapshot__imported=True)
    Entry.objects.filter(pk__in=list(entries.values_list("pk", flat=True))).delete()
    NameWord.objects.filter(**{f"{link}__in": ids}).delete()
    model._default_manager.filter(pk__in=ids).delete()


def _delete_tags(ids: Iterable[int]) -> None:
    used = set(ContactTag.objects.filter(tag__in=ids).values_list("tag_id", flat=True))
    used |= set(CompanyTag.objects.filter(tag__in=ids).values_list("tag_id", flat=True))
    Tag.objects.filter(pk__in=[pk for pk in ids if pk not in used]).delete()


def _undo_updated(step: UndoStep) -> None:
    """Put back the values that nobody changed since, and take away the rows that were added."""
    model = apps.get_model(step.model)
    holder: Holder | None = model._default_manager.filter(pk=step.object_id).first()
    before = step.before or {}
    if holder is None:
        return
    for label, ids in before.get("added", {}).items():
        apps.get_model(label)._default_manager.filter(pk__in=ids).delete()
    ContactPoint.objects.filter(pk__in=before.get("preferred", [])).update(is_preferred=True)
    old_company = holder.company_id if isinstance(holder, Contact) else None
    names = _put_back(holder, before.get("columns", {}))
    if isinstance(holder, Contact):
        _repeat_points(holder)
        profile = holder.profile_or_blank
        if profile.pk and _put_back(profile, before.get("profile", {})):
            profile.save()
        if {"company_id", "job_title"} & names:
            set_main_employment(holder, old_company)
            if old_company and old_company != holder.company_id:
                Employment.objects.filter(contact=holder, company_id=old_company, is_main=False, since=None).delete()
    if {"display_name", "given_name", "family_name"} & names:
        holder.sort_name = fold(holder.display_name)[:300]
        index_names([holder])
    # Back to the version from before when nobody edited since: whoever has the earlier page open sees what stands.
    was = before.get("version", 0)
    holder.version = was if holder.version == was + 1 else holder.version + 1
    holder.save()


def _put_back(record: Any, values: dict[str, list[Any]]) -> set[str]:
    restored = set()
    for name, (before, after) in values.items():
        field = record._meta.get_field(name)
        current = getattr(record, field.attname)
        if (current.name if name == "photo" else current) == after:
            setattr(record, field.attname, before)
            restored.add(name)
    return restored


def _repeat_points(contact: Contact) -> None:
    """Make the repeated columns say what the preferred points say."""
    best = dict(contact.points.filter(is_preferred=True).values_list("kind", "value"))
    contact.email, contact.phone = best.get("email", "")[:254], best.get("phone", "")[:40]
