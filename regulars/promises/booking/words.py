"""What a booking says on timelines and in notifications."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from regulars.access.home import at_home_of
from regulars.access.models import Organisation, User
from regulars.promises.models import Booking


def source_name(organisation: Organisation | None) -> str:
    """ "Booking page", in the language of the business."""
    with at_home_of(None, organisation):
        return _("Booking page")


def moment_in_words(moment: datetime) -> str:
    """Return "Tue 24 November, 10:00" in the current zone, with the year when it isn't this one."""
    local = timezone.localtime(moment)
    day = date_format(local, _("D j F") if local.year == timezone.localdate().year else _("D j F Y"))
    return _("%(day)s, %(time)s") % {"day": day, "time": time_in_words(moment)}


def time_in_words(moment: datetime) -> str:
    """Return "10:00" in the current zone; "02:30 CET" in the night when the clock shows it twice."""
    local = timezone.localtime(moment)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%H:%M} {local.tzname()}" if twice else f"{local:%H:%M}"


def told(booking: Booking, act: str, when: datetime, before: datetime | None = None) -> Callable[[User], str]:
    """What a visitor did, as a function of the colleague who reads it: `act` is "booked", "moved" or "cancelled"."""
    organisation = Organisation.current()

    def line(user: User) -> str:
        with at_home_of(user, organisation):
            return _line(booking, act, when, before)

    return line


def on_timeline(booking: Booking, act: str, when: datetime, before: datetime | None = None, note: str = "") -> str:
    """The same for everybody's timeline, in the language and zone of the business."""
    with at_home_of(None, Organisation.current()):
        said = {"what": booking.page.title, "when": moment_in_words(when), "host": booking.host.first_name}
        if act == "booked":
            text = _("Booked “%(what)s” for %(when)s with %(host)s.") % said
        elif act == "moved" and before:
            text = _("Moved “%(what)s” from %(before)s to %(when)s.") % (said | {"before": moment_in_words(before)})
        else:
            text = _("Cancelled “%(what)s” on %(when)s.") % said
        return f"{text} {_quoted(note)}".strip()


def _line(booking: Booking, act: str, when: datetime, before: datetime | None) -> str:
    said = {"name": booking.name, "what": booking.page.title, "when": moment_in_words(when)}
    if act == "booked":
        return _("%(name)s booked “%(what)s”: %(when)s") % said
    if act == "moved" and before:
        return _("%(name)s moved “%(what)s” from %(before)s to %(when)s") % (said | {"before": moment_in_words(before)})
    return _("%(name)s cancelled “%(what)s”: %(when)s") % said


def _quoted(note: str) -> str:
    return _("“%(text)s”") % {"text": " ".join(note.split())} if note.strip() else ""
