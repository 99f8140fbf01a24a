"""Erasing a person at their request, and deleting for good what stayed in the bin.

Upper contexts that keep something about people (import rows, indexes) say so with `on_erase`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from regulars.access.models import AuditEvent, Notification, Operation, UndoStep, User
from regulars.access.models.audit import audit
from regulars.contacts.actions.adding import Holder
from regulars.contacts.actions.bringing import count_again
from regulars.contacts.models import (
    Company,
    Contact,
    Fact,
    Involvement,
    Opener,
    Profile,
    Referral,
    ReferralCode,
    Relationship,
)
from regulars.timeline.files import delete_files
from regulars.timeline.models import Attachment, Entry, EntryRevision

ERASED = "[erased]"
SHORTEST = 3  # shorter words would take other people's text with them
# Names that are everyday words too: taken out only where they are written like the name.
_EVERYDAY = (
    "april art august bill chip dawn dean drew earl faith frank grace grant guy hope ivy jack joy june mark may miles "
    "pat ray rich rob rose skip star sue summer will young long short black white brown green king bell cook baker "
    "the and von van der den del dos das"
)
EVERYDAY = frozenset(_EVERYDAY.split())


@dataclass(frozen=True)
class Traces:
    """What a person is found by: their id, what they are called and reached by, and which entries were about them."""

    contact_id: int
    names: tuple[str, ...]  # names and points, whatever their case
    words: tuple[str, ...]  # names that are everyday words too, only as they are written
    entry_ids: tuple[int, ...]
    related_ids: tuple[int, ...]  # people whose records may name this one

    def without(self, text: str) -> str:
        """Return `text` with every name and point replaced by "[erased]"; parts of longer words stay."""
        return without(without(text, self.names, re.IGNORECASE), self.words)


_hooks: list[Callable[[Traces], None]] = []


def on_erase(hook: Callable[[Traces], None]) -> None:
    """Call `hook` inside the transaction of every erasure; called in `apps.ready()` of upper contexts."""
    if hook not in _hooks:
        _hooks.append(hook)


@transaction.atomic
def erase_contact(contact: Contact, *, by: User) -> None:
    """Remove a person everywhere at once, for good; a row without personal data stays as a tombstone.

    Goes: points, addresses, facts, openers, dates, ties, consents, photo, custom values, tags, entries that concern
    only them with their files. Entries shared with others lose the name and the points of the person, in every earlier
    version too. Values in the audit log, notifications, undo steps and what upper contexts keep are blanked or deleted.
    People who were merged into this one go with it. Files are deleted after commit. Audited without a name.
    """
    for merged in Contact.objects.filter(merged_into=contact, erased_at=None):
        erase_contact(merged, by=by)
    traces = traces_of(contact)
    for hook in _hooks:
        hook(traces)
    _erase_entries(contact, traces)
    _blank_elsewhere(traces)
    _forget_undo(contact)
    _strip(contact)
    now = timezone.now()
    Contact.objects.filter(pk=contact.pk).update(
        display_name="",
        given_name="",
        family_name="",
        sort_name="",
        company=None,
        job_title="",
        email="",
        phone="",
        stage=None,
        team=None,
        custom={},
        erased_at=now,
        binned_at=None,
        touched_at=now,
        version=contact.version + 1,
    )
    audit("erased", by=by, kind="contact", object_id=contact.pk)


def traces_of(contact: Contact) -> Traces:
    """Gather what a person is found by, the longest first, so that "Maya Okafor" goes before "Maya"."""
    profile = contact.profile_or_blank
    called = [contact.display_name, contact.given_name, contact.family_name, profile.nickname]
    called += [f"{contact.given_name} {contact.family_name}", *_former(contact)]
    reached = [value for point in contact.points.all() for value in (point.value, point.key)]
    streets = [address.street for address in contact.addresses.all()]
    parts = {part for name in called for part in (" ".join(name.split()), *name.split())}
    everyday = {part for part in parts if part.lower() in EVERYDAY}
    entries = Involvement.objects.filter(contact=contact).values_list("entry", flat=True)
    ties = Relationship.objects.filter(Q(contact=contact) | Q(other=contact)).values_list("contact", "other")
    related = {pk for tie in ties for pk in tie} | set(
        contact.brought.exclude(contact=None).values_list("contact", flat=True)
    )
    came_through = Referral.objects.filter(contact=contact).exclude(by_contact=None)
    related |= set(came_through.values_list("by_contact", flat=True))
    return Traces(
        contact.pk,
        _longest_first([*(parts - everyday), *reached, *streets]),
        _longest_first(everyday),
        tuple(entries),
        tuple(related - {contact.pk}),
    )


def _former(contact: Contact) -> list[str]:
    """What they were called and reached by earlier, as far as the audit log knows."""
    found = []
    for event in AuditEvent.objects.filter(kind="contact", object_id=contact.pk):
        for key in ("display_name", "given_name", "family_name", "nickname"):
            found += [str(value) for value in event.changes.get(key, []) if value]
        found += [point for words in event.changes.get("points", []) for point in str(words).split(", ")]
        found.append(event.title)
    return found


def _longest_first(texts: Iterable[str]) -> tuple[str, ...]:
    found = {text for text in texts if len(text) >= SHORTEST or not text.isascii()}
    return tuple(sorted(found, key=lambda text: (-len(text), text)))


def without(text: str, names: Iterable[str], flags: int = 0) -> str:
    """Return `text` with each of `names` replaced by "[erased]" where it stands as a word of its own."""
    parts = "|".join(re.escape(name) for name in names)
    return re.sub(rf"(?<!\w)(?:{parts})(?!\w)", ERASED, text, flags=flags) if parts and text else text


def _erase_entries(contact: Contact, traces: Traces) -> None:
    shared = Involvement.objects.filter(entry__in=traces.entry_ids, is_implied=False).exclude(contact=contact)
    shared_ids = set(shared.values_list("entry", flat=True))
    drop_entries(Entry.objects.filter(pk__in=set(traces.entry_ids) - shared_ids))
    for entry in Entry.objects.filter(pk__in=shared_ids).iterator():
        blank_entry(entry, traces)
    Involvement.objects.filter(contact=contact).delete()


def drop_entries(entries: Any) -> int:
    """Delete entries with everything on them; their files go from the disk after commit. Returns how many."""
    ids = list(entries.values_list("pk", flat=True))
    delete_files(Attachment.objects.filter(entry__in=ids))
    for start in range(0, len(ids), 500):
        Entry.objects.filter(pk__in=ids[start : start + 500]).delete()
    return len(ids)


def blank_entry(entry: Entry, traces: Traces) -> None:
    """Take a person's names out of an entry that concerns others too, and out of its earlier versions."""
    snapshot = blank_values(entry.snapshot, traces)
    text, outcome = traces.without(entry.text), traces.without(entry.outcome)[:300]
    Entry.objects.filter(pk=entry.pk).update(text=text, outcome=outcome, snapshot=snapshot)
    for old in EntryRevision.objects.filter(entry=entry):
        text, outcome = traces.without(old.text), traces.without(old.outcome)[:300]
        EntryRevision.objects.filter(pk=old.pk).update(text=text, outcome=outcome)


