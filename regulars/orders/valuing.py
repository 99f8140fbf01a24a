"""What an order brought in, in the organisation's currency, and what was left of it after tax and cost."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from regulars.orders.models import Line, Order
from regulars.orders.rates import worth


class Amounts(Protocol):
    """What of an order decides its value."""

    @property
    def currency(self) -> str: ...  # noqa: D102
    @property
    def status(self) -> str: ...  # noqa: D102
    @property
    def total(self) -> int: ...  # noqa: D102
    @property
    def refunded(self) -> int: ...  # noqa: D102
    @property
    def tax(self) -> int: ...  # noqa: D102
    @property
    def tax_included(self) -> int: ...  # noqa: D102


def value_of(order: Amounts, rate: Decimal | None, home: str) -> int | None:
    """Return (total - refunded) at `rate` in minor units of `home`: 0 when cancelled, None without a rate."""
    if order.status == Order.Status.CANCELLED or order.total == order.refunded:
        return 0
    return None if rate is None else worth(order.total - order.refunded, order.currency, rate, home)


def margin_of(order: Amounts, rate: Decimal | None, home: str, lines: Iterable[Line]) -> int | None:
    """Return the value less tax and cost, or None where the cost of a line, or the rate, is not known.

    The cost of what was refunded in part still counts: it is rarely sold again.
    """
    pairs = [(line.quantity, line.product.cost if line.product else None) for line in lines]
    return margin(order, rate, home, pairs)


def margin(order: Amounts, rate: Decimal | None, home: str, lines: Iterable[tuple[Decimal, int | None]]) -> int | None:
    """The same from pairs of quantity and cost of one."""
    if order.status == Order.Status.CANCELLED or order.total == order.refunded:
        return 0
    costs = [None if cost is None else quantity * cost for quantity, cost in lines]
    known = [cost for cost in costs if cost is not None]
    if rate is None or not costs or len(known) < len(costs):
        return None
    kept = order.total - order.refunded
    taxed = Decimal((order.tax + order.tax_included) * kept) / order.total
    net = worth(kept - int(taxed.quantize(Decimal(1), ROUND_HALF_UP)), order.currency, rate, home)
    return net - int(sum(known, Decimal(0)).quantize(Decimal(1), ROUND_HALF_UP))
