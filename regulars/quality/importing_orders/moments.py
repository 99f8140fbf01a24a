"""When an order was placed, as files say it: dates with and without time, with and without zone."""

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from django.utils.translation import gettext as _

from regulars.quality.files.problems import BadValue, shorten
from regulars.quality.files.values import read_date

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?( ?([+-]\d{2}:?\d{2}|Z|UTC))?)?")
_TIME = re.compile(
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})([:.](?P<second>\d{2})([.,]\d+)?)?\s*(?P<half>[ap]\.?m\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?$",
    re.I,
)
_SERIAL = re.compile(r"\d{5}\.\d+")
_SEPARATORS = " ,T\u00a0\u202f"


@lru_cache(8192)
def read_moment(text: str, order: str, zone: tzinfo, clock: str = "") -> datetime:
    """Return the moment that a cell means, aware. `order` settles 3/4/2026; `zone` is where no other is said.

    `clock` is the time where it stands in a cell of its own. A day without a time begins at midnight. Raises BadValue.
    """
    text = text.strip()
    if _ISO.fullmatch(text):
        moment = _iso(text)
    elif _SERIAL.fullmatch(text):
        moment = datetime(1899, 12, 30) + timedelta(days=float(text))  # noqa: DTZ001 (as spreadsheets count)
    else:
        moment = _in_parts(text, order)
    if clock.strip():
        moment = datetime.combine(moment.date(), _time(clock.strip(), text))
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _iso(text: str) -> datetime:
    plain = text.replace(" UTC", "Z").replace("UTC", "Z")
    head, tail = plain[:19], plain[19:].replace(" ", "")
    try:
        return datetime.fromisoformat(head.strip() + tail)
    except ValueError:
        raise BadValue(_("“%(text)s” is not a day in the calendar.") % {"text": shorten(text)}) from None


def _in_parts(text: str, order: str) -> datetime:
    """A day, and perhaps a time behind it."""
    found = _TIME.search(text)
    day_text = text
    clock = time()
    if found and found.start() > 5:
        day_text, clock = text[: found.start()].rstrip(_SEPARATORS), _time(found[0], text)
    day = read_date(day_text, order)
    if day is None or day.year is None:
        raise BadValue(_("“%(text)s” is not a date with its year.") % {"text": shorten(text)})
    return datetime(day.year, day.month, day.day, clock.hour, clock.minute, clock.second, tzinfo=clock.tzinfo)


@lru_cache(4096)
def _time(clock: str, text: str) -> time:
    found = _TIME.fullmatch(clock)
    hour = int(found["hour"]) if found else 99
    if found and found["half"]:
        hour = hour % 12 + (12 if found["half"][0] in "pP" else 0)
    if found is None or hour > 23 or int(found["minute"]) > 59 or int(found["second"] or 0) > 59:
        raise BadValue(_("“%(text)s” is not a time of day.") % {"text": shorten(clock)})
    return time(hour, int(found["minute"]), int(found["second"] or 0), tzinfo=_offset(found["zone"]))


def _offset(zone: str | None) -> tzinfo | None:
    if not zone:
        return None
    if zone[0] not in "+-":
        return UTC
    digits = zone[1:].replace(":", "")
    return timezone((1 if zone[0] == "+" else -1) * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
