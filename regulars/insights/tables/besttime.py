"""When and how somebody is best reached, and everybody's pattern that it is drawn towards."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.contacts.models import Contact


class Way(models.TextChoices):
    """How people answer or buy."""

    PHONE = "phone", _("Phone")
    MESSAGE = "message", _("Message")
    EMAIL = "email", _("Email")
    PERSON = "person", _("In person")
    WEB = "web", _("Web shop")


WAYS = tuple(way.value for way in Way)


class Pattern(models.Model):
    """One count of when and how everybody answers, and what it found; the newest one that is done counts.

    `time_alpha` are the parameters of the prior of the 28 cells of the week (weekday × part of day), `way_alpha` those
    of the ways, both fitted to `people` with `moments` (`time_alpha` is empty where fewer than two people answered).
    `best` is everybody's best time as a row of BestTime has it: {"day": 1, "days": 3, "part": 0, "parts": 1, "share":
    .52}, empty where nothing stands out. Contacts up to `done_to` are counted; `finished_at` is None until all are.
    """

    made_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    as_of = models.DateField()
    people = models.PositiveIntegerField(default=0)
    moments = models.PositiveIntegerField(default=0)
    time_alpha = models.JSONField(default=list)
    way_alpha = models.JSONField(default=list)
    best = models.JSONField(default=dict)
    done_to = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-made_at"], name="pattern_newest")]

    def __str__(self) -> str:
        return f"{self.people} people on {self.as_of}"

    @property
    def weight(self) -> float:
        """How many answers everybody's pattern counts like."""
        return float(sum(self.time_alpha))

    def finish(self) -> bool:
        """End it; False when it had ended already. Counts of long ago go."""
        now = timezone.now()
        ended = Pattern.objects.filter(pk=self.pk, finished_at=None).update(finished_at=now)
        Pattern.objects.filter(made_at__lt=now - timedelta(days=90)).exclude(pk=self.pk).delete()
        return bool(ended)


class BestTime(models.Model):
    """When and how one person is best reached. Written in bulk by insights.besttime.job, never changed by hand.

    `moments` are the answers whose hour is known, in their own time zone, each part of a day counted once. Their best
    time is from `day` (0 is Monday) for `days` weekdays and from `part` (0 is the morning) for `parts` parts of the
    day; all None where no time stands out, or there are too few. `share` of their answers fall into it, from `low` to
    `high` in 80 of 100 cases. `way_moments` are the answers whose way is known, by way in `ways`; `way` is the one that
    they use most, with its share, and `reach` the one of phone, message and email to try first ("" where none stands
    out).
    """

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="best_time")
    moments = models.PositiveIntegerField(default=0)
    day = models.PositiveSmallIntegerField(null=True, blank=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    part = models.PositiveSmallIntegerField(null=True, blank=True)
    parts = models.PositiveSmallIntegerField(null=True, blank=True)
    share = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    ways = models.JSONField(default=dict)
    way_moments = models.PositiveIntegerField(default=0)
    way = models.CharField(max_length=7, choices=Way.choices, blank=True)
    way_share = models.FloatField(null=True, blank=True)
    way_low = models.FloatField(null=True, blank=True)
    way_high = models.FloatField(null=True, blank=True)
    reach = models.CharField(max_length=7, choices=Way.choices, blank=True)
    is_own_zone = models.BooleanField(default=False, help_text="Hours are those of their own time zone.")

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["way"], condition=~Q(way=""), name="best_time_way"),
            models.Index(fields=["reach"], condition=~Q(reach=""), name="best_time_reach"),
            models.Index(fields=["part", "day"], condition=Q(part__isnull=False), name="best_time_part"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(day=None, days=None, part=None, parts=None, share=None)
                | Q(day__lte=6, days__range=(1, 7), part__lte=3, parts__range=(1, 4), share__range=(0, 1)),
                name="best_time_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(way="") | Q(way_share__range=(0, 1)), name="best_time_way_has_share"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.moments} answers of {self.contact_id}"
