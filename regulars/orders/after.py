"""What follows when orders change: the registry for loyalty and whatever else keeps in step with them."""

from collections.abc import Callable, Sequence

from regulars.orders.models import Order

Hook = Callable[[Sequence[Order]], None]
_hooks: list[Hook] = []


def on_change(hook: Hook) -> None:
    """Call `hook(orders)` in the transaction in which these orders came, changed or found their customer.

    Called once for a batch, after the facts of the customers were counted, but those of an import's new orders: they
    are counted later. Called in `apps.ready()`.
    """
    if hook not in _hooks:
        _hooks.append(hook)


def tell(orders: Sequence[Order]) -> None:
    """Tell everybody who asked."""
    for hook in _hooks if orders else ():
        hook(orders)
