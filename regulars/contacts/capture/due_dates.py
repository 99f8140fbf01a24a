"""By when something is due, found in a line of text: "by friday", "until 30 Nov", "in two weeks", "before the 12th".

The future's counterpart of `capture.dates`. A day without a year is the next one to come; a day without a time of day
is due at the end of that day, in the zone of `now`: who says "by Friday" has all of Friday. English is always
understood, other languages by their words in `due_words`. Of several days the one behind "by", "until", "before" or
"in" counts.

| said | due |
|---|---|
| by friday, on friday, friday | the end of the next Friday, today included |
| next friday | the Friday of next week |
| before friday, before the 12th | the end of the day before |
| end of the week, next week | that week's Friday (Sunday when Friday has passed) |
| end of month, next month | that month's last day |
| tomorrow morning, at noon, in the afternoon, in the evening | 12:00, 12:00, 18:00, the end of the day |
| by 4pm, at 16:00 | that time today, tomorrow when it has passed |

A time that a clock change leaves out becomes the one an hour later; one that comes twice is the first of them.
"""

import re
from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache

from regulars.contacts.capture.due_words import DUE_WORDS, DueWords

LATEST = time(23, 59, 59)
FARTHEST = timedelta(days=366 * 20)
MONDAY, FRIDAY, SUNDAY = 0, 4, 6
_UNITS = ("minute", "hour", "day", "week", "month", "year")
_STRONG, _TOLD, _WEAK, _PLAIN, _OTHER = 4, 3, 2, 1, 0


@dataclass(frozen=True)
class Due:
    """By when: `text[start:end]` says it. `due_at` is aware; without a time of day it is the last second of the day.

    `stays`: the words belong to the sentence ("the cake for 12 December") and are not cut out of it.
    `problem` is "past" for a time that has passed and "missing" for a day that doesn't exist (`due_at` then is the
    nearest day that does): nothing to save as it is.
    """

    start: int
    end: int
    due_at: datetime
    has_time: bool
    problem: str = ""
    stays: bool = False


def find_due(text: str, now: datetime, languages: Collection[str] = (), day_first: bool = True) -> Due | None:
    """Return by when the line says that something is due, or None.

    `now` is aware, in the zone of the business; `languages` are those beside English ("de", "pt"); `day_first`: 3/4 is
    in April.
    """
    best: tuple[tuple[int, int, int], Due] | None = None
    for code in dict.fromkeys(["en", *languages]):
        for match in _pattern(code).finditer(text) if code in DUE_WORDS else ():
            reader = _Reader(match, DUE_WORDS[code], now, day_first)
            if (due := reader.due()) and (best is None or (reader.rank, due.end, -due.start) >= best[0]):
                best = ((reader.rank, due.end, -due.start), due)
    return best[1] if best else None


def end_of(day: date, zone: tzinfo | None) -> datetime:
    """The last second of `day`: when something without a time of day is due. `zone` is that of the business."""
    return moment_of(day, LATEST, zone)


def moment_of(day: date, clock: time, zone: tzinfo | None) -> datetime:
    """A local time as an aware moment that exists: an hour later in the gap of a clock change, the first of two."""
    told = datetime.combine(day, clock.replace(fold=0), zone)
    return told.astimezone(UTC).astimezone(zone)