def blank_values(value: Any, traces: Traces) -> Any:
    """The same for whatever JSON holds."""
    if isinstance(value, str):
        return traces.without(value)
    if isinstance(value, dict):
        return {key: blank_values(inner, traces) for key, inner in value.items()}
    return [blank_values(inner, traces) for inner in value] if isinstance(value, list) else value


def _blank_elsewhere(traces: Traces) -> None:
    """Blank audit values and notifications about the person, and what records of people around them say of them."""
    AuditEvent.objects.filter(kind="contact", object_id=traces.contact_id).update(title="", changes={})
    for event in AuditEvent.objects.filter(kind="contact", object_id__in=traces.related_ids).exclude(changes={}):
        if blank_values(event.changes, traces) != event.changes:
            AuditEvent.objects.filter(pk=event.pk).update(changes={})
    for model in (Fact, Opener):
        for row in model.objects.filter(contact__in=traces.related_ids):
            if (text := traces.without(row.text)) != row.text:
                model.objects.filter(pk=row.pk).update(text=text[:500])
    Notification.objects.filter(url__startswith=f"/contacts/{traces.contact_id}/").delete()
    for start in range(0, len(traces.entry_ids), 200):
        ids = traces.entry_ids[start : start + 200]
        found = Q(*[("url__endswith", f"#entry-{pk}") for pk in ids], _connector=Q.OR)
        Notification.objects.filter(found).delete()
    _blank_notifications(traces)


def _blank_notifications(traces: Traces) -> None:
    """Take the person out of what colleagues were told of promises, bookings and other things that name them."""
    told = [("text__icontains", name) for name in (*traces.names, *traces.words) if name.strip()]
    for row in Notification.objects.filter(Q(*told, _connector=Q.OR)).only("text") if told else ():
        if (text := traces.without(row.text)) != row.text:
            Notification.objects.filter(pk=row.pk).update(text=text[:300])


