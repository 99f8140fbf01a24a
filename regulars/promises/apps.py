"""The app's registration with Django."""

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    """`regulars.promises`: see its package docstring."""

    name = "regulars.promises"
    label = "promises"

    def ready(self) -> None:
        """Make what each subject adds to lower floors known: each has a `register()` of its own."""
        from regulars.promises.appointments import setup as appointments_setup
        from regulars.promises.booking import setup as booking_setup
        from regulars.promises.feeds import setup as feeds_setup
        from regulars.promises.ledger import setup as ledger_setup
        from regulars.promises.tasks import setup as tasks_setup
        from regulars.promises.thanks import setup as thanks_setup

        booking_setup.register()  # before appointments, which delete what an erased person booked
        appointments_setup.register()
        tasks_setup.register()
        feeds_setup.register()
        ledger_setup.register()
        thanks_setup.register()
