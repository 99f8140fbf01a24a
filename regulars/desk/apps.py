"""The app's registration with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """`regulars.desk`: see its package docstring."""

    name = "regulars.desk"
    label = "desk"
