"""The words of a greeting, as the business wrote them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User


class Greeting(models.Model):
    """A Liquid template for one kind of day and one language; without a row the words in contacts.greetings count."""

    class Kind(models.TextChoices):
        """What is greeted."""

        BIRTHDAY = "birthday", _("Birthday")
        ANNIVERSARY = "anniversary", _("Anniversary")
        RENEWAL = "renewal", _("Renewal")
        OTHER = "other", _("Other")
        WITH_US = "with_us", _("Years with us")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "language"], name="greeting_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.language})"
