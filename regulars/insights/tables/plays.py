"""The words of plays, as the business wrote them."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from regulars.access.models import User
from regulars.insights.tables.winback import Play


class PlayWords(models.Model):
    """A Liquid template for one play and one language; without a row the words in `winback.plays` count."""

    play = models.CharField(max_length=12, choices=Play.choices)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["play", "language"], name="play_words_once")]

    def __str__(self) -> str:
        return f"{self.get_play_display()} ({self.language})"
