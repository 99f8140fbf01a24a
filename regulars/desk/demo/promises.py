"""What Harbor & Pine promised: to the cast by hand, to a part of the crowd at random, over a year."""

from datetime import datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from regulars.access.models import User
from regulars.contacts.capture.due_dates import end_of, moment_of
from regulars.contacts.models import Contact, Involvement
from regulars.promises.ledger.recording import due_of
from regulars.promises.models import Promise, PromiseDay
from regulars.timeline.models import Entry

if TYPE_CHECKING:
    from regulars.desk.demo.load import Loader

# To whom, what, due in days, at which hour (0: by the end of the day), colleague, what became of it, evidence
CAST: tuple[tuple[str, str, int, int, int, str, str], ...] = (
    ("Maya Okafor", "Quote for the December tasting", -1, 0, 0, "open", ""),
    ("Maya Okafor", "Hold 3 kg of Guji", 8, 0, 0, "open", ""),
    ("Maya Okafor", "Send the invoice with the event’s name", -30, 0, 0, "broken", "It went out a week late"),
    ("Jonas Lindqvist", "Send the allergen list", 0, 16, 0, "open", ""),
    ("Jonas Lindqvist", "Ask the roaster about a smaller bag", -12, 0, 2, "kept", "250 g from January on"),
    ("Tomás Reis", "Introduce him to the roaster from Huila", 3, 0, 0, "open", ""),
    ("Helena Prado", "Call back about the missing grinder part", -3, 12, 2, "open", ""),
    ("Rafael Antunes", "Send a replacement for the stale bag", -20, 0, 2, "broken", "It was lost, and nobody told him"),
    ("Luísa Marques", "Set a table for eight aside", 2, 19, 3, "open", ""),
    ("Marta Figueira", "Taste the new decaf with her", 5, 10, 1, "open", ""),
)
MAYA_KEPT = 14
WHATS = (
    "Send the price list", "Call back about the delivery", "Keep two bags of the honey process", "Send the recipe",
    "Ask the roaster for a sample", "Look for the forgotten umbrella", "Order the oat milk she likes",
    "Send photos of the event", "Reserve the corner table", "Repair the grinder", "Find out about the loyalty card",
    "Write down the brewing ratio", "Bring the invoice", "Deliver before ten", "Check the allergens",
)  # fmt: skip
CROWD_SHARE = 0.55


def add_promises(loader: "Loader") -> None:
    """Write the promises, the counts they rest on, and entries for what became of those to the cast."""
    rng = Random(loader.random.random())  # noqa: S311  sample data, not secrets
    rows = [_cast_row(loader, line) for line in CAST if line[0] in loader.contacts]
    rows += [row for name in ("Maya Okafor",) if name in loader.contacts for row in _maya(loader, rng)]
    told = len(rows)
    special = {line[0] for line in CAST}
    for name, contact in loader.contacts.items():
        if name not in special and rng.random() < CROWD_SHARE:
            rows += [_crowd_row(loader, contact, rng) for _n in range(rng.randint(1, 3))]
    loader.keep(rows)
    if "Tomás Reis" in loader.contacts:
        _move(loader, rows)
    _entries(loader, rows[:told])
    PromiseDay.recount()


def _row(loader: "Loader", contact: Contact, what: str, due: int, hour: int, owner: User, **fields: Any) -> Promise:
    day = (loader.now + timedelta(days=due)).astimezone(loader.zone).date()
    due_at = moment_of(day, time(hour), loader.zone) if hour else end_of(day, loader.zone)
    given = min(loader.now, due_at) - timedelta(days=4 + due % 5, hours=due % 7)
    values = {"given_by": owner, "given_at": given, "first_due_at": due_at, **fields}
    return Promise(
        contact=contact, company_id=contact.company_id, what=what, due_at=due_at, due_on=day, has_time=bool(hour),
        owner=owner, **values,
    )  # fmt: skip


