"""Charts: what a page shows as a finding, a picture and a table. `insights/chart.html` draws a `Figure`.

    figure = Figure(
        name="revenue",
        finding=_("You earned €48,120 this year, 12 % more than last year."),
        chart=LineChart(labels=months, series=[Series(_("This year"), values)], unit=money_unit("EUR")),
        table=Table([Column(_("Month")), Column(_("Revenue"), MONEY)], rows, currency="EUR"),
        csv="?format=csv",
    )
    {% include "insights/chart.html" with figure=figure %}

Pictures show numbers as people read them (money in major units, shares from 0 to 1); tables hold exact values (money in
minor units), so that the same rows make the page and the file. Colours are names of theme tokens, looked up in the
browser: a chart has both themes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.text import slugify

from regulars.lib import exports
from regulars.lib.money import from_minor, money_text, places

Text = str | Promise
Number = float | None
TEXT, NUMBER, DECIMAL, PERCENT, MONEY, DAY = "text", "number", "decimal", "percent", "money", "day"
TONES = ("primary", "gold", "risk", "muted-foreground", "good", "ring")
NARROW = 8


@dataclass(frozen=True)
class Unit:
    """How numbers of a picture are written: `number` are options of the browser's Intl.NumberFormat."""

    number: Mapping[str, Any] = field(default_factory=lambda: {"maximumFractionDigits": 1})
    most: float | None = None

    @property
    def formatter(self) -> dict[str, Any]:
        """What the browser makes a function of."""
        return {"$number": dict(self.number)}


COUNT = Unit({"maximumFractionDigits": 0})
PLAIN = Unit()
SHARE = Unit({"style": "percent", "maximumFractionDigits": 0}, most=1.0)
DIFFERENCE = Unit({"style": "percent", "maximumFractionDigits": 0, "signDisplay": "exceptZero"})


def money_unit(currency: str) -> Unit:
    """Amounts in major units of `currency`, without decimals."""
    return Unit({"style": "currency", "currency": currency, "maximumFractionDigits": 0})


def major(minor: int | None, currency: str) -> float | None:
    """Return minor units as the number a picture shows."""
    return None if minor is None else minor / 10 ** places(currency)


@dataclass(frozen=True)
class Series:
    """One line or one colour of bars; `values` stand over the labels of the chart, None leaves a gap.

    `tone` is a token of the theme; `low` and `high` draw a band around a line.
    """

    name: Text
    values: Sequence[Number]
    tone: str = ""
    is_dashed: bool = False
    low: Sequence[float] = ()
    high: Sequence[float] = ()


def _tone(series: Series, at: int) -> str:
    return f"token:{series.tone or TONES[at % len(TONES)]}"


def _frame(unit: Unit, *, legend: bool, trigger: str = "axis") -> dict[str, Any]:
    """What all pictures have in common. Tips are drawn on the canvas: markup with styles is forbidden here."""
    ink = {"color": "token:muted-foreground", "fontFamily": "Figtree Variable, sans-serif"}
    return {
        "textStyle": ink,
        "grid": {"left": 4, "right": 16, "top": 36 if legend else 16, "bottom": 4, "containLabel": True},
        "legend": {"show": legend, "top": 0, "left": 0, "icon": "roundRect", "itemWidth": 12, "itemHeight": 8,
                   "type": "scroll", "textStyle": ink, "pageTextStyle": ink},
        "tooltip": {
            "trigger": trigger, "renderMode": "richText", "valueFormatter": unit.formatter, "confine": True,
            "backgroundColor": "token:popover", "borderColor": "token:border",
            "textStyle": {"color": "token:popover-foreground", "fontFamily": "Figtree Variable, sans-serif"},
            "axisPointer": {"lineStyle": {"color": "token:border"}, "shadowStyle": {"opacity": 0.06}},
        },
    }  # fmt: skip


def _names(labels: Sequence[Text], name: Text = "") -> dict[str, Any]:
    return {
        "type": "category", "data": [str(label) for label in labels], "name": str(name),
        "axisTick": {"show": False}, "axisLine": {"lineStyle": {"color": "token:border"}},
        "axisLabel": {"color": "token:muted-foreground", "hideOverlap": True},
    }  # fmt: skip


def _numbers(unit: Unit, name: Text = "") -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "value", "name": str(name), "nameTextStyle": {"color": "token:muted-foreground", "align": "left"},
        "splitLine": {"lineStyle": {"color": "token:hairline"}}, "splitNumber": 4,
        "axisLabel": {"color": "token:muted-foreground", "formatter": unit.formatter, "hideOverlap": True},
    }  # fmt: skip
    if unit.most is not None:
        made |= {"min": 0, "max": unit.most, "interval": unit.most / 5}
    if unit is COUNT:
        made["minInterval"] = 1
    return made


