"""Events of a feed, written line by line (RFC 5545): a feed of 500 is asked for by every device every few minutes.

Libraries read what is written here in the tests; repeats in a zone of their own are written by one (`promises.ics`).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

OCTETS = 75  # of a line, without its end (3.1)
_CONTROLS = {chr(code): None for code in (*range(9), *range(11, 32), 127)}
_ESCAPES = str.maketrans({**_CONTROLS, "\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def text_line(name: str, text: str) -> str:
    """Return a line with a text value."""
    return fold(f"{name}:{text.translate(_ESCAPES)}")


def fold(line: str) -> str:
    """Return a line cut into pieces of 75 octets, never within a character."""
    if len(line) <= OCTETS and (line.isascii() or len(line.encode()) <= OCTETS):
        return line
    pieces: list[str] = []
    current: list[str] = []
    size = 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > OCTETS:
            pieces.append("".join(current))
            current, size = [" "], 1
        current.append(letter)
        size += octets
    return "\r\n".join([*pieces, "".join(current)])


def utc(moment: datetime) -> str:
    """Return a moment as calendars write it."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def event(
    *,
    uid: str,
    stamp: datetime,
    summary: str,
    times: Iterable[str],
    details: Iterable[str] = (),
    is_free: bool = False,
) -> str:
    """Return one event. `times` and `details` are ready lines; `is_free`: it takes no time (a reminder)."""
    head = ("BEGIN:VEVENT", text_line("UID", uid), f"DTSTAMP:{utc(stamp)}")
    free = ("TRANSP:TRANSPARENT",) if is_free else ()
    return "\r\n".join([*head, *times, text_line("SUMMARY", summary), *details, *free, "END:VEVENT"])


def from_to(start: datetime, end: datetime) -> tuple[str, str]:
    """Return the lines of a time in UTC."""
    return f"DTSTART:{utc(start)}", f"DTEND:{utc(end)}"


def all_day(day: date) -> tuple[str, str]:
    """Return the lines of a whole day, wherever the reader is."""
    return f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
