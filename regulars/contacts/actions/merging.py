"""Two records that are the same person or company become one; undo makes two of them again for 30 days.

What is merged away stays in the database: hidden, linked to the one that is kept, with rows that would be doubles.
Everything else moves over. Undo moves back what still belongs to the kept one and writes back each value that nobody
changed since; what was changed, added or removed after the merge stays as people left it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access import operations
from regulars.access.models import Operation, UndoStep, User
from regulars.access.models.audit import audit
from regulars.contacts.actions.adding import Holder, holder_link, index_name
from regulars.contacts.actions.bringing import lock_referrals
from regulars.contacts.actions.merging_introducers import merge_introducers, unmerge_introducers
from regulars.contacts.actions.moments import Moment, log_moment
from regulars.contacts.actions.revising import mirror_main_employment, write_columns, write_profile
from regulars.contacts.models import (
    Address,
    Company,
    CompanyTag,
    Consent,
    Contact,
    ContactPoint,
    ContactTag,
    CustomField,
    Employment,
    Fact,
    ImportantDate,
    Involvement,
    Opener,
    Profile,
    Referral,
    ReferralCode,
    Relationship,
)
from regulars.contacts.records.picture import Picture, label_of, picture_of, words_for
from regulars.contacts.records.removals import bring_back
from regulars.contacts.rhythm import work_out
from regulars.timeline.models import Entry

KIND = "merge"
COLLECTIONS = ("points", "addresses", "tags")


@dataclass(frozen=True)
class Move:
    """Rows that go from one record to the other. Two rows with the same values in `same` are doubles; () for never."""

    model: Any
    field: str
    same: tuple[str, ...] = ()


MOVES: dict[type[Any], tuple[Move, ...]] = {
    Contact: (
        Move(Fact, "contact", ("kind", "text")),
        Move(Opener, "contact", ("text", "asked_at")),
        Move(Consent, "contact"),
        Move(ImportantDate, "contact", ("kind", "day", "month", "label")),
        Move(Employment, "contact", ("company_id", "role")),
        Move(Relationship, "contact", ("other_id", "kind")),
        Move(Relationship, "other", ("contact_id", "kind")),
        Move(Involvement, "contact", ("entry_id",)),
        Move(Referral, "by_contact"),
        Move(ReferralCode, "contact"),
        Move(ContactTag, "contact", ("tag_id",)),
        Move(ContactPoint, "contact", ("kind", "key")),
        Move(Address, "contact", ("street", "postcode", "city")),
        Move(Contact, "merged_into", ()),
    ),
    Company: (
        Move(Employment, "company", ("contact_id", "role")),
        Move(Referral, "by_company"),
        Move(Contact, "company", ()),
        Move(Company, "parent", ()),
        Move(Involvement, "company", ("entry_id",)),
        Move(CompanyTag, "company", ("tag_id",)),
        Move(ContactPoint, "company", ("kind", "key")),
        Move(Address, "company", ("street", "postcode", "city")),
        Move(Company, "merged_into", ()),
    ),
}


def follow(model: type[Contact] | type[Company], *moves: Move) -> None:
    """Let rows of an upper context go along when records of `model` are merged; called in `apps.ready()`."""
    MOVES[model] += tuple(move for move in moves if move not in MOVES[model])


_hooks: list[Callable[[Holder, Holder], None]] = []


def on_merged(hook: Callable[[Holder, Holder], None]) -> None:
    """Call `hook(into, other)` in the transaction of every merge and of its undo, when all rows have moved."""
    if hook not in _hooks:
        _hooks.append(hook)


def _tell_merged(into: Holder, other: Holder) -> None:
    for hook in _hooks:
        hook(into, other)


@transaction.atomic
def merge(into: Holder, other: Holder, choices: dict[str, str], *, by: User) -> Operation:
    """Make `other` part of `into` and return the finished operation, which can be undone for 30 days.

    `choices` says for each key of `records.picture_of` (and "photo") whether "into" or "other" counts; unsaid, what
    `into` has counts, and its gaps are filled. Values that were not chosen are noted on the timeline. Audited.
    Raises ValueError for the same record, for two sorts, or when one of them is gone.
    """
    if type(into) is not type(other) or into.pk == other.pk:
        raise ValueError(_("Choose two different people or two different companies."))
    lock_referrals()
    now = timezone.now()
    model = type(into)
    taken = model.objects.filter(pk=other.pk, binned_at=None, merged_into=None)
    if not model.objects.filter(pk=into.pk, binned_at=None).exists() or not taken.update(
        binned_at=now, merged_into=into, version=F("version") + 1
    ):
        raise ValueError(_("One of them is no longer there."))
    name = "contact" if model is Contact else "company"
    state: dict[str, Any] = {"model": name, "into": into.pk, "other": other.pk}
    title = _("%(other)s merged into %(into)s") % {"other": other.display_name, "into": into.display_name}
    operation = Operation.objects.create(kind=KIND, title=title[:300], by=by, state=state, total=1, done=1)
    before, theirs = picture_of(into), picture_of(other)
    values = chosen_values(before, theirs, choices)
    wanted = {key: value for key, value in values.items() if key not in COLLECTIONS and before.get(key) != value}
    _free_unique_places(into, other, operation)
    for move in MOVES[model]:
        _move(move, into, other, operation)
    merge_introducers(into, other, choices.get("source_contact", ""), operation)
    state |= {"set": _plain(wanted), "was": _plain({key: before.get(key) for key in wanted})}
    _take_photo(into, other, choices.get("photo", ""), state)
    _write(into, wanted)
    _follow(into, other, state)
    _repoint_custom(into, other, operation)
    _tell_merged(into, other)
    lost = not_chosen(before, theirs, values)
    entry = _note(into, other, lost, by)
    operation.state = state | {"entry": entry.pk}
    operation.started_at = now
    operation.finish(Operation.Status.DONE)
    changes = {"merged": [other.display_name, into.display_name]}
    audit("merged", by=by, kind=name, object_id=into.pk, title=into.display_name, changes=changes)
    audit("merged", by=by, kind=name, object_id=other.pk, title=other.display_name, changes=changes)
    return operation


def chosen_values(mine: Picture, theirs: Picture, choices: dict[str, str]) -> Picture:
    """Return the value that counts for each key: the chosen one, else mine, else theirs where mine is empty."""
    values = {}
    for key in {**mine, **theirs}:
        own, other = mine.get(key), theirs.get(key)
        take_other = choices.get(key) == "other" or (choices.get(key) != "into" and own in (None, "", [], {}))
        values[key] = other if take_other else own
    return values


def not_chosen(mine: Picture, theirs: Picture, values: Picture) -> dict[str, str]:
    """Return, in words and by label, the values that differ from what counts now and so would be out of sight."""
    labels = dict(CustomField.objects.values_list("key", "label"))
    lost = {}
    for key, value in values.items():
        if key in COLLECTIONS or key == "visibility":
            continue
        for loser in (mine.get(key), theirs.get(key)):
            words = words_for(key, loser)
            if words and loser != value:
                lost[label_of(key, labels)] = words
    return lost


def _note(into: Holder, other: Holder, lost: dict[str, str], by: User) -> Any:
    lines = [_("Merged with %(name)s.") % {"name": other.display_name}]
    if lost:
        lines.append(_("Not kept:"))
        lines += [f"{label}: {words}" for label, words in lost.items()]
    people = [into] if isinstance(into, Contact) else []
    companies = [into] if isinstance(into, Company) else []
    return log_moment(Moment("\n".join(lines), kind="note", contacts=people, companies=companies), by=by)


def _free_unique_places(into: Holder, other: Holder, operation: Operation) -> None:
    """Let go of what only one row may be: the star of a kind of point, the main employment, the birthday."""
    link = "contact" if isinstance(into, Contact) else "company"
    starred = list(into.points.filter(is_preferred=True).values_list("kind", flat=True))
    points = ContactPoint.objects.filter(**{link: other}, kind__in=starred, is_preferred=True)
    _change(points, {"is_preferred": False}, operation)
    if into.addresses.exists():
        _change(Address.objects.filter(**{link: other}, is_preferred=True), {"is_preferred": False}, operation)
    if not isinstance(into, Contact) or not isinstance(other, Contact):
        return
    if into.employments.filter(is_main=True).exists():
        _change(Employment.objects.filter(contact=other, is_main=True), {"is_main": False}, operation)
    own = into.dates.filter(kind="birthday").first()
    if own:
        theirs = ImportantDate.objects.filter(contact=other, kind="birthday")
        theirs = theirs.exclude(day=own.day, month=own.month)
        label = _("Birthday of %(name)s") % {"name": other.display_name[:90]}
        _change(theirs, {"kind": "other", "label": label}, operation)


def _change(rows: Any, values: dict[str, Any], operation: Operation) -> None:
    """Change columns of a few rows and remember what stood there."""
    for row in rows:
        before = {"row": {name: getattr(row, name) for name in values}, "set": values}
        UndoStep.objects.create(operation=operation, model=row._meta.label_lower, object_id=row.pk, before=before)
        type(row).objects.filter(pk=row.pk).update(**values)


def _move(move: Move, into: Holder, other: Holder, operation: Operation) -> None:
    """Give the rows of `other` to `into`, except doubles and ties between the two."""
    rows = move.model.objects.filter(**{move.field: other})
    if move.model is Relationship:
        rows = rows.exclude(Q(contact=into) | Q(other=into))
    if move.model is Referral:
        rows = rows.exclude(**holder_link(into))
    if move.model is type(into):
        rows = rows.exclude(pk__in=[into.pk, other.pk])
    if move.same:
        owned = move.model.objects.filter(**{move.field: into}).values_list(*move.same)
        taken = set(owned)
        ids = [row[0] for row in rows.values_list("pk", *move.same) if row[1:] not in taken]
    else:
        ids = list(rows.values_list("pk", flat=True))
    if not ids:
        return
    before: dict[str, Any] = {"moved": ids, "field": move.field}
    if move.model in (ContactPoint, Address):
        columns = [f.attname for f in move.model._meta.concrete_fields]
        before["rows"] = _plain(list(move.model.objects.filter(pk__in=ids).values(*columns)))
    label = move.model._meta.label_lower
    UndoStep.objects.create(operation=operation, model=label, object_id=other.pk, before=before)
    for start in range(0, len(ids), 500):
        move.model.objects.filter(pk__in=ids[start : start + 500]).update(**{move.field: into})


def _write(into: Holder, wanted: Picture) -> None:
    """Write single values and keep what repeats them in step."""
    write_columns(into, wanted)
    if isinstance(into, Contact):
        write_profile(into, wanted)


def _follow(into: Holder, other: Holder, state: dict[str, Any]) -> None:
    """Bring the repeated columns of the kept one up to date: points, main company, dates of contact, search words."""
    times = {"created_at": min(into.created_at, other.created_at)}
    times["last_contact_at"] = max(into.last_contact_at, other.last_contact_at)
    state["times"] = {name: [getattr(into, name).isoformat(), value.isoformat()] for name, value in times.items()}
    type(into).objects.filter(pk=into.pk).update(**times, touched_at=timezone.now(), version=into.version + 1)
    into.refresh_from_db()
    settle(into)


def settle(holder: Holder) -> None:
    """Make what repeats other rows say what they say, and rewrite the search words."""
    starred = set(holder.points.filter(is_preferred=True).values_list("kind", flat=True))
    for point in holder.points.exclude(kind__in=starred).order_by("position", "pk"):
        if point.kind not in starred:
            ContactPoint.objects.filter(pk=point.pk).update(is_preferred=True)
            starred.add(point.kind)
    if isinstance(holder, Contact):
        best = dict(holder.points.filter(is_preferred=True).values_list("kind", "value"))
        values = {"email": best.get("email", "")[:254], "phone": best.get("phone", "")[:40]}
        Contact.objects.filter(pk=holder.pk).update(**values)
        if holder.employments.filter(is_main=True).exists():
            mirror_main_employment(holder)
        elif holder.company_id:
            known = holder.employments.filter(company_id=holder.company_id, until=None).first()
            known = known or Employment(contact=holder, company_id=holder.company_id)
            known.is_main, known.role = True, known.role or holder.job_title
            known.save()
    holder.refresh_from_db()
    index_name(holder)
    if isinstance(holder, Contact):
        work_out([holder.pk])


def _take_photo(into: Holder, other: Holder, choice: str, state: dict[str, Any]) -> None:
    """Copy the other's photo where it was chosen or there was none; the earlier file waits for undo."""
    if not isinstance(into, Contact) or not isinstance(other, Contact):
        return
    own, theirs = into.profile_or_blank, other.profile_or_blank.photo
    if not theirs or not theirs.name or (own.photo and choice != "other") or not theirs.storage.exists(theirs.name):
        return
    was = own.photo.name if own.photo else ""
    with theirs.open("rb") as file:
        own.photo.save(theirs.name.rsplit("/", 1)[-1], ContentFile(file.read()), save=False)
    own.save()
    into.profile = own
    state["photo"] = {"was": was, "set": own.photo.name}
    state["photos"] = [was] if was else []


