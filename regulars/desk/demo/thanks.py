"""Thanks given and due at Harbor & Pine."""

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from regulars.contacts.models import Contact, Involvement, Referral
from regulars.promises.models import Occasion, Thanks
from regulars.promises.thanks.occasions import FRESH, search_all
from regulars.promises.thanks.words import sentence
from regulars.timeline.models import Entry

if TYPE_CHECKING:
    from regulars.desk.demo.load import Loader

# way, what was said, cost
GIVEN = (
    ("card", "a handwritten card from all of us", "2.40"),
    ("words", "at the counter, and meant it", "0"),
    ("gift", "a bag of the new Guji", "12.50"),
    ("discount", "the next cupping is on us", "18.00"),
    ("call", "Inês called to say thank you", "0"),
    ("card", "a postcard with the roastery cat", "1.80"),
)
PRAISE = (
    ("praise", "“The handwritten card made my week.” Told two friends about us on the spot"),
    ("praise", "“You remembered my dog’s name. Nobody does that.”"),
    ("favour", "Lent us a grinder on the day ours broke, without being asked"),
    ("praise", "Left a long review and named Rui in it"),
)


def add_thanks(loader: "Loader") -> None:
    """Write thanks for half of the referrals, kind words of the last weeks, and let the rules find what is due."""
    rng = loader.random
    praised = rng.sample(sorted(loader.contacts.values(), key=lambda c: c.pk), len(PRAISE))
    _log_praise(loader, praised, rng)
    rows = Referral.objects.exclude(by_contact=None).exclude(contact=None).select_related("by_contact", "contact")
    old = [row for row in rows.order_by("pk") if row.brought_at < loader.now - timedelta(days=20)]
    thanked = rng.sample(old, min(len(old), 24))
    _thank(loader, thanked, rng)
    _let_rest(loader, [row for row in old if row not in thanked and row.brought_at < loader.now - FRESH], rng)
    search_all()
    loader.note(list(Occasion.objects.all()))


def _thank(loader: "Loader", rows: list[Referral], rng: Random) -> None:
    given, occasions, entries = [], [], []
    for row in rows:
        way, note, cost = rng.choice(GIVEN)
        at = min(row.brought_at + timedelta(days=rng.randint(1, 21), hours=rng.randint(0, 8)), loader.now)
        colleague = loader.colleagues[rng.choice((0, 0, 1, 2, 3))]
        thanks = Thanks(
            contact=row.by_contact,
            reason="referral",
            way=way,
            note=note,
            cost=Decimal(cost),
            thanked_at=at,
            by=colleague,
        )
        thanks.entry = Entry(kind="thanks", text=sentence(thanks), occurred_at=at, author=colleague,
                             snapshot={"way": way, "reason": "referral"})  # fmt: skip
        entries.append(thanks.entry)
        given.append(thanks)
        occasions.append(_occasion(row, at, colleague))
    loader.keep(entries)
    for thanks in given:
        thanks.entry_id = thanks.entry.pk if thanks.entry else None
    loader.keep(given)
    for occasion, thanks in zip(occasions, given, strict=True):
        occasion.thanks = thanks
    loader.keep(occasions)
    _involve([(thanks.entry, thanks.contact) for thanks in given])


def _let_rest(loader: "Loader", rows: list[Referral], rng: Random) -> None:
    """What was too long ago by the time somebody looked."""
    rows = [row for row in rows if rng.random() < 0.6]
    rested = [_occasion(row, row.brought_at + timedelta(days=40), loader.colleagues[0]) for row in rows]
    for occasion in rested:
        occasion.status = Occasion.Status.RESTED
    loader.keep(rested)


def _occasion(row: Referral, at: Any, colleague: Any) -> Occasion:
    return Occasion(
        rule="brought",
        key=f"brought:{row.node}:{row.by_node}",
        contact=row.by_contact,
        about_contact=row.contact,
        why="brought somebody new",
        occurred_at=row.brought_at,
        found_at=row.brought_at,
        not_before=row.brought_at,
        status=Occasion.Status.THANKED,
        settled_at=at,
        settled_by=colleague,
    )


def _log_praise(loader: "Loader", people: list[Contact], rng: Random) -> None:
    entries = [
        Entry(
            kind=kind,
            text=text,
            occurred_at=loader.now - timedelta(days=rng.randint(1, 25)),
            author=loader.colleagues[3],
        )
        for kind, text in PRAISE
    ]
    loader.keep(entries)
    _involve(list(zip(entries, people, strict=True)))
    for entry, contact in zip(entries, people, strict=True):
        known = Contact.objects.filter(pk=contact.pk, last_contact_at__lt=entry.occurred_at)
        known.update(last_contact_at=entry.occurred_at)


def _involve(pairs: list[tuple[Any, Any]]) -> None:
    Involvement.objects.bulk_create(
        [Involvement(entry=entry, contact=who, occurred_at=entry.occurred_at, kind=entry.kind) for entry, who in pairs],
        batch_size=500,
    )
