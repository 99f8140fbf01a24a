"""Long or reversible work that somebody started: imports, bulk edits, merges, exports, erasures."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models.users import User

HEARTBEAT_LOST_AFTER = timedelta(seconds=30)
UNDO_FOR = timedelta(days=30)


class Operation(models.Model):
    """A piece of work with progress and, where its kind offers it, undo for 30 days.

    Its kind (registered in `access.operations`) does the work in short transactions: each batch commits what it
    changed, its undo steps, `done` and `state` together, so that a killed worker goes on where it was.
    """

    class Status(models.TextChoices):
        """Where the work stands."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        UNDOING = "undoing", _("Undoing")
        UNDONE = "undone", _("Undone")

    FINISHED = (Status.DONE, Status.FAILED, Status.CANCELLED, Status.UNDONE)

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    by = models.ForeignKey(User, models.PROTECT, related_name="operations")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    state = models.JSONField(default=dict, help_text="What the kind needs to go on: its input and its cursor.")
    result = models.JSONField(default=dict, help_text="Counts and messages to show at the end.")
    problem = models.TextField(blank=True, help_text="Why it failed, in one sentence.")
    worker = models.CharField(max_length=64, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["by", "-created_at"], name="operation_newest"),
            models.Index(fields=["status"], name="operation_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["done", "failed", "cancelled", "undone"])
                ^ models.Q(finished_at__isnull=True),
                name="operation_finished_has_time",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.status in self.FINISHED

    @property
    def rate(self) -> float:
        """Rows a second since the start; 0 before it."""
        if not self.started_at:
            return 0.0
        seconds = ((self.finished_at or timezone.now()) - self.started_at).total_seconds()
        return self.done / seconds if seconds > 0 else 0.0

    @property
    def seconds_left(self) -> int | None:
        """Estimated seconds to the end, or None when unknown."""
        if self.is_finished or not self.total or not self.rate:
            return None
        return round((self.total - self.done) / self.rate)

    @property
    def undo_until(self) -> datetime | None:
        """When undo ends; None while unfinished."""
        return self.finished_at + UNDO_FOR if self.finished_at else None

    def claim(self, worker: str, status: "Operation.Status") -> bool:
        """Take the work for `worker`; False when another worker holds it and is alive."""
        now = timezone.now()
        free = models.Q(worker="") | models.Q(worker=worker) | models.Q(heartbeat_at__lt=now - HEARTBEAT_LOST_AFTER)
        taken = Operation.objects.filter(free, pk=self.pk).exclude(status__in=self.FINISHED)
        count = taken.update(
            worker=worker,
            heartbeat_at=now,
            status=status,
            started_at=models.functions.Coalesce("started_at", now),
        )
        if count:
            self.refresh_from_db()
        return bool(count)

    def advance(self, by_rows: int, **state: Any) -> None:
        """Record progress inside the batch's transaction: `by_rows` more rows done and the new `state` values."""
        self.done += by_rows
        self.state = {**self.state, **state}
        self.heartbeat_at = timezone.now()
        self.save(update_fields=["done", "state", "heartbeat_at", "result"])

    def finish(self, status: "Operation.Status", problem: str = "") -> None:
        """End the work with `status`; `problem` says why when it failed."""
        self.status, self.problem, self.worker = status, problem, ""
        self.finished_at = timezone.now()
        self.save(update_fields=["status", "problem", "worker", "finished_at", "result", "state", "done"])


class UndoStep(models.Model):
    """What one object was before an operation changed it; undone from the newest to the oldest."""

    operation = models.ForeignKey(Operation, models.CASCADE, related_name="undo_steps")
    model = models.CharField(max_length=60, help_text="app_label.model of the object.")
    object_id = models.BigIntegerField()
    before = models.JSONField(null=True, help_text="Field values before; null when the operation created the object.")

    class Meta:
        indexes = [models.Index(fields=["operation", "-id"], name="undo_newest")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"
