"""What the page of a contact or company shows, read when a part of the page asks for it.

Each part is read once and by one query, so that a fragment costs only its own part and the whole page a fixed number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.door import visibility_filter
from regulars.access.models import Organisation, User
from regulars.contacts import custom
from regulars.contacts.models import (
    Address,
    Company,
    Consent,
    Contact,
    ContactPoint,
    CustomField,
    Employment,
    Fact,
    ImportantDate,
    Opener,
    Relationship,
)
from regulars.lib.text import in_sentence

Kind = ContactPoint.Kind
# What a page shows of the people and companies around; reading every column of each costs more than the look-up.
AROUND = ("kind", "note", "since", "until", "contact__display_name", "other__display_name")
EMPLOYMENT = ("role", "since", "until", "is_main", "contact", "company__display_name")
SHOWN = 30  # people in a part of a page; more have a page of their own
ICONS = {Kind.PHONE: "phone", Kind.EMAIL: "mail", Kind.LINK: "link", Kind.HANDLE: "at-sign"}


@dataclass(frozen=True)
class Reach:
    """A way to reach somebody as the page shows it; `href` is "" for what can't be opened."""

    point: ContactPoint
    href: str
    icon: str
    title: str


@dataclass(frozen=True)
class Around:
    """Somebody around a contact: the relationship as it reads from here."""

    link: Relationship
    other: Contact
    words: str
    is_over: bool


@dataclass(frozen=True)
class Day:
    """An important date with its next time and how many days are left; None when it is over."""

    row: ImportantDate
    days: int | None
    turns: int | None


@dataclass(frozen=True)
class Value:
    """A custom field that has a value."""

    label: str
    text: str
    href: str = ""


def reach_of(points: Iterable[ContactPoint]) -> list[Reach]:
    """How each point is opened: call, write, follow."""
    return [Reach(p, href_of(p), ICONS[Kind(p.kind)], p.label or p.get_kind_display()) for p in points]


def href_of(point: ContactPoint) -> str:
    """The address behind a point: tel:, mailto:, https:, or "" for handles."""
    if point.kind == Kind.PHONE:
        plain = "".join(c for c in point.value if c.isdecimal() or c == "+")
        return f"tel:{plain}"
    if point.kind == Kind.EMAIL:
        return f"mailto:{quote(point.value, safe='@+.-_')}"
    if point.kind == Kind.LINK and point.value.startswith(("http://", "https://")):
        return point.value
    return f"https://{point.value}" if point.kind == Kind.LINK and "." in point.value and ":" not in point.value else ""


class HolderPage:
    """What the pages of contacts and companies have in common."""

    host = ""

    def __init__(self, holder: Any, user: User, organisation: Organisation | None = None) -> None:
        self.holder, self.user, self.organisation = holder, user, organisation

    @cached_property
    def points(self) -> list[Reach]:
        """Phones, emails, links and handles, the preferred ones first."""
        return reach_of(self.holder.points.all())

    def _first(self, kind: str) -> Reach | None:
        return next((reach for reach in self.points if reach.point.kind == kind), None)

    @cached_property
    def phone(self) -> Reach | None:
        """The phone to call."""
        return self._first(Kind.PHONE)

    @cached_property
    def email(self) -> Reach | None:
        """The address to write to."""
        return self._first(Kind.EMAIL)

    @cached_property
    def addresses(self) -> list[Address]:
        """Postal addresses, the preferred one first."""
        return list(self.holder.addresses.all())

    @cached_property
    def city(self) -> str:
        """The city of the first address that has one."""
        return next((address.city for address in self.addresses if address.city), "")

    @cached_property
    def tags(self) -> list[Any]:
        """Tags by name."""
        return list(self.holder.tags.all())

    @cached_property
    def values(self) -> list[Value]:
        """Custom fields that have a value."""
        stored = self.holder.custom
        if not stored:
            return []
        specs = [spec for spec in custom.fields_of(self.host) if spec.key in stored]
        people = custom.people_in(specs, [stored], self.user)
        shown = [
            Value(
                spec.label,
                custom.display(spec, stored[spec.key], self.organisation, people=people),
                _link(spec, stored),
            )
            for spec in specs
        ]
        return [value for value in shown if value.text]


def _link(spec: CustomField, stored: dict[str, Any]) -> str:
    value = stored[spec.key]
    if spec.kind == "contact":
        return f"/contacts/{value}/"
    return str(value) if spec.kind == "link" and str(value).startswith(("http://", "https://")) else ""


