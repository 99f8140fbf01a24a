"""What visitors do: book, move, cancel. The database decides who gets a time, see `promises.claims`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.models import Organisation, User
from regulars.access.notices import notify
from regulars.contacts.actions import Moment, log_moment
from regulars.promises.appointments import calendar
from regulars.promises.booking import claims, page_times
from regulars.promises.booking.claims import Taken
from regulars.promises.booking.free_times import Span
from regulars.promises.booking.people import Visitor, contact_for
from regulars.promises.booking.words import on_timeline, told
from regulars.promises.models import Appointment, AppointmentColleague, Booking, BookingPage
from regulars.promises.times.due import business_zone

KIND = "booking"


class NotPossible(ValueError):
    """What the visitor asked for can't be done any more; the message is for them."""


def book(page: BookingPage, start: datetime, visitor: Visitor, *, now: datetime | None = None) -> Booking:
    """Book `start` with a host who is free then and return the booking; the same form sent twice books once.

    Makes the appointment, the contact if they are new, a line on their timeline, and tells the host.
    Raises Taken when nobody is free then (any more): exactly one of many who ask at once gets the time.
    """
    now = now or timezone.now()
    if known := _made_from(visitor.nonce):
        return known
    window = Span(start, start + timedelta(minutes=1))
    free = page_times.free_times(page, window, page_times.active_hosts(page), now=now)
    for host in _least_booked_first(free.get(start, []), start):
        try:
            return _book(page, host, start, visitor, now)
        except Taken:
            continue
        except IntegrityError:
            if known := _made_from(visitor.nonce):  # the same form a moment earlier
                return known
            raise
    raise Taken


def _made_from(nonce: str) -> Booking | None:
    return Booking.objects.filter(nonce=nonce).select_related("page", "appointment").first()


def _least_booked_first(hosts: Sequence[User], start: datetime) -> list[User]:
    """Those with the fewest appointments around that day first, so that work spreads."""
    if len(hosts) < 2:
        return list(hosts)
    day = Span(start - timedelta(hours=12), start + timedelta(hours=12))
    ids = [host.pk for host in hosts]
    links = AppointmentColleague.objects.filter(user__in=ids, starts_at__gte=day.start, starts_at__lt=day.end)
    count = dict.fromkeys(ids, 0)
    for pk in links.values_list("user_id", flat=True):
        count[pk] += 1
    return sorted(hosts, key=lambda host: (count[host.pk], host.pk))


@transaction.atomic
def _book(page: BookingPage, host: User, start: datetime, visitor: Visitor, now: datetime) -> Booking:
    """Everything of one booking, or nothing."""
    if not page_times.is_free(page, start, host, now=now):  # again, now that on SQLite nobody else writes
        raise Taken
    organisation = Organisation.current()
    contact = contact_for(visitor, host, organisation)
    appointment = calendar.make_appointment(
        title=page.title,
        kind=page.kind,
        starts_at=start,
        ends_at=start + timedelta(minutes=page.length),
        by=None,
        colleagues=[host],
        contacts=[contact],
        place=page.place,
        note=_note(visitor),
        time_zone=business_zone(organisation).key,
    )
    booking = Booking.objects.create(
        page=page,
        appointment=appointment,
        host=host,
        nonce=visitor.nonce,
        name=visitor.name,
        email=visitor.email,
        phone=visitor.phone,
        language=visitor.language,
        time_zone=visitor.time_zone,
        buffer_before=page.buffer_before,
        buffer_after=page.buffer_after,
        address_key=visitor.address_key,
    )
    claims.take(appointment, host, _held(booking, start, appointment.length))
    _record(booking, "booked", start, note=visitor.note)
    return booking


def _note(visitor: Visitor) -> str:
    reach = " · ".join(part for part in (visitor.name, visitor.email, visitor.phone) if part)
    return "\n".join(part for part in (visitor.note.strip(), reach) if part)


def _held(booking: Booking, start: datetime, length: timedelta) -> Span:
    before, after = timedelta(minutes=booking.buffer_before), timedelta(minutes=booking.buffer_after)
    return Span(start - before, start + length + after)


