"""Counting one month: its orders are read once, and added up along each dimension (sold.py).

One month is one short transaction: it may be counted twice, by two workers or after a crash, with the same result.
Ten million orders over five years are 60 months of some 170,000 orders each.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Max, Min, OuterRef

from regulars.insights.cubes.choice import ALL, DIMENSIONS, Choice
from regulars.insights.cubes.crowd import Crowd
from regulars.insights.cubes.sold import Sold, Who, products_in
from regulars.insights.tables import CohortFigure, MonthFigure, ProductMonth, Slice
from regulars.orders.models import CustomerMonth, Order

SILENCE = 6  # months without a purchase after which somebody counts as lost
BATCH = 500


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
    cohorts: list[tuple[Any, date, int, int]]  # part, first month, customers, value


@dataclass
class MonthCount:
    """What was read of one month, to be written in one short transaction."""

    month: date
    choice: Choice
    parts: list[Part]
    products: list[ProductMonth] | None = None


def count_month(month: date, choice: Choice | None = None, crowd: Crowd | None = None) -> None:
    """Count `month` anew for the choice, or without one for everything that stands: slices and products."""
    keep_month(read_month(month, choice, crowd))


def read_month(month: date, choice: Choice | None = None, crowd: Crowd | None = None) -> MonthCount:
    """Add up the orders of `month`. Only reads: nobody waits while it does. Who counts several months gives `crowd`."""
    chosen = choice or ALL
    sold = Sold(chosen.orders(_of_month(month)), month, crowd or Crowd())
    back, lost = Who(_came_back(month, chosen), sold.crowd), Who(_lost(month, chosen), sold.crowd)
    parts = [_read(sold, by, back, lost) for by in (("",) if choice else ("", *DIMENSIONS))]
    return MonthCount(month, chosen, parts, None if choice else _products(month))


@transaction.atomic
def keep_month(count: MonthCount) -> None:
    """Replace what is kept of the month."""
    for part in count.parts:
        _write(count.month, part, count.choice)
    if count.products is not None:
        ProductMonth.objects.filter(month=count.month).delete()
        ProductMonth.objects.bulk_create(count.products, batch_size=BATCH)


def _read(sold: Sold, by: str, back: Who, lost: Who) -> Part:
    figures = {part: MonthFigure(month=sold.month, **row) for part, row in sold.figures(by).items()}
    returned = sold.channels_of(back.ids) if by == "channel" else back.count(by)
    gone = _channels_of_lost(sold.month, lost) if by == "channel" else lost.count(by)
    for name, found in (("back", returned), ("lost", gone)):
        for part, count in found.items():
            setattr(figures.setdefault(part, MonthFigure(month=sold.month)), name, count)
    kept = {part: row for part, row in figures.items() if row.orders or row.refunds or row.lost}
    return Part(by, kept, sold.cohorts(by))


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


def _of_month(month: date) -> Any:
    return Order.objects.filter(placed_on__gte=month, placed_on__lt=shift(month, 1)).order_by()


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


def _channels_of_lost(month: date, lost: Who) -> dict[str, int]:
    """Through which channels those who were lost in `month` bought when they last did."""
    then = shift(month, -SILENCE)
    bought = {"contact__orders__placed_on__gte": then, "contact__orders__placed_on__lt": shift(then, 1)}
    rows = lost.rows.filter(contact__orders__status__in=Order.COUNTED, **bought).order_by()
    channels = rows.values("contact__orders__channel").annotate(n=Count("contact_id", distinct=True))
    return dict(channels.values_list("contact__orders__channel", "n"))


def product_columns(month: date, choice: Choice = ALL) -> Iterator[dict[str, Any]]:
    """What each product sold in the month, as columns. A line's value is its share of what its order brought in."""
    for columns in products_in(choice.orders(_of_month(month))):
        yield {"month": month, **columns}


def _products(month: date) -> list[ProductMonth]:
    return [ProductMonth(**columns) for columns in product_columns(month)]
