"""One fit of the models to the business's own past: which was best, how well, and what it says of everybody."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RunQuerySet(models.QuerySet["Run"]):
    """Reading runs."""

    def latest_of(self, kind: str) -> "Run | None":
        """The newest finished one for people ("contact") or companies ("company")."""
        ended = self.filter(kind=kind, status__in=(Run.Status.DONE, Run.Status.SHORT))
        return ended.order_by("-made_at", "-pk").first()

    def unfinished(self) -> Self:
        """Those whose customers are not all scored yet, oldest first."""
        return self.filter(status=Run.Status.SCORING).order_by("made_at", "pk")


class Run(models.Model):
    """One fit for all people ("contact") or all companies ("company") as of a day.

    `model` is what the backtest chose: a model ("bgnbd", "paretonbd", "bgbb") or a plain rule ("same_rate",
    "last_year"), "" when there is not enough data; then `have` of about `need` repeat customers (or of what `message`
    says) are there.
    `parameters` and `log_likelihood` are those of the fit to everything until `as_of`, `ranges` their intervals,
    `draws` bootstrapped sets of them, `spend` those of Gamma-Gamma. `backtest` is models.backtest.Backtest as a dict:
    the part until `cut` predicts the part until `until`; its money is in minor units. Customers are scored by id:
    those up to `scored_to` are done.
    """

    class Status(models.TextChoices):
        """How far it is."""

        SCORING = "scoring", _("Scoring")
        DONE = "done", _("Done")
        SHORT = "short", _("Not enough data yet")
        STOPPED = "stopped", _("Given up")

    kind = models.CharField(max_length=7)
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.SCORING)
    as_of = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    model = models.CharField(max_length=12, blank=True)
    parameters = models.JSONField(default=dict)
    ranges = models.JSONField(default=dict)
    draws = models.JSONField(default=list)
    spend = models.JSONField(default=dict)
    log_likelihood = models.FloatField(null=True, blank=True)
    converged = models.BooleanField(default=True)
    customers = models.PositiveIntegerField(default=0)
    repeat = models.PositiveIntegerField(default=0)
    have = models.PositiveIntegerField(default=0)
    need = models.PositiveIntegerField(default=0)
    cut = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    beats = models.BooleanField(default=False, help_text="Whether a model erred less than the plain rules.")
    backtest = models.JSONField(default=dict)
    message = models.CharField(max_length=300, blank=True)
    scored_to = models.BigIntegerField(default=0)
    scored = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)

    objects: ClassVar[Any] = RunQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "-made_at"], name="run_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="scoring", finished_at=None) | (~Q(status="scoring") & Q(finished_at__isnull=False)),
                name="run_finished_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.model or self.status} on {self.as_of}"

    @property
    def is_enough(self) -> bool:
        """Whether there was enough data to say anything."""
        return self.status != Run.Status.SHORT

    def finish(self, status: "Run.Status") -> bool:
        """End it; False when it had ended already. Runs of long ago, that nobody's prediction rests on, go."""
        now = timezone.now()
        ended = Run.objects.filter(pk=self.pk, status=Run.Status.SCORING).update(status=status, finished_at=now)
        old = Run.objects.filter(kind=self.kind, made_at__lt=now - timedelta(days=400), predictions=None)
        old.exclude(pk=self.pk).delete()
        self.refresh_from_db(fields=["status", "finished_at"])
        return bool(ended)
