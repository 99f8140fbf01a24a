"""The people on Today: who waits for an answer, what to ask them, who has gone quiet, whose day it is soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import BigIntegerField, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.access.door import viewer, visibility_filter
from regulars.access.models import Notification
from regulars.access.notices import Line
from regulars.contacts.models import Contact, ImportantDate, Involvement, Opener, Rhythm
from regulars.desk.today.sections import SHOWN, Found, Look
from regulars.desk.today.words import begin, count_word, weekday
from regulars.lib import moments
from regulars.lib.prepared import prepared
from regulars.timeline.models import Entry

LATELY = 100  # openers are looked for among the people one was last in touch with
NEWEST_REQUESTS = 60
QUIET_LOOKED_AT = 60  # those who became overdue last; of these the most valuable are shown
UPCOMING_DAYS = 14
UPCOMING_LOOKED_AT = 40
UPCOMING_SHOWN = 6
REQUESTS_SHOWN, OPENERS_SHOWN = 4, 3


@dataclass(frozen=True)
class QuietContact:
    """Somebody who used to come `every` days, or whom we wanted to hear from so often, and was silent for `silent`."""

    contact: Contact
    every: int
    silent: int
    is_wish: bool = False
    is_new: bool = False

    @property
    def sentence(self) -> str:
        """In touch every 9 days, silent for 26."""
        every = moments.span(self.every) if self.every > 1 else _("day")
        values = {"every": every, "silent": moments.span(self.silent)}
        if self.is_wish:
            return _("To be in touch every %(every)s, silent for %(silent)s.") % values
        return _("In touch every %(every)s, silent for %(silent)s.") % values

    @property
    def worth(self) -> int:
        """How much they are worth to us by their stage: regulars first, then other customers. Values come later."""
        stage = self.contact.stage
        if stage is None or not stage.is_customer:
            return 2
        return 0 if stage.key == "regular" else 1


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
        """Today, tomorrow, Mon, then 30 Nov."""
        return weekday(self.day)


def open_openers(look: Look) -> Found[Opener]:
    """The oldest open openers about those of my people that were in touch last. One query."""
    return Found.of(_openers(look.user.pk, look.user.sees_all, look.has_people))


@prepared
def _openers(user: int, sees_all: bool, own: bool) -> "QuerySet[Any, Any]":
    people: QuerySet[Any] = Contact.objects.visible_to(viewer(user, sees_all))
    people = people.filter(owner=user) if own else people
    lately = people.order_by("-last_contact_at", "-id").values("pk")[:LATELY]
    names = ("contact__display_name", "contact__company__display_name")
    rows = Opener.objects.filter(contact_id__in=lately, asked_at=None).select_related("contact__company")
    return rows.only("text", "noted_at", *names).order_by("noted_at", "pk")[:OPENERS_SHOWN]


def say_openers(found: Found[Opener]) -> list[str]:
    """There is something to ask about, and no more urgent word."""
    return [_("There is something to ask about.")]


def open_requests(look: Look) -> Found[Involvement]:
    """The newest requests that nobody has answered, those of my own people first. Two queries."""
    rows = _open_requests(look.user.pk, look.user.sees_all)
    ordered = sorted(rows, key=lambda row: (row[2] != look.user.pk, -row[3].timestamp(), row[0]))
    once: dict[int, int] = {}
    for pk, entry, _owner, _at in ordered:
        once.setdefault(entry, pk)
    ids = list(once.values())[:REQUESTS_SHOWN]
    known = {row.pk: row for row in _request_rows(ids)}
    return Found([known[pk] for pk in ids if pk in known], len(once), len(rows) >= NEWEST_REQUESTS)


@prepared
def _open_requests(user: int, sees_all: bool) -> "QuerySet[Any, Any]":
    waiting = Entry.objects.filter(kind="request", settled_at=None, removed_at=None).order_by("-occurred_at", "-id")
    rows = Involvement.objects.filter(
        visibility_filter(viewer(user, sees_all), "contact__"),
        entry__in=waiting.values("pk")[:NEWEST_REQUESTS],
        contact__isnull=False,
        contact__binned_at=None,
        contact__erased_at=None,
    )
    return rows.values_list("pk", "entry_id", "contact__owner_id", "occurred_at")


@prepared
def _request_rows(ids: list[int]) -> "QuerySet[Any, Any]":
    wanted = ("occurred_at", "entry_id", "contact__display_name", "entry__text")
    return Involvement.objects.filter(pk__in=ids).select_related("entry", "contact").only(*wanted)


def say_requests(found: Found[Involvement]) -> list[str]:
    """Two requests wait for an answer."""
    line = ngettext("%(count)s request waits for an answer.", "%(count)s requests wait for an answer.", found.count)
    return [begin(line % {"count": count_word(found)})]


def request_lines(found: Found[Involvement]) -> list[Line]:
    """Who asked what, for the daily mail."""
    return [
        Line(f"{one.contact}: {one.entry.text[:160]}", f"{one.contact.get_absolute_url()}#entry-{one.entry_id}")  # type: ignore[union-attr]
        for one in found.shown
    ]


def gone_quiet(look: Look) -> Found[QuietContact]:
    """Of my people who became overdue by their rhythm last, the most valuable ones. Two queries along indexes.

    See `contacts.rhythm` for what overdue means.
    """
    rows = _overdue(look.user.pk, look.user.sees_all, look.has_people, look.today)
    found = sorted((_quiet_of(row, look.today) for row in rows), key=lambda one: one[0])
    ids = [pk for _rank, pk in found[:SHOWN]]
    kept = {row.contact_id: row for row in _overdue_rows(ids)}
    shown = [
        QuietContact(row.contact, row.every, row.silent_for(look.today), row.is_wish, row.overdue_from == look.today)
        for row in (kept[pk] for pk in ids if pk in kept)
    ]
    return Found(shown, len(found), len(found) >= QUIET_LOOKED_AT)


def _quiet_of(row: tuple[Any, ...], today: date) -> tuple[tuple[bool, int, float, int], int]:
    """What a row of `_overdue` is ordered by, and whose it is: gold and silver first, then by worth, then by how far
    beyond the gap it is."""
    pk, usual, wish, segment, since, is_customer, stage, top = row
    every = wish or usual or segment
    worth = 2 if not is_customer else 0 if stage == "regular" else 1
    return (top is None, worth, -min((today - since).days / every, 5), every), pk


@prepared
def _overdue(user: int, sees_all: bool, own: bool, today: date) -> "QuerySet[Any, Any]":
    overdue = Rhythm.objects.filter(overdue_from__lte=today, contact__binned_at=None, contact__erased_at=None)
    columns = ("usual_days", "wish_days", "segment_days", "since", "contact__stage__is_customer", "contact__stage__key",
               "contact__standing__top_value")  # fmt: skip
    rows = overdue.values_list("contact_id", *columns)
    if own:
        return rows.filter(owner_id=user).order_by("-overdue_from")[:QUIET_LOOKED_AT]
    seen = rows.filter(visibility_filter(viewer(user, sees_all), "contact__"))
    return seen.order_by("-overdue_from", "-contact")[:QUIET_LOOKED_AT]


@prepared
def _overdue_rows(ids: list[int]) -> "QuerySet[Any, Any]":
    return Rhythm.objects.filter(contact__in=ids).select_related("contact__stage")


def say_quiet(found: Found[QuietContact]) -> list[str]:
    """Three people have gone quiet."""
    line = ngettext("%(count)s person has gone quiet.", "%(count)s people have gone quiet.", found.count)
    return [begin(line % {"count": count_word(found)})]


def quiet_lines(found: Found[QuietContact]) -> list[Line]:
    """Who went quiet today and how we know: a mail that says the same every day is not read."""
    return [Line(f"{one.contact}: {one.sentence}", one.contact.get_absolute_url()) for one in found.shown if one.is_new]


def coming_up(look: Look) -> Found[ComingDate]:
    """Important dates of the next two weeks, mine first within a day. One query for each month they reach into."""
    days = [look.today + timedelta(days=ahead) for ahead in range(UPCOMING_DAYS + 1)]
    found = []
    for month, first, last in _months(days):
        for row in _dates(look.user.pk, look.user.sees_all, month, first, last, days[0].year, days[-1].year):
            day = row.next_after(look.today)
            if day and day <= days[-1]:
                found.append(ComingDate(row, day))
    found.sort(key=lambda one: (one.day, one.occasion.contact.owner_id != look.user.pk, one.occasion.contact.sort_name))
    return Found.of(found, UPCOMING_SHOWN)


@prepared
def _dates(
    user: int, sees_all: bool, month: int, first: int, last: int, this_year: int, next_year: int
) -> "QuerySet[Any, Any]":
    # As expressions: a plain number outside the range of a small column is thought to find nothing, and the stand-ins
    # that a prepared read is made with are outside of every range but the widest.
    of_month, since, until, year, other = (
        Value(number, BigIntegerField()) for number in (month, first, last, this_year, next_year)
    )
    seen = visibility_filter(viewer(user, sees_all), "contact__")
    known = ImportantDate.objects.filter(seen, contact__binned_at=None, contact__erased_at=None)
    dated = known.filter(Q(recurs=True) | Q(year=year) | Q(year=other))
    rows = dated.filter(month=of_month, day__gte=since, day__lte=until).order_by("month", "day", "pk")
    own = ("kind", "label", "day", "month", "year", "recurs")
    names = ("contact__display_name", "contact__sort_name", "contact__owner_id")
    return rows.select_related("contact").only(*own, *names)[:UPCOMING_LOOKED_AT]


def say_coming(found: Found[ComingDate]) -> list[str]:
    """It is somebody's day, when it is."""
    return [_("It is somebody’s day today.")] if found.shown[0].day == timezone.localdate() else []


def coming_lines(found: Found[ComingDate]) -> list[Line]:
    """Whose day is today or tomorrow: what is further off is no reason for a mail."""
    soon = timezone.localdate() + timedelta(days=1)
    return [
        Line(f"{begin(one.weekday)}: {one.sentence}", one.occasion.contact.get_absolute_url())
        for one in found.shown
        if one.day <= soon
    ]


def _months(days: Sequence[date]) -> list[tuple[int, int, int]]:
    """Month, first and last day of each month that `days` reach into; 29 February comes on the 28th in other years."""
    found = []
    for month in dict.fromkeys(day.month for day in days):
        within = [day.day for day in days if day.month == month]
        common_february = month == 2 and within[-1] == 28 and not _is_leap(days[0].year)
        found.append((month, within[0], 29 if common_february else within[-1]))
    return found


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def unread_news(look: Look) -> Found[Notification]:
    """The newest notifications that are not read. One query."""
    return Found.of(_unread(look.user.pk))


@prepared
def _unread(user: int) -> "QuerySet[Notification]":
    mine = Notification.objects.filter(user=user, read_at=None).select_related("actor")
    return mine.order_by("-created_at")[:SHOWN]
