"""Who is slipping away, kept: every night for everybody, and at once for one person after somebody said a word."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django_tasks import task

from regulars.access.home import at_home_of
from regulars.contacts.models import Company, Contact
from regulars.insights.churn.book import Book
from regulars.insights.churn.warnings import Warning, all_warnings
from regulars.insights.tables.risk import AtRisk, RiskWord
from regulars.insights.tables.standing import Standing, Tier
from regulars.insights.tables.winback import Attempt
from regulars.insights.value import writing
from regulars.insights.value.reading import DayNumber, stream
from regulars.lib import fast

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST = 40  # of 100: from here on somebody is slipping away
LOST_AFTER = 120  # days of silence at least, and three times the patience
BATCH = 5_000
CLOSE = 2  # points that a score may move without being written anew
WRITTEN = ("state", "reason", "reasons", "score", "worth", "tier", "last_on")


@dataclass(frozen=True)
class Found:
    """One row as it should stand."""

    holder: int
    state: str
    reason: str
    reasons: str  # JSON
    score: int
    worth: int
    tier: str
    last_on: date


def look(kind: str, today: date | None = None, ids: Iterable[int] | None = None) -> int:
    """Count who of `kind` is slipping away, of everybody or of `ids`; returns how many are. Safe to run twice.

    New spells begin, those who bought again or were excused end theirs, and only rows that differ are written.
    """
    day = today or timezone.localdate()
    book = Book(kind, day, ids)
    open_ones = _open(kind, ids)
    excused = _excused(book)
    many, batch = 0, []
    for found in assess(book, excused | _known_by_their_people(kind)):
        many += 1
        batch.append(found)
        if len(batch) == BATCH:
            _write(kind, batch, open_ones, day)
            batch = []
    _write(kind, batch, open_ones, day)
    _end(kind, open_ones, excused, book, day)
    return many


def _known_by_their_people(kind: str) -> set[int]:
    """Companies of which somebody is listed as slipping away: they are not listed a second time."""
    if kind == "contact":
        return set()
    people = AtRisk.objects.open().filter(contact__company__isnull=False)
    return set(people.values_list("contact__company_id", flat=True))


def _excused(book: Book) -> set[int]:
    """Those of whom somebody said that it is none, and those who were let go with thanks and have not bought since."""
    theirs = {f"{book.kind}__isnull": False}
    holder = f"{book.kind}_id"
    words = RiskWord.objects.in_force(book.today).filter(**theirs)
    excused = set(words.values_list(holder, flat=True))
    goodbyes = Attempt.objects.present().filter(outcome=Attempt.Outcome.LEFT, **theirs)
    let_go = dict(goodbyes.order_by("tried_on").values_list(holder, "tried_on"))
    if let_go:
        last = dict(zip(book.ids.tolist(), book.facts["last"].tolist(), strict=True))
        excused |= {pk for pk, day in let_go.items() if last.get(pk, 0) <= day.toordinal()}
    return excused


def assess(book: Book, excused: set[int]) -> Iterator[Found]:
    """Yield everybody whose warnings come to LEAST or more and who was not excused."""
    import numpy as np

    if not len(book):
        return
    warnings = all_warnings()
    strengths = np.array([warning.strengths(book) for warning in warnings]).reshape(len(warnings), len(book))
    scores = np.rint(100 * (1 - np.prod(1 - strengths, axis=0))).astype(np.int16)
    places = np.flatnonzero(scores >= LEAST)
    is_lost = (book.silence > LOST_AFTER) & (book.gap > 0) & (book.silence > 3 * book.patience)
    tiers = _tiers(book.kind, book.ids[places].tolist())
    for place in places.tolist():
        holder = int(book.ids[place])
        if holder in excused:
            continue
        reasons = _reasons(book, place, warnings, strengths[:, place])
        state = AtRisk.State.LOST if is_lost[place] else AtRisk.State.SLIPPING
        yield Found(
            holder, state.value, reasons[0]["key"], json.dumps(reasons), int(scores[place]), int(book.worth[place]),
            tiers.get(holder, Tier.NONE.value), date.fromordinal(int(book.facts["last"][place])),
        )  # fmt: skip


def _reasons(book: Book, place: int, warnings: list[Warning], strengths: "NDArray[Any]") -> list[dict[str, Any]]:
    """The warnings of one customer with their numbers, strongest first."""
    told = [(float(s), warning) for s, warning in zip(strengths, warnings, strict=True) if s > 0]
    told.sort(key=lambda pair: -pair[0])
    return [{"key": one.key, "strength": round(s, 1), **one.numbers(book, place)} for s, one in told]


def _tiers(kind: str, ids: list[int]) -> dict[int, str]:
    """The best tier that each of `ids` has or had before."""
    rows = Standing.objects.filter(**{f"{kind}__isnull": False})
    rows = rows.filter(**{f"{kind}__in": ids}) if len(ids) <= 500 else rows
    best = rows.exclude(tier=Tier.NONE, previous=Tier.NONE).order_by().values_list(f"{kind}_id", "tier", "previous")
    return {pk: tier if tier != Tier.NONE else previous for pk, tier, previous in stream(best)}


def _open(kind: str, ids: Iterable[int] | None) -> dict[int, tuple[Any, ...]]:
    """Open spells by holder: pk, score, state, worth, tier, last day (number), reasons (JSON, which takes less)."""
    rows = AtRisk.objects.open().filter(**{f"{kind}__isnull": False})
    rows = rows if ids is None else rows.filter(**{f"{kind}__in": list(ids)})
    columns = (f"{kind}_id", "pk", "score", "state", "worth", "tier", DayNumber(F("last_on")),
               Cast("reasons", TextField()))  # fmt: skip
    return {holder: tuple(rest) for holder, *rest in stream(rows.order_by().values_list(*columns))}


@transaction.atomic
def _write(kind: str, batch: list[Found], open_ones: dict[int, tuple[Any, ...]], today: date) -> None:
    """Insert new spells and update those that differ; what was written is taken out of `open_ones`."""
    new, changed = [], []
    for one in batch:
        known = open_ones.pop(one.holder, None)
        values = (one.state, one.reason, one.reasons, one.score, one.worth, one.tier, one.last_on)
        if known is not None and known[5] < one.last_on.toordinal():
            _close(kind, [one.holder], AtRisk.Ended.BOUGHT, today)
            known = None
        if known is None:
            row = dict(zip(WRITTEN, values, strict=True))
            new.append({**row, f"{kind}_id": one.holder, "since": today, "reasons": json.loads(one.reasons)})
        elif _differs(one, known):
            changed.append((*values[:-1], one.last_on.isoformat(), known[0]))
    fast.insert(AtRisk, new)
    writing.update(AtRisk, WRITTEN, changed)


def _differs(one: Found, known: tuple[Any, ...]) -> bool:
    _pk, score, state, worth, tier, last, reasons = known
    said = (one.state, one.worth, one.tier, one.last_on.toordinal(), json.loads(one.reasons))
    return abs(one.score - score) > CLOSE or said != (state, worth, tier, last, json.loads(reasons))


def _end(kind: str, left: dict[int, tuple[Any, ...]], excused: set[int], book: Book, today: date) -> None:
    """End the spells of those who are not slipping away any more."""
    last = dict(zip(book.ids.tolist(), book.facts["last"].tolist(), strict=True)) if left else {}
    ways: dict[AtRisk.Ended, list[int]] = {}
    for holder, known in left.items():
        bought = last.get(holder, 0) > known[5]
        way = AtRisk.Ended.BOUGHT if bought else AtRisk.Ended.SAID if holder in excused else AtRisk.Ended.CEASED
        ways.setdefault(way, []).append(holder)
    for way, holders in ways.items():
        _close(kind, holders, way, today)


def _close(kind: str, holders: list[int], way: AtRisk.Ended, today: date) -> None:
    for start in range(0, len(holders), 500):
        rows = AtRisk.objects.open().filter(**{f"{kind}__in": holders[start : start + 500]})
        rows.update(ended_on=today, ended=way)


def look_at(holder: Contact | Company, today: date | None = None) -> AtRisk | None:
    """Look at one person or company again now; returns their open spell, if they have one."""
    kind = "contact" if isinstance(holder, Contact) else "company"
    look(kind, today, [holder.pk])
    found: AtRisk | None = AtRisk.objects.open().of(holder).first()
    return found


def look_at_all(today: date | None = None) -> int:
    """Look at everybody; returns how many are slipping away."""
    return sum(look(kind, today) for kind in ("contact", "company"))


@task()
def look_tonight() -> None:
    """Look at everybody by the clock of the business, then count what attempts came to."""
    from regulars.insights.winback.results import count_results

    with at_home_of(None):
        look_at_all()
        count_results()
