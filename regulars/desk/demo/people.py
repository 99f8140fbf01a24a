"""Who is known at Harbor & Pine: the cast, and a crowd from a seed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from zoneinfo import ZoneInfo

from regulars.desk.demo import words
from regulars.desk.demo.cast import CAST, Character
from regulars.desk.demo.days import Happening, days_of
from regulars.lib.text import fold

PEOPLE = 600
COMPANIES = 60


@dataclass
class Person:
    """A person to write down, drawn or from the cast."""

    character: Character
    happenings: list[Happening] = field(default_factory=list)
    owner: int = 0


def company_names(random: Random) -> list[tuple[str, str, str]]:
    """Return 60 companies as (name, industry, domain), the hand-written ones first."""
    companies = list(words.COMPANIES)
    taken = {name for name, _, _ in companies}
    while len(companies) < COMPANIES:
        name = f"{random.choice(words.COMPANY_FIRST)} {random.choice(words.COMPANY_LAST)}"
        if name not in taken:
            taken.add(name)
            domain = fold(name).replace(" ", "").replace("&", "") + ".example"
            companies.append((name, random.choice(words.INDUSTRIES), domain))
    return companies


def crowd(
    random: Random, now: datetime, zone: ZoneInfo, companies: list[str], people_in_all: int = PEOPLE
) -> list[Person]:
    """Return everyone: the cast, then drawn people up to `people_in_all` with names that occur once."""
    people = [Person(character) for character in CAST]
    taken = {f"{c.given} {c.family}" for c in CAST}
    number = 0
    while len(people) < people_in_all:
        given, family = random.choice(words.GIVEN_NAMES), random.choice(words.FAMILY_NAMES)
        if f"{given} {family}" in taken:
            continue
        taken.add(f"{given} {family}")
        number += 1
        people.append(_draw(random, given, family, number, now, zone, companies))
    return people


def _draw(
    random: Random, given: str, family: str, number: int, now: datetime, zone: ZoneInfo, companies: list[str]
) -> Person:
    sort = random.choices(("guest", "wholesale", "online"), (60, 22, 18))[0]
    known = random.randint(20, 1500)
    happenings = days_of(random, sort, now, known, zone)
    company = random.choice(companies) if sort == "wholesale" else ""
    character = Character(
        given,
        family,
        company,
        random.choice(words.JOB_TITLES) if company else "",
        stage=_stage(random, happenings, now),
        email=f"{fold(given)}.{fold(family)}@mail.example".replace("'", "").replace("’", "")
        if random.random() < 0.8
        else "",
        phone=f"+351 92{number % 10} {random.randint(100, 999)} {number:03d}" if random.random() < 0.7 else "",
        pronouns="",
        city=random.choice(("Lisbon", "Lisbon", "Lisbon", "Almada", "Cascais", "Oeiras", "Sintra")),
        channel=random.choice(("", "", "", "phone", "email", "whatsapp")),
        source=random.choice(("Walk-in", "Walk-in", "Search", "Referral", "Social media", "Event")),
        known_days=known,
        tags=tuple(random.sample(words.TAGS, random.choice((0, 0, 1, 1, 2)))),
        facts=_facts(random),
        openers=_openers(random, happenings, now),
        birthday=_birthday(random),
    )
    return Person(character, happenings, owner=random.choices((0, 1, 2, 3), (3, 3, 3, 1))[0])


def _stage(random: Random, happenings: list[Happening], now: datetime) -> str:
    if not happenings:
        return random.choice(("lead", "lead", "prospect"))
    if (now - happenings[-1].at).days > 150:
        return "lapsed"
    return "regular" if len(happenings) > 7 else "customer"


def _facts(random: Random) -> tuple[tuple[str, str], ...]:
    drawn = [("like", random.choice(words.LIKES))] if random.random() < 0.55 else []
    for kind, texts, chance in (
        ("limit", words.LIMITS, 0.12),
        ("pet", words.PETS, 0.07),
        ("family", words.FAMILY, 0.15),
        ("attitude", words.ATTITUDES, 0.12),
    ):
        if random.random() < chance:
            drawn.append((kind, random.choice(texts)))
    return tuple(drawn)


def _openers(random: Random, happenings: list[Happening], now: datetime) -> tuple[tuple[int, str], ...]:
    if not happenings or random.random() > 0.18:
        return ()
    return (((now - happenings[-1].at).days, random.choice(words.OPENERS)),)


def _birthday(random: Random) -> tuple[int, int, int | None] | None:
    if random.random() > 0.35:
        return None
    born = date(random.randint(1945, 2002), 1, 1).toordinal() + random.randint(0, 364)
    day = date.fromordinal(born)
    return (day.day, day.month, day.year if random.random() < 0.5 else None)
