"""What customers are expected to bring, beside what they brought: by the quarter of their first purchase and by tier.

Counted at night from the predictions of the last run, and kept as tallies. The interval of a group's sum has two
parts, added as squares: chance, which is each customer's own and evens out, and what the parameters may stray, which
is everybody's together and does not (by the bootstrapped parameters of the run, on a sample).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from math import sqrt
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.insights.charts import MONEY, NUMBER, BarChart, Column, Figure, Series, Table, Text, major, money_unit
from regulars.insights.cubes.reading import Sight
from regulars.insights.predicting.known import newest_run
from regulars.insights.predicting.words import NAMES, lack
from regulars.insights.reports.base import ENOUGH, amount, number, too_few
from regulars.insights.tables import Prediction, Run, Tally
from regulars.insights.tables.standing import Tier
from regulars.insights.value.reading import TIERS as TIER_CODES
from regulars.insights.value.reading import facts, match, standings, stream, table

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXPECTED = "expected"
SAMPLE = 6_000
MOST_QUARTERS = 12
NINE_TENTHS = 1.2816  # standard deviations to where a tenth is beyond: 80 % lie between
COHORT, TIER = "cohort", "tier"
ORDER = (Tier.GOLD.value, Tier.SILVER.value, Tier.NONE.value)


def tally_expected(today: date) -> list[Tally]:
    """Add up what is expected of people, and what they brought, by group. Nothing where no run has ended well."""
    run = Run.objects.latest_of("contact")
    if run is None or not run.model:
        return []
    columns = ("contact_id", "clv", "clv_low", "clv_high")
    rows = stream(Prediction.objects.filter(contact__isnull=False).order_by().values_list(*columns))
    said = table(rows, ("id", "i8"), ("clv", "i8"), ("low", "i8"), ("high", "i8"))
    known = facts("contact", None)
    said = said[said["id"].argsort(kind="stable")]
    place = match(said["id"], known["id"]).known
    said, place = said[place >= 0], place[place >= 0]
    if not len(said):
        return []
    stray = _strayed(run)
    groups = [*_by_quarter(known["first"][place]), *_by_tier(said["id"])]
    return [_tally(run, name, said[mine], known["value"][place][mine], stray) for name, mine in groups if mine.any()]


def _by_quarter(first: "NDArray[Any]") -> "Iterator[tuple[str, NDArray[Any]]]":
    """Groups of people by the quarter of their first purchase; by the year where there are many quarters."""
    import numpy as np

    days = [date.fromordinal(day) for day in np.unique(first).tolist()]
    names = {day.toordinal(): f"{day.year} Q{(day.month + 2) // 3}" for day in days}
    if len(set(names.values())) > MOST_QUARTERS:
        names = {day.toordinal(): str(day.year) for day in days}
    for name in sorted(set(names.values())):
        yield f"{COHORT}:{name}", np.isin(first, [day for day, said in names.items() if said == name])


def _by_tier(ids: "NDArray[Any]") -> "Iterator[tuple[str, NDArray[Any]]]":
    import numpy as np

    standing = standings("contact")
    place = match(ids, standing["id"]).known
    tier = np.where(place >= 0, standing["tier"][np.maximum(place, 0)] if len(standing) else 0, 0)
    for name in ORDER:
        yield f"{TIER}:{name}", tier == TIER_CODES[name]


def _tally(run: Run, name: str, said: Any, brought: Any, stray: float) -> Tally:
    people, clv = len(said), float(said["clv"].sum())
    chance = sqrt(float((((said["high"] - said["low"]) / (2 * NINE_TENTHS)) ** 2).sum()))
    half = NINE_TENTHS * sqrt(chance**2 + (stray * clv) ** 2)
    detail = {"clv": round(clv), "low": round(max(clv - half, 0)), "high": round(clv + half), "model": run.model,
              "as_of": run.as_of.isoformat()}  # fmt: skip
    return Tally(label=name, count=people, total=people, value=int(brought.sum()), detail=detail)


def _strayed(run: Run) -> float:
    """By which share what everybody is expected to bring strays with the parameters: its relative deviation."""
    import numpy as np

    from regulars.insights.models.clv import WEEKS_A_YEAR, discounted_if_alive
    from regulars.insights.models.families import FAMILIES
    from regulars.insights.models.scoring import DISCOUNT, YEARS
    from regulars.insights.predicting.past import customers_for

    if run.model not in FAMILIES or len(run.draws) < 2:
        return 0.0
    family, everybody = FAMILIES[run.model], customers_for(run.model, "contact", run.as_of)[0]
    some = everybody.part(slice(None, None, max(1, -(-len(everybody.ids) // SAMPLE))))
    worth = np.maximum(some.mean, 0)
    sums = [
        float((worth * family.p_alive(draw, some.x, some.t_x, some.T)
               * discounted_if_alive(family, draw, some.x, some.T, YEARS * WEEKS_A_YEAR, DISCOUNT)).sum())
        for draw in run.draws
    ]  # fmt: skip
    mean = float(np.mean(sums))
    return float(np.std(sums) / mean) if mean > 0 else 0.0


# The figures


def expected(sight: Sight) -> Sequence[Figure]:
    """What is expected of customers by tier and by cohort; why nothing is, where nothing is."""
    if sight.choice.key:
        return []
    rows = sight.tallies(EXPECTED)
    if not rows:
        run = newest_run("contact")
        said = lack(run) if run and not run.model else ""
        return [Figure("expected", said or _("What is expected of customers is worked out at night."))]
    tiers = [row for name in ORDER for row in rows if row.label == f"{TIER}:{name}"]
    cohorts = sorted((row for row in rows if row.label.startswith(COHORT)), key=lambda row: row.label)
    return [
        _figure(sight, "expected-tiers", tiers, _by_tier_words(sight, tiers), _("Tier"), _("Expected, by tier")),
        _figure(sight, "expected-cohorts", cohorts, _by_cohort_words(sight, cohorts), _("First purchase"),
                _("Expected, by when they first bought")),
    ]  # fmt: skip


def _name(row: Tally) -> Text:
    sort, _colon, name = row.label.partition(":")
    return Tier(name).label if sort == TIER else name


def _each(row: Tally, name: str) -> float:
    return float(row.detail[name]) / row.count


def _said(sight: Sight, row: Tally) -> dict[str, Any]:
    return {
        "people": number(row.count), "name": str(_name(row)), "brought": amount(sight, row.value / row.count),
        "clv": amount(sight, _each(row, "clv")), "low": amount(sight, _each(row, "low")),
        "high": amount(sight, _each(row, "high")),
    }  # fmt: skip


def _by_tier_words(sight: Sight, rows: Sequence[Tally]) -> str:
    able = [row for row in rows if row.count >= ENOUGH]
    if not able:
        return too_few(max((row.count for row in rows), default=0))
    text = _("%(name)s: each of %(people)s people brought %(brought)s so far and is expected to bring %(clv)s more in "
             "three years (%(low)s to %(high)s).")  # fmt: skip
    return text % _said(sight, able[0])


def _by_cohort_words(sight: Sight, rows: Sequence[Tally]) -> str:
    able = [row for row in rows if row.count >= ENOUGH]
    if not able:
        return too_few(max((row.count for row in rows), default=0))
    best = max(able, key=lambda row: _each(row, "clv"))
    text = _("Most is expected of those who first bought in %(name)s: %(clv)s each in three years (%(low)s to "
             "%(high)s), after %(brought)s so far.")  # fmt: skip
    return text % _said(sight, best)


NOTE = gettext_lazy(
    "Brought so far: everything since the first purchase. Expected: in the next three years, discounted, by %(model)s "
    "as of %(day)s. In 80 of 100 cases it is between from and to: chance, and what the parameters may stray."
)


def _figure(sight: Sight, name: str, rows: Sequence[Tally], said: str, head: str, title: str) -> Figure:
    from django.utils.formats import date_format

    money = sight.currency
    cells: list[list[Any]] = [
        [_name(row), row.count, *(round(value) for value in (
            row.value / row.count, _each(row, "clv"), _each(row, "low"), _each(row, "high")))]
        for row in rows
    ]  # fmt: skip
    heads = [Column(text, MONEY) for text in (_("Brought so far"), _("Expected"), _("From"), _("To"))]
    chart = BarChart(
        [_name(row) for row in rows],
        [
            Series(_("Brought so far"), [major(line[2], money) for line in cells]),
            Series(_("Expected in three years"), [major(line[3], money) for line in cells], tone="gold"),
        ],
        money_unit(money),
    )
    detail = rows[0].detail if rows else {}
    day = date_format(date.fromisoformat(detail["as_of"]), "j M Y") if rows else ""
    note = str(NOTE) % {"model": NAMES.get(detail.get("model", ""), ""), "day": day}
    return Figure(name, said, chart if rows else None, Table([Column(head), Column(_("People"), NUMBER), *heads], cells,
                                                             money), title=title, note=note)  # fmt: skip
