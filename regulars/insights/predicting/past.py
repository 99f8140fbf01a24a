"""The business's own past as arrays: customers as they are today, and days of purchase for a backtest."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from regulars.insights.value.reading import DayNumber, facts, stream, table
from regulars.orders.models import Order

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regulars.insights.models.history import Past

SAMPLE = 100_000  # customers that a backtest reads the orders of, at most,
MOST = 1_000_000  # with about so many days of purchase: companies may have hundreds each
AT_ONCE = 500
HOLD_OUT = 90  # days, where nobody says another cut
SHORTEST = 180  # days that orders must reach back
SOON = 30


@dataclass(frozen=True, eq=False)
class Customers:
    """Everybody of one kind, by id, as of a day: what the models read. `mean` is what a day of purchase came to, in
    minor units; weeks are the unit of time."""

    ids: "NDArray[Any]"
    x: "NDArray[Any]"
    t_x: "NDArray[Any]"
    T: "NDArray[Any]"
    mean: "NDArray[Any]"
    first: "NDArray[Any]"

    def after(self, pk: int) -> "Customers":
        """Those with a greater id."""
        return self.part(slice(int(self.ids.searchsorted(pk, "right")), None))

    def part(self, part: slice) -> "Customers":
        """Some of them."""
        return Customers(*(getattr(self, name)[part] for name in ("ids", "x", "t_x", "T", "mean", "first")))

    @property
    def repeat(self) -> int:
        """How many bought on a second day."""
        return int((self.x > 0).sum())


def customers(kind: str, today: date) -> Customers:
    """Return everybody of `kind` who had bought by `today`, from the kept facts."""
    found = facts(kind)
    now = today.toordinal()
    found = found[found["first"] <= now]
    last = found["last"].clip(max=now)
    days = found["days"].astype("f8")
    # A last day that lies ahead was taken back to today: then it may be the first day, and there is no second one.
    x = (days - 1) * (last > found["first"])
    return Customers(
        ids=found["id"],
        x=x,
        t_x=(last - found["first"]) / 7.0,
        T=(now - found["first"]) / 7.0,
        mean=found["value"] / days,
        first=found["first"],
    )


def purchases(kind: str, everybody: Customers, until: date) -> tuple["NDArray[Any]", "NDArray[Any]", "NDArray[Any]"]:
    """Return (customer, day number, value in minor units) of each counted order of a sample of `everybody` until a day.

    The sample is every k-th customer by id: 100,000 at most, who bought on about a million days at most.
    """
    import numpy as np

    ids, days = everybody.ids, int((everybody.x + 1).sum())
    step = max(1, -(-len(ids) // SAMPLE), -(-days // MOST))
    sample = ids[::step]
    # Not `counted()`, and no day: SQLite would walk the index by status or day for each 500 customers.
    rows = Order.objects.exclude(status__in=Order.UNCOUNTED).filter(**{f"{kind}__isnull": False})
    columns = (f"{kind}_id", DayNumber(F("placed_on")), Coalesce("value", Value(0)))
    chosen: Any
    if step == 1:
        chosen = stream(rows.order_by().values_list(*columns))
    else:
        chosen = (
            row
            for start in range(0, len(sample), AT_ONCE)
            for row in rows.filter(**{f"{kind}__in": sample[start : start + AT_ONCE].tolist()})
            .order_by()
            .values_list(*columns)
        )
    found = table(chosen, ("id", "i8"), ("day", "i8"), ("value", "f8"))
    found = found[np.isin(found["id"], sample) & (found["day"] <= until.toordinal())]
    return found["id"], found["day"], found["value"]


def customers_for(model: str, kind: str, today: date) -> "tuple[Customers, float]":
    """Return everybody in the unit that `model` reads, and the mean days of purchase in a month with any.

    BG/BB reads months in which they came or did not, counted from all orders; the others days of purchase (and 1).
    """
    from regulars.insights.models import months
    from regulars.insights.models.families import BY_MONTH

    everybody = customers(kind, today)
    if model != BY_MONTH or not len(everybody.ids):
        return everybody, 1.0
    who, day = _days(kind, everybody.ids, today)
    x, t_x, T, days = months.count(who, day, len(everybody.ids), today.toordinal())
    return replace(everybody, x=x, t_x=t_x, T=T), days


def _days(kind: str, ids: "NDArray[Any]", today: date) -> "tuple[NDArray[Any], NDArray[Any]]":
    """The place in `ids` and the day of each day of purchase."""
    import numpy as np

    rows = Order.objects.exclude(status__in=Order.UNCOUNTED).filter(**{f"{kind}__isnull": False}).order_by()
    columns = rows.values_list(f"{kind}_id", DayNumber(F("placed_on")))
    found = np.unique(table(stream(columns), ("id", "i8"), ("day", "i8")))
    found = found[np.isin(found["id"], ids) & (found["day"] <= today.toordinal())]
    return np.searchsorted(ids, found["id"]), found["day"]


@dataclass(frozen=True, eq=False)
class Cut:
    """A past cut in two, and where; `reaches` are the days that it holds before the end."""

    past: "Past"
    cut: date
    until: date
    reaches: int


def cut_past(kind: str, today: date, cut: date | None = None, until: date | None = None) -> Cut | None:
    """Read the past of `kind` and cut it: `until` is the last day of purchase unless said, `cut` 90 days before.

    None where there are no orders at all.
    """
    from regulars.insights.models.history import split

    who, day, value = purchases(kind, customers(kind, today), until or today)
    if not len(day):
        return None
    end = until or date.fromordinal(int(day.max()))
    middle = cut or end - timedelta(days=HOLD_OUT)
    past = split(who, day, value, middle.toordinal(), end.toordinal(), SOON)
    return Cut(past, middle, end, end.toordinal() - int(day.min()))


def year_ago(kind: str, ids: "NDArray[Any]", today: date, days: int = 90) -> "NDArray[Any]":
    """Return how many days of purchase each of `ids` had in the `days` that follow today's date a year ago."""
    import numpy as np

    since = today - timedelta(days=365)
    rows = Order.objects.exclude(status__in=Order.UNCOUNTED).filter(
        placed_on__gt=since, placed_on__lte=since + timedelta(days=days)
    )
    rows = rows.filter(**{f"{kind}__isnull": False}).order_by()
    found = table(stream(rows.values_list(f"{kind}_id", DayNumber(F("placed_on")))), ("id", "i8"), ("day", "i8"))
    found = np.unique(found[np.isin(found["id"], ids)])
    return np.bincount(np.searchsorted(ids, found["id"]), minlength=len(ids)).astype("f8")