@cache
def _pattern(code: str) -> re.Pattern[str]:
    """A phrase that says by when: a lead, a day with or without a time of day, or a time alone."""
    words = DUE_WORDS[code]
    units = "|".join(f"(?P<in_{name}>{said})" for name, said in zip(_UNITS, words.units, strict=True))
    numbers = "|".join(sorted(map(re.escape, words.numbers), key=len, reverse=True))
    weekday = "|".join(part for said in words.weekdays for part in said.split("|"))
    month = "|".join(part for said in words.months for part in said.split("|"))
    ordinal = words.ordinal
    coming = "|".join(
        f"(?P<{name}>{said})"
        for name, said in zip(("next_week", "next_month", "this_week", "this_month"), words.coming, strict=True)
    )
    clock = (
        r"(?:(?:,\s*|\b(?:{lead})\s+)?(?<![\w.:/])"
        r"(?:(?P<h{n}>[01]?\d|2[0-3])[:h](?P<m{n}>[0-5]\d)(?:\s?(?P<x{n}>[ap]\.?m\b\.?))?(?:\s*(?:{hours})\b)?"
        r"|(?P<hx{n}>1[0-2]|0?[1-9])\s?(?P<y{n}>[ap]\.?m\b\.?)|(?P<hh{n}>[01]?\d|2[0-3])\s?(?:{hours})(?!\w)))"
    )
    after, before, alone = (
        clock.replace("{lead}", words.clock).replace("{hours}", words.hours).replace("{n}", n) for n in ("1", "2", "3")
    )
    parts = "|".join(f"(?P<{name}>{getattr(words, name)})" for name in ("morning", "noon", "afternoon", "evening"))
    day = (
        rf"(?P<after_tomorrow>{words.after_tomorrow})|(?P<tomorrow>{words.tomorrow})|(?P<today>{words.today})"
        rf"|{coming}|(?P<ends>{'|'.join(words.ends)})"
        rf"|{words.ending}(?P<end>{'|'.join(coming_or_unit(words))})"
        rf"|(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})"
        rf"|(?P<dom>\d{{1,2}})(?:{ordinal})?\s*(?:{words.of})?(?P<mon>{month})\b\.?(?:,?\s*(?:{words.of})?(?P<year>\d{{4}}))?"
        rf"|(?P<mon2>{month})\.?\s+(?P<dom2>\d{{1,2}})(?:{ordinal})?(?!\d)(?:,?\s+(?P<year2>\d{{4}}))?"
        rf"|(?P<n1>\d{{1,2}})(?P<sep>[./])(?P<n2>\d{{1,2}})(?:(?P=sep)(?P<n3>\d{{4}}|\d{{2}})?)?(?![\d.,/]*\d)"
        rf"|(?P<nth>\d{{1,2}})(?P<st>{ordinal})(?!\s*\d)"
        rf"|(?:(?P<after>{words.after})\s+)?(?P<weekday>{weekday})"
    )
    lead = rf"(?P<strong>{words.strong})|(?P<weak>{words.weak})|(?P<other>{words.other})"
    return re.compile(
        rf"(?<![\w@#])(?:(?:{lead})\s+)?(?:"
        rf"(?P<within>{words.within})\s+(?P<n>\d{{1,3}}|{numbers})\s+(?:{units})(?!\w)"
        rf"|(?:{before}\s*,?\s*(?:(?:{words.weak})\s+)?)?{words.article}(?:{day})(?![\w-])"
        rf"(?:\s*,?\s*(?:{parts})(?!\w))?(?:\s*,?\s*{after})?"
        rf"|{alone}|(?P<noon_alone>{words.noon})(?!\w))",
        re.IGNORECASE,
    )


def coming_or_unit(words: DueWords) -> Iterator[str]:
    """What can stand behind "end of": week, month, year and next week, next month."""
    yield from (rf"(?:{words.coming[0]})", rf"(?:{words.coming[1]})")
    yield from (rf"(?:{unit}s?)" for unit in words.units[3:])


