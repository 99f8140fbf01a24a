"""What happens on a day at Harbor & Pine, from a seed."""

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from regulars.desk.demo import words

# How often each kind of entry happens to people of each sort, as weights.
HABITS: dict[str, dict[str, int]] = {
    "guest": {"visit": 70, "message": 14, "note": 6, "call": 4, "request": 3, "thought": 3},
    "wholesale": {"call": 34, "email": 24, "visit": 14, "meeting": 10, "job": 9, "request": 7, "note": 2},
    "online": {"email": 55, "message": 25, "call": 12, "request": 4, "note": 4},
}
TEXTS = {
    "visit": words.VISITS,
    "call": words.CALLS,
    "email": words.EMAILS,
    "message": words.MESSAGES,
    "meeting": words.MEETINGS,
    "request": words.REQUESTS,
    "job": words.JOBS,
    "note": words.NOTES,
    "thought": words.THOUGHTS,
}
THREE_YEARS = 3 * 365
# From when on each sort is there, and for how many hours: cafés call before noon, who buys online writes at night.
HOURS = {"guest": (8, 10), "wholesale": (8, 4), "online": (17, 5)}
MIDWEEK = (4, 0, 0, 0, 1, 2, 3)  # days back to Tuesday, Wednesday or Thursday, when cafés have time to talk
OFTEN = 9  # days: whoever comes at least so often comes before work


@dataclass(frozen=True)
class Happening:
    """One entry to write: kind, text, outcome, when (aware), and whether a request was answered."""

    kind: str
    text: str
    outcome: str
    at: datetime
    settled: bool


def fill(random: Random, text: str, at: datetime) -> str:
    """Return `text` with its blanks (bean, kilos, season…) filled in to suit the day `at`."""
    return text.format(
        bean=random.choice(words.BEANS),
        kilos=random.choice((1, 2, 3, 5, 8, 12)),
        season=words.SEASONS[at.month],
        month=calendar.month_name[at.month % 12 + 1],
        people=random.choice((12, 18, 25, 40)),
        day=random.randint(4, 28),
        street=random.choice(words.STREETS),
    )


def days_of(random: Random, sort: str, now: datetime, known_days: int, zone: ZoneInfo) -> list[Happening]:
    """Return a person's happenings of up to three years, oldest first.

    Everyone has a rhythm of their own (every 5 to 60 days, with some play);
    about one in seven has gone quiet.
    """
    rhythm = random.choice((5, 7, 9, 14, 14, 21, 30, 30, 45, 60))
    day = float(min(known_days, THREE_YEARS, rhythm * random.randint(4, 16)))
    quiet = rhythm * random.randint(3, 6) if random.random() < 0.15 else 0
    happenings = []
    while day > quiet:
        hours = HOURS["wholesale" if rhythm <= OFTEN and sort == "guest" else sort]
        at = _opening_hour(random, now - timedelta(days=day), zone, *hours)
        at -= timedelta(days=MIDWEEK[at.weekday()] if sort == "wholesale" else 0)
        if at < now:
            happenings.append(_happening(random, sort, at, now))
        day -= max(1.0, random.gauss(rhythm, rhythm / 4))
    return happenings


def _opening_hour(random: Random, at: datetime, zone: ZoneInfo, first: int, hours: int) -> datetime:
    return at.astimezone(zone).replace(
        hour=first + (random.randint(8, 17) - 8) * hours // 10,
        minute=random.randrange(0, 60, 5),
        second=0,
        microsecond=0,
    )


def _happening(random: Random, sort: str, at: datetime, now: datetime) -> Happening:
    habits = HABITS[sort]
    kind = random.choices(list(habits), list(habits.values()))[0]
    text = fill(random, random.choice(TEXTS[kind]), at)
    outcome = random.choice(words.OUTCOMES) if kind in ("call", "meeting", "request") and random.random() < 0.5 else ""
    settled = kind == "request" and (now - at > timedelta(days=20) or random.random() < 0.6)
    return Happening(kind, text, outcome, at, settled)
