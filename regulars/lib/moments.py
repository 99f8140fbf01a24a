"""Times as people say them: an aware `datetime` or a `date`, in the active language and zone."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_noop, ngettext, npgettext
from django.utils.translation import gettext as _

HOUR = 3600
DAY = 86400


def short(moment: datetime | date) -> str:
    """Return "14:05" today, "yesterday", "tomorrow", "18 Nov" this year, else "18 Nov 2025"."""
    day, clock = _local(moment)
    today = timezone.localdate()
    if day == today:
        return f"{clock:%H:%M}" if clock else _("today")
    if day == today - timedelta(days=1):
        return _("yesterday")
    if day == today + timedelta(days=1):
        return _("tomorrow")
    return _day(day, gettext_noop("j M") if day.year == today.year else gettext_noop("j M Y"), get_language())


def full(moment: datetime | date) -> str:
    """Return "Saturday 21 November 2026, 14:05", without the clock for a date."""
    day, clock = _local(moment)
    text = _day(day, gettext_noop("l j F Y"), get_language())
    return f"{text}, {clock:%H:%M}" if clock else text


def ago(moment: datetime | date) -> str:
    """Return "just now", "12 minutes ago", "yesterday", "26 days ago"; "in 3 days" for what comes."""
    day, clock = _local(moment)
    days = (timezone.localdate() - day).days
    if clock and abs(seconds := (timezone.now() - clock).total_seconds()) < 12 * HOUR:
        return _clock_ago(int(seconds))
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days == -1:
        return _("tomorrow")
    amount = _apart(abs(days))
    return (_("in %(span)s") if days < 0 else _("%(span)s ago")) % {"span": amount}


def span(days: int) -> str:
    """Return days as people say them: "26 days", "3 months" from 60 days on, "2 years" from 730 on."""
    if days < 60:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if days < 730:
        months = round(days / 30.44)
        return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
    years = days // 365
    return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}


def _apart(days: int) -> str:
    """The same after "in" and before "ago": in German "26 Tage", but "vor 26 Tagen"."""
    if days < 60:
        return npgettext("in, ago", "%(count)d day", "%(count)d days", days) % {"count": days}
    if days < 730:
        months = round(days / 30.44)
        return npgettext("in, ago", "%(count)d month", "%(count)d months", months) % {"count": months}
    years = days // 365
    return npgettext("in, ago", "%(count)d year", "%(count)d years", years) % {"count": years}


def _clock_ago(seconds: int) -> str:
    size = abs(seconds)
    if size < 60:
        return _("just now")
    if size < HOUR:
        minutes = size // 60
        amount = ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    else:
        hours = size // HOUR
        amount = ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return (_("in %(span)s") if seconds < 0 else _("%(span)s ago")) % {"span": amount}


# Django takes a tenth of a millisecond to write a date, and a list shows the same days again and again.
@lru_cache(maxsize=4096)
def _day(day: date, layout: str, language: str | None) -> str:
    """The day as `language` writes it: it has a layout of its own."""
    return date_format(day, _(layout))


def _local(moment: datetime | date) -> tuple[date, datetime | None]:
    if isinstance(moment, datetime):
        local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
        return local.date(), local
    return moment, None
