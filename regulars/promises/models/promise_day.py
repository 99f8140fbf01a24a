"""How many promises a colleague had due on a day, and what became of them."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, F, Q

from regulars.access.models import User


class PromiseDay(models.Model):
    """The count of one colleague's promises due on one day: rates and loads are sums over a few of these rows.

    The verbs of a promise keep it in step, in their own transaction; `recount` works it out again from the promises.
    `kept_late` are those of `kept` that came late. Withdrawn and moved promises count nowhere.
    """

    owner = models.ForeignKey(User, models.CASCADE, related_name="promise_days", db_index=False)
    day = models.DateField()
    open = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)
    kept_late = models.IntegerField(default=0)
    broken = models.IntegerField(default=0)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        # With the counts, so that the rate of the whole team reads nothing but the index.
        indexes = [models.Index(fields=["day", "kept", "kept_late", "broken", "open"], name="promise_day_counts")]
        constraints = [models.UniqueConstraint(fields=["owner", "day"], name="promise_day_once")]

    def __str__(self) -> str:
        return f"{self.owner_id} on {self.day:%Y-%m-%d}"

    @classmethod
    def shift(cls, owner_id: int, day: date, **by: int) -> None:
        """Add to counts of a colleague's day; called inside the transaction of the verb."""
        added = {name: F(name) + count for name, count in by.items()}
        row = cls.objects.filter(owner_id=owner_id, day=day)
        if not row.update(**added):
            cls.objects.bulk_create([cls(owner_id=owner_id, day=day)], ignore_conflicts=True)
            row.update(**added)

    @classmethod
    def recount(cls) -> int:
        """Work all counts out again from the promises; returns how many rows were wrong."""
        from regulars.promises.models.promise import Promise

        late = Q(status="kept", settled_at__gt=F("due_at"))
        counts = {
            "open": Count("pk", filter=Q(status="open")), "kept": Count("pk", filter=Q(status="kept")),
            "kept_late": Count("pk", filter=late), "broken": Count("pk", filter=Q(status="broken")),
        }  # fmt: skip
        named = {f"number_{name}": count for name, count in counts.items()}
        rows = Promise.objects.order_by().values_list("owner_id", "due_on").annotate(**named)
        found = {(owner, day): numbers for owner, day, *numbers in rows}
        names = tuple(counts)
        known = {(row[0], row[1]): list(row[2:]) for row in cls.objects.values_list("owner_id", "day", *names)}
        wrong = [key for key in {**known, **found} if known.get(key, [0, 0, 0, 0]) != found.get(key, [0, 0, 0, 0])]
        mended = [
            cls(owner_id=owner, day=day, **dict(zip(names, found.get((owner, day), [0, 0, 0, 0]), strict=True)))
            for owner, day in wrong
        ]
        cls.objects.bulk_create(
            mended, update_conflicts=True, unique_fields=["owner", "day"], update_fields=list(names), batch_size=500
        )
        return len(wrong)
