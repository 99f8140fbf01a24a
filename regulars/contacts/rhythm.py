"""How often somebody is usually in touch, worked out from the days on which they were."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from statistics import median

from django.utils import timezone

from regulars.contacts.models import Contact, Involvement
from regulars.timeline import kinds

DAYS_NEEDED = 4  # fewer days in touch say nothing about a rhythm
LOOKS_BACK = 24  # the newest contacts that count, so that an old habit is forgotten
PATIENCE = 1.5  # half of all gaps are longer than the median one: only clearly longer is overdue


@dataclass(frozen=True)
class Rhythm:
    """`every` is the median gap in days between days in touch, `days` how many such days it rests on."""

    every: int
    days: int
    last: date

    def silent_for(self, today: date) -> int:
        """Days since the last contact."""
        return (today - self.last).days

    def overdue_by(self, today: date) -> int:
        """Days beyond the usual gap once the silence is half as long again; 0 before that."""
        silence = self.silent_for(today)
        return silence - self.every if silence > max(self.every * PATIENCE, self.every + 1) else 0


def usual_rhythm(contact: Contact, moments: Iterable[datetime] | None = None) -> Rhythm | None:
    """Return how often `contact` is in touch, or None when fewer than four days are known.

    `moments` are the times of the newest contacts when the caller has them; else one query reads them from an index.
    """
    if moments is None:
        moments = contact_moments(contact)
    days = sorted({timezone.localtime(moment).date() for moment in moments})
    if len(days) < DAYS_NEEDED:
        return None
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    return Rhythm(every=max(1, round(median(gaps))), days=len(days), last=days[-1])


def contact_moments(contact: Contact) -> list[datetime]:
    """The times of the newest contacts, newest first."""
    rows = Involvement.objects.filter(contact=contact, kind__in=kinds.contact_kinds(), entry__removed_at=None)
    return list(rows.newest_first().values_list("occurred_at", flat=True)[:LOOKS_BACK])
