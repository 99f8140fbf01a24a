"""What changes several records at once: adding people and companies, logging moments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from regulars.access.models import Notification, Organisation, User
from regulars.access.models.audit import audit
from regulars.contacts.models import (
    Company,
    CompanyTag,
    Contact,
    ContactPoint,
    ContactTag,
    Employment,
    Involvement,
    NameWord,
    Opener,
    Profile,
    Tag,
)
from regulars.contacts.models.names import name_words
from regulars.contacts.points import point_key
from regulars.lib.text import fold
from regulars.timeline import kinds
from regulars.timeline.models import Entry, Mention

Holder = Contact | Company

# A phone or till whose clock runs a little ahead is forgiven.
CLOCK_SLACK = timedelta(minutes=5)


@dataclass(frozen=True)
class Point:
    """A way to reach somebody, not yet saved. The first of each kind is the preferred one unless one says so."""

    kind: str
    value: str
    label: str = ""
    is_preferred: bool = False


@dataclass(frozen=True)
class Moment:
    """What the capture box understood: one entry with what hangs on it."""

    text: str
    kind: str = "note"
    occurred_at: datetime | None = None
    outcome: str = ""
    contacts: Sequence[Contact] = ()
    companies: Sequence[Company] = ()
    openers: Sequence[str] = ()
    mentions: Sequence[User] = ()
    tags: Sequence[str] = ()
    snapshot: dict[str, Any] = field(default_factory=dict)


def full_name(given: str, family: str) -> str:
    """The display name for a given and a family name."""
    return " ".join(part for part in (given.strip(), family.strip()) if part)


@transaction.atomic
def add_contact(
    *,
    by: User,
    display_name: str = "",
    points: Iterable[Point] = (),
    tags: Iterable[str] = (),
    role: str = "",
    profile: dict[str, Any] | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> Contact:
    """Add a person, found by search from the same moment on. `fields` are columns of Contact.

    `role` is what they do at `fields["company"]`; `profile` are columns of Profile. The owner is `by` unless given.
    Records an audit event. Raises ValueError when there is neither a name nor a way to reach them.
    """
    points = list(points)
    name = display_name.strip() or full_name(fields.get("given_name", ""), fields.get("family_name", ""))
    name = name or next((point.value.strip() for point in points), "")
    if not name:
        raise ValueError("A contact needs a name, an email or a phone number.")
    now = at or timezone.now()
    fields.setdefault("owner", by)
    contact = Contact(display_name=name[:300], sort_name=fold(name)[:300], touched_at=now, created_at=now, **fields)
    contact.job_title = contact.job_title or role
    contact.save()
    if profile:
        Profile.objects.create(contact=contact, **profile)
    if contact.company:
        Employment.objects.create(contact=contact, company=contact.company, role=role, is_main=True)
    set_points(contact, points)
    add_tags(contact, tags)
    index_name(contact)
    audit("added", by=by, kind="contact", object_id=contact.pk, title=contact.display_name)
    return contact


@transaction.atomic
def add_company(
    *,
    by: User,
    display_name: str,
    points: Iterable[Point] = (),
    tags: Iterable[str] = (),
    at: datetime | None = None,
    **fields: Any,
) -> Company:
    """Add a company. `fields` are columns of Company. Records an audit event. Raises ValueError without a name."""
    name = display_name.strip()
    if not name:
        raise ValueError("A company needs a name.")
    now = at or timezone.now()
    fields.setdefault("owner", by)
    company = Company.objects.create(
        display_name=name[:300], sort_name=fold(name)[:300], touched_at=now, created_at=now, **fields
    )
    set_points(company, points)
    add_tags(company, tags)
    index_name(company)
    audit("added", by=by, kind="company", object_id=company.pk, title=company.display_name)
    return company


def holder_link(holder: Holder) -> dict[str, Any]:
    """`{"contact": holder}` or `{"company": holder}`, for tables that belong to either."""
    return {"contact": holder} if isinstance(holder, Contact) else {"company": holder}


def set_points(holder: Holder, points: Iterable[Point]) -> None:
    """Replace every phone, email, link and handle of `holder`; blanks are dropped, one of each kind is preferred."""
    organisation = Organisation.current()
    country = organisation.country if organisation else ""
    kept = [point for point in points if point.value.strip()]
    preferred = {kind: next((p for p in kept if p.kind == kind and p.is_preferred), None) for kind in {p.kind for p in kept}}
    holder.points.all().delete()
    rows: list[ContactPoint] = []
    for position, point in enumerate(kept):
        first = next(p for p in kept if p.kind == point.kind)
        rows.append(
            ContactPoint(
                **holder_link(holder),
                kind=point.kind,
                label=point.label,
                value=point.value.strip()[:300],
                key=point_key(point.kind, point.value, country),
                is_preferred=point is (preferred[point.kind] or first),
                position=position,
            )
        )
    ContactPoint.objects.bulk_create(rows)
    if isinstance(holder, Contact):
        best = {row.kind: row.value for row in rows if row.is_preferred}
        holder.email, holder.phone = best.get("email", "")[:254], best.get("phone", "")[:40]
        Contact.objects.filter(pk=holder.pk).update(email=holder.email, phone=holder.phone)


def find_or_add_tags(names: Iterable[str]) -> list[Tag]:
    """Return the tags called `names` (case does not matter), creating those that don't exist."""
    wanted = {name.strip().lstrip("#").lower(): name.strip().lstrip("#")[:60] for name in names if name.strip(" #")}
    known = {tag.name.lower(): tag for tag in Tag.objects.filter(name__in=wanted.values())}
    for key, name in wanted.items():
        if key not in known:
            found = Tag.objects.filter(name__iexact=name).first()
            known[key] = found or Tag.objects.create(name=name)
    return [known[key] for key in wanted]


