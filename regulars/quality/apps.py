"""The app's registration with Django."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """`regulars.quality`: see its package docstring."""

    name = "regulars.quality"
    label = "quality"
