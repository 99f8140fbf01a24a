"""The backtest page: what we said, and what happened. All of it stands on the newest run."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.insights.charts import COUNT as PIECES
from regulars.insights.charts import MONEY, NUMBER, PERCENT, BarChart, Column, Curve, Figure, Series, Table
from regulars.insights.predicting.words import NAMES
from regulars.insights.tables.run import Run
from regulars.insights.value.words import number

ENOUGH = 10  # people of whom a share is worth a sentence


@dataclass(frozen=True)
class Line:
    """One model or rule in the table of errors."""

    name: str
    is_used: bool
    message: str
    cells: tuple[str, ...]


def sentence(run: Run, people: str) -> str:
    """The finding: "Of 212 guests we gave 60 to 70 %, 64 % bought."; the fullest tenth with a good chance speaks."""
    bins = run.backtest.get("calibration", [])
    solid = [one for one in bins if one["people"] >= ENOUGH]
    if not solid:
        return _("Too few people to say how good the chances were.")
    high = [one for one in solid if one["low"] >= 0.5]
    one = max(high, key=lambda one: one["people"]) if high else solid[-1]
    values = {
        "count": number(one["people"]),
        "people": people,
        "low": round(one["low"] * 100),
        "high": round(one["high"] * 100),
        "share": round(one["bought"] / one["people"] * 100),
    }
    return _("Of %(count)s %(people)s we gave %(low)d to %(high)d %%, %(share)d %% bought.") % values


def in_all(run: Run) -> str:
    """ "Until 21 November we expected 928 purchases, there were 965: 4 % too few. The plain rule was off by 41 %." """
    used, rule = _of(run, run.model), _of(run, run.backtest["plain"])
    values = {"expected": number(round(used["predicted"])), "actual": number(round(used["actual"]))}
    text = _("In all we expected %(expected)s purchases, and there were %(actual)s.") % values
    if run.beats:
        errors = {"model": number_format(used["rmse"], 2), "rule": number_format(rule["rmse"], 2)}
        text += " " + _("For one customer we were off by %(model)s, the better plain rule by %(rule)s.") % errors
    return text


def verdict(run: Run) -> str:
    """Why this model is used, or that none is."""
    if run.beats:
        return _("%(model)s erred least on what it had not seen, so it is used.") % {"model": NAMES[run.model]}
    if run.message:
        return _("The best model could not be fitted to all of it, so the plain rule is used: %(rule)s.") % {
            "rule": NAMES[run.model]
        }
    return _("No model did better than the plain rule, so the plain rule is used: %(rule)s.") % {
        "rule": NAMES[run.model]
    }


def _of(run: Run, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in run.backtest["candidates"] if one["name"] == name)
    return found


def calibration(run: Run, people: str, csv: str) -> Figure | None:
    """Each tenth of chances against the share that bought."""
    bins = run.backtest.get("calibration", [])
    if not bins:
        return None
    points = [(one["said"], one["bought"] / one["people"]) for one in bins if one["people"] >= ENOUGH]
    rows = [
        (_("%(low)d to %(high)d %%") % {"low": round(one["low"] * 100), "high": round(one["high"] * 100)},
         one["people"], one["said"], one["bought"], one["bought"] / one["people"])
        for one in bins
    ]  # fmt: skip
    columns = [
        Column(_("We gave")), Column(_("People"), NUMBER), Column(_("On average"), PERCENT),
        Column(_("Bought"), NUMBER), Column(_("Share"), PERCENT),
    ]  # fmt: skip
    chart = Curve(
        [(_("Share that bought"), points)], x_name=_("The chance we gave"), has_diagonal=True, has_points=True
    )  # fmt: skip
    return Figure(
        name="calibration",
        title=_("Chances"),
        finding=sentence(run, people),
        chart=chart if len(points) > 1 else None,
        table=Table(columns, rows),
        note=_("The chance to buy within 30 days, said on the day of the cut. On the dashed line every chance "
               "would have come true; tenths with fewer than %(few)d people are left out of the picture.")
        % {"few": ENOUGH},
        csv=f"{csv}&figure=calibration",
    )  # fmt: skip


def cohorts(run: Run, currency: str, csv: str) -> Figure | None:
    """Purchases and money by when people first bought."""
    found = run.backtest.get("cohorts", [])
    if not found:
        return None
    rows = [
        (one["name"], one["people"], round(one["predicted"]), round(one["plain"]), round(one["actual"]),
         round(one["money_predicted"]), round(one["money_actual"]))
        for one in found
    ]  # fmt: skip
    columns = [
        Column(_("First bought")), Column(_("People"), NUMBER), Column(_("We expected"), NUMBER),
        Column(_("The plain rule"), NUMBER), Column(_("There were"), NUMBER),
        Column(_("Money expected"), MONEY), Column(_("Money"), MONEY),
    ]  # fmt: skip
    worst = max(found, key=lambda one: abs(one["predicted"] - one["actual"]))
    values = {
        "name": worst["name"],
        "expected": number(round(worst["predicted"])),
        "actual": number(round(worst["actual"])),
    }
    return Figure(
        name="cohorts",
        title=_("By when they first bought"),
        finding=_("We were furthest off with those who first bought in %(name)s: %(expected)s purchases expected, "
                  "%(actual)s made.") % values,
        chart=BarChart(
            [one["name"] for one in found],
            [Series(_("We expected"), [round(one["predicted"], 1) for one in found]),
             Series(_("There were"), [one["actual"] for one in found], tone="gold")],
            unit=PIECES,
        ),
        table=Table(columns, rows, currency),
        csv=f"{csv}&figure=cohorts",
    )  # fmt: skip


def lines(run: Run) -> list[Line]:
    """The table of errors: each model and plain rule, the least error first."""
    ranked = sorted(run.backtest.get("candidates", []), key=lambda one: (one["aggregate"] is None, one["rmse"]))
    return [_line(one, run) for one in ranked]


def _line(one: dict[str, Any], run: Run) -> Line:
    name, is_used = str(NAMES.get(one["name"], one["name"])), one["name"] == run.model
    if one["aggregate"] is None:
        return Line(name, is_used, one["message"], ())
    money = one["money_predicted"] / one["money_actual"] - 1 if one["money_actual"] else None
    cells = (
        number(round(one["predicted"])),
        _signed(one["aggregate"]),
        _signed(money),
        number_format(one["rmse"], 2),
        number_format(one["mae"], 2),
        number_format(one["correlation"], 2) if one["correlation"] is not None else "–",
        number_format(one["brier"], 3),
    )
    return Line(name, is_used, "" if one["converged"] else _("did not converge"), cells)


def _signed(share: float | None) -> str:
    if share is None:
        return "–"
    sign = "+" if share >= 0 else "−"
    text = _("%(sign)s%(percent)s %%") % {"sign": sign, "percent": number_format(abs(share) * 100, 1)}
    return text.replace(" ", "\u00a0")


def parameters(run: Run) -> list[tuple[str, str, str]]:
    """Each parameter of what is used: name, value, interval."""
    found = []
    for name, value in {
        **run.parameters,
        **{f"Gamma-Gamma {name}": value for name, value in run.spend.items()},
    }.items():
        ends = run.ranges.get(name)
        said = f"{number_format(ends[0], 3)} – {number_format(ends[1], 3)}" if ends else ""
        found.append((name, number_format(value, 3), said))
    return found


def link(run: Run) -> str:
    """How true it is that how much somebody spends has nothing to do with how often."""
    found = run.backtest.get("link")
    if not run.spend:
        return _("The model of amounts does not fit these amounts, so everybody’s own mean is taken.")
    if found is None:
        return ""
    values = {"value": number_format(found, 2)}
    if abs(found) < 0.3:
        return _("How much people spend hardly hangs on how often they come (correlation %(value)s), as the model of "
                 "amounts takes for granted.") % values  # fmt: skip
    return _("How much people spend hangs on how often they come (correlation %(value)s). The model of amounts takes "
             "for granted that it does not, so read expected values with caution.") % values  # fmt: skip


def sample(run: Run) -> str:
    """Whom it rests on."""
    text = ngettext(
        "%(repeat)s of %(count)s customer had bought again by then.",
        "%(repeat)s of %(count)s customers had bought again by then.",
        run.backtest["customers"],
    )
    return text % {"repeat": number(run.backtest["repeat"]), "count": number(run.backtest["customers"])}


def command(run: Run) -> str:
    """What shows the same in a terminal."""
    kind = "" if run.kind == "contact" else " --kind company"
    return f"bin/regulars predict --backtest --cut {run.cut} --until {run.until}{kind} --json"
