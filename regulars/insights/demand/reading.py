"""What the demand is worked out from: sales of a sample for the backtest, of a batch of customers for the rhythm, and
sums of all sales by four weeks. Only reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, FloatField, Min, Q, Sum, Value
from django.db.models.functions import Cast, Coalesce, Mod

from regulars.insights.predicting.past import AT_ONCE
from regulars.insights.value.reading import DayNumber, stream, table
from regulars.orders.models import Line, Order, Product

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regulars.insights.models.demand import Sales

SPAN, YEAR, OTHERS = 28, 364, 3  # as in models.demand, which needs NumPy
SAMPLE = 30_000  # customers that the backtest reads
SPANS = YEAR // SPAN + OTHERS  # four weeks of the past that are kept, and those before last year's
COLUMNS = (("who", "i8"), ("product", "i8"), ("day", "i8"), ("units", "f8"), ("money", "f8"))
MONEY = Coalesce(Cast(F("total"), FloatField()) * Cast(F("order__rate"), FloatField()), Value(0.0))


def cut_of(as_of: date) -> int:
    """The last whole day before the four weeks: the day number of the day before `as_of`."""
    return as_of.toordinal() - 1


def reach_of() -> int | None:
    """The day number of the first order; None without any."""
    first = Order.objects.exclude(status__in=Order.UNCOUNTED).aggregate(first=Min("placed_on"))["first"]
    return first.toordinal() if first else None


def product_ids() -> "NDArray[Any]":
    """The ids of all products, sorted: their places are those of all arrays."""
    import numpy as np

    return np.fromiter(Product.objects.order_by("pk").values_list("pk", flat=True), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Part:
    """Sales of some customers, whose `ids` are their places."""

    ids: "NDArray[Any]"
    sales: "Sales"


def sample(ids: "NDArray[Any]", products: "NDArray[Any]", until: int) -> Part:
    """Return the sales of every k-th customer of `ids`, 30,000 at most, and of every k-th order of nobody."""
    step = -(-len(ids) // SAMPLE) if len(ids) else 1
    chosen = ids[::step]
    lines, orders = _lines(), _orders()
    if step == 1:
        return _part(chosen, products, stream(_columns(lines)), stream(_visits(orders)), until)
    parts = [chosen[start : start + AT_ONCE].tolist() for start in range(0, len(chosen), AT_ONCE)]
    nobodys = lines.filter(order__contact=None).alias(part=Mod(F("order_id"), step)).filter(part=0)
    found = (row for some in parts for row in stream(_columns(lines.filter(order__contact__in=some))))
    visits = (row for some in parts for row in stream(_visits(orders.filter(contact__in=some))))
    return _part(chosen, products, chain(found, stream(_columns(nobodys))), visits, until)


def batch(ids: "NDArray[Any]", products: "NDArray[Any]", until: int) -> Part:
    """Return the sales of the customers `ids`, a run of neighbours by id."""
    ends = {"gte": int(ids[0]), "lte": int(ids[-1])}
    lines = _lines().filter(**{f"order__contact__{end}": pk for end, pk in ends.items()}, order__contact__isnull=False)
    orders = _orders().filter(**{f"contact__{end}": pk for end, pk in ends.items()})
    return _part(ids, products, stream(_columns(lines)), stream(_visits(orders)), until)


def _lines() -> Any:
    # Not `counted()`, and no day: SQLite would walk the index by status or day instead of that by customer.
    return Line.objects.filter(product__isnull=False).exclude(order__status__in=Order.UNCOUNTED).order_by()


def _orders() -> Any:
    return Order.objects.exclude(status__in=Order.UNCOUNTED).filter(contact__isnull=False).order_by()


def _columns(lines: Any) -> Any:
    return lines.values_list(
        Coalesce("order__contact_id", Value(-1)), "product_id", DayNumber(F("order__placed_on")),
        Cast("quantity", FloatField()), MONEY,
    )  # fmt: skip


def _visits(orders: Any) -> Any:
    return orders.values_list("contact_id", DayNumber(F("placed_on")))


def _part(
    ids: "NDArray[Any]", products: "NDArray[Any]", lines: Iterable[Any], visits: Iterable[Any], until: int
) -> Part:
    import numpy as np

    from regulars.insights.models.demand import Sales

    found, seen = table(lines, *COLUMNS), table(visits, ("who", "i8"), ("day", "i8"))
    found = found[(found["day"] <= until) & (np.isin(found["who"], ids) | (found["who"] < 0))]
    seen = np.unique(seen[(seen["day"] <= until) & np.isin(seen["who"], ids)])
    nobody = found["who"] < 0
    return Part(
        ids,
        Sales(
            who=np.where(nobody, -1, np.searchsorted(ids, found["who"])),
            product=np.searchsorted(products, found["product"]),
            day=found["day"], units=found["units"], money=found["money"],
            visitor=np.searchsorted(ids, seen["who"]), visited=seen["day"],
            customers=len(ids), products=len(products),
        ),
    )  # fmt: skip


def read_span(back: int, as_of: date) -> list[dict[str, Any]]:
    """Add up what each product sold in the `back`-th four weeks before `as_of`: rows of ProductSpan without its run."""
    last = as_of - timedelta(days=1 + SPAN * back)
    start = last - timedelta(days=SPAN)
    lines = Line.objects.filter(
        product__isnull=False, order__placed_on__gt=start, order__placed_on__lte=last, order__status__in=Order.COUNTED
    )
    units = Cast("quantity", FloatField())
    sums: dict[str, Any] = {"sold": Sum(units), "number": Count("pk"), "square": Sum(units * units)}
    sums["earned"] = Sum(MONEY)
    if back < OTHERS:
        new = Q(order__contact=None) | Q(order__contact__worth__first_on__gt=start)
        sums["new"] = Sum(units, filter=new)
    rows: Any = lines.order_by().values("product").annotate(**sums)
    return [
        {"product_id": row["product"], "back": back, "units": row["sold"], "lines": row["number"],
         "squares": row["square"], "money": row["earned"] or 0.0, "others": row.get("new") or 0.0}
        for row in rows
    ]  # fmt: skip
