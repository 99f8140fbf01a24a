"""What the data sets hold of promises, tasks, appointments, thanks and referrals, in proportion to their contacts.

For each million contacts 300,000 promises, 250,000 tasks, 250,000 appointments, 100,000 thanks and 100,000 referrals,
one tree of ten thousand people among them. There are as many colleagues as the work needs, so that a colleague's week
is as full in a small business as in a big one; a small one has more appointments for that.
"""

import random
from collections.abc import Iterator
from typing import Any

from bench.load import load, say, stamp
from bench.words import FEED
from regulars.access.models import Organisation, User
from regulars.contacts.models import Contact, Referral, Rhythm, Segment
from regulars.lib import modules
from regulars.promises.models import (
    Appointment,
    AppointmentColleague,
    AppointmentContact,
    CalendarFeed,
    Occasion,
    Promise,
    PromiseDay,
    Task,
    Thanks,
)
from regulars.promises.models.feed import hash_of

DAY = 86400
TREE = 10_000  # people in the big referral tree, as far as there are so many
CONTACTS_PER_COLLEAGUE = 18_000
A_DAY = 4.5  # appointments of a colleague
BACK, AHEAD = 90, 30  # days that hold appointments at the least: as far back as a calendar feed tells
OPEN = 60  # open promises, and as many open tasks, of a colleague
WHAT = ["Send the quote", "Hold 3 kg of Guji", "Call back about the machine", "Bring the allergen list", "Mend the lid"]
TABLES = [
    Appointment, AppointmentColleague, AppointmentContact, Occasion, Promise, PromiseDay, Referral, Rhythm, Task, Thanks,
]  # fmt: skip


