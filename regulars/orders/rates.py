"""What foreign money was worth: the rate of the day, and valuing orders anew when rates came late."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction

from regulars.access.models import Organisation
from regulars.lib.money import from_minor, to_minor
from regulars.orders.models import ExchangeRate, Order

ONE = Decimal(1)
BATCH = 500


def home_currency() -> str:
    """The organisation's currency."""
    organisation = Organisation.current()
    return organisation.currency if organisation else "EUR"


class Rates:
    """The rates that a batch of orders needs: each currency is read once."""

    def __init__(self) -> None:
        self.home = home_currency()
        self._known: dict[str, list[tuple[date, Decimal]]] = {}

    def on(self, currency: str, day: date) -> Decimal | None:
        """Return the rate of that day or the last one before, or None."""
        if currency == self.home:
            return ONE
        if currency not in self._known:
            rows = ExchangeRate.objects.filter(currency=currency).order_by("-day")
            self._known[currency] = list(rows.values_list("day", "rate"))
        return next((rate for known, rate in self._known[currency] if known <= day), None)


def worth(minor: int, currency: str, rate: Decimal, home: str) -> int:
    """Return `minor` units of `currency` in minor units of `home`, at `rate`."""
    return minor if currency == home else to_minor(from_minor(minor, currency) * rate, home)


def revalue(currency: str, days: Iterable[date] | None = None) -> int:
    """Value the orders in `currency` anew, at the rates that are known now; returns how many changed.

    An order that its source settled at a rate of its own keeps that.

    `days` limits it to orders of these days and later until the next known rate: pass the earliest day of what came.
    Facts of their customers are counted again. Each batch is a transaction of its own; safe to run again.
    """
    since = min(days) if days else None
    orders = Order.objects.filter(currency=currency)
    orders = orders if since is None else orders.filter(placed_on__gte=since)
    changed, last = 0, 0
    while ids := list(orders.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        changed += _revalue(ids)
        last = ids[-1]
    return changed


@transaction.atomic
def _revalue(ids: Sequence[int]) -> int:
    """Read and written in one transaction, so that a refund that comes meanwhile is not forgotten."""
    from regulars.orders.facts import recount_of
    from regulars.orders.valuing import margin_of, value_of

    rates, moved = Rates(), []
    for order in Order.objects.select_for_update().filter(pk__in=ids).prefetch_related("lines__product"):
        rate = order.rate if order.is_rate_settled else rates.on(order.currency, order.placed_on) or order.rate
        value = value_of(order, rate, rates.home)
        margin = margin_of(order, rate, rates.home, order.lines.all())
        if (rate, value, margin) != (order.rate, order.value, order.margin):
            order.rate, order.value, order.margin = rate, value, margin
            moved.append(order)
    Order.objects.bulk_update(moved, ["rate", "value", "margin"], batch_size=BATCH)
    recount_of(moved)
    return len(moved)