@dataclass(frozen=True)
class LineChart:
    """Lines over labels in order (months, days); a series with `low` and `high` gets a band."""

    labels: Sequence[Text]
    series: Sequence[Series]
    unit: Unit = PLAIN
    height: str = "h-72"

    @property
    def options(self) -> dict[str, Any]:
        """Options of ECharts."""
        drawn: list[dict[str, Any]] = []
        for at, one in enumerate(self.series):
            drawn += list(_band(one, at))
            drawn.append(_line(one, at))
        return {
            **_frame(self.unit, legend=len(self.series) > 1),
            "xAxis": {**_names(self.labels), "boundaryGap": False},
            "yAxis": _numbers(self.unit),
            "series": drawn,
        }


def _line(one: Series, at: int) -> dict[str, Any]:
    return {
        "type": "line", "name": str(one.name), "data": list(one.values), "color": _tone(one, at),
        "lineStyle": {"width": 2.5, "type": "dashed" if one.is_dashed else "solid"},
        "showSymbol": len(one.values) <= NARROW, "symbolSize": 6, "symbol": "circle", "z": 3,
    }  # fmt: skip


def _band(one: Series, at: int) -> Iterator[dict[str, Any]]:
    """Two invisible lines on top of each other, the upper one filled: the usual way to draw an interval."""
    if not one.low:
        return
    common = {"type": "line", "stack": f"band-{at}", "symbol": "none", "silent": True, "tooltip": {"show": False},
              "lineStyle": {"opacity": 0}, "color": _tone(one, at)}  # fmt: skip
    yield {**common, "data": list(one.low)}
    heights = [high - low for low, high in zip(one.low, one.high, strict=True)]
    yield {**common, "data": heights, "areaStyle": {"opacity": 0.16}}


@dataclass(frozen=True)
class BarChart:
    """Bars over labels; `is_stacked` puts the series upon each other, `is_lying` suits long labels."""

    labels: Sequence[Text]
    series: Sequence[Series]
    unit: Unit = PLAIN
    is_stacked: bool = False
    is_lying: bool = False
    height: str = "h-72"

    @property
    def options(self) -> dict[str, Any]:
        """Options of ECharts."""
        names, numbers = _names(self.labels), _numbers(self.unit)
        across, up = (numbers, {**names, "inverse": True}) if self.is_lying else (names, numbers)
        drawn = [
            {
                "type": "bar", "name": str(one.name), "data": list(one.values), "color": _tone(one, at),
                "barMaxWidth": 34, "itemStyle": {"borderRadius": 0 if self.is_stacked else 3},
                **({"stack": "all"} if self.is_stacked else {}),
            }
            for at, one in enumerate(self.series)
        ]  # fmt: skip
        frame = _frame(self.unit, legend=len(self.series) > 1)
        frame["tooltip"]["axisPointer"]["type"] = "shadow"
        return {**frame, "xAxis": across, "yAxis": up, "series": drawn}


@dataclass(frozen=True)
class HeatMap:
    """A number for each pair of column and row, the higher the deeper; None leaves the cell empty."""

    columns: Sequence[Text]
    rows: Sequence[Text]
    cells: Sequence[Sequence[Number]]
    unit: Unit = SHARE
    height: str = "h-96"

    @property
    def options(self) -> dict[str, Any]:
        """Options of ECharts."""
        data = [[x, y, v] for y, row in enumerate(self.cells) for x, v in enumerate(row) if v is not None]
        values = [v for _x, _y, v in data]
        frame = _frame(self.unit, legend=False, trigger="item")
        scale = {
            "show": False, "min": 0, "max": self.unit.most or max(values, default=1) or 1,
            "inRange": {"color": ["token:muted", "token:primary"]},
        }  # fmt: skip
        cells = {"type": "heatmap", "data": data, "itemStyle": {"borderColor": "token:background", "borderWidth": 2}}
        return {
            **frame,
            "xAxis": {**_names(self.columns), "position": "top", "splitArea": {"show": False}},
            "yAxis": {**_names(self.rows), "inverse": True},
            "visualMap": scale,
            "series": [cells],
        }


@dataclass(frozen=True)
class Curve:
    """Points joined by lines over a number (a Lorenz curve, a calibration); `has_diagonal` draws "as it should be".

    `series` are a name and its points (x, y).
    """

    series: Sequence[tuple[Text, Sequence[tuple[float, float]]]]
    x_unit: Unit = SHARE
    y_unit: Unit = SHARE
    x_name: Text = ""
    y_name: Text = ""
    has_diagonal: bool = False
    has_points: bool = False
    height: str = "h-80"

    @property
    def options(self) -> dict[str, Any]:
        """Options of ECharts."""
        drawn: list[dict[str, Any]] = [
            {
                "type": "line", "name": str(name), "data": [list(point) for point in points],
                "lineStyle": {"width": 2.5},
                "color": f"token:{TONES[at % len(TONES)]}", "showSymbol": self.has_points, "symbolSize": 9,
                "symbol": "circle",
            }
            for at, (name, points) in enumerate(self.series)
        ]  # fmt: skip
        if self.has_diagonal:
            line = {"color": "token:muted-foreground", "type": "dashed", "width": 1}
            points = [[0, 0], [self.x_unit.most or 1, self.y_unit.most or 1]]
            drawn.append({"type": "line", "data": points, "symbol": "none", "silent": True, "lineStyle": line,
                          "tooltip": {"show": False}})  # fmt: skip
        frame = _frame(self.y_unit, legend=len(self.series) > 1)
        frame["grid"] |= {"bottom": 24} if self.x_name else {}
        across = {**_numbers(self.x_unit, self.x_name), "nameLocation": "middle", "nameGap": 30}
        across["nameTextStyle"] = {"color": "token:muted-foreground"}
        return {**frame, "xAxis": across, "yAxis": _numbers(self.y_unit, self.y_name), "series": drawn}


