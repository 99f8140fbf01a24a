"""Who brought whom at Harbor & Pine: a tree of four generations, and a few smaller ones."""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from regulars.access.models import User
from regulars.contacts.models import Company, Contact, IntroducerTotal, Involvement, Referral
from regulars.contacts.models.referrals import Introducer, introducer_link
from regulars.timeline.models import Entry

if TYPE_CHECKING:
    from regulars.desk.demo.load import Loader

# How many each one of a generation brings at most: with it the tree of the cast has about sixty people.
GENERATIONS = (6, 4, 3, 2)
NOTES = ("", "", "", "At the market", "Over lunch", "After the cupping", "Neighbours", "From the office next door")
SEED = 1130
PARTNER = "Bairro Alto walking tours"


def add_referrals(loader: "Loader", through: dict[str, str]) -> None:
    """Write who brought whom: `through` says it for the cast by name; the crowd is drawn around them."""
    rng = Random(SEED)  # noqa: S311  (of its own, so that the tree stays the same whatever else is drawn)
    rows: list[Referral] = []
    for name, by in through.items():
        rows.append(_row(loader.contacts[name], loader.contacts[by], rng))
    taken = {row.contact_id for row in rows} | {loader.contacts[by].pk for by in through.values()}
    pool = sorted((c for c in loader.contacts.values() if c.pk not in taken), key=lambda c: c.created_at)
    tops: list[Introducer] = [loader.contacts["Tomás Reis"]] if "Tomás Reis" in loader.contacts else []
    known = [row.contact for row in rows if row.contact]
    for top in tops:
        rows += _grow(top, known, pool, rng)
    early = pool[: len(pool) // 3]
    smaller: list[Introducer] = [loader.colleagues[3], PARTNER, *rng.sample(early, min(3, len(early)))]
    smaller += list(loader.companies.values())[:2]
    for introducer in smaller:
        pool = [c for c in pool if c != introducer]
        rows += [_row(_take(introducer, pool, rng), introducer, rng) for _n in range(rng.randint(1, 3)) if pool]
    loader.keep(rows)
    _count(loader, rows)
    _tell(loader, rows)


def _grow(top: Introducer, known: list[Contact], pool: list[Contact], rng: Random) -> list[Referral]:
    rows: list[Referral] = []
    generation: list[Introducer] = [top, *known]
    for number in GENERATIONS:
        nxt: list[Introducer] = []
        for introducer in generation:
            least = number if introducer is top else 2 if introducer in known else int(introducer is generation[0])
            for _one in range(rng.randint(min(least, number), number)):
                if len(pool) > 20 and len(rows) < 60:
                    newcomer = _take(introducer, pool, rng)
                    rows.append(_row(newcomer, introducer, rng))
                    nxt.append(newcomer)
        generation = nxt
    return rows


def _take(introducer: Introducer, pool: list[Contact], rng: Random) -> Contact:
    """Take somebody out of the pool who came after their introducer, where there is anybody."""
    later = [c for c in pool if not isinstance(introducer, Contact) or c.created_at > introducer.created_at]
    found = rng.choice(later or pool)
    pool.remove(found)
    return found


def _row(newcomer: Contact, introducer: Introducer, rng: Random) -> Referral:
    how = rng.choice([Referral.How.TOLD, Referral.How.TOLD, Referral.How.TOOK_ALONG, Referral.How.LINK])
    if not isinstance(introducer, Contact):
        how = Referral.How.INTRODUCED
    at = newcomer.created_at + timedelta(hours=1)
    note = rng.choice(NOTES)
    return Referral(contact=newcomer, how=how, note=note, brought_at=at, noted_at=at, **introducer_link(introducer))


def _count(loader: "Loader", rows: list[Referral]) -> None:
    totals = Counter(row.introducer for row in rows)
    known = IntroducerTotal.objects.exclude(user=None).values_list("user_id", flat=True)
    made = []
    for introducer, people in totals.items():
        link = {name.removeprefix("by_"): value for name, value in introducer_link(introducer).items()}
        if not isinstance(introducer, User) or introducer.pk not in set(known):
            made.append(IntroducerTotal(**link, people=people))
    loader.keep(made)


def _tell(loader: "Loader", rows: list[Referral]) -> None:
    """Put each referral on both timelines."""
    entries = loader.keep([_entry(loader, row) for row in rows])
    lines: list[Involvement] = []
    for entry, row in zip(entries, rows, strict=True):
        common = {"entry": entry, "occurred_at": entry.occurred_at, "kind": entry.kind}
        for end in (row.newcomer, row.introducer):
            if isinstance(end, Contact):
                lines.append(Involvement(contact=end, **common))
            elif isinstance(end, Company):
                lines.append(Involvement(company=end, **common))
    Involvement.objects.bulk_create(lines, batch_size=500)


def _entry(loader: "Loader", row: Referral) -> Entry:
    snapshot = {"newcomer": f"contact-{row.contact_id}", "changed": False}
    if not isinstance(row.introducer, Contact | Company):
        snapshot["by"] = str(row.introducer)
    return Entry(
        kind="referral",
        text=row.note,
        occurred_at=row.brought_at,
        author=loader.colleagues[0],
        snapshot=snapshot,
    )
