"""How long customers stay: what was seen of everybody, and the curve that sBG makes of their first year.

Nobody signs a contract here. "Still there after a year" means: bought again a year or more after the first purchase.
Whoever has been silent for half a year counts as gone, as everywhere in reports, so that what became of somebody in a
quarter is known half a year after its end; people of all ages count for the quarters that are known of them. The model
sees the first year only; what is known of later quarters stands beside what it foretold of them.
"""

from collections.abc import Sequence
from datetime import date
from math import sqrt
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from regulars.insights.charts import NUMBER, PERCENT, SHARE, Column, Figure, LineChart, Series, Table
from regulars.insights.cubes.counting import SILENCE
from regulars.insights.cubes.reading import Sight
from regulars.insights.reports.base import number, percent, sentences
from regulars.insights.tables import Tally
from regulars.insights.value.reading import facts

if TYPE_CHECKING:
    from numpy.typing import NDArray

CURVE = "sbg"
MONTH = 365.25 / 12
QUARTER = 3 * MONTH
FITTED, AHEAD = 4, 12  # quarters that the model sees, and that it speaks of
ENOUGH, SHOWN = 100, 30  # people for a fit; people for a point that was seen
DRAWS = 100
TENTH = 0.1
NINE_TENTHS, SURE = 1.2816, 1.96  # standard deviations: a tenth lies beyond on one side; 5 % on both


def tally_staying_curve(today: date) -> list[Tally]:
    """Count who stayed how long, and fit the first year. One row, with what was found or what is missing."""
    known = facts("contact")
    age, stayed = today.toordinal() - known["first"], known["last"] - known["first"]
    risk, lost = _rates(age, stayed)
    detail: dict[str, Any] = {"risk": risk, "lost": lost, "as_of": today.isoformat()}
    have = _old_enough(age, FITTED)
    if have >= ENOUGH:
        detail |= _fit(risk[:FITTED], lost[:FITTED])
    return [Tally(label="all", count=have, total=have, detail=detail)]


def _old_enough(age: "NDArray[Any]", quarters: int) -> int:
    return int((age >= quarters * QUARTER + SILENCE * MONTH).sum())


def _rates(age: "NDArray[Any]", stayed: "NDArray[Any]") -> tuple[list[int], list[int]]:
    """For each quarter: of how many who were there before it we know what became of them, and how many were gone."""
    risk, lost = [], []
    for quarter in range(1, AHEAD + 1):
        known = (age >= quarter * QUARTER + SILENCE * MONTH) & (stayed >= (quarter - 1) * QUARTER)
        risk.append(int(known.sum()))
        lost.append(int((known & (stayed < quarter * QUARTER)).sum()))
    return risk, lost


def _fit(risk: list[int], lost: list[int]) -> dict[str, Any]:
    """The fitted curve with the ends of its interval, by refitting to rates drawn as often by chance."""
    import numpy as np

    from regulars.insights.models import sbg
    from regulars.insights.models.fitting import NotEnough

    at = np.arange(AHEAD + 1, dtype=float)
    try:
        fit = sbg.fit_rates(np.array(risk, float), np.array(lost, float))
    except NotEnough:
        return {}
    if not fit.converged:
        return {"message": fit.message}
    random, curves = np.random.default_rng(1), []
    for _draw in range(DRAWS):
        drawn = random.binomial(risk, np.array(lost) / np.array(risk)).astype(float)
        try:
            again = sbg.fit_rates(np.array(risk, float), drawn, start=fit.parameters)
        except NotEnough:
            continue
        curves.append(sbg.survival(again.parameters, at))
    low, high = np.quantile(np.array(curves or [sbg.survival(fit.parameters, at)]), [TENTH, 1 - TENTH], axis=0)
    return {
        "parameters": fit.parameters, "log_likelihood": fit.log_likelihood,
        "curve": sbg.survival(fit.parameters, at).tolist(), "low": low.tolist(), "high": high.tolist(),
    }  # fmt: skip


# The figure