class ContactPage(HolderPage):
    """The parts of a contact's page."""

    host = "contact"

    @property
    def contact(self) -> Contact:
        """The contact."""
        return self.holder  # type: ignore[no-any-return]

    @cached_property
    def profile(self) -> Any:
        """The profile, or an empty one."""
        return self.contact.profile_or_blank

    @cached_property
    def company(self) -> Company | None:
        """The main company, if the user may know of it."""
        company = self.contact.company
        return company if company and may_know(company, self.user) else None

    @cached_property
    def source_contact(self) -> Contact | None:
        """Who brought them, if the user may know of that person."""
        pk = self.profile.source_contact_id
        return Contact.objects.visible_to(self.user).filter(pk=pk).only("display_name").first() if pk else None

    @cached_property
    def brought(self) -> list[Contact]:
        """People who came through this one."""
        found = Contact.objects.visible_to(self.user).filter(profile__source_contact=self.contact)
        return list(found.order_by("created_at").only("display_name")[:SHOWN])

    @cached_property
    def whatsapp(self) -> str:
        """The address of a WhatsApp chat with them, or ""."""
        phones = [reach.point for reach in self.points if reach.point.kind == Kind.PHONE]
        named = [point for point in phones if "whatsapp" in point.label.lower()]
        wanted = named or (phones if self.profile.preferred_channel == "whatsapp" else [])
        best = next((point for point in [*wanted, *phones] if point.value.strip().startswith(("+", "00"))), None)
        return f"https://wa.me/{best.key}" if best else ""

    @cached_property
    def facts(self) -> list[Fact]:
        """What is true of them: limits first, then by kind, the last confirmed first."""
        order = ["limit", *[kind for kind in Fact.Kind.values if kind != "limit"]]
        rows = Fact.objects.filter(contact=self.contact, retired_at=None)
        return sorted(rows, key=lambda fact: order.index(fact.kind))

    @cached_property
    def openers(self) -> list[Opener]:
        """What to ask next time."""
        there = Q(entry=None) | Q(entry__removed_at=None)
        rows = Opener.objects.filter(there, contact=self.contact, asked_at=None)
        return list(rows[:SHOWN])

    @cached_property
    def dates(self) -> list[Day]:
        """Important dates, the next one first."""
        today = timezone.localdate()
        days = [day_of(row, today) for row in ImportantDate.objects.filter(contact=self.contact)]
        return sorted(days, key=lambda day: 9999 if day.days is None else day.days)

    @cached_property
    def around(self) -> list[Around]:
        """People they are related to, from both ends, if the user may know of them."""
        me = self.contact
        mine = visibility_filter(self.user, "other__") & Q(contact=me, **_present("other__"))
        theirs = visibility_filter(self.user, "contact__") & Q(other=me, **_present("contact__"))
        rows = Relationship.objects.filter(mine | theirs).select_related("contact", "other").only(*AROUND)
        today = timezone.localdate()
        return [
            Around(row, row.other_than(me), row.label_seen_from(me), bool(row.until and row.until < today))
            for row in rows[:SHOWN]
        ]

    @cached_property
    def employments(self) -> list[Employment]:
        """Companies they belong or belonged to, if the user may know of them."""
        rows = Employment.objects.filter(
            visibility_filter(self.user, "company__"), contact=self.contact, company__binned_at=None
        )
        return list(rows.select_related("company").only(*EMPLOYMENT))

    @cached_property
    def consents(self) -> list[Consent]:
        """The newest word on each channel."""
        newest: dict[str, Consent] = {}
        for row in Consent.objects.filter(contact=self.contact):
            newest.setdefault(row.channel, row)
        return list(newest.values())

    @cached_property
    def since(self) -> str:
        """ "customer since March 2023", or "in our book since …"."""
        when = date_of_month(timezone.localtime(self.contact.created_at).date())
        stage = self.contact.stage
        if stage and stage.is_customer:
            return _("%(stage)s since %(month)s") % {"stage": in_sentence(stage.name), "month": when}
        return _("known since %(month)s") % {"month": when}


def _present(prefix: str) -> dict[str, None]:
    return {f"{prefix}binned_at": None, f"{prefix}erased_at": None}


def may_know(company: Company, user: User) -> bool:
    """Whether `user` may know of a company that is loaded already; asks the database only for team visibility."""
    if company.binned_at:
        return False
    if user.sees_all or company.visibility == "everyone" or company.owner_id == user.pk:
        return True
    return bool(Company.objects.visible_to(user).filter(pk=company.pk).exists())


def date_of_month(day: date) -> str:
    """Return "March 2023"."""
    from django.utils.formats import date_format

    return str(date_format(day, "F Y"))


def day_of(row: ImportantDate, today: date) -> Day:
    """How far away an important date is, and which birthday or anniversary it will be."""
    upcoming = row.next_after(today)
    turns = upcoming.year - row.year if upcoming and row.year and row.recurs else None
    return Day(row, (upcoming - today).days if upcoming else None, turns if turns and turns > 0 else None)
