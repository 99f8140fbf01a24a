"""What is sold, and when: products, seasons of the year."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from regulars.insights.charts import (
    DECIMAL,
    MONEY,
    NUMBER,
    BarChart,
    Column,
    Figure,
    Series,
    Table,
    Unit,
    major,
    money_unit,
)
from regulars.insights.cubes.reading import YEAR, Sight
from regulars.insights.cubes.sold import THOUSANDTHS
from regulars.insights.habits.seasons import SEASONS, seasons_subject
from regulars.insights.reports.base import amount, number, percent, period_words, sentences, too_few
from regulars.insights.tables import Tally
from regulars.orders.models import Product

SHOWN = 10
YEARS = 2  # whole years that a season has to be seen in
TIMES = Unit({"maximumFractionDigits": 1, "minimumFractionDigits": 1})


def products(sight: Sight) -> Sequence[Figure]:
    """The products that brought most, and how that changed."""
    rows = sight.products(sight.period)
    if not rows:
        return [Figure("products", _("No product was sold %(period)s.") % {"period": period_words(sight.period)})]
    earlier = {}
    if sight.compared:
        earlier = {row["product"]: row["earned"] for row in sight.products(sight.compared, limit=1000)}
    top = rows[:SHOWN]
    total = sight.total().value
    said = _("%(product)s brought most %(period)s: %(value)s.") % {
        "product": rows[0]["product__name"], "period": period_words(sight.period),
        "value": amount(sight, rows[0]["earned"]),
    }  # fmt: skip
    first = sum(row["earned"] for row in rows[:3])
    rest = (
        _("The first three together are %(percent)s of the revenue.") % {"percent": percent(min(first / total, 1))}
        if total
        else ""
    )
    bars = [Series(_("Revenue"), [major(row["earned"], sight.currency) for row in top])]
    if earlier:
        values = [major(earlier.get(row["product"], 0), sight.currency) for row in top]
        bars.append(Series(_("Compared"), values, tone="muted-foreground"))
    heads = [
        Column(_("Revenue"), MONEY),
        Column(_("Compared"), MONEY),
        Column(_("Units"), NUMBER),
        Column(_("Purchases"), NUMBER),
    ]
    cells = [
        [row["product__name"], row["product__category"], row["earned"], earlier.get(row["product"]),
         row["sold"] / THOUSANDTHS, row["times"]]
        for row in rows
    ]  # fmt: skip
    chart = BarChart(
        [row["product__name"] for row in top], bars, money_unit(sight.currency), is_lying=True, height="h-96"
    )
    table = Table([Column(_("Product")), Column(_("Category")), *heads], cells, sight.currency)
    return [Figure("products", sentences(said, rest), chart, table)]


def seasonal(sight: Sight) -> Sequence[Figure]:
    """How each month of the year compares with an average month, over whole years."""
    this = sight.today.replace(day=1)
    known = sorted(month for month in sight.known if month < this)[1:]  # the first one is hardly ever whole
    years = len(known) // YEAR
    if years < YEARS:
        return [Figure("seasonal", too_few_years(len(known)))]
    months = known[-years * YEAR :]
    indexes = _indexes({month: sight.known[month].value for month in months}, months)
    best, least = max(indexes, key=lambda at: indexes[at]), min(indexes, key=lambda at: indexes[at])
    said = _("%(month)s brings %(times)s times as much as an average month, %(least)s %(few)s times.") % {
        "month": _name(best), "times": number(indexes[best], 1), "least": _name(least),
        "few": number(indexes[least], 1),
    }  # fmt: skip
    basis = _("That is the average of %(years)d years, each compared with its own average month.") % {"years": years}
    order = sorted(indexes)
    rows = [[_name(at), indexes[at]] for at in order]
    chart = BarChart(
        [_name(at) for at in order], [Series(_("Of an average month"), [indexes[at] for at in order])], TIMES
    )
    table = Table([Column(_("Month")), Column(_("Times an average month"), DECIMAL)], rows)
    return [Figure("seasonal", sentences(said, basis), chart, table), _season_products(sight)]


def _season_products(sight: Sight) -> Figure:
    """Products that are bought in one season, and which of them is next."""
    one = sight.slice
    rows = sight.tallies(seasons_subject(one.pk) if one and sight.choice.key else SEASONS)
    names = dict(Product.objects.filter(pk__in=[int(row.label) for row in rows]).values_list("pk", "name"))
    known = [(names[int(row.label)], row) for row in rows if int(row.label) in names]
    note = _(
        "Customers a month for each product, held against everything sold in the same months by an exact "
        "binomial test. "
        "All tests together hold at most 5 % false findings (Benjamini and Hochberg), and a season counts once it was "
        "seen in two years."
    )
    title = _("Products with a season")
    if not known:
        return Figure("season-products", _("No product has a season that is more than chance."), title=title, note=note)
    cells = [
        [name, _season(row.detail["at"]), row.count, row.total, row.detail["expected"], row.detail["years"]]
        for name, row in known
    ]
    heads = [Column(_("Customers then"), NUMBER), Column(_("Of"), NUMBER), Column(_("By chance"), DECIMAL)]
    table = Table([Column(_("Product")), Column(_("Season")), *heads, Column(_("Years"), NUMBER)], cells)
    return Figure("season-products", _season_words(sight, known), table=table, title=title, note=note)


def _season_words(sight: Sight, known: list[tuple[str, Tally]]) -> str:
    first, row = known[0]
    said = _("%(product)s is bought in its season: %(count)d of %(total)d times %(season)s, by chance "
             "%(expected)s.") % {
        "product": first, "count": row.count, "total": row.total, "season": _season(row.detail["at"]),
        "expected": number(row.detail["expected"]),
    }  # fmt: skip
    ahead = (sight.today.month % YEAR) + 1
    soon = [name for name, one in known if one.detail["at"] == ahead]
    coming = _("Next month begins the season of %(products)s: a word now is in time.") % {
        "products": ", ".join(soon[:3])
    }
    return sentences(said, coming if soon else "")


def _season(at: int) -> str:
    """The months of a season: "November to January"."""
    return _("%(first)s to %(last)s") % {"first": _name(at), "last": _name((at + 1) % YEAR + 1)}


def _indexes(values: dict[date, int], months: list[date]) -> dict[int, float]:
    """The average over years of each month's share of its own year, times twelve."""
    found: dict[int, list[float]] = defaultdict(list)
    for start in range(0, len(months), YEAR):
        year = months[start : start + YEAR]
        mean = sum(values[month] for month in year) / YEAR
        for month in year:
            found[month.month].append(values[month] / mean if mean else 0.0)
    return {at: sum(shares) / len(shares) for at, shares in found.items()}


def _name(month: int) -> str:
    return date_format(date(2000, month, 1), "F")


def too_few_years(months: int) -> str:
    """What is said before two whole years were seen."""
    if not months:
        return too_few(0, YEARS * YEAR)
    return _("Too early to say: %(months)d whole months of the %(wanted)d that a season needs.") % {
        "months": months, "wanted": YEARS * YEAR,
    }  # fmt: skip
