"""The orders of one month as arrays: read from the database once, added up along every dimension."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf, Round

from regulars.insights.cubes.crowd import TIERS, Crowd
from regulars.insights.value.reading import stream, table
from regulars.orders.models import Order

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHANNELS = ("", *Order.Channel.values)  # a channel's number is its place
NAMES = {"channel": CHANNELS, "tier": TIERS}
THOUSANDTHS = 1000
NO_MARGIN = -(2**62)
EPOCH = date(1970, 1, 1).toordinal()


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=1), default=0)


_COLUMNS = (
    Coalesce("contact_id", Value(0)), Coalesce("company_id", Value(0)),
    Case(*(When(channel=name, then=number) for number, name in enumerate(CHANNELS)), default=0),
    _flag(Q(status__in=Order.COUNTED)), _flag(Q(refunded__gt=0)), Coalesce("value", Value(0)),
    Coalesce("margin", Value(NO_MARGIN)),
)  # fmt: skip
_TYPES = (
    ("contact", "i8"), ("company", "i8"), ("channel", "i1"), ("counts", "?"), ("is_given_back", "?"), ("value", "i8"),
    ("margin", "i8"),
)  # fmt: skip


class Sold:
    """Orders of a month with who bought: twice a contact's id, twice a company's plus one where no person is known."""

    def __init__(self, rows: "QuerySet[Any, Any]", month: date, crowd: Crowd) -> None:
        import numpy as np

        self.month, self.crowd = month, crowd
        self.orders = table(stream(rows.values_list(*_COLUMNS)), *_TYPES)
        contacts, companies = self.orders["contact"], self.orders["company"]
        holders = np.where(contacts > 0, contacts * 2, np.where(companies > 0, companies * 2 + 1, 0))
        # counted from 0, so that numbers are small
        self.holder = np.unique(holders, return_inverse=True)[1].reshape(-1)
        self.person, self.company = crowd.contacts.of(contacts), crowd.companies.of(companies)
        self.first = np.where(contacts > 0, self.person["first"], self.company["first"])
        self.is_known = self.orders["counts"] & (holders > 0)

    def figures(self, by: str) -> dict[Any, dict[str, Any]]:
        """What each part of the dimension came to (`by` "": of all), as columns of MonthFigure."""
        import numpy as np

        parts, place = self._parts(by)
        orders, within = self.orders, place >= 0
        counted = within & orders["counts"]
        known = within & self.is_known
        newcomers = known & (self.first >= self.month.toordinal())
        with_margin = counted & (orders["margin"] != NO_MARGIN)
        columns = {
            "orders": np.bincount(place[counted], minlength=len(parts)),
            "refunds": np.bincount(place[within & orders["is_given_back"]], minlength=len(parts)),
            "customers": self._people(place[known], known, len(parts)),
            "new": self._people(place[newcomers], newcomers, len(parts)),
            "value": _sums(place[counted], orders["value"][counted], len(parts)),
            "margin": _sums(place[with_margin], orders["margin"][with_margin], len(parts)),
        }
        has_margin = np.bincount(place[with_margin], minlength=len(parts)) > 0
        found = dict(zip(parts, _rows(columns), strict=True))
        for part, has in zip(parts, has_margin.tolist(), strict=True):
            found[part]["margin"] = found[part]["margin"] if has else None
        return found

    def cohorts(self, by: str) -> list[tuple[Any, date, int, int]]:
        """How many of those who first bought in each month bought in this one, and for how much, by part."""
        import numpy as np

        parts, place = self._parts(by)
        rows = (place >= 0) & self.is_known & (self.first > 0)
        started = (self.first[rows] - EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        groups, group = np.unique(place[rows] * 2**20 + started + 2**19, return_inverse=True)
        group = group.reshape(-1)
        many = self._people(group, rows, len(groups))
        earned = _sums(group, self.orders["value"][rows], len(groups))
        return [
            (parts[key >> 20], _month((key & (2**20 - 1)) - 2**19), customers, value)
            for key, customers, value in zip(groups.tolist(), many.tolist(), earned.tolist(), strict=True)
        ]

    def channels_of(self, contacts: "NDArray[Any]") -> dict[str, int]:
        """How many of these people bought through each channel."""
        import numpy as np

        rows = self.orders[self.orders["counts"] & np.isin(self.orders["contact"], contacts)]
        pairs = np.unique(rows["contact"] * len(CHANNELS) + rows["channel"])
        return _named("channel", pairs % len(CHANNELS))

    def _parts(self, by: str) -> "tuple[list[Any], NDArray[Any]]":
        """The parts of a dimension that are there, and the place of each order's part among them, -1 for none."""
        import numpy as np

        if not by:
            return [""], np.zeros(len(self.orders), dtype=np.int64)
        values, place = np.unique(self._numbers(by), return_inverse=True)
        place = place.reshape(-1)
        if len(values) and values[0] == 0:
            values, place = values[1:], place - 1
        return _values(by, values), place

    def _numbers(self, by: str) -> "NDArray[Any]":
        """The number of each order's part, 0 for none: the person's, else the company's."""
        import numpy as np

        if by == "channel":
            return self.orders["channel"].astype(np.int64)
        theirs = self.person[by].astype(np.int64)
        return theirs if by == "source" else np.where(theirs > 0, theirs, self.company[by])

    def _people(self, place: "NDArray[Any]", rows: "NDArray[Any]", parts: int) -> "NDArray[Any]":
        """How many different people bought in each part; `place` is that of each order of `rows`."""
        import numpy as np

        many = int(self.holder.max(initial=0)) + 1
        return np.bincount(np.unique(place * many + self.holder[rows]) // many, minlength=parts)


class Who:
    """People by themselves, from a query of their months."""

    def __init__(self, rows: "QuerySet[Any, Any]", crowd: Crowd) -> None:
        self.rows = rows
        self.ids = table(stream(rows.order_by().values_list("contact_id")), ("id", "i8"))["id"]
        self.people = crowd.contacts.of(self.ids)

    def count(self, by: str) -> dict[Any, int]:
        """How many of them there are in each part of a dimension other than the channel."""
        if not by:
            return {"": len(self.ids)} if len(self.ids) else {}
        return _named(by, self.people[by])


# Of each line: product, order, person, thousandths of units, its share of what the order brought in.
_LINE = (
    "lines__product_id", "pk", Coalesce("contact_id", Value(0)),
    Cast(Round(F("lines__quantity") * Value(THOUSANDTHS)), BigIntegerField()),
    Coalesce(
        F("lines__total") * F("value") / NullIf(F("total"), Value(0)), Value(0), output_field=BigIntegerField()
    ),
)  # fmt: skip
_LINE_TYPES = (("product", "i8"), ("order", "i8"), ("contact", "i8"), ("units", "i8"), ("value", "i8"))


def products_in(orders: "QuerySet[Any, Any]") -> list[dict[str, Any]]:
    """What each product sold in these orders, as columns of ProductMonth but for the month."""
    import numpy as np

    rows = orders.exclude(status__in=Order.UNCOUNTED).filter(lines__product__isnull=False)
    lines = table(stream(rows.values_list(*_LINE)), *_LINE_TYPES)
    products, place = np.unique(lines["product"], return_inverse=True)
    place, by_person = place.reshape(-1), lines["contact"] > 0
    columns = {
        "product_id": products,
        "units": _sums(place, lines["units"], len(products)),
        "orders": _different(place, lines["order"], len(products)),
        "customers": _different(place[by_person], lines["contact"][by_person], len(products)),
        "value": _sums(place, lines["value"], len(products)),
    }
    return _rows(columns)


def _different(place: "NDArray[Any]", ids: "NDArray[Any]", length: int) -> "NDArray[Any]":
    """How many different ids there are at each place."""
    import numpy as np

    known, number = np.unique(ids, return_inverse=True)
    pairs = np.unique(place * max(len(known), 1) + number.reshape(-1))
    return np.bincount(pairs // max(len(known), 1), minlength=length)


def _named(by: str, numbers: "NDArray[Any]") -> dict[Any, int]:
    """Count numbers of parts, by the part."""
    import numpy as np

    values, many = np.unique(numbers[numbers > 0], return_counts=True)
    return dict(zip(_values(by, values), many.tolist(), strict=True))


def _values(by: str, numbers: "NDArray[Any]") -> list[Any]:
    return [NAMES[by][number] for number in numbers.tolist()] if by in NAMES else numbers.tolist()


def _sums(place: "NDArray[Any]", values: "NDArray[Any]", length: int) -> "NDArray[Any]":
    """Whole sums by place."""
    import numpy as np

    found = np.zeros(length, dtype=np.int64)
    np.add.at(found, place, values)
    return found


def _rows(columns: "dict[str, NDArray[Any]]") -> list[dict[str, Any]]:
    names, lists = list(columns), [column.tolist() for column in columns.values()]
    return [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]


def _month(number: int) -> date:
    """The first day of a month by its number, 0 for January 1970."""
    return date(1970 + number // 12, number % 12 + 1, 1)
