"""The app's registration with Django."""

from django.apps import AppConfig


class LibConfig(AppConfig):
    """`regulars.lib`: see its package docstring."""

    name = "regulars.lib"
    label = "lib"

    def ready(self) -> None:
        """Register the look-ups with Django's fields, and set up each database connection for short queries."""
        from django.db.backends.signals import connection_created

        from regulars.lib import lookups, planner  # noqa: F401

        connection_created.connect(planner.calm_postgresql, dispatch_uid="lib-planner")
