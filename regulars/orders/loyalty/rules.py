"""What an order earns.

A rule is the part of the programme that says so, as plain JSON: it is kept with the first move of an order, so that a
refund is reckoned by the same rule however the programme was changed since.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from regulars.lib.money import places
from regulars.lib.text import fold
from regulars.orders.models import Line, Order, Programme

Rule = Mapping[str, Any]


def rule_of(programme: Programme) -> Rule:
    """Return how `programme` lets orders earn."""
    return {
        "earn": programme.earn,
        "rate": str(programme.rate),
        "minimum": programme.minimum,
        "category": fold(programme.category),
        "product": programme.product_id,
    }


def earned(rule: Rule, order: Order, currency: str, units: Decimal = Decimal(0), *, returns_known: bool = False) -> int:
    """Return what `order` earns by `rule`: whole points or stamps, 0 for one that does not count or is worth nothing.

    `units` is how many of what counts were bought and kept. Where nobody said which lines of an order came back, the
    part of them counts that was not refunded. `currency` is the organisation's. An order whose value is not known yet
    (no rate of its day) earns once it is.
    """
    value = order.value
    if not order.counts or not value or value < rule["minimum"]:
        return 0
    rate = Decimal(rule["rate"])
    if rule["earn"] == Programme.Earn.AMOUNT:
        return _whole(rate * Decimal(value).scaleb(-places(currency)))
    if rule["earn"] == Programme.Earn.UNIT:
        kept = Decimal(1) if returns_known else Decimal(order.total - order.refunded) / order.total
        return _whole(rate * units * kept)
    return _whole(rate)


def units_in(rule: Rule, lines: Sequence[Line]) -> Decimal:
    """Return how many units of what counts stand on these lines and did not come back: of one product, of a category,
    or of anything."""
    return sum((line.quantity - (line.returned or 0) for line in lines if _counts(rule, line)), Decimal(0))


def returns_known(lines: Sequence[Line]) -> bool:
    """Whether somebody said which lines came back."""
    return any(line.returned for line in lines)


def _counts(rule: Rule, line: Line) -> bool:
    if rule["product"]:
        return bool(line.product_id == rule["product"])
    if rule["category"]:
        return line.product is not None and fold(line.product.category) == rule["category"]
    return True


def _whole(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_FLOOR))