def add_tags(holder: Holder, names: Iterable[str]) -> None:
    """Put tags on `holder`, each once."""
    tags = find_or_add_tags(names)
    if isinstance(holder, Contact):
        ContactTag.objects.bulk_create(
            [ContactTag(contact=holder, tag=tag) for tag in tags], ignore_conflicts=True
        )
    else:
        CompanyTag.objects.bulk_create([CompanyTag(company=holder, tag=tag) for tag in tags], ignore_conflicts=True)


def index_name(holder: Holder) -> None:
    """Rewrite the words that search finds `holder` by."""
    holder.name_words.all().delete()
    nickname = holder.profile_or_blank.nickname if isinstance(holder, Contact) else ""
    NameWord.objects.bulk_create(name_words(holder, nickname))


def touch(holders: Iterable[Holder], at: datetime, *, contact_at: datetime | None = None) -> None:
    """Move holders to the top of "recently touched"; `contact_at` also moves "last contact" when it is later."""
    for model, link in ((Contact, "contact_id"), (Company, "company_id")):
        ids = [holder.pk for holder in holders if isinstance(holder, model)]
        if not ids:
            continue
        model.objects.filter(pk__in=ids).update(touched_at=at)
        NameWord.objects.filter(**{f"{link}__in": ids}).update(touched_at=at)
        if contact_at is not None:
            model.objects.filter(pk__in=ids, last_contact_at__lt=contact_at).update(last_contact_at=contact_at)


@transaction.atomic
def log_moment(moment: Moment, *, by: User) -> Entry:
    """Write a moment on the timelines of everyone it concerns, and return its entry.

    Also: the main companies of the people (implied), openers for each person, tags, mentions with a notification for
    each colleague mentioned, "last contact" for kinds that are contact. Raises ValueError when it concerns nobody or
    lies in the future.
    """
    if not moment.contacts and not moment.companies:
        raise ValueError("Say whom this is about.")
    now = timezone.now()
    occurred_at = moment.occurred_at or now
    if occurred_at > now + CLOCK_SLACK:
        raise ValueError("A moment can't lie in the future.")
    entry: Entry = Entry.objects.create(
        kind=moment.kind,
        occurred_at=occurred_at,
        author=by,
        text=moment.text,
        outcome=moment.outcome,
        snapshot=moment.snapshot,
    )
    implied = involve(entry, moment.contacts, moment.companies)
    holders: list[Holder] = [*moment.contacts, *moment.companies, *implied]
    is_contact = kinds.get(moment.kind).is_contact
    touch(holders, now, contact_at=occurred_at if is_contact else None)
    Opener.objects.bulk_create(
        [
            Opener(contact=contact, text=text[:500], entry=entry, noted_by=by, noted_at=occurred_at)
            for contact in moment.contacts
            for text in moment.openers
        ]
    )
    for holder in [*moment.contacts, *moment.companies]:
        add_tags(holder, moment.tags)
    mention(entry, moment.mentions, about=[*moment.contacts, *moment.companies][0], by=by)
    return entry


def involve(entry: Entry, contacts: Sequence[Contact], companies: Sequence[Company]) -> list[Company]:
    """Put `entry` on timelines; returns the companies that are there only because of their people."""
    ids = {c.company_id for c in contacts if c.company_id} - {c.pk for c in companies}
    implied = list(Company.objects.filter(pk__in=ids))
    common = {"entry": entry, "occurred_at": entry.occurred_at, "kind": entry.kind}
    Involvement.objects.bulk_create(
        [Involvement(contact=contact, **common) for contact in dict.fromkeys(contacts)]
        + [Involvement(company=company, **common) for company in dict.fromkeys(companies)]
        + [Involvement(company=company, is_implied=True, **common) for company in implied]
    )
    return implied


def mention(entry: Entry, users: Iterable[User], *, about: Holder, by: User) -> None:
    """Note that `entry` names `users`, and tell each of them in the app (not the author)."""
    users = list(dict.fromkeys(users))
    Mention.objects.bulk_create([Mention(entry=entry, user=user) for user in users])
    text = f"{by.first_name} mentioned you with {about.display_name}: {entry.text}"[:300]
    url = f"{about.get_absolute_url()}#entry-{entry.pk}"
    Notification.objects.bulk_create(
        [Notification(user=user, actor=by, text=text, url=url) for user in users if user != by]
    )
