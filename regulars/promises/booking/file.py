"""A booking as a file for calendars (RFC 5545)."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from regulars.access.models import Organisation
from regulars.promises.models import Booking


def calendar_file(booking: Booking, organisation: Organisation, link: str) -> bytes:
    """Return the `.ics` of a booking, in the current language. Taking it in again after a move replaces the first."""
    appointment = booking.appointment
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", _utc(timezone.now()))
    event.add("dtstart", _utc(appointment.starts_at))
    event.add("dtend", _utc(appointment.ends_at))
    event.add("summary", _("%(what)s at %(business)s") % {"what": appointment.title, "business": organisation.name})
    if appointment.place:
        event.add("location", appointment.place)
    event.add("description", _("To move or cancel: %(link)s") % {"link": link})
    event.add("url", link)
    event.add("status", "CONFIRMED")
    event.add_component(_alarm(appointment.title))
    file = Calendar()
    file.add("prodid", "-//Regulars//Booking//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add_component(event)
    return bytes(file.to_ical())


def _alarm(text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", timedelta(hours=-2))
    return alarm


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
