"""What each product sold within a choice of orders: counted when somebody asks for it, and kept."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from regulars.insights.tables.figures import STUCK_AFTER, Slice
from regulars.orders.models import Product


class ChoiceGoods(models.Model):
    """Whether the products of a slice are counted: `counted_at` is None until they are, `counting_since` while a worker
    is at it."""

    slice = models.OneToOneField(Slice, models.CASCADE, related_name="goods")
    counted_at = models.DateTimeField(null=True, blank=True)
    counting_since = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = models.Manager()

    def __str__(self) -> str:
        return f"{self.slice_id}: {self.counted_at or 'not counted'}"

    def begin(self, now: datetime | None = None) -> bool:
        """Say that this worker counts them; False when another one has begun within the last half hour."""
        now = now or timezone.now()
        free = models.Q(counting_since=None) | models.Q(counting_since__lt=now - STUCK_AFTER)
        return bool(ChoiceGoods.objects.filter(free, pk=self.pk).update(counting_since=now))

    def end(self, **changes: Any) -> None:
        """Say that nobody counts them any more; with `counted_at` that they are all there."""
        ChoiceGoods.objects.filter(pk=self.pk).update(counting_since=None, **changes)


class ChoiceProduct(models.Model):
    """What one product sold in one month within a slice, as ProductMonth has it of all orders."""

    slice = models.ForeignKey(Slice, models.CASCADE, related_name="products", db_index=False)
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    month = models.DateField()
    units = models.BigIntegerField(default=0)
    orders = models.PositiveIntegerField(default=0)
    customers = models.PositiveIntegerField(default=0)
    value = models.BigIntegerField(default=0)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slice", "month", "product"], name="choice_product_once"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.units}"