def _cast_row(loader: "Loader", line: tuple[str, str, int, int, int, str, str]) -> Promise:
    name, what, due, hour, owner, status, evidence = line
    row = _row(loader, loader.contacts[name], what, due, hour, loader.colleagues[owner])
    return row if status == "open" else _settled(row, status, evidence, row.due_at - timedelta(hours=5))


def _maya(loader: "Loader", rng: Random) -> list[Promise]:
    """So many kept ones that Maya's Brief says what the design says."""
    made = []
    for number in range(MAYA_KEPT):
        owner = loader.colleagues[rng.choice((0, 0, 2, 3))]
        row = _row(loader, loader.contacts["Maya Okafor"], WHATS[number % len(WHATS)], -40 - 23 * number, 0, owner)
        made.append(_settled(row, "kept", "", row.due_at - timedelta(hours=rng.randint(5, 40))))
    return made


def _crowd_row(loader: "Loader", contact: Contact, rng: Random) -> Promise:
    owner = loader.colleagues[rng.choice((0, 0, 1, 2, 2, 2, 3, 3))]
    due = rng.randint(-340, -2) if rng.random() < 0.93 else rng.randint(1, 12)
    row = _row(loader, contact, rng.choice(WHATS), due, rng.choice((0, 0, 0, 10, 15, 17)), owner)
    if due > 0:
        return row
    chance = rng.random()
    if chance < 0.86:
        return _settled(row, "kept", "", row.due_at + timedelta(hours=rng.choice((-60, -30, -20, -8, -3, 14))))
    return _settled(row, "broken" if chance < 0.96 else "withdrawn", "", row.due_at + timedelta(hours=9))


def _settled(row: Promise, status: str, evidence: str, at: datetime) -> Promise:
    row.status, row.evidence, row.settled_at, row.settled_by = status, evidence, at, row.owner
    row.given_at = min(row.given_at, at - timedelta(days=1))
    return row


def _move(loader: "Loader", rows: list[Promise]) -> None:
    """Let one of them have been moved twice, so that its chain can be seen."""
    last = next(row for row in rows if row.contact == loader.contacts["Tomás Reis"] and row.status == "open")
    days = [last.due_on - timedelta(days=ahead) for ahead in (24, 12)]
    earlier = [
        _settled(
            _row(loader, loader.contacts["Tomás Reis"], last.what, (day - loader.now.date()).days, 0, last.owner),
            "renegotiated", why, end_of(day, loader.zone) - timedelta(days=1),
        )
        for day, why in zip(days, ("He travels that week", "The roaster had no time"), strict=True)
    ]  # fmt: skip
    earlier[1].first_due_at, earlier[1].times_moved = earlier[0].due_at, 1
    loader.keep(earlier[:1])
    earlier[1].previous = earlier[0]
    loader.keep(earlier[1:])
    last.previous, last.first_due_at, last.times_moved = earlier[1], earlier[0].due_at, 2
    last.save(update_fields=["previous", "first_due_at", "times_moved"])


def _entries(loader: "Loader", rows: list[Promise]) -> None:
    """What became of a promise stands on the timelines of whom it was given to."""
    settled = [row for row in rows if row.status in ("kept", "broken")]
    entries = loader.keep(
        [
            Entry(
                kind="promise", text=row.what, outcome=row.evidence, occurred_at=row.settled_at or loader.now,
                author=row.owner, subject_kind="promise", subject_id=row.pk,
                snapshot={"verb": row.status, "promise": row.pk, **due_of(row, "due")},
            )
            for row in settled
        ]
    )  # fmt: skip
    involved: list[Involvement] = []
    for entry, row in zip(entries, settled, strict=True):
        common = {"entry": entry, "occurred_at": entry.occurred_at, "kind": entry.kind}
        involved.append(Involvement(contact=row.contact, **common))
        if row.company_id:
            involved.append(Involvement(company_id=row.company_id, is_implied=True, **common))
    Involvement.objects.bulk_create(involved)
