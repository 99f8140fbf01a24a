"""Private calendar addresses, and calendar files that wait to be taken in."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User

SEEN_EVERY = timedelta(hours=1)  # how exactly it is noted when a feed was read
FILE_LASTS = timedelta(days=1)


def hash_of(token: str) -> str:
    """Return what is kept of a secret address: whoever reads the database can't open a feed with it."""
    return hashlib.sha256(token.encode()).hexdigest()


class CalendarFeed(models.Model):
    """The secret address at which one device of a colleague reads their calendar.

    Of its token only a hash is kept, so an address is shown once. `parts` says what is in it. `off_at` is when it was
    switched off. `etag` names what it said last and `changed_at` since when it says that.
    """

    class Part(models.TextChoices):
        """What a calendar can show."""

        APPOINTMENTS = "appointments", _("Appointments")
        PROMISES = "promises", _("Promises")
        TASKS = "tasks", _("Tasks")
        DATES = "dates", _("Birthdays and dates")

    user = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds")
    name = models.CharField(max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    parts = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    off_at = models.DateTimeField(null=True, blank=True)
    etag = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make(cls, user: User, *, name: str, parts: list[str]) -> tuple[Self, str]:
        """Return a new feed and its token, which is known now and never again."""
        token = secrets.token_urlsafe(32)
        return cls.objects.create(user=user, name=name[:60], parts=parts, token_hash=hash_of(token)), token

    @classmethod
    def find(cls, token: str) -> "CalendarFeed | None":
        """Return the feed of a token, or None: for a wrong one, one switched off, and one of a colleague who left."""
        found: CalendarFeed | None = (
            cls.objects.select_related("user")
            .filter(token_hash=hash_of(token), off_at=None, user__is_active=True)
            .first()
        )
        return found

    def switch_off(self) -> bool:
        """Let the address lead nowhere from now on; False when it does already."""
        return bool(CalendarFeed.objects.filter(pk=self.pk, off_at=None).update(off_at=timezone.now()))

    def switch_on(self) -> bool:
        """Undo `switch_off`; False when it is on anyway."""
        return bool(CalendarFeed.objects.filter(pk=self.pk).exclude(off_at=None).update(off_at=None))

    def says(self, etag: str) -> None:
        """Note that it was read, and when it began to say what `etag` names. Mostly writes nothing."""
        now = timezone.now()
        values: dict[str, Any] = {}
        if etag != self.etag:
            values |= {"etag": etag, "changed_at": now}
        if self.read_at is None or now - self.read_at > SEEN_EVERY:
            values["read_at"] = now
        if values:
            CalendarFeed.objects.filter(pk=self.pk).update(**values)
            for name, value in values.items():
                setattr(self, name, value)


class CalendarFile(models.Model):
    """An uploaded calendar, read and waiting for its colleague to say yes; forgotten after a day.

    `events` are those of `feeds.ics_reading`, as JSON can hold them; `problems` what could not be read, in words.
    """

    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    events = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = models.Manager()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def forget_old(cls) -> int:
        """Delete those that nobody said yes to within a day; returns how many."""
        return int(cls.objects.filter(created_at__lt=timezone.now() - FILE_LASTS).delete()[0])
