"""What is typical of one customer: what they buy again, when they come, and what people like them take next."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regulars.contacts.models import Contact
from regulars.orders.models import Product


class Habit(models.Model):
    """One habit of a person, found at night by a test that holds false findings to 5 %, and replaced every night.

    Repeat: `product` every `gap` days, on `count` days so far, last on `last_on`. Season: `product` in `length` months
    from month `at` on, on `count` of `total` days of purchase, in `years` different years. Weekday: on the weekday
    `at` (0 is Monday) on `count` of `total` days, by chance `expected`. Next: of `total` people who took `because`,
    `count` took `product` within eight weeks, by chance `expected`. `due_on` is when a word about it is in time,
    `until` when it is over; `found_on` the day of the count.
    """

    class Kind(models.TextChoices):
        """Which sort of habit."""

        REPEAT = "repeat", _("Buys again")
        SEASON = "season", _("Season")
        WEEKDAY = "weekday", _("Weekday")
        NEXT = "next", _("Likely next")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="habits", db_index=False)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    product = models.ForeignKey(Product, models.CASCADE, null=True, blank=True, related_name="+")
    because = models.ForeignKey(Product, models.CASCADE, null=True, blank=True, related_name="+")
    at = models.PositiveSmallIntegerField(default=0)
    length = models.PositiveSmallIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    years = models.PositiveSmallIntegerField(default=0)
    expected = models.FloatField(default=0)
    gap = models.FloatField(default=0)
    last_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    found_on = models.DateField()
    q = models.FloatField(default=1)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["contact"], name="habit_of_contact"),
            models.Index(fields=["due_on"], condition=Q(due_on__isnull=False), name="habit_due"),
            models.Index(fields=["at"], condition=Q(kind="weekday"), name="habit_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.count} of {self.total}"
