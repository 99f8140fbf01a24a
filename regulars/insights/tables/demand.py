"""What will be asked for in the next four weeks, as the newest count says."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.orders.models import Product


class DemandRunQuerySet(models.QuerySet["DemandRun"]):
    """Reading runs."""

    def newest(self) -> "DemandRun | None":
        """The newest finished one."""
        ended = self.filter(status__in=(DemandRun.Status.DONE, DemandRun.Status.SHORT))
        return ended.order_by("-made_at", "-pk").first()

    def unfinished(self) -> Self:
        """Those that are being counted, oldest first."""
        return self.filter(status=DemandRun.Status.COUNTING).order_by("made_at", "pk")


class DemandRun(models.Model):
    """One count of the demand of the four weeks that begin on `as_of`, and of everybody's habits.

    `method` is the rule that the backtest chose (models.demand), "" when there is not enough past: then `have` of about
    `need` of `message` are there. `model` is that of repeat purchases behind the rhythm. `backtest` is
    models.demand_backtest.Tested as a dict, with the `parameters` of the model; `basket` holds what people take next
    (models.basket) and everybody's weekdays. `spans_read` spans of four weeks of the past are read, customers up to the
    id `scored_to` are done, and `state` holds their sums so far.
    """

    class Status(models.TextChoices):
        """How far it is."""

        COUNTING = "counting", _("Counting")
        DONE = "done", _("Done")
        SHORT = "short", _("Not enough data yet")
        STOPPED = "stopped", _("Given up")

    as_of = models.DateField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.COUNTING)
    made_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    method = models.CharField(max_length=14, blank=True)
    model = models.CharField(max_length=12, blank=True)
    beats = models.BooleanField(default=False)
    has_year = models.BooleanField(default=False)
    have = models.PositiveIntegerField(default=0)
    need = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=40, blank=True)
    backtest = models.JSONField(default=dict)
    basket = models.JSONField(default=dict)
    state = models.JSONField(default=dict)
    spans_read = models.PositiveSmallIntegerField(default=0)
    scored_to = models.BigIntegerField(default=0)
    scored = models.PositiveIntegerField(default=0)

    objects: ClassVar[Any] = DemandRunQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-made_at"], name="demand_run_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="counting", finished_at=None)
                | (~Q(status="counting") & Q(finished_at__isnull=False)),
                name="demand_run_finished_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.as_of}: {self.method or self.status}"

    def finish(self, status: "DemandRun.Status") -> bool:
        """End it; False when it had ended already. Older runs go, with what they said."""
        now = timezone.now()
        ended = DemandRun.objects.filter(pk=self.pk, status=DemandRun.Status.COUNTING).update(
            status=status, finished_at=now, state={}
        )
        self.refresh_from_db(fields=["status", "finished_at", "state"])
        return bool(ended)


class ProductSpan(models.Model):
    """What a product sold in four weeks of the past: the `back`-th before the run's day, 0 the newest.

    `units` were sold on `lines`, `squares` is the sum of their squares, `money` what they brought (minor units of the
    organisation's currency), `others` the units that newcomers and people we don't know took.
    """

    run = models.ForeignKey(DemandRun, models.CASCADE, related_name="spans")
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    back = models.PositiveSmallIntegerField()
    units = models.FloatField(default=0)
    lines = models.PositiveIntegerField(default=0)
    squares = models.FloatField(default=0)
    money = models.FloatField(default=0)
    others = models.FloatField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "product", "back"], name="product_span_once"),
        ]

    def __str__(self) -> str:
        return f"{self.back}: {self.units}"


class ProductDemand(models.Model):
    """Units of a product that should be asked for in four weeks, from `low` to `high` in 80 of 100 cases.

    `last_year` are those of the same weeks a year ago (None where the past is shorter), `last_span` those of the last
    four weeks, `purchases` the lines of the last 364 days that it rests on. `price` is what a unit brought lately, and
    `worth` the expected units at it, in minor units: by that the list is ordered.
    """

    run = models.ForeignKey(DemandRun, models.CASCADE, related_name="demands")
    product = models.OneToOneField(Product, models.CASCADE, related_name="demand")
    expected = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    last_year = models.FloatField(null=True, blank=True)
    last_span = models.FloatField(default=0)
    purchases = models.PositiveIntegerField(default=0)
    price = models.FloatField(default=0)
    worth = models.BigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-worth", "id"], name="demand_by_worth")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(expected__gte=0, low__gte=0, high__gte=models.F("low")),
                                   name="demand_makes_sense"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.expected:.0f} units"
