"""Messages of shops and tills as they came, and what they told about each order."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.orders.models.connection import Connection
from regulars.orders.models.order import Order

WARY_AFTER, TRIES = 2, 6  # begun twice without an end: taken alone from then on; begun six times: given up
FORGET_AT_ONCE = 500


class HookEventQuerySet(models.QuerySet["HookEvent"]):
    """Reading messages."""

    def waiting(self) -> Self:
        """Those that are to be worked on, in the order they came."""
        return self.filter(status=HookEvent.Status.WAITING).order_by("pk")

    def replayable(self, statuses: tuple[str, ...]) -> Self:
        """Those with one of `statuses` whose body is still there."""
        return self.filter(status__in=statuses, is_forgotten=False)


class HookEvent(models.Model):
    """One message, stored before anything is made of it.

    `event_id` is the shop's own name for it, unique within the connection: a message that comes twice is kept once.
    `body` are the bytes as they came, forgotten after a while (`is_forgotten`). `order_key` is the shop's id of the
    order it is about. `settled_at` is when it was dealt with, `note` what became of it in words, `begun` how often work
    on it began.
    """

    class Status(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("Waiting")
        PROCESSED = "processed", _("Processed")
        IGNORED = "ignored", _("Not needed")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Not understood")

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="events", db_index=False)
    event_id = models.CharField(max_length=140)
    topic = models.CharField(max_length=80, blank=True)
    version = models.CharField(max_length=40, blank=True, help_text="Of the shop's interface, as it says.")
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    size = models.PositiveIntegerField(default=0)
    is_forgotten = models.BooleanField(default=False)
    received_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.WAITING)
    settled_at = models.DateTimeField(null=True, blank=True)
    begun = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=500, blank=True)
    order_key = models.CharField(max_length=120, blank=True)
    order = models.ForeignKey(Order, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)

    objects: ClassVar[Any] = HookEventQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["connection", "-received_at", "-id"], name="hook_newest"),
            models.Index(fields=["connection", "status", "-received_at", "-id"], name="hook_by_status"),
            models.Index(fields=["id"], condition=Q(status="waiting"), name="hook_waiting"),
            models.Index(fields=["connection", "order_key"], condition=~Q(order_key=""), name="hook_of_key"),
            models.Index(fields=["order"], condition=Q(order__isnull=False), name="hook_of_order"),
            models.Index(fields=["received_at"], condition=Q(is_forgotten=False), name="hook_with_body"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "event_id"], name="hook_event_once"),
            models.CheckConstraint(
                condition=Q(status="waiting", settled_at=None) | ~Q(status="waiting") & Q(settled_at__isnull=False),
                name="hook_settled_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.topic or self.event_id

    def get_absolute_url(self) -> str:
        """Its page for those who lead."""
        return reverse("hook-event", args=[self.pk])

    @property
    def may_replay(self) -> bool:
        """Whether it can be worked on again."""
        return self.status != self.Status.WAITING and not self.is_forgotten

    def settle(self, status: str, note: str = "", *, order_key: str = "", order: Order | None = None) -> bool:
        """Say what became of it, once: False when another worker was first. What was made of it belongs in the same
        transaction, so that a worker that dies leaves it waiting and nothing half done."""
        values: dict[str, Any] = {"status": status, "settled_at": timezone.now(), "note": note[:500]}
        if order_key:
            values["order_key"] = order_key[:120]
        if order:
            values["order"] = order
        return bool(HookEvent.objects.filter(pk=self.pk, status=self.Status.WAITING).update(**values))

    @transaction.atomic
    def replay(self, *, by: User) -> bool:
        """Let it be worked on again; False when it is waiting anyway or its body is gone. Audited."""
        again = HookEvent.objects.filter(pk=self.pk, is_forgotten=False).exclude(status=self.Status.WAITING)
        if not again.update(**AGAIN):
            return False
        audit("replayed", by=by, kind="event of a shop", object_id=self.pk, title=f"{self.connection}: {self}")
        return True

    @classmethod
    @transaction.atomic
    def replay_all(cls, connection: Connection, statuses: tuple[str, ...], *, by: User) -> int:
        """Let all of a connection with one of `statuses` be worked on again; returns how many. Audited."""
        count: int = cls.objects.filter(connection=connection).replayable(statuses).update(**AGAIN)
        if count:
            changes = {"messages": count}
            audit("replayed", by=by, kind="connection", object_id=connection.pk, title=str(connection), changes=changes)
        return count

    @classmethod
    def take(cls, at_most: int) -> "list[HookEvent]":
        """Return the next to be worked on, and count that work on them began.

        One that was begun before without an end may have brought its worker down: it comes alone. Nobody else is kept
        from taking the same: who settles one first has done it.
        """
        found = list(cls.objects.waiting().select_related("connection")[:at_most])
        if any(event.begun >= WARY_AFTER for event in found):
            found = found[:1] if found[0].begun >= WARY_AFTER else [e for e in found if e.begun < WARY_AFTER]
        if found:
            cls.objects.filter(pk__in=[event.pk for event in found]).update(begun=F("begun") + 1)
        return found

    @classmethod
    def forget_old(cls, days: int | None = None) -> int:
        """Drop the bodies and headers of messages older than `REGULARS_HOOK_DAYS`; returns how many. What became of
        them stays. Those that wait, failed or were not understood keep theirs twice as long."""
        before = timezone.now() - timedelta(days=settings.HOOK_DAYS if days is None else days)
        settled = Q(status__in=(cls.Status.PROCESSED, cls.Status.IGNORED), received_at__lt=before)
        old = Q(received_at__lt=before - (timezone.now() - before))
        ids = cls.objects.filter(settled | old, is_forgotten=False).exclude(status=cls.Status.WAITING)
        count = 0
        while some := list(ids.order_by("received_at").values_list("pk", flat=True)[:FORGET_AT_ONCE]):
            count += cls.objects.filter(pk__in=some).update(**FORGOTTEN)
        return count


AGAIN: dict[str, Any] = {"status": HookEvent.Status.WAITING, "settled_at": None, "begun": 0, "note": ""}
FORGOTTEN: dict[str, Any] = {"body": b"", "headers": {}, "is_forgotten": True}


class HookOrder(models.Model):
    """What a shop's messages told about one order, whatever order they came in.

    `facets` holds the newest word on each thing that messages tell separately: the order itself, a payment, a refund
    (see hooks/settling.py). `revision` counts what changed it.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=120)
    facets = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    order = models.ForeignKey(Order, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["order"], condition=Q(order__isnull=False), name="hook_order_of_order"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "key"], name="hook_order_once"),
        ]

    def __str__(self) -> str:
        return self.key
