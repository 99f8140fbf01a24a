"""Reading what is kept: the months of a choice over a period, its cohorts, products, comparisons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Sum

from regulars.access.models import Organisation, User
from regulars.insights.cubes.choice import Choice
from regulars.insights.cubes.counting import months_between, shift
from regulars.insights.tables import ChoiceProduct, CohortFigure, MonthFigure, ProductMonth, Slice, Tally

YEAR = 12
LONGEST = 120  # months of one page
SUMMED = ("orders", "refunds", "value", "new", "back", "lost")
BEFORE, LAST_YEAR, NOTHING = "before", "year", "none"


@dataclass(frozen=True)
class Period:
    """Whole months from `first` to `last`, both first days of a month."""

    first: date
    last: date

    @property
    def months(self) -> list[date]:
        """Every month of it."""
        return months_between(self.first, self.last)

    def moved(self, months: int) -> "Period":
        """The same number of months, so many months earlier or later."""
        return Period(shift(self.first, months), shift(self.last, months))


def read_month_name(text: Any) -> date | None:
    """Return the first day of "2026-03", or None."""
    try:
        return datetime.strptime(f"{text}-01", "%Y-%m-%d").date()  # noqa: DTZ007  (a month has no zone)
    except ValueError:
        return None


def period_of(data: Mapping[str, Any], today: date) -> Period:
    """Read `from` and `to` ("2025-12"); the last twelve months where they make no sense."""
    this = today.replace(day=1)
    last = min(read_month_name(data.get("to")) or this, this)
    first = read_month_name(data.get("from")) or shift(last, 1 - YEAR)
    first = min(max(first, shift(last, 1 - LONGEST)), last)
    return Period(first, last)


@dataclass(frozen=True)
class Total:
    """What several months came to. `customers` is the average of a month: people come in several."""

    orders: int = 0
    refunds: int = 0
    value: int = 0
    margin: int | None = None
    new: int = 0
    back: int = 0
    lost: int = 0
    customers: float = 0.0

    @property
    def average(self) -> int | None:
        """What one purchase brought, in minor units."""
        return round(self.value / self.orders) if self.orders else None


def total_of(rows: Sequence[MonthFigure]) -> Total:
    """Add up months."""
    margins = [row.margin for row in rows if row.margin is not None]
    return Total(
        **{
            name: sum(getattr(row, name) for row in rows)
            for name in ("orders", "refunds", "value", "new", "back", "lost")
        },
        margin=sum(margins) if margins else None,
        customers=sum(row.customers for row in rows) / len(rows) if rows else 0.0,
    )


class Sight:
    """What a report reads: one choice over a period and what it is compared with. Everything is read once."""

    def __init__(self, user: User, organisation: Organisation, data: Mapping[str, Any], today: date) -> None:
        self.user, self.organisation, self.today = user, organisation, today
        self.choice = Choice.read(data)
        self.period = period_of(data, today)
        compare = str(data.get("compare") or LAST_YEAR)
        self.compare = compare if compare in {BEFORE, LAST_YEAR, NOTHING} else LAST_YEAR

    @property
    def currency(self) -> str:
        """The currency of the business."""
        return self.organisation.currency

    @property
    def compared(self) -> Period | None:
        """The period it is compared with."""
        if self.compare == NOTHING:
            return None
        return self.period.moved(-YEAR if self.compare == LAST_YEAR else -len(self.period.months))

    @cached_property
    def slice(self) -> Slice | None:
        """The kept figures of the choice, None where they are not counted yet."""
        return Slice.objects.filter(key=self.choice.key, counted_at__isnull=False).first()

    @cached_property
    def known(self) -> dict[date, MonthFigure]:
        """Every month of the choice that has figures."""
        if self.slice is None:
            return {}
        return {row.month: row for row in MonthFigure.objects.filter(slice=self.slice)}

    def months(self, period: Period | None = None) -> list[MonthFigure]:
        """One row for each month of the period, empty where nothing was bought."""
        period = period or self.period
        return [self.known.get(month) or MonthFigure(month=month) for month in period.months]

    def total(self, period: Period | None = None) -> Total:
        """What the period came to."""
        return total_of(self.months(period))

    @cached_property
    def _whole(self) -> Period | None:
        """The period without a month that is not over; None where nothing is left."""
        if not self.is_partial:
            return self.period
        first, last = self.period.first, shift(self.period.last, -1)
        return Period(first, last) if first <= last else None

    @cached_property
    def basis(self) -> Total:
        """What is compared: the months of the period that are over."""
        return self.total(self._whole) if self._whole else Total()

    @cached_property
    def before(self) -> Total | None:
        """What the compared months came to; None without any, or where the business is younger than that."""
        if self.compared is None or self._whole is None or not self.known:
            return None
        back = -YEAR if self.compare == LAST_YEAR else -len(self.period.months)
        then = self._whole.moved(back)
        total = self.total(then)
        return total if total.orders and min(self.known) <= then.first else None

    @property
    def is_partial(self) -> bool:
        """Whether the period ends with the running month, which has not brought all of its orders yet."""
        return self.period.last == self.today.replace(day=1)

    def cohorts(self) -> list[CohortFigure]:
        """What those who first bought in the period did since, by cohort and month."""
        rows = CohortFigure.objects.filter(slice=self.slice, first__gte=self.period.first, first__lte=self.period.last)
        return list(rows.order_by("first", "month"))

    def products(self, period: Period, limit: int = 20) -> list[dict[str, Any]]:
        """The products that brought most in a period; those of a choice are there once `cubes.goods` counted them."""
        kept: Any = ChoiceProduct.objects.filter(slice=self.slice) if self.choice.key else ProductMonth.objects.all()
        rows = kept.filter(month__gte=period.first, month__lte=period.last)
        sums = rows.values("product", "product__name", "product__category").annotate(
            sold=Sum("units"), earned=Sum("value"), times=Sum("orders")
        )
        return [dict(row) for row in sums.order_by("-earned", "product")[:limit]]

    def tallies(self, subject: str) -> list[Tally]:
        """A comparison that was counted at night."""
        return list(Tally.objects.filter(subject=subject).order_by("month", "pk"))
