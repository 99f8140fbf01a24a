"""Reading calendars: who has what, when, with repeats worked out and hidden people kept hidden.

The verbs (`make_appointment`, `move`, `cancel`, `settle`…) stand in `actions.appointments` and can be had from here.
Everything that reads costs a fixed number of queries, however many appointments there are.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from regulars.access.door import viewer as viewer_like
from regulars.access.door import visibility_filter
from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.lib.prepared import prepared
from regulars.promises.actions.appointments import (
    NotPossible,
    cancel,
    make_appointment,
    move,
    settle,
    undo_change,
)
from regulars.promises.appointments.occurrence import MARK, Occurrence
from regulars.promises.models.appointment import (
    LONGEST,
    Appointment,
    AppointmentColleague,
    AppointmentCompany,
    AppointmentContact,
)
from regulars.promises.times import recurrence
from regulars.promises.times.wall_time import zone_named

NAMED = {
    "contact": ("display_name", "given_name", "binned_at", "erased_at"),
    "company": ("display_name", "binned_at"),
}
MOST_SLOTS = 20_000
MOST = 2000  # occurrences on one calendar; nobody reads more
ASK_FOR = timedelta(days=14)  # how long we ask what happened


def occurrences(
    user_ids: Collection[int],
    start: datetime,
    end: datetime,
    viewer: User | None,
    *,
    with_cancelled: bool = False,
    only_planned: bool = False,
) -> list[Occurrence]:
    """Return what these colleagues have in [start, end), by start, repeats worked out; at most 2000 in 400 days.

    What is about people that `viewer` may not know of comes as "Busy", without names. Without a viewer (a booking page
    that needs the taken times only) all are taken times. Cancelled ones are left out unless asked for, with
    `only_planned` those that are settled, too.
    At most 7 queries.
    """
    end = min(end, start + recurrence.WIDEST)
    links = AppointmentColleague.objects.filter(user_id__in=list(user_ids))
    singles = links.filter(until=None, starts_at__lt=end, starts_at__gt=start - LONGEST, ends_at__gt=start)
    running = links.filter(until__gt=start, starts_at__lt=end)
    rows = Appointment.objects.filter(pk__in=singles.values("appointment"))
    found = _between(
        rows.planned() if only_planned else rows,
        Appointment.objects.filter(pk__in=running.values("appointment")),
        start,
        end,
        with_cancelled=with_cancelled,
    )
    return seen_by(viewer, found)


@dataclass(frozen=True)
class Slot:
    """When something takes place, and nothing else: what a month counts. `series` is set where it has no row."""

    pk: int
    start: datetime
    end: datetime
    series: Appointment | None = None


def slots(user_ids: Collection[int], start: datetime, end: datetime) -> list[Slot]:
    """Return when these colleagues have something in [start, end), by start, cancelled ones left out.

    The same as `occurrences` at a fraction of its cost; `occurrences_at` says what they are. At most 3 queries.
    """
    ids = sorted(user_ids)
    found = {pk: Slot(pk, since, until) for pk, since, until in _single_times(ids, start, end, start - LONGEST)}
    series = running_series(ids, start, end)
    own = _places_taken(series, start, end)
    times = [Slot(row.pk, one.start, one.end, row) for row in series for one in expand(row, start, end)]
    times = [slot for slot in times if (slot.pk, slot.start) not in own]
    return sorted([*found.values(), *times], key=lambda slot: (slot.start, slot.end, slot.pk))


@prepared
def _single_times(user_ids: list[int], start: datetime, end: datetime, since: datetime) -> QuerySet[Any, Any]:
    links = AppointmentColleague.objects.filter(user_id__in=user_ids, until=None)
    links = links.filter(starts_at__lt=end, starts_at__gt=since, ends_at__gt=start)
    links = links.exclude(appointment__status=Appointment.Status.CANCELLED).order_by("starts_at")
    return links.values_list("appointment", "starts_at", "ends_at")[:MOST_SLOTS]


@prepared
def running_series(user_ids: list[int], start: datetime, end: datetime) -> QuerySet[Appointment]:
    """Planned series of these colleagues that run in [start, end), by their first start."""
    running = AppointmentColleague.objects.filter(user_id__in=user_ids, until__gt=start, starts_at__lt=end)
    found: QuerySet[Appointment] = Appointment.objects.planned().filter(pk__in=running.values("appointment"))
    return found.order_by("starts_at", "pk")[:MOST]


@prepared
def _described(ids: list[int]) -> QuerySet[Appointment]:
    fields = ("title", "status", "series", "recurs_at", "repeat", "with_people")
    return Appointment.objects.only(*fields).filter(pk__in=ids)


@prepared
def _known_to(me: int, sees_all: bool, ids: list[int]) -> QuerySet[Any, Any]:
    return Appointment.objects.visible_to(viewer_like(me, sees_all)).filter(pk__in=ids).values_list("pk", flat=True)


@prepared
def _team_of(ids: list[int]) -> QuerySet[Any, Any]:
    return AppointmentColleague.objects.filter(appointment__in=ids).values_list("appointment", "user")


def occurrences_at(chosen: Collection[Slot], viewer: User) -> dict[Slot, Occurrence]:
    """Return what these slots are, as `viewer` may see it; with colleagues, without whom they are with. 3 queries."""
    ids = sorted({slot.pk for slot in chosen})
    rows = {row.pk: row for row in _described(ids)}
    seen = set(_known_to(viewer.pk, viewer.sees_all, ids))
    team = _grouped(_team_of(ids))
    return {
        slot: Occurrence(
            rows[slot.pk],
            slot.start,
            slot.end,
            recurs_at=slot.start if slot.series else None,
            user_ids=team.get(slot.pk, ()),
            is_hidden=slot.pk not in seen,
        )
        for slot in chosen
        if slot.pk in rows
    }


def occurrences_with(
    holder: Contact | Company, start: datetime, end: datetime, viewer: User, *, with_cancelled: bool = False
) -> list[Occurrence]:
    """Return the appointments with one contact or company in [start, end), by start, repeats worked out."""
    field_name = "contacts" if isinstance(holder, Contact) else "companies"
    theirs = Appointment.objects.filter(**{field_name: holder})
    singles = theirs.filter(repeat="", starts_at__lt=end, starts_at__gt=start - LONGEST, ends_at__gt=start)
    running = theirs.filter(until__gt=start, starts_at__lt=end)
    return seen_by(viewer, _between(singles, running, start, end, with_cancelled=with_cancelled))


def next_with(contact: Contact, now: datetime | None = None) -> Occurrence | None:
    """Return the next planned appointment with a contact within 400 days, without names: 1 query, 2 with a series.

    For those who may know of the contact: they may know of the appointment.
    """
    now = now or timezone.now()
    rows = _upcoming_with(contact.pk, now)
    series = [row for row in rows if row.repeat]
    own = _places_taken(series, now, now + recurrence.WIDEST)
    found = [Occurrence(row, row.starts_at, row.ends_at) for row in rows if not row.repeat]
    for row in series:
        coming = expand(row, now, now + recurrence.WIDEST)
        found += [one for one in coming if (row.pk, one.start) not in own][:1]
    return min(found, key=lambda one: one.start, default=None)


@prepared
def _upcoming_with(contact: int, now: datetime) -> QuerySet[Appointment]:
    return Appointment.objects.filter(contacts=contact).upcoming(now).select_related("series")[:100]


def _between(
    singles: "QuerySet[Appointment]",
    running: "QuerySet[Appointment]",
    start: datetime,
    end: datetime,
    *,
    with_cancelled: bool,
) -> list[Occurrence]:
    """The times of single appointments and of series in [start, end), by start."""
    if not with_cancelled:
        singles = singles.exclude(status=Appointment.Status.CANCELLED)
    rows = singles.select_related("series").order_by("starts_at", "pk")[:MOST]
    found = [Occurrence(row, row.starts_at, row.ends_at) for row in rows if row.starts_at < end and row.ends_at > start]
    series = list(running.filter(status=Appointment.Status.PLANNED)[:MOST])
    own = _places_taken(series, start, end)
    for row in series:
        found += [one for one in expand(row, start, end) if (row.pk, one.start) not in own]
    return sorted(found, key=lambda one: (one.start, one.end, one.pk))[:MOST]


def _places_taken(series: Sequence[Appointment], start: datetime, end: datetime) -> set[tuple[int, datetime]]:
    """Which times of these series have rows of their own."""
    if not series:
        return set()
    rows = Appointment.objects.filter(series__in=series, recurs_at__lt=end, recurs_at__gt=start - LONGEST)
    return {(pk or 0, at) for pk, at in rows.values_list("series_id", "recurs_at") if at}


def expand(series: Appointment, start: datetime, end: datetime) -> list[Occurrence]:
    """Return the times of one series in [start, end), without regard to those that have rows of their own."""
    zone, length = zone_named(series.time_zone), series.length
    times = recurrence.starts(series.repeat, series.starts_at, zone, start - length, end)
    return [Occurrence(series, at, at + length, recurs_at=at) for at in times if at + length > start]


def seen_by(viewer: User | None, found: list[Occurrence]) -> list[Occurrence]:
    """Return the same with colleagues, and with the people that `viewer` may know of; the others become "Busy"."""
    ids = list({one.pk for one in found})
    if not ids:
        return []
    colleagues = _grouped(_team_of(ids))
    if viewer is None:
        return [replace(one, user_ids=colleagues.get(one.pk, ()), is_hidden=True) for one in found]
    contacts = _grouped((one.appointment_id, one.contact) for one in _contacts_of(ids, viewer.pk, viewer.sees_all))
    companies = _grouped((one.appointment_id, one.company) for one in _companies_of(ids, viewer.pk, viewer.sees_all))
    known = contacts.keys() | companies.keys()
    return [
        replace(
            one,
            user_ids=colleagues.get(one.pk, ()),
            contacts=contacts.get(one.pk, ()),
            companies=companies.get(one.pk, ()),
            is_hidden=one.appointment.with_people and one.pk not in known,
        )
        for one in found
    ]


def _grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, tuple[Any, ...]]:
    found: dict[int, tuple[Any, ...]] = {}
    for key, value in pairs:
        found[key] = (*found.get(key, ()), value)
    return found


@prepared
def _contacts_of(ids: list[int], me: int, sees_all: bool) -> QuerySet[AppointmentContact]:
    links = AppointmentContact.objects.filter(contact__erased_at=None)
    return _named(links, "contact", ids, viewer_like(me, sees_all))


@prepared
def _companies_of(ids: list[int], me: int, sees_all: bool) -> QuerySet[AppointmentCompany]:
    return _named(AppointmentCompany.objects.all(), "company", ids, viewer_like(me, sees_all))


def _named(links: QuerySet[Any], name: str, ids: list[int], viewer: User) -> QuerySet[Any]:
    """Whom these appointments are with, as far as the viewer may know, with the columns that say who it is."""
    seen = visibility_filter(viewer, f"{name}__") & Q(**{f"{name}__binned_at": None})
    columns = ["appointment", *(f"{name}__{column}" for column in NAMED[name])]
    return links.filter(seen, appointment__in=ids).order_by("pk").select_related(name).only(*columns)


def clashes(
    user_ids: Collection[int],
    times: Sequence[tuple[datetime, datetime]],
    viewer: User,
    *,
    besides: Iterable[int] = (),
) -> list[Occurrence]:
    """Return planned appointments of these colleagues that overlap any of `times` (start, end), at most 400 days on.

    `besides` are appointments and series that don't count: the one that is being moved.
    """
    if not times or not user_ids:
        return []
    start, end = min(start for start, _end in times), max(end for _start, end in times)
    besides = set(besides)
    return [
        one
        for one in occurrences(user_ids, start, end, viewer, only_planned=True)
        if not {one.pk, one.appointment.series_id} & besides
        and any(one.start < until and one.end > since for since, until in times)
    ]


def awaiting(user: User, now: datetime | None = None) -> list[Occurrence]:
    """Return the colleague's appointments of the last two weeks that are over and wait for "what happened?".

    Newest first. Those among colleagues only are not asked about.
    """
    now = now or timezone.now()
    past = occurrences([user.pk], now - ASK_FOR, now, user, only_planned=True)
    return [one for one in reversed(past) if one.end <= now and one.holders]


def to_remind(user: User, hours: int, now: datetime | None = None) -> list[Occurrence]:
    """Return the colleague's appointments with customers in the next `hours` for which nobody was reminded yet."""
    now = now or timezone.now()
    if not hours:
        return []
    coming = occurrences([user.pk], now, now + timedelta(hours=hours), user, only_planned=True)
    return [one for one in coming if one.holders and one.start > now and one.appointment.reminded_at is None]


