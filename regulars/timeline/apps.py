"""The app's registration with Django."""

from django.apps import AppConfig


class TimelineConfig(AppConfig):
    """`regulars.timeline`: see its package docstring."""

    name = "regulars.timeline"
    label = "timeline"
