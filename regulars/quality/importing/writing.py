"""Writing a batch: every table once, whatever the number of rows.

`RowMaker` collects the rows for contacts and companies, new or known; `save` writes them table by table. What is new
goes the fast way (`fast.insert`); rows added to somebody known are saved as records, because undo needs their ids.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import models

from regulars.access.models import User
from regulars.contacts.actions import Holder
from regulars.contacts.indexing import learn_words
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
    NameWord,
    Profile,
)
from regulars.contacts.models.names import all_names, word_rows
from regulars.contacts.points import point_key
from regulars.lib import fast
from regulars.lib.text import fold
from regulars.quality.files.draft import Draft
from regulars.quality.importing.matching import key_of
from regulars.quality.importing.references import References
from regulars.timeline.models import Entry

FAMILY = frozenset(
    {"spouse", "partner", "child", "children", "mother", "father", "parent", "brother", "sister", "family"}
)
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
    """The rows of one batch, by table. `ids` are reserved for new contacts, companies and notes."""

    by: User
    region: str
    now: datetime
    references: References
    ids: dict[type[models.Model], Iterator[int]]
    contacts: list[Contact] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)
    new: dict[type[models.Model], list[fast.Row]] = field(default_factory=lambda: defaultdict(list))
    added: dict[type[models.Model], list[Any]] = field(default_factory=lambda: defaultdict(list))
    entries: list[tuple[Entry, Holder]] = field(default_factory=list)
    learnt: set[str] = field(default_factory=set)  # words of names that earlier batches have seen to

    def add(self, model: type[models.Model], holder: Holder, **columns: Any) -> None:
        """Keep a row that belongs to `holder` until `save`."""
        link = "contact_id" if isinstance(holder, Contact) else "company_id"
        if holder._state.adding:
            columns[link] = holder.pk
            self.new[model].append(columns)
        else:
            self.added[model].append(model(**{link: holder.pk}, **columns))

    @property
    def size(self) -> int:
        """How many rows of known holders are waiting."""
        return sum(len(rows) for rows in self.added.values()) + len(self.entries)

    def new_contact(self, draft: Draft, company_id: int | None, custom: dict[str, Any], tags: Sequence[str]) -> Contact:
        """Make a contact with everything that the draft says."""
        name = (draft.full_name or draft.title)[:300]
        contact = Contact(
            pk=next(self.ids[Contact]),
            display_name=name,
            given_name=draft.given[:150],
            family_name=draft.family[:150],
            sort_name=fold(name)[:300],
            company_id=company_id,
            job_title=draft.job_title[:150],
            stage=self.references.stage_of(draft),
            owner=self.references.owner_of(draft),
            custom=custom,
            touched_at=self.now,
            created_at=self.now,
        )
        self.contacts.append(contact)
        profile = self.references.profile_of(draft)
        if draft.photo:
            profile["photo"] = self.with_photo(Profile(), draft).photo.name
        if profile:
            self.add(Profile, contact, **profile)
        if company_id is not None:
            self.add(Employment, contact, role=contact.job_title, is_main=True, company_id=company_id)
        self.add_details(contact, draft, Have(), tags)
        self.index(contact, draft.nickname)
        return contact

    def new_company(
        self, name: str, draft: Draft | None = None, custom: dict[str, Any] | None = None, tags: Sequence[str] = ()
    ) -> Company:
        """Make a company, with everything that a draft of its own says."""
        is_own = draft is not None and draft.kind == "company"
        company = Company(
            pk=next(self.ids[Company]),
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
        self.index(company)
        return company

    def index(self, holder: Holder, nickname: str = "") -> None:
        """Keep the words that search finds a new holder by."""
        for word, start2, pair, full in word_rows(all_names(holder, nickname)):
            self.add(
                NameWord, holder, word=word, start2=start2, pair=pair, full=full, owner_id=holder.owner_id,
                touched_at=self.now,
            )  # fmt: skip

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
        found = [
            (kind, point.value, key_of(kind, point, self.region), point.label, point.preferred)
            for kind, points in (("phone", draft.phones), ("email", draft.emails), ("link", draft.links))
            for point in points
        ]
        found += [("handle", h.value, point_key("handle", h.value), h.network, False) for h in draft.handles]
        return found

    def add_points(self, holder: Holder, draft: Draft, have: Have) -> None:
        """Add ways to reach them; the first of a kind, or the one that says so, is preferred."""
        fresh: list[dict[str, Any]] = []
        best: dict[str, dict[str, Any]] = {}
        for kind, value, key, label, starred in self.points_of(draft):
            if (kind, key) in have.points or not key:
                continue
            have.points.add((kind, key))
            point: dict[str, Any] = {
                "kind": kind,
                "value": value[:300],
                "key": key,
                "label": label[:40],
                "position": have.position,
            }
            have.position += 1
            fresh.append(point)
            if kind not in have.preferred and (kind not in best or starred):
                best[kind] = point
        for kind, point in best.items():
            have.preferred.add(kind)
            if isinstance(holder, Contact) and kind in ("email", "phone"):
                setattr(holder, kind, point["value"][: 254 if kind == "email" else 40])
        for point in fresh:
            self.add(ContactPoint, holder, is_preferred=best.get(point["kind"]) is point, **point)

    def add_addresses(self, holder: Holder, draft: Draft, have: Have) -> None:
        """Add postal addresses."""
        starred = next((n for n, address in enumerate(draft.addresses) if address.preferred), 0)
        is_first = not have.addresses
        for number, given in enumerate(draft.addresses):
            columns = {
                "street": "\n".join(filter(None, (given.street, given.extra)))[:300],
                "city": given.city[:100],
                "region": given.region[:100],
                "postcode": given.postcode[:20],
                "country": given.country[:80],
            }
            words = address_words(columns)
            if words not in have.addresses:
                have.addresses.add(words)
                is_preferred = is_first and number == starred
                self.add(Address, holder, label=given.label[:40], is_preferred=is_preferred, **columns)

    def add_tags(self, holder: Holder, draft: Draft, have: Have, tags: Sequence[str]) -> None:
        """Put tags on the holder, those of the file and those chosen for the import."""
        for tag in self.references.tags_of([*draft.tags, *tags]):
            if tag.pk not in have.tags:
                have.tags.add(tag.pk)
                self.add(ContactTag if isinstance(holder, Contact) else CompanyTag, holder, tag_id=tag.pk)

    def add_dates(self, contact: Contact, draft: Draft, have: Have) -> None:
        """Add the birthday and other dates."""
        dates = [("birthday", "", draft.birthday)] if draft.birthday else []
        dates += [("anniversary" if d.label == "anniversary" else "other", d.label, d.date) for d in draft.dates]
        for kind, label, date in dates:
            name = (kind, "" if kind == "birthday" else f"{label}{date.month}-{date.day}")
            if name not in have.dates:
                have.dates.add(name)
                text = label[:120] if kind == "other" else ""
                self.add(ImportantDate, contact, kind=kind, label=text, day=date.day, month=date.month, year=date.year)

    def add_facts(self, contact: Contact, draft: Draft, have: Have) -> None:
        """Add people around them as facts: a file gives only their names."""
        for related in draft.related:
            label = related.label.casefold()
            kind = "family" if label in FAMILY else "work" if label in WORK else "other"
            text = f"{(related.label or 'Related').capitalize()}: {related.name}"[:500]
            if text not in have.facts:
                have.facts.add(text)
                self.add(
                    Fact,
                    contact,
                    kind=kind,
                    text=text,
                    noted_by_id=self.by.pk,
                    noted_at=self.now,
                    confirmed_at=self.now,
                )

    def add_notes(self, holder: Holder, draft: Draft, have: Have) -> None:
        """Put the file's notes on the timeline as one note."""
        text = "\n\n".join(draft.notes)
        if text and text not in have.notes:
            have.notes.add(text)
            entry = Entry(
                pk=next(self.ids[Entry]),
                kind="note",
                occurred_at=self.now,
                created_at=self.now,
                author_id=self.by.pk,
                text=text,
                snapshot={"imported": True},
            )
            self.entries.append((entry, holder))

    def save(self) -> None:
        """Write everything, one table after the other."""
        fast.insert(Company, [fast.row_of(company) for company in self.companies])
        fast.insert(Contact, [fast.row_of(contact) for contact in self.contacts])
        fast.insert(Entry, [fast.row_of(entry) for entry, _holder in self.entries])
        self.new[Involvement] += [row for entry, holder in self.entries for row in self._involvements(entry, holder)]
        for model, rows in self.new.items():
            fast.insert(model, rows)
        for model, records in self.added.items():
            model._default_manager.bulk_create(records)
        words = {row["word"] for row in self.new[NameWord] if row["word"]}
        learn_words(words - self.learnt)
        self.learnt |= words

    def _involvements(self, entry: Entry, holder: Holder) -> Iterator[fast.Row]:
        common = {"entry_id": entry.pk, "occurred_at": entry.occurred_at, "kind": entry.kind}
        is_contact = isinstance(holder, Contact)
        yield {"contact_id" if is_contact else "company_id": holder.pk, **common}
        if isinstance(holder, Contact) and holder.company_id:
            yield {"company_id": holder.company_id, "is_implied": True, **common}


def address_words(columns: dict[str, str]) -> str:
    """Return what two equal addresses have in common, however they are written."""
    return fold(" ".join(columns[name] for name in ("street", "city", "region", "postcode", "country")))
