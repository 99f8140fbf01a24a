"""Amounts of one order as a file says them, made to add up: shops count discounts and taxes in different ways."""

from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)
SLACK = Decimal("0.02")  # roundings of lines


@dataclass(slots=True)
class Sums:
    """What a file says of an order's amounts. `base` is what its lines come to, None where it has none."""

    base: Decimal | None
    subtotal: Decimal | None
    discount: Decimal
    shipping: Decimal
    tax: Decimal
    total: Decimal | None
    refunded: Decimal = ZERO
    tax_included: Decimal = ZERO


def add_up(sums: Sums, *, absorb: bool) -> Sums:
    """Return the parts so that lines - discount + shipping + tax = total, where that can be told.

    Some subtotals are less the discount already, some prices include the tax. With `absorb` (exports of known shops)
    a rest is what they charge or take off besides: tips, fees, gift cards. Otherwise the parts stay as they are said,
    and whoever keeps the order says that they don't add up.
    """
    base = sums.base if sums.base is not None else sums.subtotal
    if sums.total is None or base is None:
        sums.subtotal = base
        return sums
    for discount in dict.fromkeys((sums.discount, ZERO)):
        for tax, included in dict.fromkeys(((sums.tax, ZERO), (ZERO, sums.tax))):
            if abs(base - discount + sums.shipping + tax - sums.total) <= SLACK:
                sums.discount, sums.tax, sums.tax_included, sums.subtotal = discount, tax, included, base
                return sums
    if absorb:
        _absorb(sums, base, sums.total)
    sums.subtotal = base
    return sums


def _absorb(sums: Sums, base: Decimal, total: Decimal) -> None:
    """Put what is left to explain where it fits: more into shipping and other charges, less into the discount."""
    rest = total - (base - sums.discount + sums.shipping + sums.tax)
    if rest < 0 and -rest >= sums.tax > 0:  # the tax was in the prices, or isn't ours
        rest += sums.tax
        sums.tax, sums.tax_included = ZERO, sums.tax
    if rest > 0 or -rest <= sums.shipping:
        sums.shipping += rest
    else:
        sums.discount -= rest
