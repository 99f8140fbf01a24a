"""The app's registration with Django."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class TimelineConfig(AppConfig):
    """`regulars.timeline`: see its package docstring."""

    name = "regulars.timeline"
    label = "timeline"

    def ready(self) -> None:
        """See to it that the full-text index is whole after every migrate, and quickly fed."""
        from regulars.lib import fast
        from regulars.timeline.models import Entry

        fast.feeds_words(Entry)
        post_migrate.connect(_mend_words, sender=self, dispatch_uid="timeline-words")


def _mend_words(using: str = "default", **kwargs: Any) -> None:
    from regulars.timeline import words

    if "timeline_entry" in connections[using].introspection.table_names():
        words.install(connections[using])
