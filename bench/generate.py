"""Fills an empty, migrated database with a business of any size, the same for the same seed.

Each contact has three entries, two contact points, one to three tags, a fact and, four of ten, an opener; there is one
company for every twenty contacts, and ten colleagues. Ten contacts have long timelines.
"""

import random
import time
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db import transaction

from bench import generate_promises
from bench.load import bulk, load, say, stamp
from bench.words import COMPANY_FIRST, COMPANY_LAST, GIVEN, sentences, surnames, uneven
from regulars.access.models import Organisation, Team, User
from regulars.contacts.indexing import learn_words
from regulars.contacts.models import (
    Company,
    Contact,
    ContactPoint,
    ContactTag,
    Employment,
    Fact,
    Involvement,
    NameWord,
    Opener,
    Stage,
    Tag,
)
from regulars.contacts.models.names import word_rows
from regulars.lib.text import fold
from regulars.timeline.models import Entry

PASSWORD = "a long enough password"  # of every colleague in the data set; it never leaves the machine
DAY = 86400
YEARS = 3
LONG = 10  # contacts whose timelines have LONG_ENTRIES entries
LONG_ENTRIES = 500
KINDS = ["note", "call", "meeting", "visit", "message", "email", "job", "request", "thought"]
KIND_WEIGHTS = uneven(len(KINDS), 0.5)
CONTACT_KINDS = {"call", "meeting", "visit", "message", "email", "job", "request"}
VISIBILITY = ["everyone"] * 95 + ["team"] * 3 + ["owner"] * 2
ROLES = ["owner", "manager", "member", "member", "member", "member", "member", "member", "front_desk", "reader"]
TAGS = (
    "vip wholesale decaf press newsletter supplier family neighbour student vegan corporate event loyal new referral "
    "allergy delivery morning evening weekend abroad online local friend board charity media partner trial archive"
).split()
TABLES = [Company, Contact, ContactPoint, ContactTag, Employment, Entry, Fact, Involvement, NameWord, Opener]


@cache
def _rows_of(name: str) -> list[tuple[str, str, str | None, str]]:
    return word_rows(name)


