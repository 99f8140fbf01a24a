"""Noting that somebody came into another tier: the history, and a line on their timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from regulars.contacts.models import Company, Involvement
from regulars.contacts.models import Contact as Person
from regulars.insights.tables.standing import TierChange, TierRun
from regulars.timeline.models import Entry

KIND = "tier"


@dataclass(frozen=True)
class Moved:
    """Whose tier changed from what to what, and on what that rests."""

    holder: int
    before: str
    after: str
    value: int
    rank: int | None


def note(
    kind: str, moved: Sequence[Moved], today: date, run: TierRun, at: datetime | None = None
) -> tuple[list[TierChange], list[Entry]]:
    """Write the history and an entry for each and return both; those who are gone meanwhile are left out."""
    model: Any = Person if kind == "contact" else Company
    there = set(model.objects.filter(pk__in=[one.holder for one in moved]).values_list("pk", flat=True))
    moved = [one for one in moved if one.holder in there]
    link = f"{kind}_id"
    changes = TierChange.objects.bulk_create(
        [
            TierChange(
                **{link: one.holder}, before=one.before, after=one.after, changed_on=today, value=one.value,
                rank=one.rank, of=run.of,
            )
            for one in moved
        ],
        batch_size=500,
    )  # fmt: skip
    now = at or timezone.now()
    entries = Entry.objects.bulk_create(
        [Entry(kind=KIND, occurred_at=now, snapshot=snapshot(one, run)) for one in moved], batch_size=500
    )
    Involvement.objects.bulk_create(
        [
            Involvement(entry=entry, occurred_at=now, kind=KIND, **{link: one.holder})
            for entry, one in zip(entries, moved, strict=True)
        ],
        batch_size=500,
    )
    return changes, entries


def snapshot(one: Moved, run: TierRun) -> dict[str, Any]:
    """What the line needs, whatever the settings are later."""
    return {
        "before": one.before, "after": one.after, "value": one.value, "rank": one.rank, "of": run.of,
        "measure": run.measure, "months": run.months,
    }  # fmt: skip
