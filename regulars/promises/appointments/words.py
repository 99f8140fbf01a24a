"""What we say to the customer about an appointment: a ready text, until mail goes out by itself."""

from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from regulars.access.models import Organisation
from regulars.contacts.models import Contact
from regulars.promises.appointments.occurrence import Occurrence
from regulars.promises.times.wall_time import to_wall, zone_named


def reminder(occurrence: Occurrence, organisation: Organisation, *, own_link: str = "") -> str:
    """Return a friendly reminder to copy: when, what, where, in the zone of the contact when it is known.

    `own_link` is the address at which they can move or cancel what they booked themselves.
    """
    contact = occurrence.contacts[0] if occurrence.contacts else None
    zone_name = zone_of(contact)
    zone = zone_named(zone_name) if zone_name else timezone.get_current_timezone()
    wall = to_wall(occurrence.start, zone)
    words = {
        "name": (contact.given_name or contact.display_name) if contact else "",
        "day": date_format(wall, _("l j F")),
        "time": f"{wall:%H:%M}",
        "what": occurrence.appointment.title,
        "place": occurrence.appointment.place,
        "business": organisation.name,
    }
    lines = [_("Hello %(name)s,") % words if contact else _("Hello,")]
    lines.append(_("we look forward to seeing you on %(day)s at %(time)s.") % words)
    if words["place"]:
        lines.append(_("Where: %(place)s") % words)
    lines.append(_("If anything comes up, just let us know."))
    if own_link:
        lines.append(_("To move or cancel: %(link)s") % {"link": own_link})
    lines.append(words["business"])
    return "\n".join(lines)


def zone_of(contact: Contact | None) -> str:
    """The contact's own time zone when it is another one than ours, else ""."""
    name = contact.profile_or_blank.time_zone if contact else ""
    if not name or zone_named(name).key != name:
        return ""
    now = timezone.now()
    ours = now.astimezone(timezone.get_current_timezone()).utcoffset()
    return "" if now.astimezone(zone_named(name)).utcoffset() == ours else name


def their_time(occurrence: Occurrence) -> list[tuple[Contact, str, str]]:
    """Return who is in another zone, what their clock will show, and the city of that zone."""
    found = []
    for contact in occurrence.contacts:
        if name := zone_of(contact):
            wall = to_wall(occurrence.start, zone_named(name))
            ours = to_wall(occurrence.start, timezone.get_current_timezone())
            words = f"{wall:%H:%M}" if wall.date() == ours.date() else date_format(wall, _("D j M, H:i"))
            found.append((contact, words, name.rpartition("/")[2].replace("_", " ")))
    return found


def when_in_words(occurrence: Occurrence) -> str:
    """Return "Tuesday 24 November 2026, 10:00–11:00"; with both days when it goes over midnight."""
    start, end = timezone.localtime(occurrence.start), timezone.localtime(occurrence.end)
    day = date_format(start, _("l j F Y"))
    if (end - timedelta(seconds=1)).date() == start.date():
        return f"{day}, {start:%H:%M}–{end:%H:%M}"
    return f"{day}, {start:%H:%M} – {date_format(end, _('l j F Y'))}, {end:%H:%M}"
