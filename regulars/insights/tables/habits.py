"""What comes back in the orders: habits of people, what follows what, what will be asked for."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from regulars.contacts.models import Contact
from regulars.orders.models import Product


class Habit(models.Model):
    """Somebody (or, without a contact, everybody) buys a product or category in one season or on one weekday.

    `at` is the month in which the season of three months begins (1 to 12), or the weekday (0 is Monday). `count` of
    `total` times fell there, over `years` different years; `expected` of them would by chance. `q` is the p-value of
    the exact test after Benjamini and Hochberg: see insights/habits/testing.py.
    """

    class Kind(models.TextChoices):
        """What comes back."""

        SEASON = "season", "season"
        WEEKDAY = "weekday", "weekday"

    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="habits", db_index=False)
    product = models.ForeignKey(Product, models.CASCADE, null=True, blank=True, related_name="habits")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    years = models.PositiveSmallIntegerField(default=1)
    expected = models.FloatField()
    q = models.FloatField()
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["contact", "q"], condition=Q(contact__isnull=False), name="habit_of_contact"),
            models.Index(fields=["kind", "at", "q"], name="habit_by_time"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(count__lte=models.F("total")), name="habit_count_within_total"),
            models.CheckConstraint(condition=Q(q__gte=0, q__lte=1), name="habit_q_is_probability"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}: {self.count} of {self.total}"


class Following(models.Model):
    """How many people who bought `product` bought `next` the next time: `count` of `total`."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="followed_by", db_index=False)
    next = models.ForeignKey(Product, models.CASCADE, related_name="+")
    count = models.PositiveIntegerField()
    total = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["product", "next"], name="following_once")]

    def __str__(self) -> str:
        return f"{self.product_id} → {self.next_id}: {self.count} of {self.total}"


class Demand(models.Model):
    """Units of a product expected in the 28 days from `starts_on`, with a 90 % interval; `last_year` is what was sold
    in the same days a year before (None where there are no figures yet). Thousandths of a unit."""

    product = models.OneToOneField(Product, models.CASCADE, related_name="demand")
    starts_on = models.DateField()
    expected = models.BigIntegerField()
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    last_year = models.BigIntegerField(null=True, blank=True)
    customers = models.PositiveIntegerField(default=0)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(low__lte=models.F("expected"), high__gte=models.F("expected")),
                name="demand_in_interval",
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.expected}"
