"""What a draft changes about somebody known: filling gaps, or letting the file win. Nothing that was there is lost.

Columns are filled or replaced; phones, emails, addresses, tags, dates, facts and notes are added when missing. With
"overwrite" the file's first phone and email become the preferred ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Model, Prefetch

from regulars.contacts.actions import Holder
from regulars.contacts.actions.revising import set_main_employment
from regulars.contacts.indexing import index_names
from regulars.contacts.models import Company, Contact, ContactPoint, Involvement
from regulars.lib.text import fold
from regulars.quality.files.draft import Draft
from regulars.quality.importing.writing import Have, RowMaker, address_words


@dataclass(slots=True)
class Change:
    """What a batch does to one known holder: the values before and after, by column, of itself and its profile."""

    holder: Holder
    have: Have
    columns: dict[str, list[Any]] = field(default_factory=dict)
    profile: dict[str, list[Any]] = field(default_factory=dict)
    preferred: dict[str, int | None] = field(default_factory=dict)
    changed: bool = False


def load(ids: Iterable[int], model: type[Contact] | type[Company]) -> dict[int, tuple[Holder, Have]]:
    """Return the holders with these ids and what they have; a fixed number of queries."""
    related = ["points", "addresses"]
    is_contact = model is Contact
    related += ["contact_tags", "dates", "facts"] if is_contact else ["company_tags"]
    # Joined: followed one by one, SQLite gets an OR for each entry and gives up at a thousand.
    notes = Prefetch("involvements", Involvement.objects.filter(kind="note").select_related("entry"), to_attr="notes")
    rows = model._default_manager.filter(pk__in=set(ids)).prefetch_related(*related, notes)
    if is_contact:
        rows = rows.select_related("profile", "company")
    return {holder.pk: (holder, _have(holder)) for holder in rows}


def _have(holder: Any) -> Have:
    have = Have()
    for point in holder.points.all():
        have.points.add((point.kind, point.key))
        have.position = max(have.position, point.position + 1)
        if point.is_preferred:
            have.preferred.add(point.kind)
    have.addresses = {address_words(vars(address)) for address in holder.addresses.all()}
    have.notes = {note.entry.text for note in holder.notes}
    if isinstance(holder, Contact):
        have.tags = {link.tag_id for link in holder.contact_tags.all()}
        have.dates = {
            (d.kind, "" if d.kind == "birthday" else f"{d.label or d.kind}{d.month}-{d.day}")
            for d in holder.dates.all()
        }
        have.facts = {fact.text for fact in holder.facts.all()}
        have.profile = holder.profile_or_blank
    else:
        have.tags = {link.tag_id for link in holder.company_tags.all()}
    return have


class Updater:
    """Applies drafts to known holders within a batch; `changes` says what was done to each."""

    def __init__(self, maker: RowMaker, known: dict[tuple[type, int], tuple[Holder, Have]], overwrite: bool) -> None:
        self.maker, self.known, self.overwrite = maker, known, overwrite
        self.changes: dict[tuple[type, int], Change] = {}

    def apply(self, pk: int, draft: Draft, company: int | None, custom: dict[str, Any], tags: list[str]) -> bool:
        """Change the holder `pk` as the draft says; return whether anything differed."""
        key = (Company if draft.kind == "company" else Contact, pk)
        holder, have = self.known[key]
        change = self.changes.setdefault(key, Change(holder, have))
        before = self.maker.size
        self._columns(change, self._wanted(holder, draft, company))
        self._custom(change, custom)
        if isinstance(holder, Contact):
            self._profile(change, draft)
        if self.overwrite:
            self._prefer(change, draft)
        self.maker.add_details(holder, draft, have, tags)
        differs = bool(change.columns or change.profile or change.preferred) or self.maker.size > before
        change.changed = change.changed or differs
        return differs

    def _wanted(self, holder: Holder, draft: Draft, company: int | None) -> dict[str, Any]:
        references = self.maker.references
        wanted: dict[str, Any] = {"stage": references.stage_of(draft)}
        if draft.owner:
            wanted["owner"] = references.owner_of(draft)
        if isinstance(holder, Company):
            return wanted | {"display_name": draft.company, "domain": draft.company_domain,
                             "industry": draft.industry[:100], "size": draft.size[:40]}  # fmt: skip
        return wanted | {
            "display_name": draft.full_name[:300],
            "given_name": draft.given[:150],
            "family_name": draft.family[:150],
            "job_title": draft.job_title[:150],
            "company_id": company,
        }

    def _columns(self, change: Change, wanted: dict[str, Any]) -> None:
        for name, value in wanted.items():
            current = getattr(change.holder, name)
            if not value or value == current or (current and not self.overwrite):
                continue
            was = change.columns.get(name, [plain(current)])[0]
            setattr(change.holder, name, value)
            change.columns[name] = [was, plain(value)]
        if "display_name" in change.columns:
            change.holder.sort_name = fold(change.holder.display_name)[:300]

    def _custom(self, change: Change, values: dict[str, Any]) -> None:
        current = change.holder.custom
        new = {key: value for key, value in values.items() if self.overwrite or key not in current}
        if any(current.get(key) != value for key, value in new.items()):
            was = change.columns.get("custom", [dict(current)])[0]
            change.holder.custom = {**current, **new}
            change.columns["custom"] = [was, change.holder.custom]

    def _profile(self, change: Change, draft: Draft) -> None:
        profile = change.have.profile
        if profile is None:
            return
        for name, value in self.maker.references.profile_of(draft).items():
            current = getattr(profile, name)
            if value != current and (self.overwrite or not current):
                was = change.profile.get(name, [plain(current)])[0]
                setattr(profile, name, value)
                change.profile[name] = [was, plain(value)]
        if draft.photo and not profile.photo:
            self.maker.with_photo(profile, draft)
            change.profile["photo"] = ["", profile.photo.name]

    def _prefer(self, change: Change, draft: Draft) -> None:
        """Make the file's first phone and email the preferred ones."""
        holder = change.holder
        firsts: dict[str, tuple[str, str]] = {}
        for kind, value, key, _label, starred in self.maker.points_of(draft):
            if kind in ("phone", "email") and (starred or kind not in firsts):
                firsts[kind] = (key, value)
        points = list(holder.points.all())
        for kind, (key, value) in firsts.items():
            old = next((p for p in points if p.kind == kind and p.is_preferred), None)
            if old is None or old.key == key or kind in change.preferred:
                continue
            change.preferred[kind] = old.pk
            change.have.preferred.discard(kind)
            same = next((p for p in points if p.kind == kind and p.key == key), None)
            if same is not None:
                same.is_preferred = True
                change.have.preferred.add(kind)
                if isinstance(holder, Contact):
                    setattr(holder, kind, value[: 254 if kind == "email" else 40])

    def save_before(self) -> None:
        """Write what must stand before the batch's new rows: which points are no longer preferred."""
        old = [pk for change in self.changes.values() for pk in change.preferred.values() if pk]
        if old:
            ContactPoint.objects.filter(pk__in=old).update(is_preferred=False)
            again = [
                point.pk
                for change in self.changes.values()
                for point in change.holder.points.all()
                if point.is_preferred and point.pk not in old and change.preferred.get(point.kind)
            ]
            ContactPoint.objects.filter(pk__in=again).update(is_preferred=True)

    def save(self) -> None:
        """Write the changed columns, profiles, employments and search words."""
        renamed: list[Holder] = []
        for change in self.changes.values():
            if not change.changed:
                continue
            self._save_columns(change)
            if {"display_name", "given_name", "family_name"} & change.columns.keys() or "nickname" in change.profile:
                renamed.append(change.holder)
        index_names(renamed)

    def _save_columns(self, change: Change) -> None:
        holder = change.holder
        values: dict[str, Any] = {name: getattr(holder, name) for name in change.columns}
        if "display_name" in values:
            values["sort_name"] = holder.sort_name
        if isinstance(holder, Contact):
            values |= {"email": holder.email, "phone": holder.phone}
        type(holder)._default_manager.filter(pk=holder.pk).update(
            **values, touched_at=self.maker.now, version=F("version") + 1
        )
        if change.profile and change.have.profile is not None:
            change.have.profile.contact = holder  # type: ignore[assignment]
            change.have.profile.save()
        if isinstance(holder, Contact) and {"company_id", "job_title"} & change.columns.keys():
            was = change.columns.get("company_id", [holder.company_id])[0]
            set_main_employment(holder, was)


def plain(value: Any) -> Any:
    """Return `value` as JSON can keep it: a record by its id."""
    return value.pk if isinstance(value, Model) else value
