"""The calendar as Today needs it: the rest of a day and what waits to be told, a few of each, however full it is.

`promises.calendar` reads whole weeks for a page that shows them; here as little as possible becomes an object.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from regulars.access.models import User
from regulars.desk.today.sections import SHOWN, Look
from regulars.lib.prepared import prepared
from regulars.promises.appointments.calendar import ASK_FOR, expand, seen_by
from regulars.promises.appointments.occurrence import Occurrence
from regulars.promises.models import Appointment, AppointmentColleague
from regulars.promises.models.appointment import LONGEST
from regulars.promises.times.due import days_ahead
from regulars.promises.times.wall_time import zone_named

MOST = 30  # of one day; more are told as "at least"
SERIES_MOST = 100
APPOINTMENTS_SHOWN = 6


@dataclass(frozen=True)
class Day:
    """What is left of today, the first few as the colleague may see them, and what is over and waits to be told."""

    coming: list[Occurrence]
    count: int
    past: list[Occurrence]
    past_count: int


def end_of_today(look: Look) -> datetime:
    """When today is over where the business is."""
    return days_ahead(0, zone_named(look.organisation.time_zone), look.now)


def start_of_today(look: Look) -> datetime:
    """When today began where the business is."""
    return days_ahead(-1, zone_named(look.organisation.time_zone), look.now)


def my_day(look: Look) -> Day:
    """The day of this colleague, read once for both sections that need it. Seven queries at most."""
    if "my_day" not in look.__dict__:
        look.__dict__["my_day"] = _read_day(look)
    found: Day = look.__dict__["my_day"]
    return found


def _read_day(look: Look) -> Day:
    me, now, end = look.user.pk, look.now, end_of_today(look)
    since = now - ASK_FOR
    single = [_single(link.appointment) for link in _mine_coming(me, start_of_today(look), end, now)]
    over = [_single(link.appointment) for link in _mine_past(me, since, now)]
    repeated = _times([link.appointment for link in _mine_repeating(me, since, end)], since, end)
    coming = _sorted([*single, *(one for one in repeated if one.end > now and one.start >= start_of_today(look))])
    past = _sorted([*over, *(one for one in repeated if one.end <= now and one.appointment.with_people)])[::-1]
    shown = seen_by(look.user, [*coming[:APPOINTMENTS_SHOWN], *past[:SHOWN]])
    count = len(coming[:APPOINTMENTS_SHOWN])
    told = [one for one in shown[count:] if one.holders]
    return Day(shown[:count], len(coming), told, len(past) - len(past[:SHOWN]) + len(told))


def visitors_of_today(look: Look) -> tuple[list[Occurrence], int]:
    """Everybody's appointments with people that are left of today, the first few, and how many. Six queries at most."""
    start, end, now = start_of_today(look), end_of_today(look), look.now
    repeated = [one for one in _times(_all_repeating(now, end), start, end) if one.end > now]
    found = _sorted([*(_single(row) for row in _all_coming(start, end, now)), *repeated])
    seen = [one for one in seen_by(look.user, found[:MOST]) if one.holders]
    return seen[:APPOINTMENTS_SHOWN], len(seen)


def names_of(look: Look, rows: Iterable[Occurrence]) -> dict[int, str]:
    """The first names of the colleagues whose appointments these are. One query."""
    ids = {pk for one in rows for pk in one.user_ids}
    return {user.pk: user.first_name for user in _colleagues(sorted(ids))}


@prepared
def _colleagues(ids: list[int]) -> "QuerySet[User]":
    return User.objects.filter(pk__in=ids).only("name", "email")


def _single(row: Appointment) -> Occurrence:
    return Occurrence(row, row.starts_at, row.ends_at)


def _sorted(rows: list[Occurrence]) -> list[Occurrence]:
    return sorted(rows, key=lambda one: (one.start, one.end, one.pk))


def _times(series: Sequence[Appointment], start: datetime, end: datetime) -> list[Occurrence]:
    """The times of these series in [start, end) that have no rows of their own. One query when there are any."""
    taken = set(_taken([row.pk for row in series], start - LONGEST, end))
    return [one for row in series for one in expand(row, start, end) if (row.pk, one.start) not in taken]


PLANNED = Appointment.Status.PLANNED


@prepared
def _mine_coming(user: int, start: datetime, end: datetime, now: datetime) -> "QuerySet[Any]":
    links = AppointmentColleague.objects.filter(user=user, until=None, starts_at__gte=start, starts_at__lt=end)
    return _with_appointment(links.filter(ends_at__gt=now)).order_by("starts_at", "appointment")[:MOST]


@prepared
def _mine_past(user: int, since: datetime, now: datetime) -> "QuerySet[Any]":
    links = AppointmentColleague.objects.filter(user=user, until=None, starts_at__gt=since, starts_at__lt=now)
    asked = links.filter(ends_at__lte=now, appointment__with_people=True)
    return _with_appointment(asked).order_by("-starts_at", "-appointment")[: SHOWN * 2]


@prepared
def _mine_repeating(user: int, since: datetime, end: datetime) -> "QuerySet[Any]":
    links = AppointmentColleague.objects.filter(user=user, until__gt=since, starts_at__lt=end)
    return _with_appointment(links)[:SERIES_MOST]


def _with_appointment(links: "QuerySet[Any]") -> "QuerySet[Any]":
    return links.filter(appointment__status=PLANNED).select_related("appointment__series")


@prepared
def _all_coming(start: datetime, end: datetime, now: datetime) -> "QuerySet[Any]":
    rows = Appointment.objects.filter(repeat="", starts_at__gte=start, starts_at__lt=end, ends_at__gt=now)
    return rows.filter(status=PLANNED, with_people=True).select_related("series").order_by("starts_at", "pk")[:MOST]


@prepared
def _all_repeating(now: datetime, end: datetime) -> "QuerySet[Any]":
    rows = Appointment.objects.exclude(repeat="").filter(until__gt=now, starts_at__lt=end)
    return rows.filter(status=PLANNED, with_people=True)[:SERIES_MOST]


@prepared
def _taken(series: list[int], start: datetime, end: datetime) -> "QuerySet[Any]":
    rows = Appointment.objects.filter(series__in=series, recurs_at__lt=end, recurs_at__gt=start)
    return rows.values_list("series_id", "recurs_at")
