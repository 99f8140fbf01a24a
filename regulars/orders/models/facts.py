"""What the orders of one customer come to, kept: no page adds up orders."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from regulars.contacts.models import Company, Contact
from regulars.contacts.models.points import one_holder
from regulars.orders.models.order import Order


class CustomerFacts(models.Model):
    """What all counted orders of one person, or of one company and its people, come to.

    `orders` counts purchases, `days` the different days of purchase (what the models call transactions: x = days - 1).
    `first_on` and `last_on` are days in the organisation's zone. `value` and `margin` are minor units of its currency
    over all time (`margin` None where a cost is missing). `gap_days` is the sum of the days between days of purchase
    (`last_on` - `first_on`) and `gap_squares` the sum of their squares: with `days` they give the usual gap and its
    spread. They are counted anew from the customer's own orders whenever one of these changes, so that no order of
    events can make them wrong.
    """

    contact = models.OneToOneField(Contact, models.CASCADE, null=True, blank=True, related_name="worth")
    company = models.OneToOneField(Company, models.CASCADE, null=True, blank=True, related_name="worth")
    orders = models.PositiveIntegerField(default=0)
    days = models.PositiveIntegerField(default=0)
    first_on = models.DateField()
    last_on = models.DateField()
    # Not looked up by the database: it would read and lock orders all over the table when everybody is counted anew.
    last_order = models.ForeignKey(Order, models.SET_NULL, null=True, blank=True, related_name="+", db_constraint=False)
    value = models.BigIntegerField(default=0)
    margin = models.BigIntegerField(null=True, blank=True)
    gap_days = models.PositiveIntegerField(default=0)
    gap_squares = models.PositiveBigIntegerField(default=0)
    refunds = models.PositiveIntegerField(default=0)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-value", "-id"], name="facts_by_value"),
            models.Index(fields=["last_on", "id"], name="facts_by_last"),
            models.Index(fields=["first_on", "id"], name="facts_by_first"),
        ]
        constraints: ClassVar = [
            one_holder("facts_one_holder"),
            models.CheckConstraint(
                condition=Q(days__gte=1, orders__gte=models.F("days"), last_on__gte=models.F("first_on")),
                name="facts_make_sense",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.orders} orders"


class CustomerMonth(models.Model):
    """What one customer bought in one month: any window of months is a sum of a few of these rows.

    `month` is its first day. `value` and `margin` as in CustomerFacts.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    month = models.DateField()
    orders = models.PositiveIntegerField()
    days = models.PositiveIntegerField()
    value = models.BigIntegerField()
    margin = models.BigIntegerField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["month", "contact"], name="month_of_all")]
        constraints: ClassVar = [
            one_holder("month_one_holder"),
            models.UniqueConstraint(
                fields=["contact", "month"], condition=Q(contact__isnull=False), name="month_of_contact_once"
            ),
            models.UniqueConstraint(
                fields=["company", "month"], condition=Q(company__isnull=False), name="month_of_company_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class ExchangeRate(models.Model):
    """What one unit of `currency` was worth in the organisation's currency, from `day` until the next one known."""

    currency = models.CharField(max_length=3)
    day = models.DateField()
    rate = models.DecimalField(max_digits=20, decimal_places=10)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["currency", "day"], name="rate_once_a_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.day}: {self.rate}"
