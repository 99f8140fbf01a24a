"""A shop or till that tells us of its orders by itself."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.lib.secrets import SealBroken, seal, unseal

OLD_SECRET_LASTS = timedelta(days=3)  # shops change a secret while messages signed with the old one are on their way
KEPT_REMOVED = timedelta(days=30)
HEARD_EVERY = timedelta(seconds=5)  # how exactly it is noted when we heard from it


class ConnectionQuerySet(models.QuerySet["Connection"]):
    """Reading connections."""

    def kept(self) -> Self:
        """Those that nobody removed."""
        return self.filter(removed_at=None)


class Connection(models.Model):
    """One shop or till. `kind` says whose messages it brings, `source` names it in the orders it brought ("shopify-2").

    `secret` is what its messages are signed with, sealed; `old_secret` the one before, good until `old_secret_until`.
    Nobody is ever shown either. `refused` counts what came and was not let in, `refused_why` says why the last was not.
    `knocked_at` is when an unsigned test knock came (WooCommerce sends one when it is set up).
    """

    class Kind(models.TextChoices):
        """Whose messages it brings."""

        SHOPIFY = "shopify", "Shopify"
        WOOCOMMERCE = "woocommerce", "WooCommerce"
        SQUARE = "square", "Square"
        STRIPE = "stripe", "Stripe"
        JSON = "json", _("Any other till or shop")

    class Refusal(models.TextChoices):
        """Why a message was not let in."""

        FORGED = "forged", _("The signature was wrong.")
        UNSIGNED = "unsigned", _("There was no signature.")
        OLD = "old", _("It was too old, or its clock is wrong.")
        LARGE = "large", _("It was larger than 5 MB.")
        BROKEN = "broken", _("It broke off in the middle.")
        CLOSED = "closed", _("It came while the connection was switched off.")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=60)
    source = models.CharField(max_length=40, unique=True)
    secret = models.TextField(blank=True)
    old_secret = models.TextField(blank=True)
    old_secret_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    last_event_at = models.DateTimeField(null=True, blank=True)
    knocked_at = models.DateTimeField(null=True, blank=True)
    refused = models.PositiveIntegerField(default=0)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_why = models.CharField(max_length=8, choices=Refusal.choices, blank=True)

    objects: ClassVar[Any] = ConnectionQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(refused=0, refused_at=None, refused_why="")
                | Q(refused__gt=0, refused_at__isnull=False) & ~Q(refused_why=""),
                name="connection_refused_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page for those who lead."""
        return reverse("connection", args=[self.pk])

    @property
    def hook_path(self) -> str:
        """Where its messages go, from the root."""
        return reverse("hook", args=[self.kind, self.pk])

    @property
    def is_open(self) -> bool:
        """Whether messages are let in."""
        return self.is_active and self.removed_at is None

    def secrets(self) -> list[str]:
        """Return the secrets that a message may be signed with, the present one first; none before one was given.

        Raises SealBroken when the installation's secret key is another one than when it was given.
        """
        found = [unseal(self.secret)] if self.secret else []
        if self.old_secret and self.old_secret_until and self.old_secret_until > timezone.now():
            found.append(unseal(self.old_secret))
        return found

    @property
    def is_readable(self) -> bool:
        """Whether its secret is there and can be opened."""
        try:
            return bool(self.secrets())
        except SealBroken:
            return False

    @classmethod
    @transaction.atomic
    def make(cls, kind: str, name: str, *, by: User, secret: str = "") -> "Connection":
        """Return a new connection under the first free source name ("shopify", "shopify-2"). Audited."""
        taken = set(cls.objects.filter(kind=kind).values_list("source", flat=True))
        number = next(n for n in range(1, len(taken) + 2) if cls._source(kind, n) not in taken)
        made: Connection = cls.objects.create(
            kind=kind, name=name, source=cls._source(kind, number), created_by=by, secret=seal(secret) if secret else ""
        )
        audit("added", by=by, kind="connection", object_id=made.pk, title=made.name)
        return made

    @staticmethod
    def _source(kind: str, number: int) -> str:
        stem = "till" if kind == Connection.Kind.JSON else kind
        return stem if number == 1 else f"{stem}-{number}"

    @transaction.atomic
    def revise(self, name: str, secret: str, *, by: User) -> None:
        """Rename it, and with a secret take that from now on; the one before stays good for three days. Audited."""
        changed: dict[str, Any] = {"name": name}
        noted: dict[str, Any] = {} if name == self.name else {"name": [self.name, name]}
        if secret:
            if self.secret:
                changed |= {"old_secret": self.secret, "old_secret_until": timezone.now() + OLD_SECRET_LASTS}
            changed["secret"] = seal(secret)
            noted["secret"] = "given"  # noqa: S105  (that it was, not what it is)
        if noted:
            self._set(**changed)
            audit("changed", by=by, kind="connection", object_id=self.pk, title=name, changes=noted)

    def switch_off(self, *, by: User) -> bool:
        """Let no message in from now on; False when that is so already. Audited."""
        return self._turn({"is_active": True}, {"is_active": False}, "switched off", by)

    def switch_on(self, *, by: User) -> bool:
        """Let messages in again; False when that is so already. Audited."""
        return self._turn({"is_active": False}, {"is_active": True}, "switched on", by)

    def remove(self, *, by: User) -> bool:
        """Take it away; its orders stay. It comes back within 30 days. False when it is gone already. Audited."""
        return self._turn({"removed_at": None}, {"removed_at": timezone.now()}, "removed", by)

    def bring_back(self, *, by: User) -> bool:
        """Undo `remove`; False when it is there. Audited."""
        return self._turn({"removed_at__isnull": False}, {"removed_at": None}, "restored", by)

    @transaction.atomic
    def _turn(self, condition: dict[str, Any], values: dict[str, Any], verb: str, by: User) -> bool:
        if not Connection.objects.filter(pk=self.pk, **condition).update(**values):
            return False
        for name, value in values.items():
            setattr(self, name, value)
        audit(verb, by=by, kind="connection", object_id=self.pk, title=self.name)
        return True

    def _set(self, **values: Any) -> None:
        Connection.objects.filter(pk=self.pk).update(**values)
        for name, value in values.items():
            setattr(self, name, value)

    def heard(self) -> None:
        """Note that a message came, exact to a few seconds. Mostly writes nothing."""
        now = timezone.now()
        if self.last_event_at is None or now - self.last_event_at > HEARD_EVERY:
            self._set(last_event_at=now)

    def knock(self) -> None:
        """Note that the shop tried the address without a message, exact to a few seconds: anybody may knock."""
        now = timezone.now()
        if self.knocked_at is None or now - self.knocked_at > HEARD_EVERY:
            self._set(knocked_at=now)

    def refuse(self, why: str) -> None:
        """Count a message that was not let in."""
        now = timezone.now()
        Connection.objects.filter(pk=self.pk).update(refused=F("refused") + 1, refused_at=now, refused_why=why)

    @classmethod
    def forget_removed(cls) -> int:
        """Delete what was removed more than 30 days ago, with its messages; returns how many. Their orders stay."""
        found = cls.objects.filter(removed_at__lt=timezone.now() - KEPT_REMOVED)
        return sum(bool(one.delete()) for one in found)
