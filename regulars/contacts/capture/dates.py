"""Finds when something happened in a line of text: "yesterday", "last Friday at 3pm", "on 28 October", "3 weeks ago".

A light tokeniser of our own looks for phrases that may be a date; only those go to `dateparser`, which is loaded when
the first one turns up (20 MB, a fifth of a second). Past only: moments don't lie ahead. The reader knows English;
`capture.languages` puts the phrases of other languages into it first.
"""

import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.utils import timezone

from regulars.contacts.capture.languages import in_english

# A parser keeps notes while it reads; the threads of a server share it.
_ONE_AT_A_TIME = threading.Lock()
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thur?s?|fri|satur|sat|sun)(?:day)?"
_LONG_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_NUMBER = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a couple of|a few)"
_PARTS = {"morning": time(9), "noon": time(12), "afternoon": time(15), "evening": time(19), "night": time(21)}
_PART = r"(?P<part>morning|afternoon|evening|night)"
_CLOCK = (
    r"(?:(?P<hour>[01]?\d|2[0-3])[:h](?P<minute>[0-5]\d)(?:\s?(?P<half>[ap]\.?m\b\.?))?"
    r"|(?P<hour2>1[0-2]|0?[1-9])\s?(?P<half2>[ap]\.?m\b\.?)|(?P<noon>noon))"
)

# Said anywhere in a line, these can only mean when it happened.
_CLEAR = re.compile(
    rf"\b(?:(?:the\s+)?day\s+before\s+yesterday|yesterday|today|tonight|last\s+night"
    rf"|this\s+(?:morning|afternoon|evening)|last\s+{_WEEKDAY}"
    rf"|{_NUMBER}\s+(?:minute|min|hour|day|week|month|year)s?\s+ago)\b",
    re.IGNORECASE,
)
# These may also be what was talked about; taken at the edges of a line, or after "called", "met"…
_VAGUE = re.compile(
    rf"(?:\bon\s+)?\b(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./](?:\d{{4}}|\d{{2}})\b|\d{{1,2}}\.\d{{1,2}}\.(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+\d{{4}})?"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?"
    rf"|(?:on\s+{_WEEKDAY}|{_LONG_WEEKDAY})\b(?!s)|last\s+(?:week|month))",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|wants?|next|until|till|by|before|after|since|from|for|due|born|comes|coming|every|each|by the)\s*$",
    re.IGNORECASE,
)
_TIME = re.compile(rf"(?:\bat\s+|,\s*)?(?<![\w.:/-]){_CLOCK}(?![\w/-]|[.:]\d)", re.IGNORECASE)
_PART_AFTER = re.compile(rf"\s+(?:in\s+the\s+)?{_PART}\b", re.IGNORECASE)
_TIME_AFTER = re.compile(rf"\s*,?\s*(?:at\s+|around\s+)?{_CLOCK}(?![\w/-]|[.:]\d)", re.IGNORECASE)
_TIME_BEFORE = re.compile(rf"(?:\bat\s+)?(?<![\w.:/-]){_CLOCK}\s*,?\s*(?:on\s+)?$", re.IGNORECASE)
_SHORT_AGO = re.compile(r"\b(?:minute|min|hour)s?\s+ago$")


@dataclass(frozen=True)
class FoundDate:
    """A date in a text: `text[start:end]` says it; `moment` is aware; `has_clock` when a time of day was named."""

    start: int
    end: int
    moment: datetime
    has_clock: bool


def find_date(
    text: str,
    now: datetime,
    languages: Iterable[str] = (),
    *,
    day_first: bool = True,
    vague_anywhere: bool = False,
) -> FoundDate | None:
    """Return the first date or time in `text` that is not in the future, or None.

    `now` is aware, in the zone of the business. `vague_anywhere` also takes a bare day or weekday in the middle of the
    line, which is otherwise more often what people talk about than when they did. `day_first`: 3/4 is in April.
    `languages` are those beside English ("de", "pt"); ones that are not known are passed over.
    """
    line = in_english(text, languages)
    found = _find(line.text, now, day_first, vague_anywhere)
    return found and replace(found, start=line.typed_start(found.start), end=line.typed_end(found.end))


def _find(text: str, now: datetime, day_first: bool, vague_anywhere: bool) -> FoundDate | None:
    for start, end in _candidates(text, vague_anywhere):
        day = _parse(text[start:end], now, day_first)
        if day is None:
            continue
        found = _with_clock(text, start, end, day, now)
        if found.moment <= now:
            return found
    return _clock_alone(text, now)


def warm() -> None:
    """Load the parser now, so that nobody waits for it later."""
    find_date("yesterday", timezone.localtime())