class Work:
    """What colleagues owe people and share with them."""

    def __init__(self, size: int, users: list[int], now: int, start: int, began: float) -> None:
        self.size, self.users, self.now, self.start, self.began = size, users, now, start, began
        self.rng = random.Random(23)

    def build(self) -> None:
        """Write everything, while the indexes are off."""
        load(Promise, PROMISE, self._promises())
        say("promises", self.began)
        load(Task, TASK, self._tasks())
        say("tasks", self.began)
        appointments = list(self._appointments())
        load(Appointment, APPOINTMENT, (row[0] for row in appointments))
        load(AppointmentColleague, ["appointment_id", "user_id", "starts_at", "ends_at"], (r[1] for r in appointments))
        load(AppointmentContact, ["appointment_id", "contact_id", "starts_at"], (row[2] for row in appointments))
        say("appointments", self.began)
        load(Thanks, ["contact_id", "reason", "way", "note", "thanked_at", "by_id"], self._thanks())
        load(Occasion, OCCASION, self._occasions())
        load(Referral, ["contact_id", "by_contact_id", "how", "brought_at"], self._referrals())
        load(Rhythm, RHYTHM, self._rhythms())
        say("thanks, occasions, referrals, rhythms", self.began)

    def _promises(self) -> Iterator[tuple[Any, ...]]:
        count = self.size * 3 // 10
        first_open = count - min(count // 5, OPEN * len(self.users))
        for n in range(count):
            owner = self.users[n % len(self.users)]
            is_open = n >= first_open
            day = self.rng.randrange(-10, 40) if is_open else -self.rng.randrange(2, 1000)
            due = self._day(day) + 22 * 3600
            status = "open" if is_open else self.rng.choices(["kept", "broken", "withdrawn"], weights=[85, 10, 5])[0]
            settled = None if is_open else stamp(due - self.rng.randrange(-DAY, 3 * DAY))
            given = stamp(due - 9 * DAY)
            yield (
                1 + n * 3 % self.size, self.rng.choice(WHAT), stamp(due), stamp(due)[:10], owner, owner, given, status,
                settled, owner if settled else None, stamp(due),
            )  # fmt: skip

    def _day(self, days: int) -> int:
        return (self.now // DAY + days) * DAY

    def _tasks(self) -> Iterator[tuple[Any, ...]]:
        count = self.size // 4
        first_open = count - min(count // 5, OPEN * len(self.users))
        for n in range(count):
            owner = self.users[n % len(self.users)]
            due = (
                self._day(self.rng.randrange(-10, 40) if n >= first_open else -self.rng.randrange(2, 1000)) + 22 * 3600
            )
            done = None if n >= first_open else stamp(due)
            contact = 1 + n * 4 % self.size if n % 2 else None
            yield self.rng.choice(WHAT), contact, stamp(due), owner, 1 + n % 3, owner, done, owner if done else None

    def _appointments(self) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]]:
        a_day = A_DAY * len(self.users)
        count = max(self.size // 4, int(a_day * (BACK + AHEAD)))
        days = int(count / a_day)
        for n in range(count):
            owner = self.users[n % len(self.users)]
            starts = self._day(self.rng.randrange(AHEAD - days, AHEAD)) + self.rng.randrange(16, 36) * 1800
            ends = starts + 1800
            is_over = ends < self.now - DAY
            status = self.rng.choices(["held", "no_show"], weights=[95, 5])[0] if is_over else "planned"
            contact = 1 + n * 4 % self.size
            yield (
                (
                    n + 1, f"Cupping {n}", "meeting", stamp(starts), stamp(ends), "UTC", 1, status,
                    stamp(ends) if is_over else None, owner if is_over else None, f"bench-{n}@regulars", owner,
                ),
                (n + 1, owner, stamp(starts), stamp(ends)),
                (n + 1, contact, stamp(starts)),
            )  # fmt: skip

    def _thanks(self) -> Iterator[tuple[Any, ...]]:
        count = self.size // 10
        for n in range(count):
            at = stamp(self.start + self.rng.random() * (self.now - self.start))
            yield 1 + n * 10 % self.size, "loyalty", "card", "A card", at, self.users[n % len(self.users)]

    def _occasions(self) -> Iterator[tuple[Any, ...]]:
        for n in range(self.size // 100):
            at = stamp(self.now - self.rng.randrange(60) * DAY)
            yield "year", f"year:{n}", 1 + n * 100 % self.size, "has been with us for 2 years", at, at, at

    def _referrals(self) -> Iterator[tuple[Any, ...]]:
        """One tree of TREE people under the first contact, and many small ones."""
        big = min(TREE, self.size)
        for n in range(2, big + 1):
            yield n, max(1, n // 4), "told", stamp(self.start + n * 1000)
        for n in range(big + 2, self.size + 1, 10):
            yield n, n - 1, "told", stamp(self.start + n)

    def _rhythms(self) -> Iterator[tuple[Any, ...]]:
        for n in range(1, self.size + 1, 4):
            usual = 5 + n % 60
            since = self._day(-self.rng.randrange(1, 120))
            due, late = since + usual * DAY, since + int(usual * 1.5 + 1) * DAY
            owner = self.users[n % 8]
            yield n, owner, usual, 6, stamp(since)[:10], stamp(due)[:10], stamp(late)[:10], stamp(since)

    def finish(self) -> None:
        """Write what needs indexes and models: kept counts, a feed, a segment of four conditions, modules."""
        PromiseDay.recount()
        me = User.objects.get(email="colleague2@bench.example")
        CalendarFeed.objects.create(
            user=me, name="Phone", token_hash=hash_of(FEED), parts=list(CalendarFeed.Part.values)
        )
        stage, tag = Contact.objects.filter(pk=1).values_list("stage_id", "contact_tags__tag_id")[0]
        Segment.objects.create(owner=me, name="Four conditions", is_shared=True, rule=four_conditions(stage, tag))
        organisation = Organisation.current()
        if organisation:
            organisation.modules = [module.name for module in modules.all_modules()]
            organisation.save()
        say("kept counts, feed, segment", self.began)


def four_conditions(stage: int, tag: int) -> dict[str, Any]:
    """The rule of the segment: a stage, a tag, a fact of a kind, and not in touch for a month."""
    return {
        "all": [
            {"if": "stage", "with": {"stage": [str(stage)]}},
            {"if": "tag", "with": {"tag": [str(tag)]}},
            {"if": "fact", "with": {"fact.kind": ["like"]}},
            {"none": [{"if": "last_contact", "with": {"last_contact": ["quiet"], "last_contact.days": ["30"]}}]},
        ]
    }


PROMISE = [
    *("contact_id", "what", "due_at", "due_on", "owner_id", "given_by_id", "given_at", "status"),
    *("settled_at", "settled_by_id", "first_due_at"),
]
TASK = ["what", "contact_id", "due_at", "assignee_id", "priority", "created_by_id", "done_at", "done_by_id"]
APPOINTMENT = [
    *("id", "title", "kind", "starts_at", "ends_at", "time_zone", "with_people", "status", "settled_at"),
    *("settled_by_id", "uid", "created_by_id"),
]
OCCASION = ["rule", "key", "contact_id", "why", "occurred_at", "found_at", "not_before"]
RHYTHM = ["contact_id", "owner_id", "usual_days", "days", "since", "due_on", "overdue_from", "counted_to"]
