"""When colleagues are reminded of promises, and whose promises managers hear about."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models import Stage, Tag


class PromiseReminder(models.Model):
    """When a colleague is reminded of a promise before it is due. Without a row: on the morning of the day."""

    class When(models.TextChoices):
        """How long before."""

        MORNING = "morning", _("On the morning of the day")
        DAY_BEFORE = "day_before", _("The morning before")
        HOUR = "hour", _("An hour before; on the morning when there is no time")
        NEVER = "never", _("Not before it is due")

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="promise_reminder")
    when = models.CharField(max_length=10, choices=When.choices, default=When.MORNING)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.when}"


class PromiseSettings(models.Model):
    """Which customers matter so much that managers hear when a promise to them has been late for a day.

    Those with one of `tags` or in one of `stages`. Nothing chosen: the tags called "gold" and "vip".
    """

    BY_NAME: ClassVar[tuple[str, ...]] = ("gold", "vip")

    tags = models.ManyToManyField(Tag, blank=True, related_name="+")
    stages = models.ManyToManyField(Stage, blank=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_promise_settings")]

    def __str__(self) -> str:
        return "Promises"

    @classmethod
    def current(cls) -> "PromiseSettings":
        """Return the settings, made when asked for the first time."""
        return cls.objects.get_or_create(pk=1)[0]
