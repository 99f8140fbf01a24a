"""How often somebody is in touch, kept, so that "who is overdue" is one look along an index."""

from datetime import date, timedelta
from math import floor
from typing import ClassVar

from django.db import models
from django.db.models import Q

from regulars.contacts.models.contact import Contact

PATIENCE = 1.5  # half of all gaps are longer than the median one: only clearly longer is overdue
LONGEST = 3_650  # days


class Rhythm(models.Model):
    """The rhythm of contact with one person; made when they were in touch, or when somebody sets a wish.

    `usual_days` is the median gap between days in touch, None while fewer than four are known; `days` how many days
    it rests on. A wish ("every 42 days") wins over it; `segment_days`, what a segment asks for, is the last resort.
    `since` is the last day in touch, or the day we got to know them. `due_on` is when the gap ends, `overdue_from` the
    first day on which they are overdue, with some patience for a habit; `owner_id` repeats the point of contact for
    the index. `counted_to` is the contact's "last contact" when this was worked out: where they differ, it is worked
    out again (see contacts.rhythm).
    """

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="rhythm")
    owner_id = models.BigIntegerField(null=True)
    usual_days = models.PositiveSmallIntegerField(null=True)
    days = models.PositiveSmallIntegerField(default=0)
    wish_days = models.PositiveSmallIntegerField(null=True)
    segment_days = models.PositiveSmallIntegerField(null=True)
    since = models.DateField()
    due_on = models.DateField(null=True)
    overdue_from = models.DateField(null=True)
    counted_to = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner_id", "overdue_from"], name="rhythm_owner_overdue"),
            # Written with "is not null": SQLite does not see that "not (… is null)" is the same.
            models.Index(
                fields=["overdue_from", "contact"], name="rhythm_overdue", condition=Q(overdue_from__isnull=False)
            ),
            models.Index(fields=["counted_to"], name="rhythm_stale", condition=Q(counted_to=None)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(wish_days=None) | Q(wish_days__range=(1, LONGEST)))
                & (Q(usual_days=None) | Q(usual_days__gte=1))
                & (Q(segment_days=None) | Q(segment_days__range=(1, LONGEST))),
                name="rhythm_days_positive",
            )
        ]

    def __str__(self) -> str:
        return f"every {self.every} days"

    @property
    def every(self) -> int:
        """The gap in days that counts: the wish, else the usual one, else the segment's; 0 for none."""
        return self.wish_days or self.usual_days or self.segment_days or 0

    @property
    def is_known(self) -> bool:
        """Whether there is anything to measure silence by."""
        return bool(self.every)

    @property
    def is_wish(self) -> bool:
        """Whether somebody set it."""
        return bool(self.wish_days)

    @property
    def is_usual(self) -> bool:
        """Whether it is their own habit, not something we want."""
        return bool(self.usual_days) and not self.wish_days

    def silent_for(self, today: date) -> int:
        """Days since the last contact."""
        return (today - self.since).days

    def patience(self) -> int:
        """Days of silence that are still fine: what was asked for to the day, a habit half as long again."""
        every = self.every
        exact = self.wish_days or not self.usual_days
        return every if exact else floor(max(every * PATIENCE, every + 1))

    def settle(self) -> None:
        """Work out `due_on` and `overdue_from` from the other columns; None without a rhythm."""
        self.due_on = self.since + timedelta(days=self.every) if self.every else None
        self.overdue_from = self.since + timedelta(days=self.patience() + 1) if self.every else None

    def overdue_by(self, today: date) -> int:
        """Days beyond the gap once patience has run out; 0 before that."""
        silence = self.silent_for(today)
        return silence - self.every if self.every and silence > self.patience() else 0
