"""What stands in a colleague's calendar feed: appointments, promises, tasks and dates, as iCalendar.

Eight queries at most, however much there is. What a feed says depends only on what is stored and on the day, so that
the same content has the same name (ETag).
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from regulars.access.door import viewer, visibility_filter
from regulars.access.home import at_home_of
from regulars.access.models import Organisation, User
from regulars.contacts.models import Contact, ImportantDate
from regulars.lib.prepared import prepared
from regulars.promises.appointments.calendar import running_series
from regulars.promises.appointments.occurrence import path_of
from regulars.promises.feeds.ics import appointment_events
from regulars.promises.feeds.ics_lines import all_day, event, from_to, text_line
from regulars.promises.models import Promise, Task
from regulars.promises.models.appointment import (
    Appointment,
    AppointmentColleague,
    AppointmentCompany,
    AppointmentContact,
)
from regulars.promises.models.feed import CalendarFeed
from regulars.promises.times import recurrence, repeats
from regulars.promises.times.wall_time import zone_named

BACK, AHEAD = timedelta(days=90), timedelta(days=400)
MOST = 1000  # of each sort
MOST_DATES = 200
DATES_AHEAD = 60  # days
FEW_CONTACTS = 2000
REMINDER = timedelta(minutes=15)  # how long something due at a time is shown
REFRESH = "PT1H"
NAMES = ("contact__display_name", "company__display_name")

Part = CalendarFeed.Part
# Which module each part belongs to.
MODULES = {Part.APPOINTMENTS: "appointments", Part.PROMISES: "promises", Part.TASKS: "tasks", Part.DATES: "dates"}


def write_feed(user: User, parts: Collection[str], organisation: Organisation, base: str) -> bytes:
    """Return the calendar of `user` in their language. `base` ("https://host") begins the links in it."""
    with at_home_of(user, organisation):
        zone = zone_named(organisation.time_zone)
        start = datetime.combine(timezone.now().astimezone(zone).date(), datetime.min.time(), zone)
        wanted = {part for part in parts if part in MODULES and organisation.has_module(MODULES[Part(part)])}
        events: list[str] = []
        series: list[Appointment] = []
        if Part.APPOINTMENTS in wanted:
            series = running_series([user.pk], start - BACK, start + AHEAD)[:MOST]
            events += [*_series(user, series, start), *_singles(user, series, start, base)]
        events += _promises(user, base) if Part.PROMISES in wanted else ()
        events += _tasks(user, zone, base) if Part.TASKS in wanted else ()
        events += _dates(user, start.date(), base) if Part.DATES in wanted else ()
        return _calendar(user, organisation, {zone.key, *(row.time_zone for row in series)}, events)


def _calendar(user: User, organisation: Organisation, zones: set[str], events: list[str]) -> bytes:
    name = _("%(business)s: %(name)s") % {"business": organisation.name, "name": user.first_name}
    used = {zone for zone in zones if any(f"TZID={zone}:" in one for one in events)}
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Regulars//Feed//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        text_line("NAME", name),
        text_line("X-WR-CALNAME", name),
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
        *(_zone_lines(zone) for zone in sorted(used)),
        *events,
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines).encode()


@lru_cache(maxsize=64)
def _zone_lines(name: str) -> str:
    """The definition of a zone, worked out once: it takes longer than a feed."""
    from icalendar import Timezone  # not in every process: it takes as long to load as a dozen feeds

    first, last = date(2020, 1, 1), date(2038, 1, 1)
    found = Timezone.from_tzinfo(zone_named(name), tzid=name, first_date=first, last_date=last)
    return str(found.to_ical().decode().rstrip("\r\n"))


def _singles(user: User, series: list[Appointment], start: datetime, base: str) -> Iterator[str]:
    """Appointments that don't repeat, those that were called off left out. Three queries."""
    rows = list(
        AppointmentColleague.objects.filter(
            user=user, until=None, starts_at__gte=start - BACK, starts_at__lt=start + AHEAD
        )
        .exclude(appointment__status=Appointment.Status.CANCELLED)
        .exclude(appointment__series__in=series)  # they come with their series
        .order_by("starts_at", "pk")
        .values_list(
            "appointment_id", "appointment__uid", "appointment__sequence", "starts_at", "ends_at", "appointment__title",
            "appointment__place", "appointment__note", "appointment__created_at", "appointment__with_people",
        )[:MOST]
    )  # fmt: skip
    names = names_with([row[0] for row in rows], user)
    for pk, uid, sequence, begin, end, title, place, note, made, with_people in rows:
        hidden = with_people and pk not in names
        link = f"{base}{path_of('appointment', pk)}"
        details = [f"SEQUENCE:{sequence}"]
        if not hidden:
            details += _details([", ".join(names.get(pk, [])), note], link)
            details += [text_line("LOCATION", place)] if place else []
        summary = _("Busy") if hidden else title
        yield event(uid=uid, stamp=made, summary=summary, times=from_to(begin, end), details=details)


