"""When each scheduled job last ran, and when each worker was last heard of."""

from datetime import UTC, datetime, timedelta

from django.db import models
from django.utils import timezone

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class ScheduledRun(models.Model):
    """The last run of one scheduled job, or the last sign of life of one worker (`worker:` and its id)."""

    name = models.CharField(max_length=100, unique=True)
    last_run_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def claim(cls, name: str, period: timedelta) -> bool:
        """Take the next run of `name`; False when its period has not passed or another scheduler was first."""
        now = timezone.now()
        known = cls.objects.filter(name=name)
        if not known.exists():
            ScheduledRun.objects.bulk_create([ScheduledRun(name=name, last_run_at=NEVER)], ignore_conflicts=True)
        return bool(known.filter(last_run_at__lte=now - period).update(last_run_at=now))

    @classmethod
    def release(cls, name: str, period: timedelta, again_in: timedelta) -> None:
        """Make `name` due once more in `again_in`, because its run failed."""
        cls.objects.filter(name=name).update(last_run_at=timezone.now() - period + again_in)
