"""Figures that reports read: what each month came to, kept, so that no page adds up orders.

A `Slice` is one choice of orders ("channel=web", "owner=3&segment=7"; "" is all of them). Those of one channel, owner,
team, source or tier are counted every night; others when somebody first asks for them. Amounts are minor units of the
organisation's currency.
"""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from regulars.orders.models import Product

FORGOTTEN_AFTER = timedelta(days=30)
STUCK_AFTER = timedelta(minutes=30)


class SliceQuerySet(models.QuerySet["Slice"]):
    """Reading slices."""

    def standing(self) -> "SliceQuerySet":
        """Those that are counted every night."""
        return self.filter(is_standing=True)


class Slice(models.Model):
    """One choice of orders. `counted_at` is None while it has never been counted, `asked_at` when it was last wanted.

    `counting_since` is when a worker began (None when nobody counts). On the slice of all `last_order` is the newest
    order that is in the figures (what came later shows which months have to be counted again), and `whole_at` is when
    every month was last counted, not only those that changed.
    """

    key = models.CharField(max_length=150, unique=True)
    is_standing = models.BooleanField(default=False)
    counted_at = models.DateTimeField(null=True, blank=True)
    counting_since = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    last_order = models.BigIntegerField(default=0)
    whole_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = SliceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.key or "all"

    def begin(self, now: datetime | None = None) -> bool:
        """Say that this worker counts it; False when another one has begun within the last half hour."""
        now = now or timezone.now()
        free = models.Q(counting_since=None) | models.Q(counting_since__lt=now - STUCK_AFTER)
        return bool(Slice.objects.filter(free, pk=self.pk).update(counting_since=now, asked_at=now))

    def finish(self, now: datetime | None = None, **changes: Any) -> None:
        """Say that its figures are all there."""
        Slice.objects.filter(pk=self.pk).update(counted_at=now or timezone.now(), counting_since=None, **changes)

    def give_up(self) -> None:
        """Say that nobody counts it any more."""
        Slice.objects.filter(pk=self.pk).update(counting_since=None)


class StaleMonth(models.Model):
    """A month whose figures are no longer true: an order in it was given back, taken out, or found another customer.

    Written in the transaction of the order, without asking whether the month stands here already: on PostgreSQL two
    transactions that write the same unique value wait for each other.
    """

    month = models.DateField()
    marked_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class MonthFigure(models.Model):
    """What one month came to in one slice.

    `orders` counts purchases, `refunds` those given back in part or whole. `customers` bought in that month: `new` for
    the first time ever, `back` after at least `cubes.SILENCE` months without, the others are returning. `lost` bought
    `SILENCE` months before and not since. `margin` is None where no cost is known.
    """

    slice = models.ForeignKey(Slice, models.CASCADE, related_name="months", db_index=False)
    month = models.DateField()
    orders = models.PositiveIntegerField(default=0)
    refunds = models.PositiveIntegerField(default=0)
    customers = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    back = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    value = models.BigIntegerField(default=0)
    margin = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["slice", "month"], name="figure_once_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.orders}"


class CohortFigure(models.Model):
    """What the customers who first bought in the month `first` did in `month`: how many bought, and for how much."""

    slice = models.ForeignKey(Slice, models.CASCADE, related_name="cohorts", db_index=False)
    first = models.DateField()
    month = models.DateField()
    customers = models.PositiveIntegerField(default=0)
    value = models.BigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["slice", "month"], name="cohort_by_month")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["slice", "first", "month"], name="cohort_once")]

    def __str__(self) -> str:
        return f"{self.first:%Y-%m} in {self.month:%Y-%m}: {self.customers}"


class ProductMonth(models.Model):
    """What one product sold in one month: `units` in thousandths, `customers` who bought it, `value` after discount."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="months", db_index=False)
    month = models.DateField()
    units = models.BigIntegerField(default=0)
    orders = models.PositiveIntegerField(default=0)
    customers = models.PositiveIntegerField(default=0)
    value = models.BigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["month", "-value"], name="product_month_best")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["product", "month"], name="product_once_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.units}"


class Tally(models.Model):
    """A number of people or things that a report compares, counted at night.

    `subject` is the report ("kept-promises"), `label` the group ("all kept"), `month` the month it is about (or the one
    it was counted for). `count` of `total` had the outcome; `value` is an amount or a sum where the report has one.
    """

    subject = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    month = models.DateField()
    count = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    value = models.BigIntegerField(default=0)
    detail = models.JSONField(default=dict, blank=True)
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "month", "label"], name="tally_once"),
            models.CheckConstraint(condition=models.Q(count__lte=models.F("total")), name="tally_count_within_total"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.label}: {self.count} of {self.total}"