def _details(texts: list[str], link: str) -> list[str]:
    return [text_line("DESCRIPTION", "\n".join([*filter(None, texts), link])), f"URL:{link}"]


def names_with(ids: list[int], user: User) -> dict[int, list[str]]:
    """Return whom each of these appointments is with, as far as `user` may know. Two queries, none for none."""
    found: dict[int, list[str]] = {}
    for is_person in (True, False):
        for pk, name in _names(ids, is_person, user.pk, user.sees_all):
            found.setdefault(pk, []).append(name)
    return found


@prepared
def _names(ids: list[int], is_person: bool, me: int, sees_all: bool) -> QuerySet[Any, Any]:
    links: Any = AppointmentContact.objects if is_person else AppointmentCompany.objects
    link = "contact" if is_person else "company"
    seen = visibility_filter(viewer(me, sees_all), f"{link}__")
    rows: QuerySet[Any, Any] = links.filter(seen, appointment__in=ids, **{f"{link}__binned_at": None})
    return rows.order_by("pk").values_list("appointment_id", f"{link}__display_name")


def _series(user: User, rows: list[Appointment], start: datetime) -> Iterator[str]:
    """Series with their rule in their own zone, and what was moved or called off. Three queries, none for none."""
    names = names_with([row.pk for row in rows], user)
    hidden = {row.pk: _("Busy") for row in rows if row.with_people and row.pk not in names}
    made = {row.uid: row.created_at for row in rows}
    for one in appointment_events(rows, summaries=hidden, with_notes=not hidden):
        del one["dtstamp"]  # that of a feed must not change by itself
        one.add("dtstamp", made.get(str(one["uid"]), start))
        yield one.to_ical().decode().rstrip("\r\n")


def _uid(kind: str, pk: int) -> str:
    """A name in calendars that no other installation gives, for devices that read several."""
    return f"{kind}-{pk}-{_own_mark()}@regulars"


@lru_cache(maxsize=1)
def _own_mark() -> str:
    return salted_hmac("regulars.feed", "uid").hexdigest()[:8]


def _promises(user: User, base: str) -> Iterator[str]:
    """Open promises on the day they are due. One query."""
    found = Promise.objects.visible_to(user).due_for(user).select_related("contact", "company")
    for one in found.only("what", "due_at", "due_on", "has_time", "given_at", *NAMES)[:MOST]:
        times = from_to(one.due_at, one.due_at + REMINDER) if one.has_time else all_day(one.due_on)
        summary = _("Promised: %(what)s (%(whom)s)") % {"what": one.what, "whom": one.holder}
        link = f"{base}{one.get_absolute_url()}"
        uid = _uid("promise", one.pk)
        yield event(uid=uid, stamp=one.given_at, summary=summary, times=times, details=_details([], link), is_free=True)


