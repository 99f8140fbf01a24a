"""Small factories for people, companies and moments."""

from itertools import count
from typing import Any

from django.utils import timezone

from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.contacts.actions import Moment, Point, add_company, add_contact, log_moment
from regulars.contacts.models import Company, Contact, Involvement
from regulars.timeline.models import Entry

_numbers = count(1)


def make_contact(display_name: str = "", *, by: User | None = None, **fields: Any) -> Contact:
    """A person; `email="…"` and `phone="…"` become contact points."""
    points = [Point(kind, fields.pop(kind)) for kind in ("email", "phone") if kind in fields]
    points += fields.pop("points", [])
    by = by or fields.get("owner") or make_user()
    return add_contact(by=by, display_name=display_name or f"Person {next(_numbers)}", points=points, **fields)


def make_company(display_name: str = "", *, by: User | None = None, **fields: Any) -> Company:
    """A company."""
    by = by or fields.get("owner") or make_user()
    return add_company(by=by, display_name=display_name or f"Company {next(_numbers)}", **fields)


def make_entry(*holders: Contact | Company, by: User | None = None, text: str = "Said hello", **fields: Any) -> Entry:
    """A moment on the timelines of `holders`."""
    contacts = [h for h in holders if isinstance(h, Contact)]
    companies = [h for h in holders if isinstance(h, Company)]
    author = by or holders[0].owner or make_user()
    return log_moment(Moment(text=text, contacts=contacts, companies=companies, **fields), by=author)


def make_history(contact: Contact, count: int) -> None:
    """`count` notes on the timeline of a contact, the fast way."""
    now = timezone.now()
    entries = Entry.objects.bulk_create(
        Entry(kind="note", text=f"Moment {number}", occurred_at=now) for number in range(count)
    )
    Involvement.objects.bulk_create(
        Involvement(entry=entry, contact=contact, kind="note", occurred_at=now) for entry in entries
    )
