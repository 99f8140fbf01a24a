"""What the page of a contact or company shows, read when a part of the page asks for it.

Each part is read once and by one query, so that a fragment costs only its own part and the whole page a fixed number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.door import viewer, visibility_filter
from regulars.access.models import Organisation, User
from regulars.contacts.badges import Badge, badges_of
from regulars.contacts.fields import custom
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
    Referral,
    Relationship,
    Tag,
)
from regulars.contacts.models.referrals import Introducer
from regulars.contacts.referrals.reading import brought_by, may_name
from regulars.lib.prepared import prepared
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
        return reach_of(_points(self.holder.pk, self.host == "contact"))

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
        return _addresses(self.holder.pk, self.host == "contact")

    @cached_property
    def city(self) -> str:
        """The city of the first address that has one."""
        return next((address.city for address in self.addresses if address.city), "")

    @cached_property
    def tags(self) -> list[Tag]:
        """Tags by name."""
        return _tags(self.holder.pk, self.host == "contact")

    @cached_property
    def badges(self) -> list[Badge]:
        """What upper contexts show beside the name."""
        return badges_of(self, self.organisation)

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
        person = self.introducer
        return person if isinstance(person, Contact) else None

    @cached_property
    def introducer(self) -> Introducer | None:
        """The person, company, colleague or partner who brought them, if the user may know of them."""
        try:
            referral = self.contact.referral
        except Referral.DoesNotExist:
            return None
        return may_name(referral, self.user)

    @cached_property
    def brought(self) -> list[Contact | Company]:
        """People and companies who came through this one, newest first, if the user may know of them."""
        return [row.newcomer for row in brought_by(self.contact, self.user, SHOWN)]

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
        return sorted(_facts(self.contact.pk), key=lambda fact: order.index(fact.kind))

    @cached_property
    def openers(self) -> list[Opener]:
        """What to ask next time."""
        return _openers(self.contact.pk)

    @cached_property
    def dates(self) -> list[Day]:
        """Important dates, the next one first."""
        today = timezone.localdate()
        days = [day_of(row, today) for row in _dates(self.contact.pk)]
        return sorted(days, key=lambda day: 9999 if day.days is None else day.days)

    @cached_property
    def around(self) -> list[Around]:
        """People they are related to, from both ends, if the user may know of them."""
        me = self.contact
        rows = _around(me.pk, self.user.pk, self.user.sees_all)
        today = timezone.localdate()
        return [
            Around(row, row.other_than(me), row.label_seen_from(me), bool(row.until and row.until < today))
            for row in rows
        ]

    @cached_property
    def employments(self) -> list[Employment]:
        """Companies they belong or belonged to, if the user may know of them."""
        return _employments(self.contact.pk, self.user.pk, self.user.sees_all)

    @cached_property
    def consents(self) -> list[Consent]:
        """The newest word on each channel."""
        newest: dict[str, Consent] = {}
        for row in _consents(self.contact.pk):
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


# The reads of the page, made ready once.


def _holder(pk: int, is_contact: bool) -> dict[str, int]:
    return {"contact" if is_contact else "company": pk}


@prepared
def _points(pk: int, is_contact: bool) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(**_holder(pk, is_contact))


@prepared
def _addresses(pk: int, is_contact: bool) -> QuerySet[Address]:
    return Address.objects.filter(**_holder(pk, is_contact))


@prepared
def _tags(pk: int, is_contact: bool) -> QuerySet[Tag]:
    return Tag.objects.filter(contacts=pk) if is_contact else Tag.objects.filter(companies=pk)


@prepared
def _facts(pk: int) -> QuerySet[Fact]:
    return Fact.objects.filter(contact=pk, retired_at=None)


@prepared
def _openers(pk: int) -> QuerySet[Opener]:
    return Opener.objects.filter(Q(entry=None) | Q(entry__removed_at=None), contact=pk, asked_at=None)[:SHOWN]


@prepared
def _dates(pk: int) -> QuerySet[ImportantDate]:
    return ImportantDate.objects.filter(contact=pk)


@prepared
def _around(pk: int, me: int, sees_all: bool) -> QuerySet[Relationship]:
    user = viewer(me, sees_all)
    mine = visibility_filter(user, "other__") & Q(contact=pk, **_present("other__"))
    theirs = visibility_filter(user, "contact__") & Q(other=pk, **_present("contact__"))
    return Relationship.objects.filter(mine | theirs).select_related("contact", "other").only(*AROUND)[:SHOWN]


@prepared
def _employments(pk: int, me: int, sees_all: bool) -> QuerySet[Employment]:
    rows = Employment.objects.filter(visibility_filter(viewer(me, sees_all), "company__"), contact=pk)
    return rows.filter(company__binned_at=None).select_related("company").only(*EMPLOYMENT)


@prepared
def _consents(pk: int) -> QuerySet[Consent]:
    return Consent.objects.filter(contact=pk)


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
