"""What somebody is worth to us, read from the kept facts: a fixed number of small prepared reads, never their orders.

Only the *usual order* looks at orders, and at the newest few.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from math import sqrt
from statistics import median_low
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from regulars.contacts.actions.adding import Holder
from regulars.contacts.models import Contact
from regulars.lib.money import money_text
from regulars.lib.prepared import prepared
from regulars.orders.entries import text_for
from regulars.orders.models import CustomerFacts, CustomerMonth, Line, Order
from regulars.orders.rates import home_currency

MONTHS = 24  # of the sparkline
YEAR = 12
LOOKED_AT = 12  # newest orders that the usual one is read from
ENOUGH = 3  # fewer orders have nothing usual
SHARE = 0.5  # of these orders in which a product has to be
USUAL = 3  # products named
BAR, GAP, HEIGHT = 7, 3, 32  # of the sparkline, in its own units


@prepared
def _facts(pk: int, is_person: bool) -> QuerySet[CustomerFacts]:
    rows: QuerySet[CustomerFacts] = CustomerFacts.objects.filter(**_of(pk, is_person)).select_related("last_order")
    return rows


@prepared
def _months(pk: int, is_person: bool) -> QuerySet[CustomerMonth]:
    return CustomerMonth.objects.filter(**_of(pk, is_person)).order_by("-month")[:MONTHS]


@prepared
def _newest(pk: int, is_person: bool) -> QuerySet[Order, Any]:
    orders = Order.objects.counted().filter(**_of(pk, is_person)).order_by("-placed_at", "-pk")
    return orders.values_list("pk")[:LOOKED_AT]


@prepared
def _lines(orders: list[int]) -> QuerySet[Line, Any]:
    rows = Line.objects.filter(order__in=orders).order_by("pk")
    return rows.values_list("order_id", "product_id", "name", "quantity")


def _of(pk: int, is_person: bool) -> dict[str, int]:
    return {"contact_id" if is_person else "company_id": pk}


@dataclass(frozen=True)
class Month:
    """One month of the sparkline."""

    first: date
    value: int
    orders: int


class Worth:
    """What one customer is worth. Each part is read when it is asked for, once."""

    def __init__(self, holder: Holder, today: date | None = None) -> None:
        self.holder = holder
        self.today = today or timezone.localdate()
        self.currency = home_currency()

    @property
    def _key(self) -> tuple[int, bool]:
        return self.holder.pk, isinstance(self.holder, Contact)

    @cached_property
    def facts(self) -> CustomerFacts | None:
        """The kept facts; None for somebody who never bought."""
        return _facts.first(*self._key)

    @cached_property
    def months(self) -> list[Month]:
        """The last months up to this one, the oldest first, silent ones too."""
        known = {row.month: row for row in _months(*self._key)} if self.facts else {}
        found = []
        for back in range(MONTHS - 1, -1, -1):
            years, month = divmod(self.today.year * 12 + self.today.month - 1 - back, 12)
            first = date(years, month + 1, 1)
            row = known.get(first)
            found.append(Month(first, row.value if row else 0, row.orders if row else 0))
        return found

    @property
    def year_value(self) -> int:
        """What the last twelve calendar months brought, this one included."""
        return sum(month.value for month in self.months[-YEAR:])

    @property
    def gap(self) -> int | None:
        """Days between two days of purchase, usually; None before the third."""
        facts = self.facts
        return max(1, round(facts.gap_days / (facts.days - 1))) if facts and facts.days >= ENOUGH else None

    @property
    def spread(self) -> float:
        """The standard deviation of the gaps, in days."""
        facts = self.facts
        if not facts or facts.days < ENOUGH:
            return 0.0
        count = facts.days - 1
        return sqrt(max(0.0, facts.gap_squares / count - (facts.gap_days / count) ** 2))

    @property
    def silent_days(self) -> int:
        """Days since the last purchase."""
        return max(0, (self.today - self.facts.last_on).days) if self.facts else 0

    @property
    def average(self) -> int:
        """What one order brings on average."""
        return round(self.facts.value / self.facts.orders) if self.facts else 0

    @cached_property
    def _recent(self) -> tuple[list[int], list[Any]]:
        """The newest orders that count, the newest first, and their lines: two queries, none for who never bought."""
        ids = [row[0] for row in _newest(*self._key)] if self.facts else []
        return ids, _lines(ids)

    @cached_property
    def usual(self) -> list[tuple[Decimal, str]]:
        """What is in at least half of their newest orders, the most usual first, each with how many; three at most."""
        ids, lines = self._recent
        if len(ids) < ENOUGH:
            return []
        seen: Counter[Any] = Counter()
        names: dict[Any, str] = {}
        counts: dict[Any, list[Decimal]] = {}
        for order, product, name, quantity in lines:
            key = product or name
            if (order, key) not in names:
                seen[key] += 1
            names[(order, key)] = names[key] = name
            counts.setdefault(key, []).append(quantity)
        least = max(2, SHARE * len(ids))
        usual = [key for key, count in seen.most_common() if count >= least][:USUAL]
        return [(median_low(counts[key]), names[key]) for key in usual]

    @property
    def usual_text(self) -> str:
        """The usual order in a line, "" for none."""
        return text_for(self.usual)

    @property
    def last_text(self) -> str:
        """What was in the last order."""
        ids, lines = self._recent
        return text_for([(row[3], row[2]) for row in lines if row[0] == ids[0]])

    @property
    def sparkline(self) -> SafeString:
        """The months as bars: a picture for the eye, said in words beside it."""
        most = max((month.value for month in self.months), default=0) or 1
        bars = []
        for place, month in enumerate(self.months):
            height = max(2 if month.orders else 1, round(HEIGHT * month.value / most))
            tone = "fill-primary" if place >= MONTHS - YEAR else "fill-muted-foreground/40"
            title = f"{month.first:%Y-%m}: {money_text(month.value, self.currency, whole=True)}"
            bars.append(
                f'<rect x="{place * (BAR + GAP)}" y="{HEIGHT - height}" width="{BAR}" height="{height}" rx="1.5"'
                f' class="{tone}"><title>{title}</title></rect>'
            )
        width = MONTHS * (BAR + GAP) - GAP
        return mark_safe(  # noqa: S308  (numbers, dates and amounts)
            f'<svg viewBox="0 0 {width} {HEIGHT}" class="h-8 w-full" preserveAspectRatio="none" aria-hidden="true">'
            f"{''.join(bars)}</svg>"
        )