def staying(sight: Sight) -> Sequence[Figure]:
    """The curve of everybody; nothing for a choice, which it is not counted for."""
    if sight.choice.key:
        return []
    row = next(iter(sight.tallies(CURVE)), None)
    title = _("How long they stay")
    if row is None or "curve" not in row.detail:
        have = row.count if row else 0
        return [Figure("staying", _lack(row, have), title=title)]
    seen = seen_curve(row.detail)
    labels = [str(quarter) for quarter in range(AHEAD + 1)]
    lines = [
        Series(_("By the model"), row.detail["curve"], low=row.detail["low"], high=row.detail["high"]),
        Series(_("Seen"), [*seen, *[None] * (AHEAD + 1 - len(seen))], tone="gold"),
    ]
    cells = [
        [quarter, ([None, *row.detail["risk"]])[quarter], seen[quarter] if quarter < len(seen) else None,
         row.detail["curve"][quarter], row.detail["low"][quarter], row.detail["high"][quarter]]
        for quarter in range(AHEAD + 1)
    ]  # fmt: skip
    shares = [Column(head, PERCENT) for head in (_("Seen"), _("By the model"), _("From"), _("To"))]
    heads = [Column(_("Quarters after")), Column(_("People"), NUMBER), *shares]
    return [
        Figure("staying", _words(row, seen), LineChart(labels, lines, SHARE), Table(heads, cells), title=title,
               note=_note(row))
    ]  # fmt: skip


def _lack(row: Tally | None, have: int) -> str:
    if row is not None and have >= ENOUGH:
        return _("The model of staying could not be fitted: everybody stayed, or everybody left.")
    return _("Not enough data yet: %(have)s of about %(need)s people whose first purchase is 18 months ago.") % {
        "have": number(have), "need": number(ENOUGH),
    }  # fmt: skip


def seen_curve(detail: dict[str, Any]) -> list[float]:
    """The share that was still there after each quarter, as far as enough people are known (Kaplan and Meier)."""
    shares = [1.0]
    for risk, lost in zip(detail["risk"], detail["lost"], strict=True):
        if risk < SHOWN:
            break
        shares.append(shares[-1] * (1 - lost / risk))
    return shares


def _words(row: Tally, seen: Sequence[float]) -> str:
    curve, low, high = (row.detail[name] for name in ("curve", "low", "high"))
    said = _(
        "Of 100 new customers %(first)s still buy after a year; two years after the first purchase %(second)s will "
        "(%(low)s to %(high)s), after three years %(third)s."
    ) % {
        "first": round(100 * seen[FITTED] if len(seen) > FITTED else 100 * curve[FITTED]),
        "second": round(100 * curve[8]), "low": round(100 * low[8]), "high": round(100 * high[8]),
        "third": round(100 * curve[AHEAD]),
    }  # fmt: skip
    return sentences(said, _proof(row, seen))


def _proof(row: Tally, seen: Sequence[float]) -> str:
    """What became of those who have been here longer, against what their first year foretold."""
    last = len(seen) - 1
    if last <= FITTED:
        return ""
    values = {"quarters": last, "seen": percent(seen[last]), "curve": percent(row.detail["curve"][last])}
    if _agree(row.detail, seen, last):
        return _("After %(quarters)d quarters the model said %(curve)s, and %(seen)s were there.") % values
    return _("After %(quarters)d quarters the model said %(curve)s, but %(seen)s were there: read it with caution.") % (
        values
    )


def _agree(detail: dict[str, Any], seen: Sequence[float], at: int) -> bool:
    """Whether what was seen differs from the model by no more than chance (95 %): that of the curve, and that of the
    share that was seen (M. Greenwood's variance, 1926)."""
    pairs = zip(detail["risk"][:at], detail["lost"][:at], strict=True)
    own = seen[at] ** 2 * sum(lost / (risk * (risk - lost)) for risk, lost in pairs if risk > lost)
    model = ((detail["high"][at] - detail["low"][at]) / (2 * NINE_TENTHS)) ** 2
    return bool(abs(seen[at] - detail["curve"][at]) <= SURE * sqrt(own + model))


def _note(row: Tally) -> str:
    parameters = row.detail["parameters"]
    return _(
        "Of everybody, whatever the period. Still there: bought again that long after the first purchase, or later; "
        "half a year of silence counts as gone. The model (sBG, Fader and Hardie 2007: α %(alpha)s, β %(beta)s) "
        "has seen the first four quarters of %(people)s people; in 80 of 100 cases it is within the band."
    ) % {
        "alpha": number(parameters["alpha"], 3), "beta": number(parameters["beta"], 3),
        "people": number(row.detail["risk"][0]),
    }  # fmt: skip
