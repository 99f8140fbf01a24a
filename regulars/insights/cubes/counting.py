"""Counting one month: every figure is counted from the orders of that month by the database, on both of them.

One month is one short transaction: it may be counted twice, by two workers or after a crash, with the same result.
Ten million orders over five years are 60 months of some 170,000 orders each.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, Count, Exists, F, Max, Min, OuterRef, Q, Sum, Value
from django.db.models.functions import NullIf, TruncMonth

from regulars.insights.cubes.choice import ALL, DIMENSIONS, FIRST, HOLDER, NOT_NOBODY, PEOPLE, Choice
from regulars.insights.tables import CohortFigure, MonthFigure, ProductMonth, Slice
from regulars.orders.models import CustomerMonth, Line, Order

SILENCE = 6  # months without a purchase after which somebody counts as lost
BATCH = 500
THOUSANDTHS = 1000
COUNTED = Q(status__in=Order.COUNTED)


def shift(month: date, months: int) -> date:
    """Return the first day of the month so many months later."""
    at = month.year * 12 + month.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def months_between(first: date, last: date) -> list[date]:
    """Return the first days of all months from that of `first` to that of `last`."""
    start = first.replace(day=1)
    return [shift(start, at) for at in range((last.year - first.year) * 12 + last.month - first.month + 1)]


def all_months(today: date) -> list[date]:
    """Return every month from the first order to this one, newest first; none without orders."""
    ends = Order.objects.aggregate(first=Min("placed_on"), last=Max("placed_on"))
    return months_between(ends["first"], max(ends["last"], today))[::-1] if ends["first"] else []


@dataclass
class Part:
    """What was read of one month, along one dimension (`by`, "" for the choice as a whole)."""

    by: str
    figures: dict[Any, MonthFigure]
    cohorts: list[tuple[Any, date, int, int]]


@dataclass
class MonthCount:
    """What was read of one month, to be written in one short transaction."""

    month: date
    choice: Choice
    parts: list[Part]
    products: list[ProductMonth] | None = None


def count_month(month: date, choice: Choice | None = None) -> None:
    """Count `month` anew for the choice, or without one for everything that stands: slices and products."""
    keep_month(read_month(month, choice))


def read_month(month: date, choice: Choice | None = None) -> MonthCount:
    """Add up the orders of `month`. Only reads: nobody waits while it does."""
    if choice is not None:
        return MonthCount(month, choice, [_read(month, "", choice)])
    parts = [_read(month, by, ALL) for by in ("", *DIMENSIONS)]
    return MonthCount(month, ALL, parts, _products(month))


@transaction.atomic
def keep_month(count: MonthCount) -> None:
    """Replace what is kept of the month."""
    for part in count.parts:
        _write(count.month, part, count.choice)
    if count.products is not None:
        ProductMonth.objects.filter(month=count.month).delete()
        ProductMonth.objects.bulk_create(count.products, batch_size=BATCH)


def _read(month: date, by: str, choice: Choice) -> Part:
    figures = {row["part"]: MonthFigure(month=month, **_figure(row)) for row in _orders(month, by, choice)}
    for name, people in (("back", _came_back(month, choice)), ("lost", _lost(month, choice))):
        for part, count in _by_part(people, by, month, name):
            setattr(figures.setdefault(part, MonthFigure(month=month)), name, count)
    kept = {part: row for part, row in figures.items() if part is not None and (row.orders or row.refunds or row.lost)}
    return Part(by, kept, list(_cohorts(month, by, choice)))


def _write(month: date, part: Part, choice: Choice) -> None:
    """Replace the rows of this month in the slice of the choice, or in all slices of a dimension."""
    slices = _slices(part.by, choice, list(part.figures))
    mine = Slice.objects.filter(key__startswith=f"{part.by}=", is_standing=True) if part.by else slices.values()
    where = {"slice__in": [one.pk for one in mine]}
    MonthFigure.objects.filter(month=month, **where).delete()
    CohortFigure.objects.filter(month=month, **where).delete()
    for value, figure in part.figures.items():
        figure.slice = slices[value]
    MonthFigure.objects.bulk_create(part.figures.values(), batch_size=BATCH)
    cohorts = [
        CohortFigure(slice=slices[value], first=first, month=month, customers=customers, value=earned or 0)
        for value, first, customers, earned in part.cohorts
        if value in slices
    ]
    CohortFigure.objects.bulk_create(cohorts, batch_size=BATCH)


def _slices(by: str, choice: Choice, parts: list[Any]) -> dict[Any, Slice]:
    """The slices by the value they stand for, made where they are new; "" stands for the choice itself."""
    keys = {part: f"{by}={part}" for part in parts if part != ""} if by else {"": choice.key}
    standing = bool(by) or choice.is_standing
    known = Slice.objects.in_bulk(list(keys.values()), field_name="key")
    new = [Slice(key=key, is_standing=standing) for key in keys.values() if key not in known]
    Slice.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        known = Slice.objects.in_bulk(list(keys.values()), field_name="key")
    return {part: known[key] for part, key in keys.items()}


def _of_month(month: date, choice: Choice) -> Any:
    rows = Order.objects.filter(placed_on__gte=month, placed_on__lt=shift(month, 1))
    return choice.orders(rows).order_by()


def _orders(month: date, by: str, choice: Choice) -> Any:
    rows = _of_month(month, choice).annotate(part=DIMENSIONS[by] if by else Value(""), holder=HOLDER, first=FIRST)
    known = COUNTED & NOT_NOBODY
    return rows.values("part").annotate(
        number=Count("pk", filter=COUNTED),
        given_back=Count("pk", filter=Q(refunded__gt=0)),
        people=Count("holder", distinct=True, filter=known),
        newcomers=Count("holder", distinct=True, filter=known & Q(first__gte=month)),
        earned=Sum("value", filter=COUNTED),
        left=Sum("margin", filter=COUNTED),
    )


def _figure(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "orders": row["number"], "refunds": row["given_back"], "customers": row["people"], "new": row["newcomers"],
        "value": row["earned"] or 0, "margin": row["left"],
    }  # fmt: skip


def _cohorts(month: date, by: str, choice: Choice) -> Any:
    rows = _of_month(month, choice).filter(COUNTED, NOT_NOBODY)
    rows = rows.annotate(part=DIMENSIONS[by] if by else Value(""), holder=HOLDER, started=TruncMonth(FIRST))
    rows = rows.filter(started__isnull=False).values("part", "started")
    sums = rows.annotate(people=Count("holder", distinct=True), earned=Sum("value"))
    return sums.values_list("part", "started", "people", "earned")


def _came_back(month: date, choice: Choice) -> Any:
    """People who bought in `month`, had bought before, and not in the `SILENCE` months before."""
    rows = CustomerMonth.objects.filter(month=month, contact__isnull=False, contact__worth__first_on__lt=month)
    since = _months(month__gte=shift(month, -SILENCE), month__lt=month)
    return choice.people(rows.exclude(Exists(since)))


def _lost(month: date, choice: Choice) -> Any:
    """People who bought `SILENCE` months before `month` and not since."""
    then = shift(month, -SILENCE)
    rows = CustomerMonth.objects.filter(month=then, contact__isnull=False)
    return choice.people(rows.exclude(Exists(_months(month__gt=then, month__lte=month))))


def _months(**when: Any) -> Any:
    return CustomerMonth.objects.filter(contact=OuterRef("contact"), **when)


def _by_part(rows: Any, by: str, month: date, name: str) -> Iterator[tuple[Any, int]]:
    """How many of these people there are in each part of the dimension."""
    if by == "channel":
        for channel in Order.Channel.values:
            bought = Order.objects.filter(contact=OuterRef("contact"), channel=channel, **_span(month, name)).counted()
            if count := rows.filter(Exists(bought)).count():
                yield channel, count
        return
    part = F(PEOPLE[by]) if by else Value("")
    yield from rows.order_by().annotate(part=part).values("part").annotate(n=Count("pk")).values_list("part", "n")


def _span(month: date, name: str) -> dict[str, date]:
    """The days of the purchase by which somebody came back in `month`, or after which they were lost."""
    start = month if name == "back" else shift(month, -SILENCE)
    return {"placed_on__gte": start, "placed_on__lt": shift(start, 1)}


def product_columns(month: date, choice: Choice = ALL) -> Iterator[dict[str, Any]]:
    """What each product sold in the month, as columns. A line's value is its share of what its order brought in."""
    lines = Line.objects.filter(
        product__isnull=False,
        order__placed_on__gte=month,
        order__placed_on__lt=shift(month, 1),
        order__status__in=Order.COUNTED,
    )
    if choice.key:
        lines = lines.filter(order__in=_of_month(month, choice).values("pk"))
    share = F("total") * F("order__value") / NullIf(F("order__total"), Value(0))
    sums = lines.order_by().values("product").annotate(
        sold=Sum("quantity"), times=Count("order", distinct=True), people=Count("order__contact", distinct=True),
        earned=Sum(share, output_field=BigIntegerField()),
    )  # fmt: skip
    for row in sums:
        yield {
            "product_id": row["product"], "month": month, "units": round(row["sold"] * THOUSANDTHS),
            "orders": row["times"], "customers": row["people"], "value": int(row["earned"] or 0),
        }  # fmt: skip


def _products(month: date) -> list[ProductMonth]:
    return [ProductMonth(**columns) for columns in product_columns(month)]