def _forget_undo(contact: Contact) -> None:
    """Delete what undo would bring back, and merges and removals that were about the person alone."""
    pk = contact.pk
    about = (
        Q(state__contact=pk) | Q(state__into=pk, state__model="contact") | Q(state__other=pk, state__model="contact")
    )
    for operation in Operation.objects.filter(about, kind__in=["merge", "removal"]):
        _forget_kept_photos(operation)
        operation.delete()
    mine = Q(model="contacts.contact", object_id=pk) | Q(before__contact_id=pk) | Q(before__contact=pk)
    mine |= Q(before__other_id=pk)
    UndoStep.objects.filter(mine).delete()


def _forget_kept_photos(operation: Operation) -> None:
    storage = Profile._meta.get_field("photo").storage
    for name in operation.state.get("photos", []):
        transaction.on_commit(lambda name=name: storage.delete(name))  # type: ignore[misc]


def _strip(contact: Contact) -> None:
    """Delete everything that hangs on the person."""
    profile = contact.profile_or_blank
    if profile.pk:
        forget_file(profile.photo)
        profile.delete()
    _forget_referrals(contact)
    Relationship.objects.filter(Q(contact=contact) | Q(other=contact)).delete()
    for rows in (
        "points",
        "addresses",
        "facts",
        "openers",
        "dates",
        "employments",
        "consents",
        "contact_tags",
    ):
        getattr(contact, rows).all().delete()
    words = set(contact.name_words.values_list("word", flat=True))
    contact.name_words.all().delete()
    from regulars.contacts.indexing import forget_words

    forget_words(word for word in words if word)


def _forget_referrals(contact: Contact) -> None:
    """Take a person out of every tree: who brought them, whom they brought, their codes."""
    introducers = [referral.introducer for referral in Referral.objects.filter(contact=contact).with_people()]
    Referral.objects.filter(Q(contact=contact) | Q(by_contact=contact)).delete()
    ReferralCode.objects.filter(contact=contact).delete()
    count_again(contact, *introducers)


def forget_file(file: Any) -> None:
    """Delete a stored file once the transaction has committed."""
    if file:
        name, storage = file.name, file.storage
        transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def delete_for_good(holder: Holder) -> None:
    """Delete a record that stayed in the bin too long, with entries that concern nobody else and with its files."""
    link = {"contact": holder} if isinstance(holder, Contact) else {"company": holder}
    entries = set(Involvement.objects.filter(**link).values_list("entry", flat=True))
    others = Involvement.objects.filter(entry__in=entries, is_implied=False).exclude(**link)
    drop_entries(Entry.objects.filter(pk__in=entries - set(others.values_list("entry", flat=True))))
    if isinstance(holder, Contact):
        _forget_undo(holder)
        _strip(holder)
    kind = "contact" if isinstance(holder, Contact) else "company"
    audit("deleted", by=None, kind=kind, object_id=holder.pk, title=holder.display_name)
    type(holder).objects.filter(pk=holder.pk).delete()


def forget_merged(model: type[Contact] | type[Company], before: datetime, at_most: int) -> int:
    """Empty the rows that were merged longer ago than undo lasts; what leads old addresses to the new one stays."""
    rows = model.objects.merged_before(before).exclude(display_name="")[:at_most]
    for row in rows:
        with transaction.atomic():
            if isinstance(row, Contact):
                _forget_undo(row)
                _strip(row)
            else:
                row.points.all().delete()
                row.addresses.all().delete()
                row.name_words.all().delete()
            model.objects.filter(pk=row.pk).update(display_name="", sort_name="", custom={})
            if isinstance(row, Contact):
                Contact.objects.filter(pk=row.pk).update(
                    given_name="", family_name="", email="", phone="", job_title=""
                )
    return len(rows)


def delete_entries(before: datetime, at_most: int) -> int:
    """Delete entries that were removed before `before`, with their files, and files that were taken off before."""
    # "Not empty" follows from "before", but SQLite takes the index only where it is said.
    entries = Entry.objects.filter(removed_at__lt=before).exclude(removed_at=None)
    files = Attachment.objects.filter(removed_at__lt=before).exclude(removed_at=None)
    with transaction.atomic():
        ids = list(entries.values_list("pk", flat=True)[:at_most])
        done = delete_files(files.order_by("removed_at")[:at_most])
        return done + drop_entries(Entry.objects.filter(pk__in=ids))
