"""What attempts came to: what somebody bought within 30, 60 and 90 days after, counted from their orders, every night.

The comparison is one of numbers, not a proof: whom we tried to win back and whom we did not were not chosen by lot.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from regulars.contacts.actions import Moment, log_moment
from regulars.contacts.models import Contact
from regulars.insights.tables.risk import AtRisk, RiskWord
from regulars.insights.tables.winback import Attempt, Play, Why, WinbackFigures
from regulars.orders.models import Order

SPANS = (30, 60, 90)
BATCH = 300
LOOKED_AT = 365  # days of spells that are compared
KIND = "winback"
Outcome = Attempt.Outcome


def count_results(today: date | None = None) -> int:
    """Count what attempts of the last months came to, then the figures of all; returns how many came back newly."""
    day = today or timezone.localdate()
    waiting = Attempt.objects.present().filter(Q(outcome=Outcome.OPEN) | Q(value_90=None))
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    back = sum(_count(ids[start : start + BATCH], day) for start in range(0, len(ids), BATCH))
    count_figures(day)
    return back


@transaction.atomic
def _count(ids: list[int], today: date) -> int:
    rows = list(Attempt.objects.filter(pk__in=ids).select_related("contact", "company"))
    bought = _orders_of(rows)
    back = 0
    for attempt in rows:
        mine = [one for one in bought.get(_key(attempt), ()) if one[0] > attempt.tried_on]
        back += _settle(attempt, mine, today)
    return back


def _key(attempt: Attempt) -> tuple[str, int]:
    return ("contact", attempt.contact_id) if attempt.contact_id else ("company", attempt.company_id or 0)


def _orders_of(rows: list[Attempt]) -> dict[tuple[str, int], list[tuple[date, int]]]:
    """Day and value of each counted order of these holders since the first of the attempts. Two queries."""
    found: dict[tuple[str, int], list[tuple[date, int]]] = {}
    since = min((row.tried_on for row in rows), default=timezone.localdate())
    for name in ("contact", "company"):
        ids = [key for kind, key in map(_key, rows) if kind == name]
        orders = Order.objects.counted().filter(**{f"{name}__in": ids}, placed_on__gt=since).order_by("placed_on")
        for pk, day, value in orders.values_list(f"{name}_id", "placed_on", "value") if ids else ():
            found.setdefault((name, pk), []).append((day, value or 0))
    return found


def _settle(attempt: Attempt, bought: list[tuple[date, int]], today: date) -> bool:
    """Write what is known by now of one attempt; whether they came back and nobody had noted it yet."""
    age = (today - attempt.tried_on).days
    values: dict[str, Any] = {}
    for span in SPANS:
        until = attempt.tried_on + timedelta(days=span)
        worth = sum(value for day, value in bought if day <= until)
        values[f"value_{span}"] = worth if age >= span or worth else None
    first = next((day for day, _value in bought if (day - attempt.tried_on).days <= SPANS[-1]), None)
    if attempt.outcome == Outcome.OPEN and first:
        values |= {"outcome": Outcome.BACK, "back_on": first}
    elif attempt.outcome == Outcome.OPEN and age > SPANS[-1]:
        values["outcome"] = Outcome.AWAY
    mine = Attempt.objects.filter(pk=attempt.pk, outcome=attempt.outcome)
    changed = any(getattr(attempt, name) != value for name, value in values.items())
    if not changed or not mine.update(**values):
        return False
    if values.get("outcome") == Outcome.BACK:
        _tell(attempt, first)
        return True
    return False


def _tell(attempt: Attempt, day: date | None) -> None:
    """Write on the timeline that they came back."""
    holder = attempt.holder
    people, companies = ([holder], []) if isinstance(holder, Contact) else ([], [holder])
    snapshot = {"verb": "back", "play": attempt.play, "on": day.isoformat() if day else ""}
    log_moment(Moment("", kind=KIND, contacts=people, companies=companies, snapshot=snapshot), by=None)


# Figures


@dataclass
class PlayFigures:
    """What one play came to."""

    tried: int = 0
    back: int = 0
    away: int = 0
    left: int = 0
    recovered: int = 0

    @property
    def settled(self) -> int:
        """Those of which is known whether they came back."""
        return self.back + self.away


@dataclass
class Compared:
    """Spells that began long enough ago, and how many of them ended with a purchase within 90 days."""

    many: int = 0
    back: int = 0

    @property
    def percent(self) -> int | None:
        """The share that came back; None for too few to say."""
        return round(100 * self.back / self.many) if self.many >= 10 else None


@dataclass
class Figures:
    """All of it, as the page shows it."""

    plays: dict[str, PlayFigures] = field(default_factory=dict)
    causes: dict[str, int] = field(default_factory=dict)
    tried: Compared = field(default_factory=Compared)
    not_tried: Compared = field(default_factory=Compared)
    words: dict[str, int] = field(default_factory=dict)
    counted_at: Any = None

    @property
    def total(self) -> PlayFigures:
        """All plays together."""
        names = ("tried", "back", "away", "left", "recovered")
        return PlayFigures(*(sum(getattr(one, name) for one in self.plays.values()) for name in names))


def figures() -> Figures:
    """Return what was counted last. One query."""
    row = WinbackFigures.current()
    data = row.data
    return Figures(
        {play: PlayFigures(*numbers) for play, numbers in data.get("plays", {}).items()},
        data.get("causes", {}),
        Compared(*data.get("tried", ())),
        Compared(*data.get("not_tried", ())),
        data.get("words", {}),
        row.counted_at if data else None,
    )


def count_figures(today: date) -> None:
    """Count all figures anew and keep them."""
    plays = {play.value: PlayFigures() for play in Play}
    tried: dict[tuple[str, int], list[date]] = {}
    columns = ("play", "outcome", "value_30", "value_60", "value_90", "contact_id", "company_id", "tried_on")
    for play, outcome, v30, v60, v90, contact, company, day in (
        Attempt.objects.present().values_list(*columns).iterator(chunk_size=2_000)
    ):
        one = plays[play]
        one.tried += 1
        one.back += outcome == Outcome.BACK
        one.away += outcome == Outcome.AWAY
        one.left += outcome == Outcome.LEFT
        one.recovered += next((value for value in (v90, v60, v30) if value is not None), 0)
        tried.setdefault(("contact", contact) if contact else ("company", company), []).append(day)
    with_us, without = _compare(tried, today)
    data = {
        "plays": {play: [o.tried, o.back, o.away, o.left, o.recovered] for play, o in plays.items() if o.tried},
        "causes": _tally(Why.objects.exclude(answered_at=None).values_list("cause", flat=True)),
        "tried": [with_us.many, with_us.back],
        "not_tried": [without.many, without.back],
        "words": _tally(RiskWord.objects.filter(withdrawn_at=None).values_list("said", flat=True)),
    }
    WinbackFigures.objects.update_or_create(pk=1, defaults={"data": data, "counted_at": timezone.now()})


def _tally(values: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in values:
        found[value] = found.get(value, 0) + 1
    return found


def _compare(tried: dict[tuple[str, int], list[date]], today: date) -> tuple[Compared, Compared]:
    """Count spells that began 90 to 455 days ago: those with an attempt within 90 days, and all others."""
    last = SPANS[-1]
    old, young = today - timedelta(days=LOOKED_AT + last), today - timedelta(days=last)
    spells = AtRisk.objects.filter(since__gte=old, since__lte=young).exclude(ended=AtRisk.Ended.SAID)
    with_us, without = Compared(), Compared()
    columns = ("contact_id", "company_id", "since", "ended_on", "ended")
    for contact, company, since, ended_on, ended in spells.values_list(*columns).iterator(chunk_size=5_000):
        days = tried.get(("contact", contact) if contact else ("company", company), ())
        end = since + timedelta(days=last)
        side = with_us if any(since <= day <= end for day in days) else without
        side.many += 1
        side.back += ended == AtRisk.Ended.BOUGHT and ended_on <= end
    return with_us, without
