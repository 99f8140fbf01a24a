"""What the nightly check of the facts found."""

from typing import ClassVar

from django.db import models


class FactsCheck(models.Model):
    """One comparison of kept facts with a full count. `differing` customers were wrong and have been mended.

    `position` is how far it has come ("contact:20000"), "" when it is finished.
    """

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    position = models.CharField(max_length=40, blank=True)
    customers = models.PositiveIntegerField(default=0)
    differing = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.customers} customers, {self.differing} differing"
