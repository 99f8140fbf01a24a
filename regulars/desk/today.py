"""What Today shows: each part a bounded look along an index, the same work for a hundred people or a million."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.access.door import visibility_filter
from regulars.access.models import Notification, Organisation, User
from regulars.contacts.models import Contact, ImportantDate, Involvement, Opener
from regulars.contacts.rhythm import LOOKS_BACK, usual_rhythm
from regulars.lib import moments
from regulars.timeline import kinds
from regulars.timeline.models import Entry

T = TypeVar("T")
SHOWN = 5
LATELY = 300  # openers are looked for among the people one was last in touch with
NEWEST_REQUESTS = 60
SILENCES = (14, 30, 60, 120, 365)  # days; gone quiet is looked for in each band between two
IN_BAND = 25
RHYTHM_OVER = timedelta(days=550)
AT_LEAST = 5  # days beyond the usual gap
UPCOMING_DAYS = 14
UPCOMING_LOOKED_AT = 40


@dataclass(frozen=True)
class QuietContact:
    """Somebody who used to come `every` days and has been silent for `silent` days."""

    contact: Contact
    every: int
    silent: int

    @property
    def sentence(self) -> str:
        """In touch every 9 days, silent for 26."""
        return _("In touch every %(every)s, silent for %(silent)s.") % {
            "every": moments.span(self.every) if self.every > 1 else _("day"),
            "silent": moments.span(self.silent),
        }


@dataclass(frozen=True)
class ComingDate:
    """An important date that comes round on `day`."""

    occasion: ImportantDate
    day: date

    @property
    def sentence(self) -> str:
        """Luísa Marques turns 40."""
        name, years = self.occasion.contact.display_name, self.day.year - (self.occasion.year or self.day.year)
        if self.occasion.kind == ImportantDate.Kind.BIRTHDAY:
            return (
                _("%(name)s turns %(years)d") % {"name": name, "years": years} if years else _("Birthday of %s") % name
            )
        label = str(self.occasion)
        if years and self.occasion.recurs:
            line = ngettext("%(years)d year: %(label)s, %(name)s", "%(years)d years: %(label)s, %(name)s", years)
            return line % {"years": years, "label": label, "name": name}
        return f"{label}: {name}"

    @property
    def weekday(self) -> str:
        """Today, tomorrow, Monday, then 30 Nov."""
        ahead = (self.day - timezone.localdate()).days
        if 1 < ahead < 7:
            return date_format(self.day, "D")
        return moments.short(self.day)


@dataclass(frozen=True)
class Found(Generic[T]):
    """The first few of what was found, and how many there are: exactly, or at least that many."""

    shown: list[T] = field(default_factory=list)
    count: int = 0
    at_least: bool = False

    @property
    def in_words(self) -> str:
        """Three, 14, or At least 200: as a sentence begins."""
        return _("At least %d") % self.count if self.at_least else number_word(self.count)


@dataclass
class Today:
    """Everything the page shows, loaded with a fixed number of queries."""

    openers: list[Opener] = field(default_factory=list)
    requests: Found[Involvement] = field(default_factory=Found)
    quiet: Found[QuietContact] = field(default_factory=Found)
    coming: list[ComingDate] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is there to do."""
        return not (self.openers or self.requests.shown or self.quiet.shown or self.coming or self.notifications)

    @property
    def sentence(self) -> str:
        """One true sentence about the day."""
        parts = []
        if self.requests.shown:
            line = ngettext(
                "%(count)s request waits for an answer.", "%(count)s requests wait for an answer.", self.requests.count
            )
            parts.append(line % {"count": self.requests.in_words})
        if self.quiet.shown:
            line = ngettext("%(count)s person has gone quiet.", "%(count)s people have gone quiet.", self.quiet.count)
            parts.append(line % {"count": self.quiet.in_words})
        if not parts and self.openers:
            parts.append(_("There is something to ask about."))
        if not parts and self.coming and self.coming[0].day == timezone.localdate():
            parts.append(_("It is somebody’s day today."))
        return " ".join(parts) or _("Nothing is waiting for you.")


def number_word(count: int) -> str:
    """Return small numbers as words that begin a sentence: 3 gives "Three"."""
    words = (
        _("None"),
        _("One"),
        _("Two"),
        _("Three"),
        _("Four"),
        _("Five"),
        _("Six"),
        _("Seven"),
        _("Eight"),
        _("Nine"),
    )
    return str(words[count]) if count < len(words) else str(count)


def load_today(user: User, organisation: Organisation) -> Today:
    """Return what `user` should see today; parts whose module is off stay empty."""
    people = my_people(user)
    return Today(
        openers=open_openers(people),
        requests=open_requests(user),
        quiet=gone_quiet(people) if organisation.has_module("rhythm") else Found(),
        coming=coming_up(user) if organisation.has_module("dates") else [],
        notifications=list(
            Notification.objects.filter(user=user, read_at=None).select_related("actor").order_by("-created_at")[:SHOWN]
        ),
    )


