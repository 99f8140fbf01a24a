"""What the business wants to reach."""

from datetime import date
from typing import Any, ClassVar

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models import Team, User
from regulars.access.models.audit import audit


class GoalQuerySet(models.QuerySet["Goal"]):
    """Reading goals."""

    def visible_to(self, user: User) -> "GoalQuerySet":
        """Managers and owners see every goal, others those of the whole business, of their teams and their own."""
        if user.sees_all:
            return self
        everybody = models.Q(team=None, owner=None)
        return self.filter(everybody | models.Q(owner=user) | models.Q(team__in=user.teams.values("pk")))

    def running(self, today: date) -> "GoalQuerySet":
        """Those that are not closed and whose time has not passed."""
        return self.filter(closed_at=None, ends_on__gte=today)


class Goal(models.Model):
    """One metric, its target and the days within which it is to be reached.

    `target` is a number, an amount in minor units of the organisation's currency, or percent, as the metric says.
    It is about the whole business, one team, or the customers of one colleague.
    """

    metric = models.CharField(_("what"), max_length=30)
    target = models.PositiveBigIntegerField(_("target"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("by"))
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="goals", verbose_name=_("team"))
    owner = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="goals", verbose_name=_("point of contact")
    )
    why = models.CharField(_("why it matters"), max_length=300, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = GoalQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["ends_on", "id"], name="goal_by_end")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(target__gte=1), name="goal_has_target"),
            models.CheckConstraint(condition=models.Q(ends_on__gt=models.F("starts_on")), name="goal_ends_after_start"),
            models.CheckConstraint(condition=models.Q(team=None) | models.Q(owner=None), name="goal_one_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.metric}: {self.target}"

    def get_absolute_url(self) -> str:
        """Where its progress is shown."""
        return reverse("goal", args=[self.pk])

    def close(self, *, by: User) -> bool:
        """Put the goal away; False when somebody did already. Records an audit event."""
        return self._close(timezone.now(), models.Q(closed_at=None), "archived", by)

    def reopen(self, *, by: User) -> bool:
        """Take the goal up again, which undoes `close`; False when it is open."""
        return self._close(None, models.Q(closed_at__isnull=False), "restored", by)

    def _close(self, at: Any, guard: models.Q, verb: str, by: User) -> bool:
        with transaction.atomic():
            changed = Goal.objects.filter(guard, pk=self.pk).update(closed_at=at)
            if changed:
                self.closed_at = at
                audit(verb, by=by, kind="goal", object_id=self.pk, title=str(self))
        return bool(changed)