def _repoint_custom(into: Holder, other: Holder, operation: Operation) -> None:
    """Let custom fields of kind "contact" that name the merged person name the kept one."""
    if not isinstance(into, Contact):
        return
    for field in CustomField.objects.filter(kind=CustomField.Kind.CONTACT):
        model: Any = Contact if field.host == "contact" else Company
        for row in model.objects.filter(**{f"custom__{field.key}": other.pk}):
            before = {"custom": field.key, "was": other.pk, "set": into.pk}
            UndoStep.objects.create(operation=operation, model=row._meta.label_lower, object_id=row.pk, before=before)
            model.objects.filter(pk=row.pk).update(custom={**row.custom, field.key: into.pk})


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


# Undo


def undo_merge(operation: Operation) -> bool:
    """Make two of one again. Raises OperationError when one of them was merged again or erased meanwhile."""
    lock_referrals()
    state = operation.state
    model: Any = Contact if state["model"] == "contact" else Company
    into, other = (model.objects.filter(pk=state[key]).first() for key in ("into", "other"))
    if into is None or other is None or getattr(into, "erased_at", None) or getattr(other, "erased_at", None):
        raise operations.OperationError(_("One of the two is no longer there."))
    if into.merged_into_id or other.merged_into_id != into.pk:
        raise operations.OperationError(_("One of the two was merged again. Undo that first."))
    model.objects.filter(pk=other.pk).update(binned_at=None, merged_into=None)
    _write_back(into, state)
    for step in operation.undo_steps.order_by("-id"):
        _undo(step, into, other)
    Entry.objects.filter(pk=state.get("entry")).delete()
    for holder in (into, other):
        holder.refresh_from_db()
        settle(holder)
    unmerge_introducers(into, other)
    _tell_merged(into, other)
    audit("unmerged", by=operation.by, kind=state["model"], object_id=into.pk, title=into.display_name)
    return False


