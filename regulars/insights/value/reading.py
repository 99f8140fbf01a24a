"""What tiers and warnings are worked out from, read by SQL straight into NumPy: no instances, no sums in Python."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, F, Func, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from regulars.contacts.models import Company, Contact
from regulars.insights.tables.standing import Standing, Tier
from regulars.insights.value import rfm
from regulars.orders.models import CustomerFacts, CustomerMonth

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHUNK = 5_000
FEW = 200  # so many are looked up by their ids; for more the months are read through
TIERS = {Tier.NONE.value: 0, Tier.SILVER.value: 1, Tier.GOLD.value: 2}
SEGMENTS = {code: place for place, code in enumerate(rfm.CODES)}


class DayNumber(Func):
    """A date as the number of its day: date.toordinal(), 0 for none. A number is read ten times as fast as a date."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """By the Julian day."""
        template = "COALESCE(CAST(julianday(%(expressions)s) - 1721424.5 AS INTEGER), 0)"
        return cast(Any, super().as_sql(compiler, connection, template=template, **extra))

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """By the difference of two dates."""
        template = "COALESCE((%(expressions)s) - DATE '0001-01-01' + 1, 0)"
        return cast(Any, super().as_sql(compiler, connection, template=template, **extra))


def table(rows: Iterable[Any], *columns: tuple[str, str]) -> "NDArray[Any]":
    """Return rows of a query as one structured array with these (name, type) columns."""
    import numpy as np

    return np.fromiter(rows, dtype=np.dtype(list(columns)))


def joined(**columns: "NDArray[Any]") -> "NDArray[Any]":
    """Return columns of one length as one structured array."""
    import numpy as np

    first = next(iter(columns.values()))
    made = np.empty(len(first), dtype=[(name, column.dtype) for name, column in columns.items()])
    for name, column in columns.items():
        made[name] = column
    return made


def stream(rows: "QuerySet[Any, Any]") -> Iterator[Any]:
    """Read the rows of a `values_list` as they come from the database, without keeping them.

    Django's own iterator looks at each value for converters; numbers and texts need none.
    """
    try:
        sql, params = rows.query.get_compiler(connection.alias).as_sql()
    except EmptyResultSet:
        return
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while found := cursor.fetchmany(CHUNK):
            yield from found


def facts(kind: str, ids: "Iterable[int] | None" = None) -> "NDArray[Any]":
    """Return one row for each person or company ("contact", "company") that has bought and is not in the bin, by id.

    Columns: id, orders, days, first, last (day numbers), value, margin (minor units), gap_days, gap_squares.
    """
    import numpy as np

    rows = CustomerFacts.objects.filter(**{f"{kind}__isnull": False})
    if ids is not None:
        rows = rows.filter(**{f"{kind}__in": list(ids)})
    columns = (f"{kind}_id", "orders", "days", DayNumber(F("first_on")), DayNumber(F("last_on")), "value",
               Coalesce("margin", Value(0)), "gap_days", "gap_squares")  # fmt: skip
    found = table(
        stream(rows.order_by().values_list(*columns)),
        ("id", "i8"), ("orders", "i4"), ("days", "i4"), ("first", "i4"), ("last", "i4"), ("value", "i8"),
        ("margin", "i8"), ("gap_days", "i4"), ("gap_squares", "i8"),
    )  # fmt: skip
    gone = table(stream(_gone(kind)), ("id", "i8"))["id"]
    found = found[~np.isin(found["id"], gone)] if len(gone) else found
    return found[np.argsort(found["id"], kind="stable")]


def _gone(kind: str) -> "QuerySet[Any, Any]":
    model: Any = Contact if kind == "contact" else Company
    gone: QuerySet[Any, Any] = model.objects.filter(worth__isnull=False).exclude(binned_at=None)  # along an index
    return gone.values_list("pk", flat=True)


def of_window(kind: str, ids: "NDArray[Any]", column: str, since: date, until: date | None = None) -> "NDArray[Any]":
    """Return the sum of `column` of CustomerMonth for each of `ids` (sorted) over the months from `since` on."""
    few = {f"{kind}__in": ids.tolist()} if len(ids) <= FEW else {f"{kind}__isnull": False}
    rows = CustomerMonth.objects.filter(month__gte=since, **few)
    rows = rows.filter(month__lt=until) if until else rows
    columns = rows.order_by().values_list(f"{kind}_id").annotate(sum=Coalesce(Sum(column), Value(0)))
    found = table(stream(columns), ("id", "i8"), ("value", "i8"))
    return sums(ids, found["id"], found["value"])


def sums(ids: "NDArray[Any]", owners: "NDArray[Any]", values: "NDArray[Any]") -> "NDArray[Any]":
    """Return the sum of `values` for each of `ids` (sorted); those of others are left out. Exact up to 2^53."""
    import numpy as np

    if not len(ids):
        return np.zeros(0, dtype=np.int64)
    place = np.searchsorted(ids, owners)
    mine = (place < len(ids)) & (ids[np.minimum(place, len(ids) - 1)] == owners)
    return np.bincount(place[mine], weights=values[mine], minlength=len(ids)).astype(np.int64)


def standings(kind: str) -> "NDArray[Any]":
    """Return what stands in the database, by holder: pk, id, tier, below, value, rank, r, f, m, segment as numbers."""
    import numpy as np

    columns = ("pk", f"{kind}_id", "tier", DayNumber(F("below_since")), "value", "rank", "r", "f", "m", "segment")
    rows = Standing.objects.filter(**{f"{kind}__isnull": False}).order_by().values_list(*columns)
    found = table(
        ((pk, holder, TIERS[tier], below, value, rank or 0, r, f, m, SEGMENTS[segment])
         for pk, holder, tier, below, value, rank, r, f, m, segment in stream(rows)),
        ("pk", "i8"), ("id", "i8"), ("tier", "i1"), ("below", "i4"), ("value", "i8"), ("rank", "i4"), ("r", "i1"),
        ("f", "i1"), ("m", "i1"), ("segment", "i1"),
    )  # fmt: skip
    return found[np.argsort(found["id"], kind="stable")]


@dataclass(frozen=True)
class Matched:
    """Which of `ids` stand in the database already: `known` is their place there, -1 for new ones; `gone` are the
    places of those that stand there but should not."""

    known: "NDArray[Any]"
    gone: "NDArray[Any]"


def match(ids: "NDArray[Any]", there: "NDArray[Any]") -> Matched:
    """Match two sorted lists of ids."""
    import numpy as np

    place = np.searchsorted(there, ids)
    inside = np.minimum(place, max(len(there) - 1, 0))
    known = np.where(there[inside] == ids, place, -1) if len(there) else np.full(len(ids), -1)
    return Matched(known, np.flatnonzero(~np.isin(there, ids)))