class DataSet:
    """One business of `size` contacts; `build()` writes it."""

    def __init__(self, size: int, seed: int = 7) -> None:
        self.size = size
        self.rng = random.Random(seed)
        self.now = int(time.time())
        self.start = self.now - YEARS * 365 * DAY
        self.began = time.monotonic()
        self.firms = max(1, size // 20)
        family = surnames(self.rng)
        self.given = self.rng.choices(GIVEN, cum_weights=uneven(len(GIVEN)), k=size)
        self.family = self.rng.choices(family, cum_weights=uneven(len(family)), k=size)
        self.company = [self.rng.randrange(self.firms) + 1 if self.rng.random() < 0.6 else None for _ in range(size)]
        self.owner = self.rng.choices(range(8), cum_weights=uneven(8, 0.6), k=size)
        self.seen = VISIBILITY

    def build(self) -> None:
        """Write everything. The database must be migrated and empty."""
        with transaction.atomic():
            self._business()
        work = generate_promises.Work(self.size, self.user_ids, self.now, self.start, self.began)
        with bulk([model._meta.db_table for model in [*TABLES, *generate_promises.TABLES]], self.began):
            order = self._order_of_entries()
            self._companies()
            load(Entry, ["id", "kind", "occurred_at", "author_id", "text"], self._entries(order))
            say("entries", self.began)
            load(
                Involvement,
                ["entry_id", "contact_id", "company_id", "occurred_at", "kind", "is_implied"],
                self._involvements(order),
            )
            say("involvements", self.began)
            self._people()
            self._belongings()
            work.build()
        work.finish()

    def _business(self) -> None:
        Organisation.objects.create(
            name="Harbor & Pine", trade="cafe", person_word="guest", people_word="guests", country="DE"
        )
        team = Team.objects.create(name="Counter")
        roles = [*ROLES, *["member"] * (self.size // generate_promises.CONTACTS_PER_COLLEAGUE)]
        self.users = [
            User.objects.create_user(
                f"colleague{n}@bench.example", PASSWORD if n < 4 else None, name=f"{name} Bench", role=role
            )
            for n, (role, name) in enumerate(zip(roles, GIVEN[20:] * 3, strict=False))
        ]
        team.members.set(self.users[2:6])
        self.user_ids, self.team_id = [user.pk for user in self.users], team.pk
        for position, key in enumerate(["lead", "prospect", "customer", "regular", "lapsed"]):
            Stage.objects.get_or_create(
                key=key, defaults={"name": key.capitalize(), "position": position, "is_customer": position > 1}
            )
        self.stages = list(Stage.objects.order_by("position").values_list("pk", flat=True))
        self.tags = [Tag.objects.create(name=name).pk for name in TAGS]

    def _order_of_entries(self) -> list[int]:
        order = list(range(1, self.size + 1)) * 3
        order += [contact for contact in range(1, LONG + 1) for _ in range(LONG_ENTRIES - 3)]
        self.rng.shuffle(order)
        self.kinds = self.rng.choices(KINDS, cum_weights=KIND_WEIGHTS, k=len(order))
        self.step = (self.now - 60 - self.start) / len(order)
        self.last, self.touched = [0] * (self.size + 1), [0] * (self.size + 1)
        for number, contact in enumerate(order):
            self.touched[contact] = at = int(self.start + number * self.step)
            if self.kinds[number] in CONTACT_KINDS:
                self.last[contact] = at
        return order

    def _entries(self, order: list[int]) -> Iterator[tuple[Any, ...]]:
        pool = sentences(self.rng)
        texts = self.rng.choices(pool, k=len(order))
        authors = self.rng.choices(self.user_ids, k=len(order))
        for number, text in enumerate(texts):
            yield number + 1, self.kinds[number], stamp(self.start + number * self.step), authors[number], text

    def _involvements(self, order: list[int]) -> Iterator[tuple[Any, ...]]:
        for number, contact in enumerate(order):
            at, kind = stamp(self.start + number * self.step), self.kinds[number]
            yield number + 1, contact, None, at, kind, 0
            if company := self.company[contact - 1]:
                yield number + 1, None, company, at, kind, 1

    def _companies(self) -> None:
        rng = self.rng
        rows, words = [], []
        for number in range(1, self.firms + 1):
            name = f"{rng.choice(COMPANY_FIRST)} {rng.choice(COMPANY_LAST)} {self.family[number]}"
            at = stamp(self.start + rng.random() * (self.now - self.start))
            owner = self.user_ids[rng.randrange(8)]
            rows.append((number, name, fold(name), f"firm{number}.example", owner, at, at, at))
            words += [(None, number, *row, owner, at) for row in word_rows(name)]
        columns = [
            "id",
            "display_name",
            "sort_name",
            "domain",
            "owner_id",
            "last_contact_at",
            "touched_at",
            "created_at",
        ]
        load(Company, columns, rows)
        load(NameWord, ["contact_id", "company_id", "word", "start2", "pair", "full", "owner_id", "touched_at"], words)
        learn_words({row[2] for row in words})
        say("companies", self.began)

    def _phone(self, number: int) -> str:
        area = (30, 40, 89, 69, 221, 171, 176, 160, 151, 175)[number % 10]
        return f"49{area}{(number * 7919 + 12345) % 100000000:08d}"

    def _email(self, number: int) -> str:
        return fold(f"{self.given[number - 1]}.{self.family[number - 1]}{number}@mail{number % 50}.example").replace(
            "'", ""
        )

    def _people(self) -> None:
        load(
            Contact,
            [
                "id",
                "display_name",
                "given_name",
                "family_name",
                "sort_name",
                "company_id",
                "job_title",
                "email",
                "phone",
                "stage_id",
                "owner_id",
                "team_id",
                "visibility",
                "last_contact_at",
                "touched_at",
                "created_at",
            ],
            self._contact_rows(),
        )
        say("contacts", self.began)
        columns = ["contact_id", "company_id", "word", "start2", "pair", "full", "owner_id", "touched_at"]
        load(NameWord, columns, self._word_rows())
        learn_words({row[0] for name in set(self.given) | set(self.family) for row in word_rows(name)})
        say("words of names", self.began)

    def _contact_rows(self) -> Iterator[tuple[Any, ...]]:
        stages = self.rng.choices(self.stages, weights=[3, 2, 4, 3, 2], k=self.size)
        titles = self.rng.choices(["", "", "", "Owner", "Buyer", "Manager", "Assistant", "Engineer"], k=self.size)
        pace = (self.now - self.start) / self.size / 2
        for n in range(1, self.size + 1):
            given, family = self.given[n - 1], self.family[n - 1]
            visibility = self.seen[n % 100]
            yield (
                n,
                f"{given} {family}",
                given,
                family,
                fold(f"{given} {family}"),
                self.company[n - 1],
                titles[n - 1],
                self._email(n),
                f"+{self._phone(n)}",
                stages[n - 1],
                self.user_ids[self.owner[n - 1]],
                self.team_id if visibility == "team" else None,
                visibility,
                stamp(self.last[n]),
                stamp(self.touched[n]),
                stamp(self.start + n * pace),
            )

    def _word_rows(self) -> Iterator[tuple[Any, ...]]:
        for n in range(1, self.size + 1):
            owner, at = self.user_ids[self.owner[n - 1]], stamp(self.touched[n])
            for row in _rows_of(f"{self.given[n - 1]} {self.family[n - 1]}"):
                yield (n, None, *row, owner, at)

    def _belongings(self) -> None:
        ids = range(1, self.size + 1)
        points = (
            row
            for n in ids
            for row in (
                (n, "phone", "mobile", f"+{self._phone(n)}", self._phone(n), 1, 0),
                (n, "email", "work", self._email(n), self._email(n), 1, 1),
            )
        )
        load(ContactPoint, ["contact_id", "kind", "label", "value", "key", "is_preferred", "position"], points)
        weights = uneven(len(self.tags), 0.7)
        chosen = (set(self.rng.choices(self.tags, cum_weights=weights, k=1 + n % 3)) for n in ids)
        load(
            ContactTag,
            ["contact_id", "tag_id"],
            ((n, tag) for n, tags in zip(ids, chosen, strict=True) for tag in sorted(tags)),
        )
        jobs = ((n, company, 1) for n, company in enumerate(self.company, 1) if company)
        load(Employment, ["contact_id", "company_id", "is_main"], jobs)
        say("points, tags, employments", self.began)
        likes = ["oat milk", "window seat", "early appointments", "dark roast", "no small talk", "paper invoices"]
        kinds = ["like", "limit", "family", "pet", "work", "other"]
        noted = stamp(self.now - 90 * DAY)
        facts = ((n, kinds[n % 6], likes[n % 6], self.user_ids[n % 8], noted, noted) for n in ids)
        load(Fact, ["contact_id", "kind", "text", "noted_by_id", "noted_at", "confirmed_at"], facts)
        asks = ((n, f"How did {likes[n % 6]} work out?", self.user_ids[n % 8], noted) for n in ids if n % 10 < 4)
        load(Opener, ["contact_id", "text", "noted_by_id", "noted_at"], asks)
        say("facts and openers", self.began)