def _candidates(text: str, vague_anywhere: bool) -> Iterator[tuple[int, int]]:
    for match in _CLEAR.finditer(text):
        yield match.span()
    for match in _VAGUE.finditer(text):
        if _AHEAD.search(text[: match.start()]):
            continue
        at_start = not re.search(r"\w", text[: match.start()])
        rest = text[match.end() :]
        clock = _TIME_AFTER.match(rest) or _PART_AFTER.match(rest)
        at_end = not re.search(r"\w", rest[clock.end() :] if clock else rest)
        if at_start or at_end or vague_anywhere:
            yield match.span()


def _with_clock(text: str, start: int, end: int, day: datetime, now: datetime) -> FoundDate:
    phrase = text[start:end].lower()
    if _SHORT_AGO.search(phrase):
        return FoundDate(start, end, day, True)
    part = next((word for word in _PARTS if phrase.endswith(word)), "night" if phrase == "tonight" else "")
    if match := _PART_AFTER.match(text, end):
        part, end = match["part"].lower(), match.end()
    clock: time | None = None
    if match := _TIME_AFTER.match(text, end):
        clock, end = _clock(match, part), match.end()
    elif match := _TIME_BEFORE.search(text[:start]):
        clock, start = _clock(match, part), match.start()
    if clock is not None:
        return FoundDate(start, end, _at(day, clock), True)
    if day.date() == now.date():
        said = _at(day, _PARTS[part]) if part else now
        return FoundDate(start, end, min(said, now), bool(part))
    return FoundDate(start, end, _at(day, _PARTS.get(part, time(12))), False)


def _clock_alone(text: str, now: datetime) -> FoundDate | None:
    """A time of day by itself is today: at the edge of the line, or after "at"."""
    for match in _TIME.finditer(text):
        edge = not re.search(r"\w", text[: match.start()]) or not re.search(r"\w", text[match.end() :])
        if not edge and not match[0].lower().startswith("at"):
            continue
        moment = _at(now, _clock(match, ""))
        if moment <= now and not _AHEAD.search(text[: match.start()]):
            return FoundDate(match.start(), match.end(), moment, True)
    return None


def _clock(match: re.Match[str], part: str) -> time:
    if match["noon"]:
        return time(12)
    hour, minute = int(match["hour"] or match["hour2"]), int(match["minute"] or 0)
    half = (match["half"] or match["half2"] or "").lower()
    if half.startswith("p") or (not half and part in ("afternoon", "evening", "night")):
        hour = hour + 12 if hour < 12 else hour
    elif half.startswith("a") and hour == 12:
        hour = 0
    return time(hour % 24, minute)


def _at(day: datetime, clock: time) -> datetime:
    return day.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)


def _parse(phrase: str, now: datetime, day_first: bool) -> datetime | None:
    """Let dateparser read one phrase; None for what is no day (31 February), or a day before 1900."""
    phrase = phrase.lower().replace("a couple of", "2").replace("a few", "3").replace("last night", "yesterday")
    phrase = re.sub(r"^on\s+|\bthe\s+|\bof\s+", "", phrase).replace("tonight", "today")
    phrase = re.sub(r"^this (?:morning|afternoon|evening)$", "today", phrase)
    if weekday := re.fullmatch(rf"(?:last\s+)?({_WEEKDAY})", phrase):
        return _last_weekday(weekday[1], now)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    with _ONE_AT_A_TIME:
        found: datetime | None = _parser(day_first, midnight).get_date_data(phrase).date_obj
    if found is None or found.year < 1900:
        return None
    if _SHORT_AGO.search(phrase):
        return now + (found - midnight)
    moment: datetime = found.replace(tzinfo=now.tzinfo)
    said_year = re.search(r"\d{4}|[./]\d{2}$", phrase)
    # "On 5 December", said in November, is the one to come: no moment.
    return None if not said_year and now - moment > timedelta(days=300) and "year" not in phrase else moment


def _last_weekday(word: str, now: datetime) -> datetime:
    """The last such day before today."""
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    back = (now.weekday() - days.index(word[:3])) % 7 or 7
    return now - timedelta(days=back)


@lru_cache(maxsize=8)
def _parser(day_first: bool, midnight: datetime) -> Any:
    """A parser whose "now" is a midnight: dateparser keeps every setting it ever saw, so there must be few."""
    from dateparser.date import DateDataParser

    settings = {
        "PREFER_DATES_FROM": "past",
        "DATE_ORDER": "DMY" if day_first else "MDY",
        "RELATIVE_BASE": midnight,
    }
    return DateDataParser(languages=["en"], settings=settings)