@dataclass(frozen=True)
class Intervals:
    """One estimate with its interval on each line, around nought: differences, associations.

    `points` are (low, middle, high) for each label.
    """

    labels: Sequence[Text]
    points: Sequence[tuple[float, float, float]]
    unit: Unit = DIFFERENCE
    height: str = "h-64"

    @property
    def options(self) -> dict[str, Any]:
        """Options of ECharts."""
        ends = [
            {"type": "line", "data": [[low, at], [high, at]], "symbol": "none", "silent": True,
             "color": "token:primary", "lineStyle": {"width": 3, "opacity": 0.45}}
            for at, (low, _middle, high) in enumerate(self.points)
        ]  # fmt: skip
        nought = {"silent": True, "symbol": "none", "label": {"show": False}, "data": [{"xAxis": 0}],
                  "lineStyle": {"color": "token:muted-foreground", "type": "dashed"}}  # fmt: skip
        middles = {
            "type": "scatter", "data": [[middle, at] for at, (_l, middle, _h) in enumerate(self.points)],
            "symbolSize": 12, "color": "token:primary", "markLine": nought, "z": 4,
        }  # fmt: skip
        frame = _frame(self.unit, legend=False, trigger="none")
        return {
            **frame,
            "xAxis": _numbers(self.unit),
            "yAxis": {**_names(self.labels), "inverse": True},
            "series": [*ends, middles],
        }


Chart = LineChart | BarChart | HeatMap | Curve | Intervals


@dataclass(frozen=True)
class Column:
    """One column of a table: its head and what its values are."""

    head: Text
    kind: str = TEXT

    @property
    def is_number(self) -> bool:
        """Whether it stands to the right."""
        return self.kind not in {TEXT, DAY}


@dataclass(frozen=True)
class Table:
    """The accessible form of a chart. Money in minor units of `currency`, shares from 0 to 1; None is unknown."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    currency: str = ""

    @property
    def written(self) -> list[list[tuple[str, bool]]]:
        """Cells as people read them, each with whether it is a number."""
        return [
            [
                (self._write(value, column.kind), column.is_number)
                for value, column in zip(row, self.columns, strict=True)
            ]
            for row in self.rows
        ]

    def _write(self, value: Any, kind: str) -> str:
        if value is None:
            return "–"
        if kind == MONEY:
            return money_text(int(value), self.currency, whole=True)
        if kind == PERCENT:
            return f"{round(value * 100)}\u00a0%"
        if kind == DAY and isinstance(value, date):
            return date_format(value, "j M Y")
        if kind in {NUMBER, DECIMAL}:
            return number_format(
                round(value, 0 if kind == NUMBER else 1), 0 if kind == NUMBER else 1, force_grouping=True
            )
        return str(value)

    def plain(self) -> Iterator[list[str]]:
        """Cells as a file holds them: numbers with a point, days as ISO."""
        for row in self.rows:
            yield [self._plain(value, column.kind) for value, column in zip(row, self.columns, strict=True)]

    def _plain(self, value: Any, kind: str) -> str:
        if value is None:
            return ""
        if kind == MONEY:
            return str(from_minor(int(value), self.currency))
        if kind in {PERCENT, DECIMAL}:
            return f"{value:.4f}"
        return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True)
class Figure:
    """A finding, the picture that shows it, and the table it rests on.

    `name` is a slug, unique on the page. `finding` is one true sentence with its numbers. Without a `chart` there is
    too little to draw: the sentence says so. `csv` is where the table is downloaded. `is_folded` folds the table away.
    """

    name: str
    finding: Text
    chart: Chart | None = None
    table: Table | None = None
    title: Text = ""
    note: Text = ""
    csv: str = ""
    is_folded: bool = False

    @property
    def options(self) -> dict[str, Any]:
        """What the browser draws."""
        return self.chart.options if self.chart else {}

    @property
    def options_id(self) -> str:
        """The id of the element that holds the options."""
        return f"{self.name}-options"

    @property
    def picture(self) -> str:
        """The name of the picture's file."""
        return f"{slugify(self.name)}.png"


def csv_answer(figure: Figure) -> HttpResponse:
    """Return the table of `figure` as a file, safe against formulas."""
    table = figure.table or Table([], [])
    made = exports.Table(figure.name, "insights", [str(column.head) for column in table.columns], table.plain())
    response = HttpResponse(b"".join(exports.write_csv(made)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{slugify(figure.name)}.csv"'
    return response