def change_closes_at(booking: Booking) -> datetime:
    """Until when the visitor may move or cancel."""
    return booking.appointment.starts_at - timedelta(hours=booking.page.change_notice)


def check_open(booking: Booking, now: datetime | None = None) -> None:
    """Raise NotPossible, with the reason, when the visitor can't move or cancel (any more)."""
    now = now or timezone.now()
    if booking.appointment.status == Appointment.Status.CANCELLED:
        raise NotPossible(_("This appointment was cancelled."))
    if booking.appointment.status != Appointment.Status.PLANNED or booking.appointment.starts_at <= now:
        raise NotPossible(_("The time of this appointment has passed."))
    if change_closes_at(booking) < now:
        raise NotPossible(_("It is too close now to change it here. Please call or write to us."))


def hosts_for_move(booking: Booking) -> list[User]:
    """Whom a booking may be moved to: its own host, else (their account is closed) the others of the page."""
    return [booking.host] if booking.host.is_active else page_times.active_hosts(booking.page)


def move_booking(booking: Booking, start: datetime, *, now: datetime | None = None) -> Booking:
    """Move a booking to `start`, with the same host where that is possible, and tell them.

    Raises NotPossible when it can't be changed any more, Taken when that time is not free.
    """
    now = now or timezone.now()
    check_open(booking, now)
    if start == booking.appointment.starts_at:
        return booking
    window = Span(start, start + timedelta(minutes=1))
    page, old = booking.page, booking.appointment
    free = page_times.free_times(page, window, hosts_for_move(booking), now=now, besides=old)
    for host in free.get(start, []):
        try:
            return _move(booking, host, start, now)
        except Taken:
            booking.appointment.refresh_from_db()
    raise Taken


@transaction.atomic
def _move(booking: Booking, host: User, start: datetime, now: datetime) -> Booking:
    appointment = booking.appointment
    if not page_times.is_free(booking.page, start, host, now=now, besides=appointment):
        raise Taken
    before = appointment.starts_at
    ends_at = start + timedelta(minutes=booking.page.length)
    try:
        calendar.move(appointment, starts_at=start, ends_at=ends_at, by=None)
    except calendar.NotPossible as problem:
        raise NotPossible(str(problem)) from problem
    if host.pk != booking.host_id:
        appointment.colleague_links.filter(user=booking.host).delete()
        times = {"starts_at": start, "ends_at": ends_at}
        AppointmentColleague.objects.update_or_create(appointment=appointment, user=host, defaults=times)
    booking.host, booking.times_moved = host, booking.times_moved + 1
    booking.buffer_before, booking.buffer_after = booking.page.buffer_before, booking.page.buffer_after
    booking.save(update_fields=["host", "times_moved", "buffer_before", "buffer_after"])
    claims.take(appointment, host, _held(booking, start, ends_at - start))
    _record(booking, "moved", start, before=before)
    return booking


@transaction.atomic
def cancel_booking(booking: Booking, *, reason: str = "", now: datetime | None = None) -> None:
    """Call a booking off, free its time and tell the host. Raises NotPossible when it can't be changed any more."""
    check_open(booking, now)
    try:
        calendar.cancel(booking.appointment, by=None)
    except calendar.NotPossible as problem:
        raise NotPossible(str(problem)) from problem
    _record(booking, "cancelled", booking.appointment.starts_at, note=reason)


def _record(booking: Booking, act: str, when: datetime, *, before: datetime | None = None, note: str = "") -> None:
    """Write it on the timeline of the contact and tell the colleagues who take part."""
    people = [link.contact for link in booking.appointment.contact_links.select_related("contact")]
    people = [person for person in people if not person.erased_at and not person.binned_at]
    if people:
        text = on_timeline(booking, act, when, before, note)
        snapshot = {"appointment": booking.appointment_id, "act": act}
        log_moment(Moment(text, kind=KIND, contacts=people, snapshot=snapshot), by=None)
    hosts = [link.user for link in booking.appointment.colleague_links.select_related("user")]
    key = f"{KIND}:{booking.pk}:{act}:{booking.times_moved}"
    url = booking.appointment.get_absolute_url()
    notify(hosts, kind=KIND, text=told(booking, act, when, before), url=url, key=key)