def my_people(user: User) -> "QuerySet[Any]":
    """The people whose point of contact `user` is, or for somebody who has none all that they may know. One query."""
    visible: QuerySet[Any] = Contact.objects.visible_to(user)
    mine = visible.filter(owner=user)
    return mine if mine.exists() else visible


def open_openers(people: "QuerySet[Any]") -> list[Opener]:
    """The oldest open openers about those of `people` that were in touch last. One query."""
    lately = people.order_by("-last_contact_at", "-id").values("pk")[:LATELY]
    return list(
        Opener.objects.filter(contact_id__in=lately, asked_at=None)
        .select_related("contact", "contact__company")
        .order_by("noted_at", "pk")[:SHOWN]
    )


def open_requests(user: User) -> Found[Involvement]:
    """The newest requests that nobody has answered, those of my own people first. One query."""
    waiting = Entry.objects.filter(kind="request", settled_at=None, removed_at=None).order_by("-occurred_at", "-id")
    rows = Involvement.objects.filter(
        visibility_filter(user, "contact__"),
        entry__in=waiting.values("pk")[:NEWEST_REQUESTS],
        contact__isnull=False,
        contact__binned_at=None,
        contact__erased_at=None,
    ).select_related("entry", "contact")
    ordered = sorted(rows, key=lambda one: (one.contact.owner_id != user.pk, -one.occurred_at.timestamp(), one.pk))  # type: ignore[union-attr]
    once: dict[int, Involvement] = {}
    for one in ordered:
        once.setdefault(one.entry_id, one)
    return Found(list(once.values())[:SHOWN], len(once), len(ordered) >= NEWEST_REQUESTS)


def gone_quiet(people: "QuerySet[Any]", now: datetime | None = None) -> Found[QuietContact]:
    """Those of `people` who are silent for much longer than their own rhythm, the most overdue first.

    What a rhythm is: `contacts.rhythm`. Looks at those whose silence began last in each of four bands. Five queries.
    """
    now = now or timezone.now()
    by_last = people.order_by("-last_contact_at", "-id")
    silent: dict[int, Contact] = {}
    full = False
    for since, until in pairwise(SILENCES):
        band = by_last.filter(
            last_contact_at__lte=now - timedelta(days=since), last_contact_at__gt=now - timedelta(days=until)
        )
        rows = list(band[:IN_BAND])
        silent |= {contact.pk: contact for contact in rows}
        full = full or len(rows) == IN_BAND
    today = timezone.localdate(now)
    found = []
    for pk, times in _contact_moments(silent, now).items():
        rhythm = usual_rhythm(silent[pk], times)
        if rhythm and rhythm.overdue_by(today) >= AT_LEAST:
            found.append(QuietContact(silent[pk], rhythm.every, rhythm.silent_for(today)))
    found.sort(key=lambda one: (-min(one.silent / one.every, 5), one.every, one.contact.pk))
    return Found(found[:SHOWN], len(found), full and len(found) > SHOWN)


def _contact_moments(contacts: Iterable[int], now: datetime) -> dict[int, list[datetime]]:
    """The newest times of contact of each, from one query."""
    rows = Involvement.objects.filter(
        contact_id__in=list(contacts),
        kind__in=kinds.contact_kinds(),
        occurred_at__gt=now - RHYTHM_OVER,
        entry__removed_at=None,
    )
    times: dict[int, list[datetime]] = {}
    for pk, at in rows.order_by("contact_id", "-occurred_at").values_list("contact_id", "occurred_at"):
        known = times.setdefault(pk, [])
        if len(known) < LOOKS_BACK:
            known.append(at)
    return times


def coming_up(user: User, today: date | None = None) -> list[ComingDate]:
    """Important dates of the next two weeks, mine first within a day. One query for each month they reach into."""
    today = today or timezone.localdate()
    days = [today + timedelta(days=ahead) for ahead in range(UPCOMING_DAYS + 1)]
    known = ImportantDate.objects.filter(
        visibility_filter(user, "contact__"), contact__binned_at=None, contact__erased_at=None
    ).filter(Q(recurs=True) | Q(year__in={day.year for day in days}))
    found = []
    for month, first, last in _months(days):
        rows = known.filter(month=month, day__gte=first, day__lte=last).order_by("month", "day", "pk")
        for row in rows.select_related("contact")[:UPCOMING_LOOKED_AT]:
            day = row.next_after(today)
            if day and day <= days[-1]:
                found.append(ComingDate(row, day))
    found.sort(key=lambda one: (one.day, one.occasion.contact.owner_id != user.pk, one.occasion.contact.sort_name))
    return found[: SHOWN + 3]


def _months(days: list[date]) -> list[tuple[int, int, int]]:
    """Month, first and last day of each month that `days` reach into; 29 February comes on the 28th in other years."""
    found = []
    for month in dict.fromkeys(day.month for day in days):
        within = [day.day for day in days if day.month == month]
        common_february = month == 2 and within[-1] == 28 and not _is_leap(days[0].year)
        found.append((month, within[0], 29 if common_february else within[-1]))
    return found


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