def _tasks(user: User, zone: ZoneInfo, base: str) -> Iterator[str]:
    """Open tasks with a day, repeating ones with their rule. One query."""
    found = Task.objects.visible_to(user).open().filter(assignee=user, due_at__isnull=False)
    found = found.select_related("contact", "company").order_by("due_at", "pk")
    for one in found.only("what", "note", "due_at", "has_time", "repeat", "created_at", *NAMES)[:MOST]:
        due_at: datetime = one.due_at  # type: ignore[assignment]  # the query sees to it
        local = due_at.astimezone(zone)
        times = list(all_day(local.date()))
        if one.has_time:
            times = list(from_to(due_at, due_at + REMINDER))
        if one.repeat and one.has_time:
            times = [
                f"DTSTART;TZID={zone.key}:{local:%Y%m%dT%H%M%S}",
                f"DTEND;TZID={zone.key}:{local + REMINDER:%Y%m%dT%H%M%S}",
            ]
        if one.repeat:
            times.append(f"RRULE:{_rule(one.repeat, zone, whole_days=not one.has_time)}")
        whom = f" ({one.holder})" if one.holder else ""
        link = f"{base}{one.get_absolute_url()}"
        uid = _uid("task", one.pk)
        details = _details([one.note], link)
        yield event(
            uid=uid, stamp=one.created_at, summary=f"☐ {one.what}{whom}", times=times, details=details, is_free=True
        )


def _rule(rule: str, zone: ZoneInfo, *, whole_days: bool) -> str:
    """The rule; beside a whole day its end is a day too (RFC 5545, 3.3.10)."""
    parts = recurrence.parts_of(rule)
    if whole_days and "UNTIL" in parts:
        parts["UNTIL"] = f"{repeats.last_day(rule, zone):%Y%m%d}"
    return recurrence.written(parts)


def _dates(user: User, today: date, base: str) -> Iterator[str]:
    """Important dates of the colleague's own contacts in the next two months, each year again. Two or three queries."""
    days = [today + timedelta(days=ahead) for ahead in range(DATES_AHEAD)]
    for one in _own_dates(user, days):
        day = one.next_after(today)
        if day is None:
            continue
        times = list(all_day(one.on_year(min(one.year or day.year, day.year)) if one.recurs else day))
        if one.recurs:
            leap = (one.month, one.day) == (2, 29)
            times.append("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1" if leap else "RRULE:FREQ=YEARLY")
        link = f"{base}{one.contact.get_absolute_url()}"
        summary = _("%(what)s: %(name)s") % {"what": one, "name": one.contact}
        uid = _uid("date", one.pk)
        stamp = one.contact.created_at
        yield event(uid=uid, stamp=stamp, summary=summary, times=times, details=_details([], link), is_free=True)


@prepared
def _beyond_few(user: int, sees_all: bool) -> QuerySet[Any, Any]:
    """One id, if the colleague has more than a few contacts."""
    mine: QuerySet[Any] = Contact.objects.visible_to(viewer(user, sees_all)).filter(owner=user)
    return mine.order_by().values_list("pk")[FEW_CONTACTS : FEW_CONTACTS + 1]


def _own_dates(user: User, days: list[date]) -> list[ImportantDate]:
    """Dates of contacts of `user` that fall on `days`. Begins with the contacts where they are few, else with the
    days: either way it reads a small part of an index."""
    mine = Contact.objects.visible_to(user).filter(owner=user)
    known = ImportantDate.objects.select_related("contact").order_by("month", "day", "pk")
    if not _beyond_few(user.pk, user.sees_all):
        wanted = {(day.month, day.day) for day in days}
        wanted |= {(2, 29)} if (2, 28) in wanted else set()
        own = known.filter(contact__in=mine)
        return [one for one in own if (one.month, one.day) in wanted][:MOST_DATES]
    found: list[ImportantDate] = []
    for month in dict.fromkeys(day.month for day in days):
        span = [day.day for day in days if day.month == month]
        rows = known.filter(month=month, day__gte=span[0], day__lte=max(span[-1], 29 if span[-1] == 28 else 0))
        found += rows.filter(contact__owner=user, contact__binned_at=None, contact__erased_at=None)[:MOST_DATES]
    return found[:MOST_DATES]
