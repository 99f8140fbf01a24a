"""Writing Harbor & Pine into the database, in bulk and in one transaction."""

import re
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format

from regulars.access.models import Operation, Organisation, UndoStep, User
from regulars.contacts.actions import Point, find_or_add_tags
from regulars.contacts.indexing import index_names
from regulars.contacts.models import (
    Address,
    Company,
    Contact,
    ContactPoint,
    ContactTag,
    Employment,
    Fact,
    ImportantDate,
    Involvement,
    Opener,
    Profile,
    Relationship,
    Source,
    Stage,
)
from regulars.contacts.points import point_key
from regulars.desk.actions import set_up_business
from regulars.desk.demo.appointments import add_appointments
from regulars.desk.demo.besttime import add_best_times
from regulars.desk.demo.booking import add_booking
from regulars.desk.demo.cast import COLLEAGUES
from regulars.desk.demo.days import Happening
from regulars.desk.demo.demand import add_demand
from regulars.desk.demo.hooks import add_hooks
from regulars.desk.demo.insights import add_insights
from regulars.desk.demo.loyalty import add_loyalty
from regulars.desk.demo.orders import add_orders
from regulars.desk.demo.people import PEOPLE, Person, company_names, crowd
from regulars.desk.demo.predictions import add_predictions
from regulars.desk.demo.promises import add_promises
from regulars.desk.demo.referrals import add_referrals
from regulars.desk.demo.segments import add_segments
from regulars.desk.demo.tasks import add_tasks
from regulars.desk.demo.thanks import add_thanks
from regulars.desk.demo.today import add_today
from regulars.desk.demo.value import add_value
from regulars.desk.demo.words import STREETS
from regulars.lib import fast, planner
from regulars.lib.text import fold
from regulars.timeline import kinds
from regulars.timeline.models import Entry

DEMO_KIND = "demo"
# Said openly wherever a demo starts: it guards invented people only.
DEMO_PASSWORD = "harbor-and-pine"  # noqa: S105
SEED = 20231121
BATCH = 500


@transaction.atomic
def load_demo_business(seed: int = SEED, people: int = PEOPLE) -> Operation:
    """Set up Harbor & Pine itself, with its five colleagues, and fill it: for an empty installation.

    Raises ValueError when there is one already.
    """
    name, _role, email = COLLEAGUES[0]
    owner = set_up_business(
        business="Harbor & Pine",
        trade="cafe",
        currency="EUR",
        time_zone="Europe/Lisbon",
        language="en",
        country="PT",
        name=name,
        email=email,
        password=DEMO_PASSWORD,
    )
    Organisation.objects.update(is_demo=True)
    return load_demo(by=owner, seed=seed, people=people)


@transaction.atomic
def load_demo(*, by: User, seed: int = SEED, people: int = PEOPLE) -> Operation:
    """Add `people` people (600), 60 companies, their three years and five colleagues, relative to today.

    The same seed and day give the same people. All of it is noted as undo steps of the returned
    operation: that is how `remove_demo` takes away exactly this.
    Raises ValueError when the sample data is there already.
    """
    if Operation.objects.filter(kind=DEMO_KIND).exclude(status=Operation.Status.UNDONE).exists():
        raise ValueError("The sample data is here already.")
    operation = Operation.objects.create(
        kind=DEMO_KIND, title="Sample data: Harbor & Pine", by=by, status=Operation.Status.RUNNING
    )
    Loader(operation, by, Random(seed)).load(people)  # noqa: S311  sample data, not secrets
    operation.finish(Operation.Status.DONE)
    return operation


