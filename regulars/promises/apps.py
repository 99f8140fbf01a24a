"""The app's registration with Django."""

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    """`regulars.promises`: see its package docstring."""

    name = "regulars.promises"
    label = "promises"

    def ready(self) -> None:
        """Make what each subject adds to lower floors known: each has a `register()` of its own."""
        from regulars.promises import (
            appointments_setup,
            booking_setup,
            feeds_setup,
            promises_setup,
            tasks_setup,
            thanks_setup,
        )

        booking_setup.register()  # before appointments, which delete what an erased person booked
        appointments_setup.register()
        tasks_setup.register()
        feeds_setup.register()
        promises_setup.register()
        thanks_setup.register()
