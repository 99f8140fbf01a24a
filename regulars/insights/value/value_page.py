"""What the page of value shows, all of it from the newest count: no table is counted on a page."""

import itertools
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.insights.charts import Column, Curve, Figure, Table
from regulars.insights.tables.standing import RfmSegment, Tier, TierRun, TierSettings
from regulars.insights.value.ranking import FEWEST
from regulars.insights.value.words import MARGIN, VISITS, amount, number, window

AT = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class TierLine:
    """One tier in the table."""

    tier: str
    label: str
    people: str
    value: str
    share: str
    edge: str
    tone: str


@dataclass(frozen=True)
class Cell:
    """One cell of the RFM grid: how many, how deep its colour is (0 to 4), and where it leads."""

    many: int
    depth: int
    url: str
    label: str


def sentence(run: TierRun, people: str) -> str:
    """The finding: "The best tenth of your 380 guests brings 41 % of the revenue, the best fifth 58 %."."""
    top = run.figures.get("top", {})
    values = {"of": number(run.of), "people": people, "few": FEWEST, "window": window(run.months)}
    if not top.get("10"):
        return _("%(of)s %(people)s bought %(window)s: too few to speak of a top tenth, which takes %(few)d.") % values
    values |= {"ten": round(top["10"] * 100), "twenty": round(top["20"] * 100)}
    said = {
        VISITS: _("The best tenth of %(of)s %(people)s came on %(ten)d %% of all visits %(window)s, the best fifth on "
                  "%(twenty)d %%."),
        MARGIN: _("The best tenth of %(of)s %(people)s brought %(ten)d %% of the margin %(window)s, the best fifth "
                  "%(twenty)d %%."),
    }  # fmt: skip
    usual = _("The best tenth of %(of)s %(people)s brought %(ten)d %% of the revenue %(window)s, the best fifth "
              "%(twenty)d %%.")  # fmt: skip
    return said.get(TierSettings.Measure(run.measure), usual) % values


def tier_lines(run: TierRun, currency: str) -> list[TierLine]:
    """The table of tiers."""
    total = run.figures.get("total", 0)
    lines = []
    for tier, tone in ((Tier.GOLD, "gold"), (Tier.SILVER, "secondary"), (Tier.NONE, "outline")):
        many, value = run.figures.get("tiers", {}).get(tier.value, [0, 0])
        edge = run.edges.get(tier.value)
        lines.append(
            TierLine(
                tier.value, str(tier.label), number(many), amount(value, run.measure, currency),
                f"{round(100 * value / total)} %" if total else "–",
                _("from %(amount)s") % {"amount": amount(edge, run.measure, currency)} if edge else "", tone,
            )
        )  # fmt: skip
    return lines


def concentration(run: TierRun, people: str, csv: str) -> Figure | None:
    """The curve; None without anything to draw."""
    points = run.figures.get("curve") or []
    if not points:
        return None
    what = _("Share of visits") if run.measure == VISITS else _("Share of value")
    rows = [(_("Best %(percent)d %%") % {"percent": round(at * 100)}, _at(points, at)) for at in AT]
    return Figure(
        name="concentration",
        title=_("Concentration"),
        finding=sentence(run, people),
        chart=Curve(
            [(what, [(x, y) for x, y in points])], x_name=_("Share of customers, the best first"),
            has_diagonal=True,
        ),
        table=Table([Column(_("Customers")), Column(what, "percent")], rows),
        note=_("The dashed line is how it would be if everybody brought the same."),
        csv=csv,
        is_folded=True,
    )  # fmt: skip


def _at(points: list[list[float]], share: float) -> float:
    """The value of the curve at a share of the customers, between two points by a straight line."""
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if x0 <= share <= x1:
            return y0 + (y1 - y0) * (share - x0) / (x1 - x0)
    return 1.0


def grid(run: TierRun) -> list[tuple[int, list[Cell]]]:
    """The RFM grid: rows by how lately (5 first), columns by how often (1 first). Each cell opens its people."""
    cells = run.figures.get("grid", [])
    most = max((many for _r, _f, many, _value in cells), default=0)
    home = reverse("contacts")
    rows: dict[int, list[Cell]] = {}
    for r, f, many, _value in cells:
        label = _("%(count)s bought lately %(r)d, often %(f)d") % {"count": number(many), "r": r, "f": f}
        depth = -(-4 * many // most) if most else 0
        rows.setdefault(r, []).append(Cell(many, depth, f"{home}?rfm.r={r}&rfm.f={f}", label))
    return list(rows.items())


def segments(run: TierRun, currency: str) -> list[dict[str, Any]]:
    """The segments with how many are in each, what they brought, and where they are listed."""
    home, found = reverse("contacts"), []
    for segment in RfmSegment:
        many, value = run.figures.get("segments", {}).get(segment.value, [0, 0])
        if many:
            found.append(
                {
                    "label": segment.label, "many": number(many), "hint": HINTS.get(segment, ""),
                    "value": amount(value, run.measure, currency), "url": f"{home}?rfm.segment={segment.value}",
                }
            )  # fmt: skip
    return found


def _hints() -> dict[RfmSegment, Any]:
    from django.utils.translation import gettext_lazy as said

    return {
        RfmSegment.CHAMPION: said("Lately, often, and for much"),
        RfmSegment.POTENTIAL: said("Come back already, not long ago"),
        RfmSegment.LOYAL: said("Come and come again"),
        RfmSegment.PROMISING: said("Spend much, come seldom"),
        RfmSegment.NEW: said("Came lately, and not often yet"),
        RfmSegment.CANT_LOSE: said("Spent much, silent for long"),
        RfmSegment.AT_RISK: said("Used to come and spend; not lately"),
        RfmSegment.ATTENTION: said("Come often, less lately"),
        RfmSegment.SLEEPING: said("Came seldom, a while ago"),
        RfmSegment.LOST: said("Not seen for very long"),
        RfmSegment.OTHER: said("Nowhere else"),
    }


HINTS = _hints()