def _write_back(into: Holder, state: dict[str, Any]) -> None:
    """Write back the values that the merge set and nobody changed since."""
    now = _plain(picture_of(into))
    same = {key: state["was"][key] for key, value in state["set"].items() if now.get(key) == value}
    _write(into, same)
    for name, (was, value) in state["times"].items():
        if getattr(into, name).isoformat() == value:
            type(into).objects.filter(pk=into.pk).update(**{name: datetime.fromisoformat(was)})
    photo = state.get("photo")
    if photo and isinstance(into, Contact) and into.profile_or_blank.photo.name == photo["set"]:
        Profile.objects.filter(contact=into).update(photo=photo["was"])
        storage = into.profile_or_blank.photo.storage
        transaction.on_commit(lambda: storage.delete(photo["set"]))
    type(into).objects.filter(pk=into.pk).update(version=into.version + 1, touched_at=timezone.now())


def _undo(step: UndoStep, into: Holder, other: Holder) -> None:
    model, before = apps.get_model(step.model), step.before or {}
    rows = model._default_manager
    if "row" in before:
        rows.filter(pk=step.object_id, **before["set"]).update(**before["row"])
    elif "gone" in before:
        bring_back(step.model, before["gone"])
    elif "custom" in before:
        row = rows.filter(pk=step.object_id).first()
        if row is not None and row.custom.get(before["custom"]) == before["set"]:
            rows.filter(pk=row.pk).update(custom={**row.custom, before["custom"]: before["was"]})
    else:
        back = rows.filter(pk__in=before["moved"], **{before["field"]: into})
        found = set(back.values_list("pk", flat=True))
        back.filter(pk__in=found).update(**{before["field"]: other})
        _recreate([row for row in before.get("rows", []) if row["id"] not in found], model, into, other)


def _recreate(rows: list[dict[str, Any]], model: Any, into: Holder, other: Holder) -> None:
    """Points and addresses are replaced as a whole when somebody edits: give those back by their values."""
    link = "contact" if isinstance(into, Contact) else "company"
    for row in rows:
        values = {name: value for name, value in row.items() if name not in ("id", "contact_id", "company_id")}
        alike = {name: value for name, value in values.items() if name not in ("is_preferred", "position")}
        model.objects.filter(**{link: into}, **alike, is_preferred=False).delete()
        if values.get("is_preferred") and model is ContactPoint:
            starred = model.objects.filter(**{link: other}, kind=values["kind"], is_preferred=True)
            values["is_preferred"] = not starred.exists()
        model.objects.create(**{link: other}, **values)


def register() -> None:
    """Make the kind known; called in `apps.ready()`."""
    operations.register(operations.OperationKind(KIND, step=lambda operation: False, undo_step=undo_merge))