class Loader:
    """Writes one demo. Keeps what was made by name, so that later steps can refer to it."""

    def __init__(self, operation: Operation, by: User, random: Random) -> None:
        organisation = Organisation.current()
        self.operation, self.by, self.random = operation, by, random
        self.zone = ZoneInfo(organisation.time_zone if organisation else "UTC")
        self.country = organisation.country if organisation else ""
        self.now = timezone.now()
        self.colleagues: list[User] = []
        self.companies: dict[str, Company] = {}
        self.contacts: dict[str, Contact] = {}

    def load(self, number: int) -> None:
        """Write everything, with this number of people."""
        self.colleagues = self._colleagues()
        drawn = company_names(self.random)
        people = crowd(self.random, self.now, self.zone, [name for name, _, _ in drawn], number)
        self._companies(drawn)
        self._people(people)
        self._around(people)
        self._moments(people)
        through = zip(self.contacts, (person.character.through for person in people), strict=True)
        add_referrals(self, {name: by for name, by in through if by in self.contacts})
        add_appointments(self)
        add_promises(self)
        self._last_contacts()
        add_orders(self)
        add_hooks(self)
        add_loyalty(self)
        index_names(list(self.contacts.values()), new=True)
        index_names(list(self.companies.values()), new=True)
        planner.learn()
        add_tasks(self)
        add_thanks(self)
        add_booking(self)
        add_segments(self)
        add_today(self)
        add_predictions(self)
        add_demand(self)
        add_value(self)
        add_insights(self)
        add_best_times(self)

    def keep(self, made: list[Any]) -> list[Any]:
        """Bulk-create `made` and note each for undo."""
        if not made:
            return made
        model: type[models.Model] = type(made[0])
        model._default_manager.bulk_create(made, batch_size=BATCH)
        self._note(made)
        return made

    _keep = keep

    def note(self, made: list[Any]) -> None:
        """Note rows for undo."""
        if not made:
            return
        label = made[0]._meta.label_lower
        fast.insert(
            UndoStep, [{"operation_id": self.operation.pk, "model": label, "object_id": row.pk} for row in made]
        )

    _note = note

    def _colleagues(self) -> list[User]:
        colleagues = []
        for name, role, email in COLLEAGUES:
            if Organisation.objects.filter(is_demo=True).exists() and email == self.by.email:
                colleagues.append(self.by)
                continue
            known = User.objects.filter(email__iexact=email).first()
            if known is None:
                # Sample colleagues can sign in only where the whole installation is a demo.
                is_demo = Organisation.objects.filter(is_demo=True).exists()
                known = User.objects.create_user(
                    email, DEMO_PASSWORD if is_demo else None, name=name, role=role, is_active=is_demo
                )
                self._note([known])
            colleagues.append(known)
        return colleagues

    def _companies(self, drawn: list[tuple[str, str, str]]) -> None:
        stages = {stage.key: stage for stage in Stage.objects.all()}
        rows = [
            Company(
                display_name=name,
                sort_name=fold(name),
                industry=industry,
                domain=domain,
                size=self.random.choice(("2 to 5", "6 to 20", "21 to 50", "50+")),
                stage=stages.get(self.random.choice(("prospect", "customer", "customer", "regular"))),
                owner=self.colleagues[self.random.randrange(3)],
                touched_at=self.now,
                created_at=self.now - timedelta(days=self.random.randint(100, 1400)),
            )
            for name, industry, domain in drawn
        ]
        self.companies = {row.display_name: row for row in self._keep(rows)}

    def _people(self, people: list[Person]) -> None:
        stages = {stage.key: stage for stage in Stage.objects.all()}
        rows = []
        for person in people:
            c = person.character
            name = " ".join(filter(None, (c.given, c.family)))
            rows.append(
                Contact(
                    display_name=name,
                    given_name=c.given,
                    family_name=c.family,
                    sort_name=fold(name),
                    company=self.companies.get(c.company),
                    job_title=c.job,
                    email=c.email,
                    phone=c.phone,
                    stage=stages.get(c.stage),
                    owner=self.colleagues[person.owner],
                    touched_at=self.now,
                    created_at=self.now - timedelta(days=c.known_days),
                )
            )
        self.contacts = {row.display_name: row for row in self._keep(rows)}

    def _around(self, people: list[Person]) -> None:
        """Everything that hangs on a person and goes when the person goes."""
        sources = {source.name: source for source in Source.objects.all()}
        tags = {tag.name: tag for tag in find_or_add_tags({t for p in people for t in p.character.tags})}
        rows: dict[type[models.Model], list[Any]] = {}
        for person, contact in zip(people, self.contacts.values(), strict=True):
            for row in self._belongings(person, contact, sources, tags):
                rows.setdefault(type(row), []).append(row)
        for model, made in rows.items():
            model._default_manager.bulk_create(made, batch_size=BATCH)

    def _belongings(
        self, person: Person, contact: Contact, sources: dict[str, Source], tags: dict[str, Any]
    ) -> list[models.Model]:
        c = person.character
        points = [
            Point("email", c.email, "work" if c.company else "private"),
            Point("phone", c.phone, "mobile"),
        ]
        rows: list[models.Model] = [
            ContactPoint(
                contact=contact, kind=p.kind, label=p.label, value=p.value, is_preferred=True,
                key=point_key(p.kind, p.value, self.country),
            )
            for p in points
            if p.value
        ]  # fmt: skip
        rows.append(
            Profile(
                contact=contact,
                pronunciation=c.pronunciation,
                pronouns=c.pronouns,
                preferred_channel=c.channel,
                preferred_time=c.time,
                source=sources.get(c.source),
            )
        )
        if contact.company:
            rows.append(Employment(contact=contact, company=contact.company, role=c.job, is_main=True))
        street = f"{self.random.choice(STREETS)} {self.random.randint(1, 180)}"
        rows.append(Address(contact=contact, street=street, city=c.city, country="Portugal", is_preferred=True))
        rows += [ContactTag(contact=contact, tag=tags[tag]) for tag in c.tags]
        rows += self._memories(person, contact)
        rows += [
            Relationship(contact=contact, other=self.contacts[name.split("’s ")[-1]], kind=kind)
            for name, kind in c.related
        ]
        return rows

    def _memories(self, person: Person, contact: Contact) -> list[models.Model]:
        c, colleague = person.character, self.colleagues[person.owner]
        # The cast told us at their third last meeting; the others some time within a year.
        days = c.moments[min(2, len(c.moments) - 1)].days if c.moments else self.random.randint(5, 300)
        ago = self.now - timedelta(days=min(c.known_days, days))
        rows: list[models.Model] = [
            Fact(contact=contact, kind=kind, text=self._dated(text), noted_by=colleague, noted_at=ago, confirmed_at=ago)
            for kind, text in c.facts
        ]
        rows += [
            Opener(
                contact=contact, text=self._dated(text), noted_by=colleague, noted_at=self.now - timedelta(days=days)
            )
            for days, text in c.openers
        ]
        born = self._birthday(person)
        if born:
            rows.append(ImportantDate(contact=contact, kind="birthday", day=born[0], month=born[1], year=born[2]))
        return rows

    def _dated(self, text: str) -> str:
        """The text with the days it speaks of: "[24]" becomes "28 October" when that was 24 days ago."""

        def day(found: re.Match[str]) -> str:
            return date_format((self.now - timedelta(days=int(found[1]))).astimezone(self.zone), "j F")

        return re.sub(r"\[(\d+)\]", day, text)

    def _birthday(self, person: Person) -> tuple[int, int, int | None] | None:
        c = person.character
        if c.birthday_in is None:
            return c.birthday
        day: date = (self.now + timedelta(days=c.birthday_in)).astimezone(self.zone).date()
        return (day.day, day.month, day.year - 40)

    def _moments(self, people: list[Person]) -> None:
        """Write all entries in the order they happened, and put them on their timelines."""
        told: list[tuple[Happening, Contact, User]] = []
        for person, contact in zip(people, self.contacts.values(), strict=True):
            told += [(h, contact, self._logger(person, h)) for h in person.happenings]
            told += [
                (
                    Happening(m.kind, m.text, m.outcome, self._past(m.days, m.hour), False),
                    contact,
                    self.colleagues[m.by],
                )
                for m in person.character.moments
            ]
        told.sort(key=lambda line: line[0].at)
        entries = self._keep(
            [
                Entry(
                    kind=h.kind, text=h.text, outcome=h.outcome, occurred_at=h.at, author=author,
                    settled_at=h.at + timedelta(days=1) if h.settled else None,
                )
                for h, _contact, author in told
            ]
        )  # fmt: skip
        rows = []
        for entry, (_h, contact, _author) in zip(entries, told, strict=True):
            common = {"entry": entry, "occurred_at": entry.occurred_at, "kind": entry.kind}
            rows.append(Involvement(contact=contact, **common))
            if contact.company_id:
                rows.append(Involvement(company_id=contact.company_id, is_implied=True, **common))
            self._reach(contact, entry)
        Involvement.objects.bulk_create(rows, batch_size=BATCH)

    def _past(self, days: int, hour: int) -> datetime:
        at = (self.now - timedelta(days=days)).astimezone(self.zone)
        return at.replace(hour=hour, minute=self.random.randrange(0, 60, 5), second=0, microsecond=0)

    def _logger(self, person: Person, happening: Happening) -> User:
        at_the_counter = happening.kind in ("visit", "message") and self.random.random() < 0.6
        return self.colleagues[3 if at_the_counter else person.owner]

    def _reach(self, contact: Contact, entry: Entry) -> None:
        holders: list[Contact | Company] = [contact, contact.company] if contact.company else [contact]
        for holder in holders:
            # Entries come in the order they happened, so the last one wins.
            holder.touched_at = entry.occurred_at
            if kinds.get(entry.kind).is_contact:
                holder.last_contact_at = entry.occurred_at

    def _last_contacts(self) -> None:
        moved = ["touched_at", "last_contact_at"]
        Contact.objects.bulk_update(list(self.contacts.values()), moved, batch_size=BATCH)
        Company.objects.bulk_update(list(self.companies.values()), moved, batch_size=BATCH)