def find_occurrence(appointment: Appointment, mark: str, viewer: User | None) -> Occurrence | None:
    """Return the time of `appointment` that `mark` names: its own, or the one of a series that begins then.

    A series without a mark is its next time (its first one when all are over). None for a time it never had.
    """
    if not mark and not appointment.repeat:
        return _one(viewer, Occurrence(appointment, appointment.starts_at, appointment.ends_at))
    at = _read_mark(mark) if mark else _next_time(appointment)
    row = Appointment.objects.select_related("series").filter(series=appointment, recurs_at=at).first()
    if row is not None:
        return _one(viewer, Occurrence(row, row.starts_at, row.ends_at))
    if at is None or not appointment.repeat or not _recurs(appointment, at):
        return None
    return _one(viewer, Occurrence(appointment, at, at + appointment.length, recurs_at=at))


def _one(viewer: User | None, occurrence: Occurrence) -> Occurrence:
    return seen_by(viewer, [occurrence])[0]


def _recurs(series: Appointment, at: datetime) -> bool:
    return recurrence.occurs_at(series.repeat, series.starts_at, zone_named(series.time_zone), at)


def _read_mark(mark: str) -> datetime | None:
    try:
        return datetime.strptime(mark, MARK).replace(tzinfo=UTC)
    except ValueError:
        return None


def _next_time(series: Appointment) -> datetime | None:
    """The next time of a series that is not over, else the first one."""
    now = timezone.now()
    coming = expand(series, max(now, series.starts_at), max(now, series.starts_at) + recurrence.WIDEST)
    return coming[0].start if coming else series.starts_at


__all__ = [
    "NotPossible",
    "Occurrence",
    "awaiting",
    "cancel",
    "clashes",
    "expand",
    "find_occurrence",
    "make_appointment",
    "move",
    "next_with",
    "occurrences",
    "occurrences_at",
    "occurrences_with",
    "settle",
    "slots",
    "to_remind",
    "undo_change",
]
