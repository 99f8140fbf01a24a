"""Appointments as iCalendar (RFC 5545): for the customer's calendar, and for feeds of colleagues."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from regulars.promises.appointments.occurrence import MARK, Occurrence
from regulars.promises.models.appointment import Appointment
from regulars.promises.times.recurrence import occurs_at
from regulars.promises.times.wall_time import zone_named

if TYPE_CHECKING:  # loaded where a calendar is written, not in every process
    from icalendar import Event

PRODUCT = "-//Regulars//Appointments//EN"
STATUS = {Appointment.Status.CANCELLED: "CANCELLED"}


def appointment_calendar(
    appointments: Iterable[Appointment | Occurrence],
    *,
    name: str = "",
    summaries: Mapping[int, str] | None = None,
    with_notes: bool = False,
) -> bytes:
    """Return an iCalendar file with these appointments, `name` as the calendar's name.

    A series comes with its rule in its own zone, with the times that were called off or moved; one time of a series
    comes alone. `summaries` are titles by key, where not the appointment's own; `with_notes` adds our notes, which are
    no customer's business. 1 query besides the given rows, none when nothing repeats.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
    for event in appointment_events(appointments, summaries=summaries or {}, with_notes=with_notes):
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def appointment_events(
    appointments: Iterable[Appointment | Occurrence], *, summaries: Mapping[int, str], with_notes: bool
) -> "list[Event]":
    """Return the events of these appointments; see `appointment_calendar`."""
    given = list(appointments)
    series = {one.pk: one for one in given if isinstance(one, Appointment) and one.repeat}
    own: dict[int, list[Appointment]] = {}
    for row in Appointment.objects.filter(series__in=list(series)) if series else ():
        own.setdefault(row.series_id or 0, []).append(row)
    events = []
    for one in given:
        if isinstance(one, Appointment) and one.series_id in series:
            continue  # it comes with its series
        event = _event(one, summaries, with_notes)
        events.append(event)
        if one.pk in series and isinstance(one, Appointment):
            events += _repeat(event, one, own.get(one.pk, []), summaries, with_notes)
    return events


def _event(one: Appointment | Occurrence, summaries: Mapping[int, str], with_notes: bool) -> "Event":
    from icalendar import Event

    row, start, end = (one, one.starts_at, one.ends_at) if isinstance(one, Appointment) else _times(one)
    event = Event()
    at = one.recurs_at if isinstance(one, Occurrence) else None
    event.add("uid", f"{row.uid[:230]}/{at:{MARK}}" if at else row.uid)
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("sequence", row.sequence)
    event.add("dtstart", start.astimezone(UTC))
    event.add("dtend", end.astimezone(UTC))
    event.add("summary", summaries.get(row.pk, row.title))
    event.add("status", STATUS.get(Appointment.Status(row.status), "CONFIRMED"))
    if row.place:
        event.add("location", row.place)
        if row.place.startswith(("https://", "http://")):
            event.add("url", row.place)
    if with_notes and row.note:
        event.add("description", row.note)
    return event


def _times(one: Occurrence) -> tuple[Appointment, datetime, datetime]:
    return one.appointment, one.start, one.end


def _repeat(
    event: "Event", series: Appointment, own: list[Appointment], summaries: Mapping[int, str], with_notes: bool
) -> "list[Event]":
    """Give the event of a series its rule and the times it leaves out; return those that were moved or changed."""
    from icalendar import vRecur

    zone = zone_named(series.time_zone)
    for name, moment in (("dtstart", series.starts_at), ("dtend", series.ends_at)):
        del event[name]
        event.add(name, moment.astimezone(zone))
    event.add("rrule", vRecur.from_ical(series.repeat))
    changed = []
    for row in own:
        if row.recurs_at is None or not occurs_at(series.repeat, series.starts_at, zone, row.recurs_at):
            continue
        if row.status == Appointment.Status.CANCELLED:
            event.add("exdate", row.recurs_at.astimezone(zone))
            continue
        one = _event(row, summaries, with_notes)
        del one["uid"]
        one.add("uid", series.uid)
        one.add("recurrence-id", row.recurs_at.astimezone(zone))
        changed.append(one)
    return changed
