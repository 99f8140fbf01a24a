"""What is expected of one customer, as the newest run says."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from regulars.contacts.models import Company, Contact
from regulars.contacts.models.points import one_holder
from regulars.insights.tables.run import Run
from regulars.insights.tables.standing import AboutHolder


class Prediction(models.Model):
    """What is expected of a person or a company. Written in bulk by insights.predicting.job, never changed by hand.

    `p_alive` is the chance of still being a customer (None where a plain rule is used: it knows nothing of leaving),
    `alive_before` what it was on `before_on`, about a month ago. `expected` are the days of purchase of the next 90
    days, from `low` to `high` in 80 of 100 cases; `p_buys` the chance of one in 30 days. Half of those like them buy
    next between `next_from` and `next_to`. `clv` is what they should bring in three years, discounted, with its
    interval, in minor units of the organisation's currency.
    """

    contact = models.OneToOneField(Contact, models.CASCADE, null=True, blank=True, related_name="prediction")
    company = models.OneToOneField(Company, models.CASCADE, null=True, blank=True, related_name="prediction")
    run = models.ForeignKey(Run, models.CASCADE, related_name="predictions")
    p_alive = models.FloatField(null=True, blank=True)
    alive_before = models.FloatField(null=True, blank=True)
    before_on = models.DateField(null=True, blank=True)
    expected = models.FloatField()
    low = models.PositiveIntegerField()
    high = models.PositiveIntegerField()
    p_buys = models.FloatField()
    next_from = models.DateField(null=True, blank=True)
    next_to = models.DateField(null=True, blank=True)
    clv = models.BigIntegerField()
    clv_low = models.BigIntegerField()
    clv_high = models.BigIntegerField()

    objects: ClassVar[Any] = AboutHolder.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["p_buys"], condition=Q(contact__isnull=False), name="prediction_p_buys"),
            models.Index(fields=["clv"], condition=Q(contact__isnull=False), name="prediction_clv"),
        ]
        constraints: ClassVar = [
            one_holder("prediction_one_holder"),
            models.CheckConstraint(
                condition=Q(p_buys__range=(0, 1)) & (Q(p_alive=None) | Q(p_alive__range=(0, 1))),
                name="prediction_chances",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expected:.1f} purchases, {self.p_buys:.0%} within 30 days"
