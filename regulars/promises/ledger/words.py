"""How a promise reads: by when, where it came from, and what the customer is told."""

from datetime import date, datetime
from urllib.parse import quote

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.lib import moments
from regulars.promises.models.promise import Promise


def say_due(promise: Promise) -> str:
    """ "16:00 today", "today", "tomorrow", "Friday", "27 Nov" or "yesterday": as short as it can be told."""
    day = due_day(promise)
    clock = f"{timezone.localtime(promise.due_at):%H:%M}" if promise.has_time else ""
    return " ".join(part for part in (say_day(day), clock) if part)


def due_day(promise: Promise) -> date:
    """The day it is due where the reader is; one without a time of day is due on the day that was told."""
    return timezone.localtime(promise.due_at).date() if promise.has_time else promise.due_on


def say_day(day: date) -> str:
    """ "today", "tomorrow", the weekday within the next six days, else "27 Nov"."""
    ahead = (day - timezone.localdate()).days
    if ahead == 0:
        return _("today")
    if 1 < ahead < 7:
        return date_format(day, "l")
    return moments.short(day)


def say_when(day: date, at: datetime | None = None) -> str:
    """ "Friday 27 November" with its time of day, if it has one, and the year when that is another one."""
    text = date_format(day, _("l j F") if day.year == timezone.localdate().year else _("l j F Y"))
    return f"{text}, {timezone.localtime(at):%H:%M}" if at else text


def full_due(promise: Promise) -> str:
    """ "Friday 27 November, 16:00"."""
    return say_when(due_day(promise), promise.due_at if promise.has_time else None)


def days_late(promise: Promise) -> int:
    """Days since it was due; 0 on the day itself."""
    return max((timezone.localdate() - due_day(promise)).days, 0)


def say_chain(promise: Promise) -> str:
    """ "First promised for 3 May, moved twice.", or "" for one that never moved."""
    if not promise.times_moved:
        return ""
    values = {"day": moments.short(timezone.localtime(promise.first_due_at).date()), "count": promise.times_moved}
    if promise.times_moved == 1:
        return _("First promised for %(day)s, moved once.") % values
    if promise.times_moved == 2:
        return _("First promised for %(day)s, moved twice.") % values
    moved = ngettext(
        "First promised for %(day)s, moved %(count)d time.",
        "First promised for %(day)s, moved %(count)d times.",
        promise.times_moved,
    )
    return moved % values


def honest_word(promise: Promise, why: str = "") -> str:
    """A ready text to a customer whose promise will not be kept. The customer's own language is not known."""
    name = promise.contact.given_name or promise.contact.display_name if promise.contact else ""
    values = {"name": name, "what": promise.what, "day": full_due(promise), "why": why.strip().rstrip(".")}
    hello = _("Hello %(name)s,") % values if name else _("Hello,")
    said = _("we promised you: %(what)s, by %(day)s. We can't keep that, and I am sorry.") % values
    reason = f" {values['why'][:1].upper()}{values['why'][1:]}." if values["why"] else ""
    offer = _("May I make you a new offer?")
    return f"{hello}\n\n{said}{reason}\n\n{offer}\n"


def mail_link(promise: Promise, text: str) -> str:
    """A `mailto:` link with a ready text, or "" when there is no address."""
    email = promise.contact.email if promise.contact else ""
    if not email:
        return ""
    subject = quote(_("About our promise: %(what)s") % {"what": promise.what[:80]})
    return f"mailto:{quote(email, safe='@+.-_')}?subject={subject}&body={quote(text)}"
