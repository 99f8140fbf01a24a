"""The app's registration with Django."""

from django.apps import AppConfig


class LibConfig(AppConfig):
    """`regulars.lib`: see its package docstring."""

    name = "regulars.lib"
    label = "lib"
