"""Tiers, warnings and win-back of Harbor & Pine: counted from its orders; what was tried, asked and said by hand."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any

from regulars.access.models import User
from regulars.contacts.models import Contact, Involvement
from regulars.insights import tiers
from regulars.insights.churn.keeping import look_at_all
from regulars.insights.tables import (
    AtRisk,
    Attempt,
    Cause,
    Play,
    RiskWord,
    Standing,
    TierRun,
    Why,
    WinbackFigures,
)
from regulars.insights.value import moves
from regulars.insights.winback.results import count_results
from regulars.orders.models import Order
from regulars.timeline.models import Entry

if TYPE_CHECKING:
    from regulars.desk.demo.load import Loader

SEED = 77
PATIENCE, NEEDED, LONGEST = 2.0, 5, 440  # gaps that were a spell: twice the median of at least so many, so long ago
TRIED_SHARE = 0.15
MOVED = 10  # people who came into another tier lately
PLAYS = (Play.CHECK_IN, Play.CHECK_IN, Play.OFFER, Play.APOLOGISE)
TEXTS = {
    Play.CHECK_IN: "Called to ask how they are. No offer, no reason",
    Play.OFFER: "Wrote that the next bag is on us",
    Play.APOLOGISE: "Apologised for the wait and took it off the bill",
    Play.LET_GO: "Thanked them for three good years",
}
# Why they stayed away: cause, in their words
SAID = (
    (Cause.SERVICE, "Twice I waited twenty minutes and nobody said a word."),
    (Cause.MOVED, "We live in Braga now. I miss the window seat."),
    (Cause.TIME, "The little one arrived in May. I have not sat down since."),
    (Cause.OTHER_SHOP, "The place beside the office opens at seven."),
    (Cause.PRICE, "Four euros for a flat white is a thought."),
    (Cause.CHOICE, "The doctor took my coffee away."),
    (Cause.UNKNOWN, "It is not you, it is the number 28 tram."),
    (Cause.TIME, "No reason at all. I will be back on Saturday."),
)
RAFAEL = "Twice after breakfast, then the bag that never came. A word would have been enough."


def add_value(loader: "Loader") -> None:
    """Count tiers and warnings, then write what happened about them and count what came of it."""
    rng = Random(SEED)  # noqa: S311  (of its own, so that nothing else is drawn differently)
    today = loader.now.astimezone(loader.zone).date()
    runs = tiers.recount(today)
    _tiers(loader, rng, runs["contact"], today)
    look_at_all(today)
    _since(today)
    past = _past_spells(loader, today)
    _attempts(loader, rng, past, today)
    _said(loader, rng)
    count_results(today)
    loader.note(
        [*TierRun.objects.all(), WinbackFigures.objects.get(), *Entry.objects.filter(kind="winback", author=None)]
    )


def _tiers(loader: "Loader", rng: Random, run: TierRun, today: date) -> None:
    """Nobody came into their tier today: most long ago, a few in the last months, with a line on their timeline."""
    rows = list(Standing.objects.order_by("pk"))
    for row in rows:
        row.tier_since = today - timedelta(days=rng.randint(140, 900))
    top = [row for row in rows if row.contact_id and row.tier != "none"]
    for row in rng.sample(top, min(MOVED, len(top))):
        days = rng.randint(2, 120)
        row.tier_since, row.previous = today - timedelta(days=days), "silver" if row.tier == "gold" else "none"
        moved = moves.Moved(row.contact_id or 0, row.previous, row.tier, row.value, row.rank)
        at = loader.now - timedelta(days=days)
        changes, entries = moves.note("contact", [moved], row.tier_since, run, at)
        loader.note([*changes])
        loader.note([*entries])
    Standing.objects.bulk_update(rows, ["tier_since", "previous"], batch_size=300)


def _since(today: date) -> None:
    """Open spells began when the patience ran out, not today."""
    rows = list(AtRisk.objects.open())
    for row in rows:
        every = next((numbers["every"] for numbers in row.reasons if numbers["key"] == "silence"), 30)
        row.since = min(today, row.last_on + timedelta(days=round(every * PATIENCE)))
    AtRisk.objects.bulk_update(rows, ["since"], batch_size=300)


def _past_spells(loader: "Loader", today: date) -> list[AtRisk]:
    """Long silences of the last year that ended with a purchase, as the orders tell them."""
    bought: dict[int, list[date]] = {}
    ids = [contact.pk for contact in loader.contacts.values()]
    rows = Order.objects.counted().filter(contact__in=ids).order_by("placed_on")
    for pk, day in rows.values_list("contact_id", "placed_on"):
        days = bought.setdefault(pk, [])
        if not days or days[-1] != day:
            days.append(day)
    made = [row for pk, days in bought.items() if len(days) > NEEDED for row in _silences(pk, days, today)]
    return loader.keep(made)


def _silences(pk: int, days: list[date], today: date) -> list[AtRisk]:
    usual = max(4.0, median((later - earlier).days for earlier, later in pairwise(days)))
    found = []
    for last, back in pairwise(days):
        since = last + timedelta(days=round(usual * PATIENCE))
        if since + timedelta(days=7) < back and (today - since).days < LONGEST:
            reasons = [{"key": "silence", "strength": 0.6, "every": round(usual), "last": last.isoformat()}]
            found.append(
                AtRisk(
                    contact_id=pk, reason="silence", reasons=reasons, score=60, worth=0, last_on=last, since=since,
                    ended_on=back, ended=AtRisk.Ended.BOUGHT,
                )
            )  # fmt: skip
    return found[-2:]


def _attempts(loader: "Loader", rng: Random, past: list[AtRisk], today: date) -> None:
    """What was tried: with some of those who came back, and with some who are still away."""
    rows: list[Attempt] = []
    still = list(AtRisk.objects.open().filter(contact__isnull=False).order_by("pk"))
    for spell in [*past, *(one for one in still if (today - one.since).days > 14)]:
        if rng.random() > TRIED_SHARE:
            continue
        latest = (spell.ended_on or today) - timedelta(days=1)
        tried_on = min(spell.since + timedelta(days=rng.randint(2, 20)), latest)
        rows.append(
            _attempt(
                loader, spell.contact_id or 0, rng.choice(PLAYS), tried_on, loader.colleagues[rng.choice((0, 1, 2))]
            )
        )
    names = {contact.pk: name for name, contact in loader.contacts.items()}
    gone = [
        spell
        for spell in still
        if spell.state == "lost" and names.get(spell.contact_id or 0) not in ("Rafael Antunes", "Helena Prado")
    ]
    rows += [
        _attempt(
            loader, one.contact_id or 0, Play.LET_GO, today - timedelta(days=rng.randint(9, 60)), loader.colleagues[0]
        )
        for one in gone[:3]
    ]
    if rafael := loader.contacts.get("Rafael Antunes"):
        rows = [row for row in rows if row.contact_id != rafael.pk]
        rows.append(_attempt(loader, rafael.pk, Play.APOLOGISE, today - timedelta(days=6), loader.colleagues[1]))
        rows[-1].text, rows[-1].cause = (
            "Drove over with forty kilos and no invoice. He took the bags, not the hand",
            Cause.PROMISE,
        )
    left = {row.contact_id for row in rows if row.play == Play.LET_GO}
    rows = [row for row in rows if row.play == Play.LET_GO or row.contact_id not in left]
    entries = _lines(
        loader,
        [(row.contact_id or 0, row.text, row.tried_at, row.by, {"verb": "tried", "play": row.play}) for row in rows],
    )
    for row, entry in zip(rows, entries, strict=True):
        row.entry = entry
    loader.keep(rows)
    AtRisk.objects.open().filter(contact__in=left).update(ended_on=today, ended=AtRisk.Ended.SAID)


def _attempt(loader: "Loader", contact: int, play: Play, day: date, by: User) -> Attempt:
    outcome = Attempt.Outcome.LEFT if play == Play.LET_GO else Attempt.Outcome.OPEN
    return Attempt(
        contact_id=contact, play=play, channel="call", text=TEXTS[play], tried_on=day, by=by, outcome=outcome,
        tried_at=datetime.combine(day, time(11), loader.zone),
    )  # fmt: skip


def _said(loader: "Loader", rng: Random) -> None:
    """Why they stayed away, and what we know better than the warnings."""
    spells = list(AtRisk.objects.open().filter(contact__isnull=False).order_by("pk"))
    asked = rng.sample(spells, min(len(SAID), len(spells)))
    whys = [
        _why(loader, spell.contact_id or 0, cause, words, rng.randint(3, 80))
        for spell, (cause, words) in zip(asked, SAID, strict=False)
    ]
    if rafael := loader.contacts.get("Rafael Antunes"):
        whys = [why for why in whys if why.contact_id != rafael.pk] + [
            _why(loader, rafael.pk, Cause.PROMISE, RAFAEL, 5)
        ]
    at = [
        (why.contact_id or 0, why.words, why.answered_at, None, {"verb": "answered", "cause": why.cause})
        for why in whys
    ]
    for why, entry in zip(whys, _lines(loader, at), strict=True):
        why.entry = entry
    loader.keep(whys)
    known = {why.contact_id for why in whys} | {contact.pk for contact in _cast(loader)}
    free = [spell for spell in spells if spell.contact_id not in known]
    words = (
        ("moved", "To Porto, she sends greetings"),
        ("season", "Only while the studio is in town"),
        ("fine", "Seen her at the market, all is well"),
    )
    rows = [
        RiskWord(contact_id=spell.contact_id, said=said, note=note, by=loader.colleagues[0], reason=spell.reason,
                 until=None if said == "moved" else spell.since + timedelta(days=200))
        for spell, (said, note) in zip(free, words, strict=False)
    ]  # fmt: skip
    loader.keep(rows)
    AtRisk.objects.open().filter(contact__in=[row.contact_id for row in rows]).update(
        ended_on=loader.now.date(), ended=AtRisk.Ended.SAID
    )


def _cast(loader: "Loader") -> list[Contact]:
    names = ("Helena Prado", "Rafael Antunes")
    return [loader.contacts[name] for name in names if name in loader.contacts]


def _why(loader: "Loader", contact: int, cause: Cause, words: str, days: int) -> Why:
    at = loader.now - timedelta(days=days)
    return Why(
        contact_id=contact,
        cause=cause,
        words=words,
        asked_at=at - timedelta(days=2),
        answered_at=at,
        asked_by=loader.colleagues[0],
    )


def _lines(loader: "Loader", told: "Sequence[tuple[int, str, Any, User | None, dict[str, Any]]]") -> list[Entry]:
    """One line of win-back on the timeline of each."""
    entries: list[Entry] = loader.keep(
        [Entry(kind="winback", text=text, occurred_at=at, author=by, snapshot=said) for _pk, text, at, by, said in told]
    )
    Involvement.objects.bulk_create(
        [
            Involvement(entry=entry, contact_id=pk, occurred_at=entry.occurred_at, kind="winback")
            for entry, (pk, *_rest) in zip(entries, told, strict=True)
        ]
    )
    return entries
