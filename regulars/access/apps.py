"""The app's registration with Django."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """`regulars.access`: see its package docstring."""

    name = "regulars.access"
    label = "access"
