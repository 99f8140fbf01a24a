"""Reading a calendar file that somebody uploads: its events as plain values, and what is wrong with it in words.

Nothing in a file is trusted: its size, its number of events and the length of every text are limited, and a rule that
never ends in time or never comes round is told.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from regulars.promises.times import recurrence
from regulars.promises.times.wall_time import from_wall, zone_named

LARGEST = 2 * 1024 * 1024  # bytes
MOST = 500  # events
MOST_EXCEPTIONS = 60  # of one series
MOST_PROBLEMS = 50
USUAL_LENGTH = timedelta(hours=1)
LONGEST = timedelta(days=31)
OURS = ("promise-", "task-", "date-")  # what our own feeds add to appointments


class NoCalendar(ValueError):
    """The file can't be read; the message is one sentence for the person who brought it."""


@dataclass(frozen=True)
class ReadEvent:
    """One event: times are ISO texts in UTC, `zone` the zone it was written in. JSON holds it as it is.

    `recurs_at` is set for one time of a series that was moved; `skipped` are the times that a series leaves out.
    """

    uid: str
    title: str
    start: str
    end: str
    zone: str
    place: str = ""
    note: str = ""
    rule: str = ""
    emails: list[str] = field(default_factory=list)
    recurs_at: str = ""
    skipped: list[str] = field(default_factory=list)

    @property
    def plain(self) -> dict[str, Any]:
        """It as JSON."""
        return asdict(self)


def read_file(content: bytes, zone: ZoneInfo) -> tuple[list[ReadEvent], list[str]]:
    """Return the events of a file and what could not be read. Times without a zone are in `zone`.

    Called-off events and what our own feeds add are left out. Raises NoCalendar for a file that is none, is too large
    or has too many events.
    """
    from icalendar import Calendar

    if len(content) > LARGEST:
        raise NoCalendar(_("This file is larger than 2 MB. Export a shorter time from your calendar."))
    try:
        calendars = Calendar.from_ical(content, multiple=True)
        found = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    except (ValueError, IndexError, KeyError, TypeError, AttributeError):
        calendars = []
    if not calendars:
        raise NoCalendar(_("This is no calendar file. Export an .ics file from your calendar and try again."))
    if not found:
        raise NoCalendar(_("There is no appointment in this file."))
    if len(found) > MOST:
        raise NoCalendar(_("This file has more than %(most)d appointments. Export a shorter time.") % {"most": MOST})
    events, problems = [], []
    for event in found:
        try:
            if (one := _read(event, zone)) is not None:
                events.append(one)
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError) as problem:
            why = str(problem) if isinstance(problem, (recurrence.BadRule, NoCalendar)) else _("it can’t be read.")
            problems.append(_("“%(title)s”: %(why)s") % {"title": _text(event, "summary", 80) or "?", "why": why})
    return _each_once(events), problems[:MOST_PROBLEMS]


def _read(event: Any, zone: ZoneInfo) -> ReadEvent | None:
    uid = _text(event, "uid", 2000)
    ours = uid.endswith("@regulars") and uid.startswith(OURS)
    if ours or _text(event, "status", 20).upper() == "CANCELLED":
        return None
    if "dtstart" not in event:
        raise NoCalendar(_("it does not say when."))
    start, own_zone = _moment(event["dtstart"].dt, zone)
    end = _end(event, start, zone)
    rule = event["rrule"].to_ical().decode() if "rrule" in event and "recurrence-id" not in event else ""
    if rule:
        rule = recurrence.check_rule(rule, start, own_zone)
    recurs_at = _moment(event["recurrence-id"].dt, zone)[0].isoformat() if "recurrence-id" in event else ""
    title = _text(event, "summary", 200) or _("Without a title")
    return ReadEvent(
        uid=_uid(uid, title, start),
        title=title,
        start=start.isoformat(),
        end=end.isoformat(),
        zone=own_zone.key,
        place=_text(event, "location", 300),
        note=_text(event, "description", 5000),
        rule=rule,
        emails=_emails(event),
        recurs_at=recurs_at,
        skipped=[at.isoformat() for at in _skipped(event, zone)],
    )


def _moment(value: Any, zone: ZoneInfo) -> tuple[datetime, ZoneInfo]:
    """A time as UTC, and the zone it was written in. A day begins at midnight where the business is."""
    if not isinstance(value, datetime):
        if not isinstance(value, date):
            raise NoCalendar(_("it does not say when."))
        value = datetime.combine(value, time())
    if not 1970 <= value.year <= 2200:
        raise NoCalendar(_("its time is too far away."))
    if value.tzinfo is None:
        return from_wall(value, zone), zone
    named = zone_named(str(getattr(value.tzinfo, "key", "")) or "UTC")
    return value.astimezone(UTC).replace(microsecond=0), named if named.key != "UTC" else zone


def _end(event: Any, start: datetime, zone: ZoneInfo) -> datetime:
    if "dtend" in event:
        end = _moment(event["dtend"].dt, zone)[0]
    elif "duration" in event:
        end = start + event["duration"].dt
    elif isinstance(event["dtstart"].dt, datetime):
        end = start + USUAL_LENGTH
    else:
        end = start + timedelta(days=1)
    if end == start:
        end = start + USUAL_LENGTH
    if end < start:
        raise NoCalendar(_("it ends before it begins."))
    if end - start > LONGEST:
        raise NoCalendar(_("it lasts longer than 31 days."))
    return end


def _uid(uid: str, title: str, start: datetime) -> str:
    """The name of an event in calendars; a hash of what it says for one that has none or a very long one."""
    if uid and len(uid) <= 200:
        return uid
    return hashlib.sha256(f"{uid}|{title}|{start.isoformat()}".encode()).hexdigest()[:40] + "@imported"


def _text(event: Any, name: str, longest: int) -> str:
    value = event.get(name, "")
    value = value[0] if isinstance(value, list) else value
    text = "".join(letter for letter in str(value) if letter in "\n\t" or letter.isprintable())
    return text.strip()[:longest]


def _emails(event: Any) -> list[str]:
    """The addresses of those who take part, in small letters."""
    people: list[Any] = []
    for name in ("attendee", "organizer"):
        value = event.get(name, [])
        people += value if isinstance(value, list) else [value]
    found = (str(one).lower().removeprefix("mailto:").strip()[:254] for one in people)
    return list(dict.fromkeys(one for one in found if "@" in one))[:50]


def _skipped(event: Any, zone: ZoneInfo) -> Iterable[datetime]:
    value = event.get("exdate", [])
    given = value if isinstance(value, list) else [value]
    return [_moment(one.dt, zone)[0] for dates in given for one in dates.dts][:MOST_EXCEPTIONS]


def _each_once(events: list[ReadEvent]) -> list[ReadEvent]:
    """Of events with the same name the last one; those that stand alone before times of a series."""
    once = {(event.uid, event.recurs_at): event for event in events}
    return sorted(once.values(), key=lambda event: (bool(event.recurs_at), event.start))
