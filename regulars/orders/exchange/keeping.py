"""Keeping rates, and valuing the orders that waited for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO

from django.db import transaction
from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _
from django_tasks import task

from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.orders.exchange.history import NoHistory, read_history
from regulars.orders.models import ExchangeRate, Order
from regulars.orders.rates import home_currency, revalue

AT_ONCE = 2_000  # orders that are valued while the person waits
BATCH = 2_000


@dataclass(frozen=True)
class Waiting:
    """Orders in a currency whose worth nobody knows yet."""

    currency: str
    orders: int
    since: date


def waiting() -> list[Waiting]:
    """Return the currencies that orders wait for, most orders first; served by an index of just these."""
    rows = Order.objects.filter(value=None).values("currency").annotate(orders=Count("pk"), since=Min("placed_on"))
    return [Waiting(row["currency"], row["orders"], row["since"]) for row in rows.order_by("-orders", "currency")]


def newest_rates() -> list[ExchangeRate]:
    """Return the newest rate of each currency."""
    newest = ExchangeRate.objects.values("currency").annotate(last=Max("day")).order_by("currency")
    pairs = {row["currency"]: row["last"] for row in newest}
    rates = ExchangeRate.objects.filter(currency__in=pairs, day__in=set(pairs.values())).order_by("currency")
    return [rate for rate in rates if pairs[rate.currency] == rate.day]


def load_history(source: IO[bytes], more: Sequence[str], *, by: User) -> tuple[int, list[str]]:
    """Take the bank's history in for currencies that orders wait for, that are known already, and `more`.

    Returns how many rates were kept and the currencies they are of; orders are valued anew. Raises NoHistory.
    """
    home = home_currency()
    wanted = {row.currency for row in waiting()} | set(more)
    wanted |= set(ExchangeRate.objects.values_list("currency", flat=True).distinct())
    rates = [ExchangeRate(day=day, currency=code, rate=rate) for day, code, rate in read_history(source, home, wanted)]
    if not rates:
        raise NoHistory(_no_use(wanted - {home}))
    _keep(rates)
    found = sorted({rate.currency for rate in rates})
    audit("loaded rates", by=by, kind="rate", title=", ".join(found), changes={"rates": [0, len(rates)]})
    for currency in found:
        _value_anew(currency, min(rate.day for rate in rates if rate.currency == currency))
    return len(rates), found


def _no_use(wanted: set[str]) -> str:

    if not wanted:
        return _("No order is in foreign money. Say which currencies you want, as in USD, GBP.")
    return _("The file holds no rates of %(currencies)s.") % {"currencies": ", ".join(sorted(wanted))}


def set_rate(currency: str, day: date, rate: Decimal, *, by: User) -> None:
    """Keep one rate, typed by hand, in place of what was known of that day; orders are valued anew. Audited."""
    _keep([ExchangeRate(currency=currency, day=day, rate=rate)])
    audit("set a rate", by=by, kind="rate", title=f"{currency} {day}", changes={"rate": [None, str(rate)]})
    _value_anew(currency, day)


@transaction.atomic
def _keep(rates: Iterable[ExchangeRate]) -> None:
    for batch in _batches(list(rates)):
        ExchangeRate.objects.bulk_create(
            batch, update_conflicts=True, unique_fields=["currency", "day"], update_fields=["rate"]
        )


def _batches(rates: list[ExchangeRate]) -> Iterable[list[ExchangeRate]]:
    return (rates[start : start + BATCH] for start in range(0, len(rates), BATCH))


def _value_anew(currency: str, since: date) -> None:
    """Value the orders since that day: a few at once, many in the background."""
    orders = Order.objects.filter(currency=currency, placed_on__gte=since)
    if orders[AT_ONCE : AT_ONCE + 1].exists():
        transaction.on_commit(lambda: value_anew.enqueue(currency, since.isoformat()))
    else:
        revalue(currency, [since])


@task()
def value_anew(currency: str, since: str) -> None:
    """Value the orders in `currency` since a day anew, in the background. Safe to run twice."""
    revalue(currency, [date.fromisoformat(since)])
