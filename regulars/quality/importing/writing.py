"""Writing a batch: every table once, whatever the number of rows.

`RowMaker` collects unsaved rows for contacts and companies, new or known; `save` writes them table by table.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import models

from regulars.access.models import User
from regulars.contacts.actions import Holder, holder_link
from regulars.contacts.indexing import index_names
from regulars.contacts.models import (
    Address,
    Company,
    CompanyTag,
    Contact,
    ContactPoint,
    ContactTag,
    Employment,
    Fact,
    ImportantDate,
    Involvement,
    Profile,
)
from regulars.contacts.points import point_key
from regulars.lib.text import fold
from regulars.quality.files.draft import Draft
from regulars.quality.importing.matching import phone_point_key
from regulars.quality.importing.references import References
from regulars.timeline.models import Entry

FAMILY = frozenset({"spouse", "partner", "child", "children", "mother", "father", "parent", "brother", "sister", "family"})
WORK = frozenset({"assistant", "manager", "boss", "colleague", "referred by"})


@dataclass(slots=True)
class Have:
    """What a known contact or company has already, so that nothing is added twice."""

    points: set[tuple[str, str]] = field(default_factory=set)
    preferred: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    tags: set[int] = field(default_factory=set)
    dates: set[tuple[str, str]] = field(default_factory=set)
    facts: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    profile: Profile | None = None
    position: int = 0


@dataclass(slots=True)
class RowMaker:
    """Unsaved rows of one batch, by table."""

    by: User
    region: str
    now: datetime
    references: References
    contacts: list[Contact] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)
    rows: dict[type[models.Model], list[Any]] = field(default_factory=dict)
    entries: list[tuple[Entry, Holder]] = field(default_factory=list)

    def add(self, row: models.Model) -> None:
        """Keep a row until `save`."""
        self.rows.setdefault(type(row), []).append(row)

    def new_contact(self, draft: Draft, company: Company | None, custom: dict[str, Any], tags: Sequence[str]) -> Contact:
        """Make a contact with everything that the draft says."""
        name = (draft.full_name or draft.title)[:300]
        contact = Contact(
            display_name=name,
            given_name=draft.given[:150],
            family_name=draft.family[:150],
            sort_name=fold(name)[:300],
            company=company,
            job_title=draft.job_title[:150],
            stage=self.references.stage_of(draft),
            owner=self.references.owner_of(draft),
            custom=custom,
            touched_at=self.now,
            created_at=self.now,
        )
        self.contacts.append(contact)
        profile = self.references.profile_of(draft)
        if profile or draft.photo:
            self.add(self.with_photo(Profile(contact=contact, **profile), draft))
        if company is not None:
            self.add(Employment(contact=contact, company=company, role=contact.job_title, is_main=True))
        self.add_details(contact, draft, Have(), tags)
        return contact

    def new_company(
        self, name: str, draft: Draft | None = None, custom: dict[str, Any] | None = None, tags: Sequence[str] = ()
    ) -> Company:
        """Make a company, with everything that a draft of its own says."""
        is_own = draft is not None and draft.kind == "company"
        company = Company(
            display_name=name[:300],
            sort_name=fold(name)[:300],
            domain=draft.company_domain if draft else "",
            industry=draft.industry[:100] if draft else "",
            size=draft.size[:40] if draft else "",
            stage=self.references.stage_of(draft) if draft and is_own else None,
            owner=self.references.owner_of(draft) if draft and is_own else self.references.owner,
            custom=custom or {},
            touched_at=self.now,
            created_at=self.now,
        )
        self.companies.append(company)
        if draft and is_own:
            self.add_details(company, draft, Have(), tags)
        return company

    def with_photo(self, profile: Profile, draft: Draft) -> Profile:
        """Store the photo (made small before) and put it on the profile."""
        if draft.photo:
            profile.photo.save("imported.webp", ContentFile(draft.photo), save=False)
        return profile

    def add_details(self, holder: Holder, draft: Draft, have: Have, tags: Sequence[str] = ()) -> None:
        """Add points, addresses, tags, dates, facts and notes that the holder does not have yet."""
        self.add_points(holder, draft, have)
        self.add_addresses(holder, draft, have)
        self.add_tags(holder, draft, have, tags)
        if isinstance(holder, Contact):
            self.add_dates(holder, draft, have)
            self.add_facts(holder, draft, have)
        self.add_notes(holder, draft, have)

    def points_of(self, draft: Draft) -> list[tuple[str, str, str, str, bool]]:
        """Return (kind, value, key, label, preferred) of every way to reach them."""
        region = self.region
        found = [("phone", p.value, phone_point_key(p.value, region), p.label, p.preferred) for p in draft.phones]
        found += [("email", p.value, point_key("email", p.value), p.label, p.preferred) for p in draft.emails]
        found += [("link", p.value, point_key("link", p.value), p.label, p.preferred) for p in draft.links]
        found += [("handle", h.value, point_key("handle", h.value), h.network, False) for h in draft.handles]
        return found

    def add_points(self, holder: Holder, draft: Draft, have: Have) -> None:
        """Add ways to reach them; the first of a kind, or the one that says so, is preferred."""
        link = holder_link(holder)
        best: dict[str, ContactPoint] = {}
        for kind, value, key, label, starred in self.points_of(draft):
            if (kind, key) in have.points or not key:
                continue
            have.points.add((kind, key))
            point = ContactPoint(
                kind=kind, value=value[:300], key=key, label=label[:40], position=have.position, **link
            )
            have.position += 1
            self.add(point)
            if kind not in have.preferred and (kind not in best or starred):
                best[kind] = point
        for kind, point in best.items():
            point.is_preferred = True
            have.preferred.add(kind)
            if isinstance(holder, Contact) and kind in ("email", "phone"):
                setattr(holder, kind, point.value[: 254 if kind == "email" else 40])

    def add_addresses(self, holder: Holder, draft: Draft, have: Have) -> None:
        """Add postal addresses."""
        starred = next((n for n, address in enumerate(draft.addresses) if address.preferred), 0)
        is_first = not have.addresses
        for number, given in enumerate(draft.addresses):
            address = Address(
                label=given.label[:40],
                street="\n".join(filter(None, (given.street, given.extra)))[:300],
                city=given.city[:100],
                region=given.region[:100],
                postcode=given.postcode[:20],
                country=given.country[:80],
                is_preferred=is_first and number == starred,
                **holder_link(holder),
            )
            words = fold(str(address))
            if words not in have.addresses:
                have.addresses.add(words)
                self.add(address)

    def add_tags(self, holder: Holder, draft: Draft, have: Have, tags: Sequence[str]) -> None:
        """Put tags on the holder, those of the file and those chosen for the import."""
        for tag in self.references.tags_of([*draft.tags, *tags]):
            if tag.pk not in have.tags:
                have.tags.add(tag.pk)
                self.add(ContactTag(contact=holder, tag=tag) if isinstance(holder, Contact) else CompanyTag(company=holder, tag=tag))

    def add_dates(self, contact: Contact, draft: Draft, have: Have) -> None:
        """Add the birthday and other dates."""
        dates = [("birthday", "", draft.birthday)] if draft.birthday else []
        dates += [("anniversary" if d.label == "anniversary" else "other", d.label, d.date) for d in draft.dates]
        for kind, label, date in dates:
            name = (kind, "" if kind == "birthday" else f"{label}{date.month}-{date.day}")
            if name not in have.dates:
                have.dates.add(name)
                self.add(
                    ImportantDate(
                        contact=contact, kind=kind, label="" if kind != "other" else label[:120], day=date.day,
                        month=date.month, year=date.year,
                    )  # fmt: skip
                )

    def add_facts(self, contact: Contact, draft: Draft, have: Have) -> None:
        """Add people around them as facts: a file gives only their names."""
        for related in draft.related:
            label = related.label.casefold()
            kind = "family" if label in FAMILY else "work" if label in WORK else "other"
            text = f"{(related.label or 'Related').capitalize()}: {related.name}"[:500]
            if text not in have.facts:
                have.facts.add(text)
                self.add(
                    Fact(contact=contact, kind=kind, text=text, noted_by=self.by, noted_at=self.now, confirmed_at=self.now)
                )

    def add_notes(self, holder: Holder, draft: Draft, have: Have) -> None:
        """Put the file's notes on the timeline as one note."""
        text = "\n\n".join(draft.notes)
        if text and text not in have.notes:
            have.notes.add(text)
            entry = Entry(kind="note", occurred_at=self.now, author=self.by, text=text, snapshot={"imported": True})
            self.entries.append((entry, holder))

    def save(self) -> None:
        """Write everything, one table after the other."""
        Company.objects.bulk_create(self.companies)
        Contact.objects.bulk_create(self.contacts)
        Entry.objects.bulk_create([entry for entry, _holder in self.entries])
        for entry, holder in self.entries:
            self.add(Involvement(entry=entry, occurred_at=self.now, kind="note", **holder_link(holder)))
            if isinstance(holder, Contact) and holder.company is not None:
                self.add(
                    Involvement(entry=entry, occurred_at=self.now, kind="note", company=holder.company, is_implied=True)
                )
        for model, rows in self.rows.items():
            model._default_manager.bulk_create(rows)
        index_names([*self.companies, *self.contacts], new=True)
