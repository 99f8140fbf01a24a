"""The app's registration with Django."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """`regulars.orders`: see its package docstring."""

    name = "regulars.orders"
    label = "orders"

    def ready(self) -> None:
        """Make what each subject adds to lower floors known: each has a `register()` of its own."""
        from regulars.orders import orders_setup
        from regulars.orders.exchange import setup as exchange_setup
        from regulars.orders.hooks import hooks_setup
        from regulars.orders.loyalty import setup as loyalty_setup
        from regulars.orders.unclaimed import adding

        hooks_setup.register()  # first: what erasing drops here is found by whose orders they are
        orders_setup.register()
        exchange_setup.register()
        loyalty_setup.register()
        adding.register()
