"""Adding people and companies, their points, tags and searchable words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from regulars.access.models import Organisation, User
from regulars.access.models.audit import audit
from regulars.contacts.indexing import index_names
from regulars.contacts.models import (
    Company,
    CompanyTag,
    Contact,
    ContactPoint,
    ContactTag,
    Employment,
    Profile,
    Tag,
)
from regulars.contacts.points import point_key
from regulars.lib.text import fold

Holder = Contact | Company


@dataclass(frozen=True)
class Point:
    """A way to reach somebody, not yet saved. The first of each kind is the preferred one unless one says so."""

    kind: str
    value: str
    label: str = ""
    is_preferred: bool = False


def full_name(given: str, family: str) -> str:
    """The display name for a given and a family name."""
    return " ".join(part for part in (given.strip(), family.strip()) if part)


@transaction.atomic
def add_contact(
    *,
    by: User | None,
    display_name: str = "",
    points: Iterable[Point] = (),
    tags: Iterable[str] = (),
    role: str = "",
    profile: dict[str, Any] | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> Contact:
    """Add a person, found by search from the same moment on. `fields` are columns of Contact.

    `role` is what they do at `fields["company"]`; `profile` are columns of Profile, and `source_contact` who brought
    them. The owner is `by` unless given; `by` is None for somebody who came by themselves. Records an audit event.
    Raises ValueError when there is neither a name nor a way to reach them.
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
    profile = dict(profile or {})
    introducer = profile.pop("source_contact", None)
    if profile:
        Profile.objects.create(contact=contact, **profile)
    if contact.company:
        Employment.objects.create(contact=contact, company=contact.company, role=role, is_main=True)
    set_points(contact, points)
    add_tags(contact, tags)
    index_name(contact)
    audit("added", by=by, kind="contact", object_id=contact.pk, title=contact.display_name)
    if introducer:
        from regulars.contacts.actions.bringing import bring

        bring(contact, introducer, by=by, at=now, audited=False)
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
    preferred = {
        kind: next((p for p in kept if p.kind == kind and p.is_preferred), None) for kind in {p.kind for p in kept}
    }
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
    """Return the tags called `names`, creating those that don't exist. Case does not matter; "early-access" also finds
    the tag "early access", which nobody can type after a "#".
    """
    wanted = {name.strip().lstrip("#").lower(): name.strip().lstrip("#")[:60] for name in names if name.strip(" #")}
    known = {tag.name.lower(): tag for tag in Tag.objects.filter(name__in=wanted.values())}
    for key, name in wanted.items():
        if key not in known:
            found = Tag.objects.filter(name__iexact=name).first()
            if not found and "-" in name:
                found = Tag.objects.filter(name__iexact=name.replace("-", " ")).first()
            known[key] = found or Tag.objects.create(name=name)
    return [known[key] for key in wanted]


def add_tags(holder: Holder, names: Iterable[str]) -> None:
    """Put tags on `holder`, each once."""
    tags = find_or_add_tags(names)
    if isinstance(holder, Contact):
        ContactTag.objects.bulk_create([ContactTag(contact=holder, tag=tag) for tag in tags], ignore_conflicts=True)
    else:
        CompanyTag.objects.bulk_create([CompanyTag(company=holder, tag=tag) for tag in tags], ignore_conflicts=True)


def index_name(holder: Holder) -> None:
    """Rewrite the words that search finds `holder` by. For many at once: `contacts.indexing.index_names`."""
    index_names([holder])
