"""Where customers come from, what they bring in their first year, and whom they bring."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from regulars.contacts.models import Referral, Source
from regulars.insights.charts import (
    COUNT,
    MONEY,
    NUMBER,
    BarChart,
    Column,
    Figure,
    Series,
    Table,
    major,
    money_unit,
)
from regulars.insights.cubes.reading import YEAR, Period, Sight
from regulars.insights.reports.base import (
    ENOUGH,
    amount,
    month_words,
    number,
    percent,
    period_words,
    sentences,
    too_few,
)
from regulars.insights.reports.cohorts import age
from regulars.insights.tables import CohortFigure, Tally

REFERRALS = "referrals"
LEAST = 5  # customers of one source


@dataclass(frozen=True)
class SourceLine:
    """One source: how many came by it, and what they brought in their first year together."""

    name: str
    people: int
    value: int

    @property
    def each(self) -> int:
        """What one of them brought."""
        return self.value // self.people


def sources(sight: Sight) -> Sequence[Figure]:
    """What customers of each source brought within 12 months of their first purchase."""
    period = _a_year_ago(sight)
    found = _first_years(period)
    names = dict(Source.objects.filter(pk__in=found).values_list("pk", "name"))
    rows = [SourceLine(names[pk], people, value) for pk, (people, value) in found.items() if pk in names and people]
    rows.sort(key=lambda row: -row.each)
    enough = [row for row in rows if row.people >= LEAST]
    return [
        Figure(
            "sources",
            _source_words(sight, period, enough, sum(row.people for row in rows)),
            BarChart(
                [row.name for row in rows],
                [Series(_("Brought by one customer in 12 months"), [major(row.each, sight.currency) for row in rows])],
                money_unit(sight.currency),
                is_lying=True,
            )
            if rows
            else None,
            Table(
                [Column(_("Source")), Column(_("Customers"), NUMBER), Column(_("Each in 12 months"), MONEY),
                 Column(_("Together"), MONEY)],
                [[row.name, row.people, row.each, row.value] for row in rows],
                sight.currency,
            )
            if rows
            else None,
            note=_("Customers whose first purchase was %(period)s: their first year is over. Sources are what "
                   "stands on the contact.") % {"period": period_words(period)},
        )
    ]  # fmt: skip


def _a_year_ago(sight: Sight) -> Period:
    """The chosen months, moved back until the year after each of them is over."""
    missing = YEAR - age(sight.period.last, sight.today.replace(day=1))
    return sight.period.moved(-max(missing, 0))


def _first_years(period: Period) -> dict[int, tuple[int, int]]:
    """Customers and their value within 12 months, by source."""
    rows = CohortFigure.objects.filter(
        slice__key__startswith="source=", slice__is_standing=True, first__gte=period.first, first__lte=period.last
    ).values_list("slice__key", "first", "month", "customers", "value")
    people: dict[int, int] = defaultdict(int)
    values: dict[int, int] = defaultdict(int)
    for key, first, month, customers, value in rows:
        source = int(key.removeprefix("source="))
        later = age(first, month)
        people[source] += customers if later == 0 else 0
        values[source] += value if later < YEAR else 0
    return {source: (people[source], values[source]) for source in people}


def _source_words(sight: Sight, period: Period, rows: list[SourceLine], people: int) -> str:
    if people < ENOUGH or not rows:
        return too_few(people)
    best, worst = rows[0], rows[-1]
    said = _("Customers who came by “%(source)s” brought most: %(value)s each within 12 months (%(count)s people).") % {
        "source": best.name, "value": amount(sight, best.each), "count": number(best.people),
    }  # fmt: skip
    if best is worst:
        return said
    least = _("Those by “%(source)s” brought least: %(value)s (%(count)s people).") % {
        "source": worst.name, "value": amount(sight, worst.each), "count": number(worst.people),
    }  # fmt: skip
    return sentences(said, least)


def tally_referrals(today: date) -> list[Tally]:
    """Count who was brought in each month, how many of them have bought, and what they have brought so far."""
    rows = Referral.objects.order_by().annotate(month=TruncMonth("brought_at"))
    sums = rows.values("month").annotate(
        people=Count("pk"),
        bought=Count("pk", filter=Q(contact__worth__isnull=False) | Q(company__worth__isnull=False)),
        persons=Sum("contact__worth__value"),
        companies=Sum("company__worth__value"),
    )
    return [
        Tally(label="all", month=row["month"].date(), count=row["bought"], total=row["people"],
              value=max((row["persons"] or 0) + (row["companies"] or 0), 0))
        for row in sums
    ]  # fmt: skip


def referrals(sight: Sight) -> Sequence[Figure]:
    """How many people were brought by others, and what they have brought."""
    kept = {row.month: row for row in sight.tallies(REFERRALS)}
    months = sight.period.months
    rows = [kept.get(month) or Tally(month=month) for month in months]
    people, bought, value = (sum(getattr(row, name) for row in rows) for name in ("total", "count", "value"))
    said = _("%(people)s newcomers were brought by others %(period)s.") % {
        "people": number(people), "period": period_words(sight.period),
    }  # fmt: skip
    rest = _("%(percent)s of them have bought, for %(value)s so far.") % {
        "percent": percent(bought / people) if people else "0 %", "value": amount(sight, value),
    }  # fmt: skip
    chart = BarChart(
        [month_words(month) for month in months],
        [
            Series(_("Have bought"), [row.count for row in rows]),
            Series(_("Not yet"), [row.total - row.count for row in rows], tone="muted-foreground"),
        ],
        COUNT,
        is_stacked=True,
    )
    heads = [Column(_("Brought"), NUMBER), Column(_("Have bought"), NUMBER), Column(_("Their revenue so far"), MONEY)]
    cells = [[month_words(row.month), row.total, row.count, row.value] for row in rows]
    return [
        Figure(
            "referrals",
            sentences(said, rest) if people else _("Nobody was noted as brought by somebody %(period)s.")
            % {"period": period_words(sight.period)},
            chart if people else None,
            Table([Column(_("Month")), *heads], cells, sight.currency) if people else None,
        )
    ]  # fmt: skip