class _Reader:
    """One phrase and what it means."""

    def __init__(self, match: re.Match[str], words: DueWords, now: datetime, day_first: bool) -> None:
        self.match, self.words, self.now, self.day_first = match, words, now, day_first
        self.said = {name: value for name, value in match.groupdict().items() if value}
        self.today = now.date()

    @property
    def rank(self) -> int:
        """How sure it is that this is the due day."""
        if "strong" in self.said or "within" in self.said:
            return _STRONG
        if any(name in self.said for name in ("today", "tomorrow", "after_tomorrow")):
            return _TOLD
        return _WEAK if "weak" in self.said else _OTHER if "other" in self.said else _PLAIN

    @property
    def _is_before(self) -> bool:
        return bool(re.fullmatch(self.words.before, self.said.get("strong", ""), re.IGNORECASE))

    def due(self) -> Due | None:
        if "within" in self.said:
            return self._within()
        clock = self._clock()
        try:
            day = self._day()
        except ValueError as nearest:
            return self._made(nearest.args[0], None, "missing")
        if day is None:
            return self._time_alone(clock)
        if clock is None and self._is_before and "end" not in self.said:
            day -= timedelta(days=1)
        return self._made(day, clock)

    def _made(self, day: date, clock: time | None, problem: str = "") -> Due:
        due_at = moment_of(day, clock or LATEST, self.now.tzinfo)
        late = due_at <= self.now or due_at - self.now > FARTHEST
        said = problem or ("past" if late else "")
        return Due(*self._span(), due_at, clock is not None, said, stays=self.rank == _OTHER)

    def _span(self) -> tuple[int, int]:
        """Without a lead that is about something else, which belongs to the sentence."""
        start = self.match.start()
        if "other" in self.said:
            start = self.match.end("other")
            start += len(self.match.string[start:]) - len(self.match.string[start:].lstrip())
        return start, self.match.end()

    def _within(self) -> Due | None:
        said = self.said["n"].lower()
        count = int(said) if said.isdigit() else self.words.numbers[" ".join(said.split())]
        unit = next(name for name in _UNITS if f"in_{name}" in self.said)
        if unit in ("minute", "hour"):
            due_at = (self.now.astimezone(UTC) + timedelta(**{f"{unit}s": count})).astimezone(self.now.tzinfo)
            return Due(*self._span(), due_at.replace(second=0, microsecond=0), True, "" if count else "past")
        if unit in ("month", "year"):
            return self._made(_months_on(self.today, count * (12 if unit == "year" else 1)), None)
        return self._made(self.today + timedelta(days=count * (7 if unit == "week" else 1)), None)

    def _day(self) -> date | None:
        """The day said; None for a time alone. Raises ValueError with the nearest day for one that doesn't exist."""
        said, today = self.said, self.today
        for name, days in (("today", 0), ("tomorrow", 1), ("after_tomorrow", 2)):
            if name in said:
                return today + timedelta(days=days)
        if unit := self._unit():
            return _end_of_unit(unit, today)
        if "weekday" in said:
            return self._weekday()
        if "iso" in said:
            year, month, day = map(int, said["iso"].split("-"))
            return _exact(year, month, day, self.today)
        if "nth" in said:
            return self._nth()
        return self._numbered()

    def _unit(self) -> str:
        said = self.said
        if name := next((name for name in ("next_week", "next_month", "this_week", "this_month") if name in said), ""):
            return name.removeprefix("this_")
        word = said.get("end", "").lower()
        if "ends" in said:
            known = self.words.ends.items()
            return next(unit for pattern, unit in known if re.fullmatch(pattern, said["ends"], re.IGNORECASE))
        patterns = zip(("next_week", "next_month", *_UNITS[3:]), coming_or_unit(self.words), strict=True)
        return next((unit for unit, pattern in patterns if word and re.fullmatch(pattern, word, re.IGNORECASE)), "")

    def _weekday(self) -> date | None:
        word = self.said["weekday"].lower()
        clock = self._clock()
        if re.fullmatch(self.words.short, word) and self.rank < _WEAK and clock is None:
            return None
        number = next(n for n, said in enumerate(self.words.weekdays) if word in said.split("|"))
        if "after" in self.said:
            return self.today + timedelta(days=7 - self.today.weekday() + number)
        days = (number - self.today.weekday()) % 7
        is_over = days == 0 and moment_of(self.today, clock or LATEST, self.now.tzinfo) <= self.now
        return self.today + timedelta(days=7 if is_over else days)

    def _nth(self) -> date | None:
        """ "The 12th": of this month, or the next month that has one."""
        day = int(self.said["nth"])
        if self.rank < _WEAK and not re.search(r"\bthe\s", self.match[0], re.IGNORECASE):
            return None
        if not 1 <= day <= 31 or not (self.said.get("st") or re.search(r"(?:dia|el|le|au)\s+\d", self.match[0], re.I)):
            return None
        first = self.today.replace(day=1)
        months = (_months_on(first, ahead) for ahead in range(3))
        days = (month.replace(day=day) for month in months if day <= monthrange(month.year, month.month)[1])
        return next(found for found in days if found >= self.today)

    def _numbered(self) -> date | None:
        said = self.said
        if word := (said.get("mon") or said.get("mon2") or "").lower():
            month = next(n for n, known in enumerate(self.words.months, 1) if word in known.split("|"))
            day, year = int(said.get("dom") or said["dom2"]), said.get("year") or said.get("year2")
        elif "n1" in said:
            day, month = int(said["n1"]), int(said["n2"])
            if not self.day_first and said["sep"] == "/":
                day, month = month, day
            year = said.get("n3")
            if not year and (self.rank < _WEAK or not 1 <= month <= 12):
                return None  # "1/2 kg", "1.5"
        else:
            return None
        if not 1 <= month <= 12 or not 1 <= day <= 31:
            raise ValueError(self.today)
        if year:
            return _exact(int(year) + (2000 if len(year) == 2 else 0), month, day, self.today)
        return self._next(month, day)

    def _next(self, month: int, day: int) -> date:
        """The next such day; 29 February is that of the next leap year."""
        years = range(self.today.year, self.today.year + (9 if (month, day) == (2, 29) else 2))
        found = [date(year, month, day) for year in years if day <= monthrange(year, month)[1]]
        if not found:
            raise ValueError(date(self.today.year, month, monthrange(self.today.year, month)[1]))
        return next((day for day in found if day >= self.today), found[-1])

    def _clock(self) -> time | None:
        said = self.said
        for n in "123":
            if hour := said.get(f"h{n}") or said.get(f"hx{n}") or said.get(f"hh{n}"):
                half = (said.get(f"x{n}") or said.get(f"y{n}") or "").lower()
                return time(_hour(int(hour), half, "afternoon" in said or "evening" in said), int(said.get(f"m{n}", 0)))
        if "morning" in said or "noon" in said or "noon_alone" in said:
            return time(12)
        return time(18) if "afternoon" in said else None

    def _time_alone(self, clock: time | None) -> Due | None:
        """A time of day behind "by" or "at" is today's, or tomorrow's when that has passed."""
        if clock is None or not any(name in self.said for name in ("strong", "weak", "h3", "hx3", "hh3")):
            return None
        if "weekday" in self.said or "nth" in self.said or "n1" in self.said:
            return None
        today = moment_of(self.today, clock, self.now.tzinfo)
        return self._made(self.today if today > self.now else self.today + timedelta(days=1), clock)


def _hour(hour: int, half: str, is_late: bool) -> int:
    if half.startswith("p") or (not half and is_late and hour < 12):
        return hour + 12 if hour < 12 else hour
    return 0 if half.startswith("a") and hour == 12 else hour


def _exact(year: int, month: int, day: int, today: date) -> date:
    if not 1 <= month <= 12 or not 1900 <= year <= 9000:
        raise ValueError(today)
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ValueError(date(year, month, last))
    return date(year, month, day)


def _months_on(day: date, months: int) -> date:
    """The same day some months later, or that month's last one."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _end_of_unit(unit: str, today: date) -> date:
    """The last day of this or the next week (Friday for a working week), weekend, month or year."""
    if unit in ("week", "next_week"):
        monday = today - timedelta(days=today.weekday()) + timedelta(days=7 if unit == "next_week" else 0)
        friday = monday + timedelta(days=FRIDAY)
        return friday if friday >= today else monday + timedelta(days=SUNDAY)
    if unit == "weekend":
        return today + timedelta(days=SUNDAY - today.weekday())
    if unit == "year":
        return date(today.year, 12, 31)
    month = _months_on(today.replace(day=1), 1 if unit == "next_month" else 0)
    return month.replace(day=monthrange(month.year, month.month)[1])
