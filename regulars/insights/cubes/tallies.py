"""Comparisons of people, counted at night and kept as `Tally`: a registry of what reads them.

register(Tallying("kept-promises", read))   # read(today) -> [Tally(label=…, count=…, total=…), …]
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from regulars.insights.tables import Tally


@dataclass(frozen=True)
class Tallying:
    """One comparison: `read` counts it for a day and returns rows without `subject` and `month`, which are set here
    where the row has none."""

    subject: str
    read: Callable[[date], Sequence[Tally]]


@dataclass(frozen=True)
class Counted:
    """What was read of one comparison, to be kept."""

    subject: str
    rows: Sequence[Tally]


_known: dict[str, Tallying] = {}


def register(tallying: Tallying) -> None:
    """Make a comparison known; called in `apps.ready()`."""
    _known[tallying.subject] = tallying


def tally_count() -> int:
    """How many comparisons there are."""
    return len(_known)


def read_tally(at: int) -> Counted:
    """Count the comparison at this place. Only reads."""
    one = list(_known.values())[at]
    today = timezone.localdate()
    rows = list(one.read(today))
    for row in rows:
        row.subject = one.subject
        row.month = row.month or today.replace(day=1)
    return Counted(one.subject, rows)


@transaction.atomic
def keep_tally(counted: Counted) -> None:
    """Replace what is kept of a comparison."""
    Tally.objects.filter(subject=counted.subject).delete()
    Tally.objects.bulk_create(counted.rows, batch_size=500)


def count_tallies() -> None:
    """Count every comparison now."""
    for at in range(tally_count()):
        keep_tally(read_tally(at))
