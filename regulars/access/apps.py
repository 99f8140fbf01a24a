"""The app's registration with Django."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """`regulars.access`: see its package docstring."""

    name = "regulars.access"
    label = "access"

    def ready(self) -> None:
        """Make the scheduled jobs known."""
        from regulars.access import jobs  # noqa: F401
