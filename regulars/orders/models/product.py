"""What we sell."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Product(models.Model):
    """Something that stands on the lines of orders. `price` and `cost` are minor units of the organisation's currency.

    `folded` is the folded name, by which a line without a SKU finds its product. One that orders name is never
    deleted: it is no longer offered (`is_active`).
    """

    sku = models.CharField(_("SKU"), max_length=80, blank=True)
    name = models.CharField(_("name"), max_length=200)
    folded = models.CharField(max_length=200, editable=False)
    category = models.CharField(_("category"), max_length=100, blank=True)
    unit = models.CharField(_("unit"), max_length=30, blank=True, help_text=_("Piece, kg, hour…"))
    price = models.BigIntegerField(_("price"), null=True, blank=True)
    cost = models.BigIntegerField(_("cost"), null=True, blank=True, help_text=_("What it costs us, for the margin."))
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["folded", "id"], name="product_by_name"),
            models.Index(fields=["category", "folded"], name="product_by_category"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sku"], condition=~Q(sku=""), name="product_sku_once"),
            models.CheckConstraint(
                condition=(Q(price=None) | Q(price__gte=0)) & (Q(cost=None) | Q(cost__gte=0)),
                name="product_amounts_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The product's page: its form."""
        return reverse("product-edit", args=[self.pk])
