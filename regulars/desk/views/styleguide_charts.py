"""One chart of each kind, for developers and browser tests."""

from regulars.insights.charts import (
    COUNT,
    MONEY,
    PERCENT,
    SHARE,
    BarChart,
    Column,
    Curve,
    Figure,
    HeatMap,
    Intervals,
    LineChart,
    Series,
    Table,
    money_unit,
)

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
REVENUE = [3100, 3300, 3900, 4100, 4500, 4400, 3900, 3700, 4800, 5200, 5600, 6900]


def specimen_figures() -> list[Figure]:
    """Figures of invented numbers."""
    rows = [[month, value * 100, value / sum(REVENUE)] for month, value in zip(MONTHS, REVENUE, strict=True)]
    table = Table([Column("Month"), Column("Revenue", MONEY), Column("Share", PERCENT)], rows, currency="EUR")
    half = [value / 2 for value in REVENUE]
    lines = [
        Series("This year", REVENUE, low=[value * 0.9 for value in REVENUE], high=[value * 1.1 for value in REVENUE]),
        Series("Last year", half, tone="muted-foreground", is_dashed=True),
    ]
    bars = [Series("New", [40, 31, 22, 18]), Series("Returning", [20, 24, 29, 36], tone="gold")]
    kept: list[list[float | None]] = [
        [1, 0.61, 0.5, 0.42],
        [1, 0.58, 0.47, None],
        [1, 0.66, None, None],
        [1, None, None, None],
    ]
    lorenz = [("Customers", [(0.0, 0.0), (0.1, 0.42), (0.2, 0.58), (0.5, 0.83), (1.0, 1.0)])]
    apart = [(-0.02, 0.08, 0.18), (0.04, 0.12, 0.2), (-0.2, -0.1, 0.02)]
    return [
        Figure(
            "revenue",
            "December brought the most: €6,900.",
            LineChart(MONTHS, lines, money_unit("EUR")),
            table,
            csv="?format=csv",
            is_folded=True,
        ),
        Figure("people", "Since April more people come back than are new.", BarChart(MONTHS[:4], bars, COUNT, True)),
        Figure("kept", "Of those who came in January, 42 % still come.", HeatMap(MONTHS[:4], MONTHS[:4], kept, SHARE)),
        Figure("lorenz", "The top 10 % bring 42 %.", Curve(lorenz, has_diagonal=True, x_name="Customers")),
        Figure("apart", "Those called within a day came back more often.", Intervals(["Call", "Card", "Gift"], apart)),
    ]
