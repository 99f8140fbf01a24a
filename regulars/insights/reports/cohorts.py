"""Who stays: retention by the month of the first purchase, and what a customer brings as time goes by."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.insights.charts import (
    MONEY,
    NUMBER,
    PERCENT,
    SHARE,
    Column,
    Figure,
    HeatMap,
    LineChart,
    Series,
    Table,
    Unit,
    major,
    money_unit,
)
from regulars.insights.comparing import Share
from regulars.insights.cubes.reading import YEAR, Sight
from regulars.insights.reports.base import ENOUGH, amount, month_words, number, percent, sentences, too_few
from regulars.insights.reports.expected import expected
from regulars.insights.reports.staying import staying

SHOWN = 12  # months after the first
CHECKED = 3  # the month after the first that the sentence speaks of
Cohorts = dict[date, dict[int, tuple[int, int]]]  # first month: {months later: (customers, value)}


def age(first: date, month: date) -> int:
    """How many months lie between two months."""
    return (month.year - first.year) * YEAR + month.month - first.month


def read_cohorts(sight: Sight) -> Cohorts:
    """Return what each cohort did, by months since its first purchase."""
    found: Cohorts = defaultdict(dict)
    for row in sight.cohorts():
        found[row.first][age(row.first, row.month)] = (row.customers, row.value)
    return dict(found)


def _over(sight: Sight, first: date, months: int) -> bool:
    """Whether the month so many months after `first` is over."""
    return age(first, sight.today.replace(day=1)) > months


def retention(sight: Sight) -> Sequence[Figure]:
    """How many of those who first came in a month bought again in the months after, and how long people stay."""
    cohorts = read_cohorts(sight)
    firsts = [month for month in sight.period.months if cohorts.get(month, {}).get(0)]
    sizes = {first: cohorts[first][0][0] for first in firsts}
    ages = range(1, SHOWN + 1)
    cells = [
        [min(cohorts[first].get(at, (0, 0))[0] / sizes[first], 1.0) if _over(sight, first, at) else None for at in ages]
        for first in firsts
    ]
    labels = [month_words(first) for first in firsts]
    most = max((value for row in cells for value in row if value is not None), default=1.0) or 1.0
    chart = HeatMap([str(at) for at in ages], labels, cells, Unit(SHARE.number, most)) if firsts else None
    heads = [Column(_("First purchase")), Column(_("People"), NUMBER), *(Column(str(at), PERCENT) for at in ages)]
    rows = [[label, sizes[first], *row] for label, first, row in zip(labels, firsts, cells, strict=True)]
    return [
        Figure(
            "retention",
            _stay_words(sight, cohorts, sizes),
            chart,
            Table(heads, rows) if rows else None,
            note=_("Each number is the share of those people who bought in the first, second, third… month after."),
        ),
        *staying(sight),
    ]


def _stay_words(sight: Sight, cohorts: Cohorts, sizes: dict[date, int]) -> str:
    ready = [first for first in sizes if _over(sight, first, CHECKED)]
    share = Share(
        sum(min(cohorts[first].get(CHECKED, (0, 0))[0], sizes[first]) for first in ready),
        sum(sizes[first] for first in ready),
    )
    if not share.is_enough:
        return too_few(share.total)
    low, high = share.interval
    return _(
        "Of %(total)s people whose first purchase is at least %(months)d months ago, %(percent)s bought in the "
        "third month after it (95 %% interval: %(low)s to %(high)s)."
    ) % {
        "total": number(share.total), "months": CHECKED, "percent": percent(share.value), "low": percent(low),
        "high": percent(high),
    }  # fmt: skip


def worth(sight: Sight) -> Sequence[Figure]:
    """What a customer has brought, so many months after the first purchase, and what is expected of them."""
    return [*_seen(sight), *expected(sight)]


def _seen(sight: Sight) -> list[Figure]:
    cohorts = read_cohorts(sight)
    curve, people = _curve(sight, cohorts)
    if not people or people[0] < ENOUGH:
        return [Figure("worth", too_few(people[0] if people else 0))]
    last = max(at for at, count in enumerate(people) if count >= ENOUGH)
    values = curve[: last + 1]
    said = ngettext(
        "One month after the first purchase a customer has brought %(value)s on average.",
        "%(months)d months after the first purchase a customer has brought %(value)s on average.",
        last,
    ) % {"months": last, "value": amount(sight, values[-1])}
    rest = _("%(people)s people have been here that long; the first purchase alone brought %(first)s.") % {
        "people": number(people[last]), "first": amount(sight, values[0]),
    }  # fmt: skip
    rows = [[at, round(value), people[at]] for at, value in enumerate(values)]
    return [
        Figure(
            "worth",
            sentences(said, rest),
            LineChart(
                [str(at) for at in range(last + 1)],
                [Series(_("Brought so far"), [major(round(value), sight.currency) for value in values])],
                money_unit(sight.currency),
            ),
            Table(
                [Column(_("Months after"), NUMBER), Column(_("Brought so far"), MONEY), Column(_("People"), NUMBER)],
                rows,
                sight.currency,
            ),
            note=_(
                "This is what was seen of those who first bought in the chosen months. What one of them is expected to "
                "bring stands on their own page, with its interval."
            ),
        )
    ]


def _curve(sight: Sight, cohorts: Cohorts) -> tuple[list[float], list[int]]:
    """Cumulated value of a person by months since the first purchase, and how many people that rests on.

    Each step is the average of those who have been here that long, so that young cohorts don't bend the curve.
    """
    sizes = {first: row[0][0] for first, row in cohorts.items() if row.get(0)}
    curve: list[float] = []
    people: list[int] = []
    for at in range(2 * YEAR + 1):
        ready = [first for first in sizes if _over(sight, first, at)]
        count = sum(sizes[first] for first in ready)
        if not count:
            break
        step = sum(cohorts[first].get(at, (0, 0))[1] for first in ready) / count
        curve.append((curve[-1] if curve else 0.0) + step)
        people.append(count)
    return curve, people
