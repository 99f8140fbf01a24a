"""What the pages of demand show: a finding, a picture, a table, and how good such words have been."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.insights.charts import (
    MONEY,
    NUMBER,
    BarChart,
    Column,
    Figure,
    Intervals,
    LineChart,
    Series,
    Table,
    Unit,
)
from regulars.insights.demand.known import newest_run, spans_of
from regulars.insights.demand.words import METHODS, count, lack, of_product, weeks_words
from regulars.insights.reports.base import number, percent
from regulars.insights.tables import DemandRun, ProductDemand

SHOWN, PICTURED, SPAN, YEAR = 200, 10, 28, 13
LEAST = 5  # units last year below which a share of them says nothing
UNITS = Unit({"maximumFractionDigits": 0})


def rows_of(run: DemandRun) -> "QuerySet[ProductDemand]":
    """The products, what should bring most first. Along an index."""
    rows: QuerySet[ProductDemand] = ProductDemand.objects.filter(run=run).select_related("product")
    return rows.order_by("-worth", "-pk")


def figure(run: DemandRun, rows: list[ProductDemand], currency: str, csv: str) -> Figure:
    """The list: what is expected of each product beside last year."""
    heads = [
        Column(_("Product")), Column(_("Category")), Column(_("Expected"), NUMBER), Column(_("At least"), NUMBER),
        Column(_("At most"), NUMBER), Column(_("Same weeks last year"), NUMBER),
        Column(_("Last four weeks"), NUMBER), Column(_("Worth"), MONEY), Column(_("Purchases in a year"), NUMBER),
    ]  # fmt: skip
    cells = [
        [row.product.name, row.product.category, *map(_units, (row.expected, row.low, row.high, row.last_year,
         row.last_span)), row.worth, row.purchases]
        for row in rows
    ]  # fmt: skip
    picture = _picture(rows)
    note = _("At least and at most hold the units in 80 of 100 cases. Products bought less than ten times in a year "
             "are left out.")  # fmt: skip
    if isinstance(picture, Intervals):
        note = _("The picture shows how far they are from the same weeks of last year, as shares.") + " " + note
    return Figure("demand", finding(run, rows), picture, Table(heads, cells, currency), csv=csv, note=note)


def _units(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _picture(rows: list[ProductDemand]) -> BarChart | Intervals | None:
    """How far from last year each of the first products is, with its interval; without a last year their units."""
    known = [row for row in rows if (row.last_year or 0) >= LEAST][:PICTURED]
    if len(known) > 1:
        return Intervals([row.product.name for row in known], [_apart(row) for row in known], height="h-96")
    top = rows[:PICTURED]
    series = [Series(_("Expected"), [round(row.expected, 1) for row in top])]
    names = [row.product.name for row in top]
    return BarChart(names, series, UNITS, is_lying=True, height="h-96") if len(top) > 1 else None


def _apart(row: ProductDemand) -> tuple[float, float, float]:
    before = row.last_year or 1.0
    low, middle, high = (round(value / before - 1, 3) for value in (row.low, row.expected, row.high))
    return low, middle, high


def finding(run: DemandRun, rows: list[ProductDemand]) -> str:
    """What stands out most: the product whose expectation is furthest from last year; else what should bring most."""
    if not rows:
        return _("No product was bought ten times in a year; of fewer, nothing can be said.")
    apart = [one for one in rows if one.last_year is not None and not one.low <= one.last_year <= one.high]
    if not apart:
        first = rows[0]
        said = _("%(product)s should bring most: about %(expected)s units %(weeks)s, %(low)s to %(high)s in 80 of "
                 "100 cases.") % _values(run, first)  # fmt: skip
        rest = _("No product is clearly apart from the same weeks of last year.") if run.has_year else ""
        return f"{said} {rest}".strip()
    one = max(apart, key=lambda row: abs(row.expected - (row.last_year or 0)) * row.price)
    text = (
        _("More %(product)s than last year: about %(expected)s units %(weeks)s (%(low)s to %(high)s in 80 of 100 "
          "cases), %(before)s in the same weeks last year.")
        if one.expected > (one.last_year or 0)
        else _("Less %(product)s than last year: about %(expected)s units %(weeks)s (%(low)s to %(high)s in 80 of 100 "
               "cases), %(before)s in the same weeks last year.")
    )  # fmt: skip
    return text % _values(run, one)


def demand_line() -> str:
    """The finding in a sentence, or why there is none: for the overview and the page of products."""
    run = newest_run()
    return finding(run, list(rows_of(run)[:SHOWN])) if run and run.method else lack(run)


def _values(run: DemandRun, row: ProductDemand) -> dict[str, str]:
    return {
        "product": row.product.name, "expected": count(row.expected), "low": count(row.low), "high": count(row.high),
        "before": count(row.last_year or 0), "weeks": weeks_words(run),
    }  # fmt: skip


def product_figure(demand: ProductDemand) -> Figure:
    """One product: four weeks by four weeks of a year, and those to come with their interval."""
    run = demand.run
    spans = spans_of(run, demand.product_id)
    past = [spans.get(back, 0.0) for back in reversed(range(YEAR))]
    labels = [date_format(run.as_of - timedelta(days=SPAN * (back + 1)), "j M") for back in reversed(range(YEAR))]
    last = past[-1]
    chart = LineChart(
        [*labels, date_format(run.as_of, "j M")],
        [
            Series(_("Sold"), [*past, None]),
            Series(_("Expected"), [*[None] * (YEAR - 1), last, demand.expected], tone="gold", is_dashed=True,
                   low=[*past, demand.low], high=[*past, demand.high]),
        ],
        UNITS, height="h-56",
    )  # fmt: skip
    table = Table(
        [Column(_("Four weeks from")), Column(_("Units"), NUMBER)],
        [
            *zip(labels, past, strict=True),
            (_("%(day)s, expected") % {"day": date_format(run.as_of, "j M")}, _units(demand.expected)),
        ],
    )
    return Figure("product-demand", of_product(demand), chart, table, is_folded=True)


# How good it has been


@dataclass(frozen=True)
class Rule:
    """One rule in the table of errors."""

    name: str
    is_used: bool
    error: str
    bias: str


def rules(run: DemandRun) -> list[Rule]:
    """The rules that were tried, the least error first."""
    tried: list[dict[str, Any]] = sorted(run.backtest.get("candidates", []), key=lambda one: one["error"])
    return [
        Rule(_begin(str(METHODS[one["name"]])), one["name"] == run.method, percent(one["error"]), _signed(one["bias"]))
        for one in tried
    ]


def _begin(text: str) -> str:
    return text[:1].upper() + text[1:]


def _signed(share: float) -> str:
    return f"{'+' if share >= 0 else '−'}{round(abs(share) * 100)} %"


def verdict(run: DemandRun) -> str:
    """Why this rule is used, or that none beat the plain one."""
    best, plain = (_error(run, run.method), _error(run, run.backtest["plain"]))
    values = {
        "rule": str(METHODS[run.method]), "plain": str(METHODS[run.backtest["plain"]]), "error": percent(best),
        "other": percent(plain),
    }  # fmt: skip
    if run.beats:
        return _("Used: %(rule)s. Of what was sold, it was off by %(error)s, the better plain rule (%(plain)s) by "
                 "%(other)s.") % values  # fmt: skip
    return _("Nothing did better than a plain rule, so the plain rule is used: %(rule)s. Of what was sold, it was off "
             "by %(error)s.") % values  # fmt: skip


def _error(run: DemandRun, name: str) -> float:
    return next(float(one["error"]) for one in run.backtest["candidates"] if one["name"] == name)


def sample(run: DemandRun) -> str:
    """Whom and what the backtest rests on, and how often the interval held."""
    found = run.backtest
    cuts = len(found["cuts"])
    said = ngettext(
        "Tried on four weeks of the past, with what was known before, for %(people)s customers.",
        "Tried on %(count)d times four weeks of the past, each with what was known before, for %(people)s customers.",
        cuts,
    ) % {"count": cuts, "people": number(found["customers"])}
    if not found["pairs"]:
        return said
    held = _("The interval held %(held)s of %(pairs)s times.") % {
        "held": number(found["held"]), "pairs": number(found["pairs"])
    }  # fmt: skip
    return f"{said} {held}"
