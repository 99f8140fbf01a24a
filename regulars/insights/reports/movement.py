"""Tiers moving: who rose to gold and silver, and who fell."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from regulars.insights.charts import COUNT, NUMBER, BarChart, Column, Figure, Series, Table
from regulars.insights.cubes.reading import Sight
from regulars.insights.reports.base import month_words, number, period_words, sentences
from regulars.insights.tables import Tally
from regulars.insights.tables.standing import Tier, TierChange

TIERS = "tiers"
PLACES = {Tier.NONE: 0, Tier.SILVER: 1, Tier.GOLD: 2}


def tally_tiers(today: date) -> list[Tally]:
    """Count the changes of tier of people by month."""
    rows = TierChange.objects.filter(contact__isnull=False).order_by().annotate(month=TruncMonth("changed_on"))
    sums = rows.values("month", "before", "after").annotate(people=Count("pk"))
    return [
        Tally(label=f"{row['before']}>{row['after']}", month=row["month"], count=row["people"], total=row["people"])
        for row in sums
    ]


def _moves(rows: Sequence[Tally]) -> dict[date, dict[str, int]]:
    """Rises and falls by month, and those into and out of gold."""
    found: dict[date, dict[str, int]] = {}
    for row in rows:
        before, after = row.label.split(">", 1)
        if before not in PLACES or after not in PLACES:
            continue
        month = found.setdefault(row.month, {"up": 0, "down": 0, "to_gold": 0, "from_gold": 0})
        month["up" if PLACES[Tier(after)] > PLACES[Tier(before)] else "down"] += row.count
        month["to_gold"] += row.count if after == Tier.GOLD else 0
        month["from_gold"] += row.count if before == Tier.GOLD else 0
    return found


def moving(sight: Sight) -> Sequence[Figure]:
    """How many rose and fell in each month."""
    found, months = _moves(sight.tallies(TIERS)), sight.period.months
    none = {"up": 0, "down": 0, "to_gold": 0, "from_gold": 0}
    rows = [found.get(month, none) for month in months]
    total = {name: sum(row[name] for row in rows) for name in none}
    said = _("%(up)s people rose to a better tier %(period)s, %(down)s fell.") % {
        "up": number(total["up"]), "down": number(total["down"]), "period": period_words(sight.period),
    }  # fmt: skip
    gold = _("%(to)s became gold and %(from)s are gold no more.") % {
        "to": number(total["to_gold"]), "from": number(total["from_gold"]),
    }  # fmt: skip
    if not total["up"] + total["down"]:
        return [Figure("tiers", _("Nobody moved between tiers %(period)s.") % {"period": period_words(sight.period)})]
    chart = BarChart(
        [month_words(month) for month in months],
        [
            Series(_("Rose"), [row["up"] for row in rows], tone="good"),
            Series(_("Fell"), [-row["down"] for row in rows], tone="risk"),
        ],
        COUNT,
        is_stacked=True,
    )
    heads = [Column(head, NUMBER) for head in (_("Rose"), _("Fell"), _("To gold"), _("From gold"))]
    cells = [[month_words(month), *row.values()] for month, row in zip(months, rows, strict=True)]
    return [Figure("tiers", sentences(said, gold), chart, Table([Column(_("Month")), *heads], cells))]
