"""What somebody bought, and when."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.access.models import Operation, User
from regulars.contacts.models import Company, Contact
from regulars.contacts.models.querysets import may_know_person_else_company
from regulars.orders.models.product import Product

COUNTED_FROM = ("placed_on", "status", "refunded", "value", "margin")
HAND = "hand"  # the source of orders that a colleague wrote down


class OrderQuerySet(models.QuerySet["Order"]):
    """Reading orders: always through `visible_to`."""

    def visible_to(self, user: User) -> Self:
        """Orders of people and companies that `user` may know of, and those of nobody."""
        known = may_know_person_else_company(user, company__isnull=False)
        return self.filter(known | Q(contact=None, company=None))

    def counted(self) -> Self:
        """Those that count as a purchase: not cancelled, not refunded in whole."""
        return self.filter(status__in=Order.COUNTED)

    def of(self, holder: Contact | Company) -> Self:
        """Orders of a person, or of a company and its people."""
        return self.filter(contact=holder) if isinstance(holder, Contact) else self.filter(company=holder)

    def told_as(self, sources: Iterable[str], external_ids: Iterable[str]) -> Self:
        """Those that one of these sources calls one of these ids."""
        # That no id is empty has to be said: orders without one are no part of the index, which is of no use otherwise.
        return self.filter(source__in=list(sources), external_id__among=list(external_ids)).exclude(external_id="")

    def unclaimed(self) -> Self:
        """Orders of nobody: kept until somebody says whose they are."""
        return self.filter(contact=None, company=None)


class Order(models.Model):
    """One purchase. Amounts are whole minor units of `currency`: see regulars.lib.money.

    `total` is what was asked for (`subtotal` - `discount` + `shipping` + `tax`; `tax` is 0 where prices include it and
    `tax_included` then says how much of the total it was). `refunded` is what was given back. `value` is what it
    brought in, (`total` - `refunded`) at `rate` in minor units of the organisation's currency, 0 when cancelled; None
    while no rate of that day is known. `margin` is the value less tax and cost where the cost of every line is known.

    `source` and `external_id` name it where it came from ("shopify", "5001"), once; `version` orders what the source
    tells about it (its own time or number), so that late news change nothing. `company` is also the main company of
    the person at that time. `placed_on` is the day in the organisation's zone. The `buyer_…` columns keep who it was
    for as long as nobody claims it, and after.
    """

    class Status(models.TextChoices):
        """Where it stands."""

        PLACED = "placed", _("Placed")
        PAID = "paid", _("Paid")
        FULFILLED = "fulfilled", _("Fulfilled")
        PARTLY = "partly", _("Refunded in part")
        REFUNDED = "refunded", _("Refunded")
        CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")

    class Channel(models.TextChoices):
        """Where it was bought."""

        TILL = "till", _("Till")
        WEB = "web", _("Web shop")
        PHONE = "phone", _("Phone")
        MAIL = "mail", _("Mail")
        MARKET = "market", _("Marketplace")
        INVOICE = "invoice", _("Invoice")
        OTHER = "other", _("Other")

    COUNTED = (Status.PLACED, Status.PAID, Status.FULFILLED, Status.PARTLY)
    UNCOUNTED = (Status.REFUNDED, Status.CANCELLED)  # left out by these, SQLite does not walk the index by status

    number = models.CharField(_("number"), max_length=80, blank=True)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="orders", db_index=False)
    company = models.ForeignKey(Company, models.SET_NULL, null=True, blank=True, related_name="orders", db_index=False)
    placed_at = models.DateTimeField(_("placed at"), default=timezone.now)
    placed_on = models.DateField()
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, default=Channel.TILL)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PAID)
    status_at = models.DateTimeField(default=timezone.now)
    currency = models.CharField(_("currency"), max_length=3)
    subtotal = models.BigIntegerField(default=0)
    discount = models.BigIntegerField(default=0)
    shipping = models.BigIntegerField(default=0)
    tax = models.BigIntegerField(default=0)
    tax_included = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    rate = models.DecimalField(max_digits=20, decimal_places=10, null=True, blank=True)
    is_rate_settled = models.BooleanField(null=True, help_text="The source settled at this rate: no other counts.")
    value = models.BigIntegerField(null=True, blank=True)
    margin = models.BigIntegerField(null=True, blank=True)
    source = models.CharField(max_length=40, default=HAND)
    external_id = models.CharField(max_length=120, blank=True)
    version = models.CharField(max_length=40, blank=True)
    buyer_name = models.CharField(max_length=300, blank=True)
    buyer_email = models.CharField(max_length=300, blank=True)
    buyer_phone = models.CharField(max_length=40, blank=True)
    buyer_id = models.CharField(max_length=120, blank=True, help_text="The customer's id or loyalty number there.")
    note = models.CharField(_("note"), max_length=500, blank=True)
    brought_by = models.ForeignKey(
        Operation, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, help_text="The import."
    )
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = OrderQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["contact", "-placed_at", "-id"], condition=Q(contact__isnull=False), name="order_of_contact"
            ),
            models.Index(
                fields=["company", "-placed_at", "-id"], condition=Q(company__isnull=False), name="order_of_company"
            ),
            # All that facts are counted from, in its order: no order is looked up, nothing is sorted.
            models.Index(
                fields=["contact", *COUNTED_FROM], include=["id"], condition=Q(contact__isnull=False),
                name="order_counted_of_contact",
            ),
            models.Index(
                fields=["company", *COUNTED_FROM], include=["id"], condition=Q(company__isnull=False),
                name="order_counted_of_company",
            ),
            models.Index(fields=["-placed_at", "-id"], name="order_newest"),
            models.Index(fields=["status", "-placed_at", "-id"], name="order_by_status"),
            models.Index(fields=["placed_on", "channel"], name="order_by_day"),
            models.Index(
                fields=["-placed_at", "-id"], condition=Q(contact=None, company=None), name="order_unclaimed"
            ),
            models.Index(
                fields=["buyer_email"], condition=Q(contact=None, company=None) & ~Q(buyer_email=""),
                name="order_unclaimed_email",
            ),
            models.Index(fields=["buyer_phone"], condition=Q(contact=None, company=None), name="order_unclaimed_phone"),
            models.Index(fields=["currency"], condition=Q(value=None), name="order_without_rate"),
            models.Index(fields=["brought_by", "id"], condition=Q(brought_by__isnull=False), name="order_of_import"),
            models.Index(
                fields=["number"], condition=~Q(number=""), name="order_by_number", opclasses=["varchar_pattern_ops"]
            ),
        ]  # fmt: skip
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=~Q(external_id=""), name="order_once_per_source"
            ),
            models.CheckConstraint(
                condition=Q(total=F("subtotal") - F("discount") + F("shipping") + F("tax")), name="order_total_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0, discount__gte=0, shipping__gte=0, tax__gte=0, tax_included__gte=0),
                name="order_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=F("total")), name="order_refund_within_total"
            ),
            models.CheckConstraint(
                condition=Q(status="partly", refunded__gt=0)
                | Q(status="refunded", refunded=F("total"))
                | Q(status="cancelled")
                | Q(status__in=("placed", "paid", "fulfilled"), refunded=0),
                name="order_status_tells_refund",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        """The order's page."""
        return reverse("order", args=[self.pk])

    @property
    def holder(self) -> Contact | Company | None:
        """Whose it is: the person, else the company, else nobody."""
        return self.contact or self.company

    @property
    def what(self) -> str:
        """What was bought, in a line; reads the lines unless they are prefetched."""
        from regulars.orders.entries import text_for

        return text_for([(line.quantity, line.name) for line in sorted(self.lines.all(), key=lambda line: line.pk)])

    @property
    def is_foreign(self) -> bool:
        """Whether its value in our money is not known: there is no rate of that day."""
        return self.value is None

    @property
    def counts(self) -> bool:
        """Whether it is a purchase: not cancelled, not refunded in whole."""
        return self.status in self.COUNTED


class Line(models.Model):
    """One line of an order. Amounts are minor units of the order's currency: `total` = quantity × `unit_price`, rounded
    to the unit, - `discount`; its tax is part of the order's.

    `returned` is how much of it came back, None while nobody said. `placed_at` repeats the order's, so that the newest
    orders of a product are one walk along an index.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="lines", db_index=False)
    name = models.CharField(_("product"), max_length=200)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3, default=1)
    unit_price = models.BigIntegerField(_("unit price"), default=0)
    discount = models.BigIntegerField(_("discount"), default=0)
    tax = models.BigIntegerField(_("tax"), default=0)
    total = models.BigIntegerField(default=0)
    returned = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    placed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["product", "-placed_at", "-id"], condition=Q(product__isnull=False), name="line_of_product"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_positive"),
            models.CheckConstraint(
                condition=Q(returned=None) | Q(returned__gte=0, returned__lte=F("quantity")), name="line_returned"
            ),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0, discount__gte=0, tax__gte=0, total__gte=0), name="line_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep it, with the time of its order."""
        self.placed_at = self.placed_at or self.order.placed_at
        super().save(*args, **kwargs)
