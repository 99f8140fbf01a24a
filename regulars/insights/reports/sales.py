"""Customers and revenue; new, returning and lost; the average purchase."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.insights.charts import (
    COUNT,
    MONEY,
    NUMBER,
    BarChart,
    Column,
    Figure,
    LineChart,
    Series,
    Table,
    major,
    money_unit,
)
from regulars.insights.cubes.counting import SILENCE
from regulars.insights.cubes.reading import Sight
from regulars.insights.reports.base import (
    ENOUGH,
    against,
    amount,
    month_words,
    number,
    period_words,
    running_note,
    sentences,
    too_few,
)
from regulars.insights.tables import MonthFigure


def _labels(sight: Sight) -> list[str]:
    return [month_words(month) for month in sight.period.months]


def _compared(sight: Sight) -> list[MonthFigure]:
    return sight.months(sight.compared) if sight.compared and sight.before else []


def revenue(sight: Sight) -> Sequence[Figure]:
    """What was earned, from how many, month by month."""
    total, rows, earlier = sight.total(), sight.months(), _compared(sight)
    finding = ngettext(
        "You earned %(value)s from one purchase %(period)s.",
        "You earned %(value)s from %(orders)s purchases %(period)s.",
        total.orders,
    ) % {"value": amount(sight, total.value), "orders": number(total.orders), "period": period_words(sight.period)}
    before = sight.before
    lines = [Series(_("Revenue"), [major(row.value, sight.currency) for row in rows])]
    columns = [
        Column(_("Month")),
        Column(_("Revenue"), MONEY),
        Column(_("Margin"), MONEY),
        Column(_("Purchases"), NUMBER),
    ]
    cells = [[month_words(row.month), row.value, row.margin, row.orders] for row in rows]
    if earlier:
        values = [major(row.value, sight.currency) for row in earlier]
        lines.append(Series(_("Compared"), values, tone="muted-foreground", is_dashed=True))
        columns.insert(2, Column(_("Compared"), MONEY))
        for line, row in zip(cells, earlier, strict=True):
            line.insert(2, row.value)
    money = Figure(
        "revenue",
        sentences(finding, against(sight, sight.basis.value, before.value if before else None), running_note(sight)),
        LineChart(_labels(sight), lines, money_unit(sight.currency)),
        Table(columns, cells, sight.currency),
        title=_("Revenue"),
        note=_(
            "Purchases less what was given back; cancelled ones don’t count. The margin is known where each cost is."
        ),
    )
    return [money, _customers(sight, rows, earlier)]


def _customers(sight: Sight, rows: list[MonthFigure], earlier: list[MonthFigure]) -> Figure:
    total, before = sight.total(), sight.before
    finding = _("In an average month %(count)s customers bought something.") % {"count": number(total.customers)}
    bars = [Series(_("Customers"), [row.customers for row in rows])]
    columns = [Column(_("Month")), Column(_("Customers"), NUMBER)]
    cells = [[month_words(row.month), row.customers] for row in rows]
    if earlier:
        bars.append(Series(_("Compared"), [row.customers for row in earlier], tone="muted-foreground"))
        columns.append(Column(_("Compared"), NUMBER))
        for line, row in zip(cells, earlier, strict=True):
            line.append(row.customers)
    return Figure(
        "customers",
        sentences(finding, against(sight, sight.basis.customers, before.customers if before else None)),
        BarChart(_labels(sight), bars, COUNT),
        Table(columns, cells),
        title=_("Customers a month"),
        note=_("Somebody who comes three times in a month is counted once in that month."),
    )


def flow(sight: Sight) -> Sequence[Figure]:
    """Who came for the first time, came back, and stayed away."""
    total, rows = sight.total(), sight.months()
    names = {"new": number(total.new), "back": number(total.back), "lost": number(total.lost), "months": SILENCE,
             "period": period_words(sight.period)}  # fmt: skip
    finding = _(
        "%(new)s bought for the first time %(period)s, %(back)s came back after %(months)d months or more, "
        "and %(lost)s have now been silent for %(months)d months."
    )
    returning = [row.customers - row.new - row.back for row in rows]
    chart = BarChart(
        _labels(sight),
        [
            Series(_("Returning"), returning, tone="primary"),
            Series(_("New"), [row.new for row in rows], tone="gold"),
            Series(_("Came back"), [row.back for row in rows], tone="good"),
            Series(_("Lost"), [-row.lost for row in rows], tone="risk"),
        ],
        COUNT,
        is_stacked=True,
    )
    heads = [_("New"), _("Returning"), _("Came back"), _("Lost")]
    cells = [
        [month_words(row.month), row.new, kept, row.back, row.lost] for row, kept in zip(rows, returning, strict=True)
    ]
    balance = total.new + total.back - total.lost
    more = _("In sum you gained %(count)s customers.") % {"count": number(balance)} if balance > 0 else ""
    fewer = _("In sum you lost %(count)s customers.") % {"count": number(-balance)} if balance < 0 else ""
    return [
        Figure(
            "flow",
            sentences(finding % names, more, fewer) if total.orders else too_few(0),
            chart,
            Table([Column(_("Month")), *(Column(head, NUMBER) for head in heads)], cells),
            note=_("Lost: bought %(months)d months before and not since. Whoever comes later counts as come back.")
            % {"months": SILENCE},
        )
    ]


def average(sight: Sight) -> Sequence[Figure]:
    """What one purchase brings."""
    total, rows, earlier, before = sight.total(), sight.months(), _compared(sight), sight.before

    def each(months: list[MonthFigure]) -> list[float | None]:
        return [major(round(row.value / row.orders), sight.currency) if row.orders else None for row in months]

    lines = [Series(_("Average purchase"), each(rows))]
    if earlier:
        lines.append(Series(_("Compared"), each(earlier), tone="muted-foreground", is_dashed=True))
    said = _("A purchase brought %(value)s on average %(period)s.") % {
        "value": amount(sight, total.average or 0), "period": period_words(sight.period),
    }  # fmt: skip
    said = sentences(said, against(sight, sight.basis.average or 0, before.average if before else None))
    cells = [
        [month_words(row.month), round(row.value / row.orders) if row.orders else None, row.orders, row.refunds]
        for row in rows
    ]
    heads = [Column(_("Average purchase"), MONEY), Column(_("Purchases"), NUMBER), Column(_("Given back"), NUMBER)]
    return [
        Figure(
            "average",
            said if total.orders >= ENOUGH else too_few(total.orders),
            LineChart(_labels(sight), lines, money_unit(sight.currency)),
            Table([Column(_("Month")), *heads], cells, sight.currency),
        )
    ]
