"""The app's registration with Django."""

from django.apps import AppConfig


class LibConfig(AppConfig):
    """`regulars.lib`: see its package docstring."""

    name = "regulars.lib"
    label = "lib"

    def ready(self) -> None:
        """Register the look-ups with Django's fields."""
        from regulars.lib import lookups  # noqa: F401
