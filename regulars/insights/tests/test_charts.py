"""A figure: its sentence, its picture, its table, its file."""

import json
from datetime import date

from django.template.loader import render_to_string

from regulars.insights.charts import (
    DAY,
    MONEY,
    NUMBER,
    PERCENT,
    BarChart,
    Column,
    Curve,
    Figure,
    HeatMap,
    Intervals,
    LineChart,
    Series,
    Table,
    csv_answer,
    money_unit,
)

TABLE = Table(
    [Column("Day", DAY), Column("What"), Column("Revenue", MONEY), Column("Share", PERCENT), Column("Orders", NUMBER)],
    [[date(2026, 3, 1), "=cmd", 624050, 0.125, 1200], [date(2026, 4, 1), "cake", None, None, 3]],
    currency="EUR",
)


def test_a_figure_is_read_without_its_picture() -> None:
    chart = LineChart(["Mar", "Apr"], [Series("Revenue", [6240.5, None])], money_unit("EUR"))
    page = render_to_string(
        "insights/chart.html", {"figure": Figure("revenue", "March < April.", chart, TABLE, csv="?c")}
    )

    assert 'role="img" aria-label="March &lt; April."' in page
    assert '<th scope="row">1 Mar 2026</th>' in page
    assert '<td class="num">€6,241</td>' in page.replace("\xa0", " ")
    assert 'data-options="revenue-options"' in page
    assert 'id="revenue-options"' in page


def test_the_file_holds_exact_numbers_and_no_formula() -> None:
    lines = csv_answer(Figure("revenue", "", table=TABLE)).content.decode().splitlines()

    assert lines[1] == "2026-03-01,'=cmd,6240.50,0.1250,1200"
    assert lines[2] == "2026-04-01,cake,,,3"


def test_every_kind_of_chart_is_plain_data() -> None:
    series = [Series("A", [1, 2], low=[0, 1], high=[2, 4]), Series("B", [2, 1])]
    charts = [
        LineChart(["x", "y"], series),
        BarChart(["x", "y"], series, is_stacked=True, is_lying=True),
        HeatMap(["x", "y"], ["z"], [[0.5, None]]),
        Curve([("A", [(0.0, 0.0), (1.0, 1.0)])], has_diagonal=True, x_name="People"),
        Intervals(["x"], [(-0.1, 0.0, 0.2)]),
    ]

    for chart in charts:
        assert json.loads(json.dumps(chart.options))["series"]
    assert [one["data"] for one in charts[0].options["series"][:2]] == [[0, 1], [2, 3]], (
        "a band is low, then the height"
    )
    assert Figure("a", "Too few to say.").options == {}
