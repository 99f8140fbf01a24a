"""Logging moments: one entry with what hangs on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.models import User
from regulars.access.notices import notify
from regulars.contacts import rhythm
from regulars.contacts.actions.adding import Holder, add_tags
from regulars.contacts.models import Company, Contact, Involvement, NameWord, Opener
from regulars.lib.prepared import prepared
from regulars.timeline import kinds
from regulars.timeline.models import Entry, Mention

# A phone or till whose clock runs a little ahead is forgiven.
CLOCK_SLACK = timedelta(minutes=5)


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
    subject: tuple[str, int] | None = None  # what it is about: ("promise", 5)


def touch(holders: Iterable[Holder], at: datetime, *, contact_at: datetime | None = None) -> None:
    """Move holders to the top of "recently touched"; `contact_at` also moves "last contact" when it is later."""
    for model, link in ((Contact, "contact_id"), (Company, "company_id")):
        ids = [holder.pk for holder in holders if isinstance(holder, model)]
        if not ids:
            continue
        later = {"last_contact_at": Greatest("last_contact_at", Value(contact_at))} if contact_at else {}
        model.objects.filter(pk__in=ids).update(touched_at=at, **later)
        NameWord.objects.filter(**{f"{link}__in": ids}).update(touched_at=at)


@transaction.atomic
def log_moment(moment: Moment, *, by: User | None) -> Entry:
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
        subject_kind=moment.subject[0] if moment.subject else "",
        subject_id=moment.subject[1] if moment.subject else None,
    )
    implied = involve(entry, moment.contacts, moment.companies)
    holders: list[Holder] = [*moment.contacts, *moment.companies, *implied]
    is_contact = kinds.get(moment.kind).is_contact
    touch(holders, now, contact_at=occurred_at if is_contact else None)
    if is_contact:
        rhythm.keep(moment.contacts)
    Opener.objects.bulk_create(
        [
            Opener(contact=contact, text=text[:500], entry=entry, noted_by=by, noted_at=occurred_at)
            for contact in moment.contacts
            for text in moment.openers
        ]
    )
    concerned: list[Holder] = [*moment.contacts, *moment.companies]
    for holder in concerned:
        add_tags(holder, moment.tags)
    if by is not None:
        mention(entry, moment.mentions, about=concerned[0], by=by)
    return entry


def involve(entry: Entry, contacts: Sequence[Contact], companies: Sequence[Company]) -> list[Company]:
    """Put `entry` on timelines; returns the companies that are there only because of their people."""
    ids = {c.company_id for c in contacts if c.company_id} - {c.pk for c in companies}
    implied = _companies(sorted(ids))
    common = {"entry": entry, "occurred_at": entry.occurred_at, "kind": entry.kind}
    Involvement.objects.bulk_create(
        [Involvement(contact=contact, **common) for contact in dict.fromkeys(contacts)]
        + [Involvement(company=company, **common) for company in dict.fromkeys(companies)]
        + [Involvement(company=company, is_implied=True, **common) for company in implied]
    )
    return implied


@prepared
def _companies(ids: list[int]) -> QuerySet[Company]:
    found: QuerySet[Company] = Company.objects.filter(pk__in=ids)
    return found


def mention(entry: Entry, users: Iterable[User], *, about: Holder, by: User) -> None:
    """Note that `entry` names `users`, and tell each of them in the app (not the author)."""
    users = list(dict.fromkeys(users))
    Mention.objects.bulk_create([Mention(entry=entry, user=user) for user in users])
    url = f"{about.get_absolute_url()}#entry-{entry.pk}"

    def line(user: User) -> str:
        said = {"name": by.first_name, "about": about.display_name, "text": entry.text}
        return _("%(name)s mentioned you with %(about)s: %(text)s") % said

    notify(users, kind="mention", text=line, url=url, actor=by, key=f"mention:{entry.pk}")
