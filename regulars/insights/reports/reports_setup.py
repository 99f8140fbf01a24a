"""What reports add to the floors below: a place, commands, an operation, the reports themselves."""

from django.utils.translation import gettext_lazy as _

from regulars.insights.cubes import running, stale, tallies
from regulars.insights.habits import seasons
from regulars.insights.reports import (
    activities,
    cohorts,
    comparisons,
    expected,
    goods,
    movement,
    origins,
    sales,
    staying,
)
from regulars.insights.reports.base import Report
from regulars.insights.reports.base import register as add
from regulars.lib import navigation, palette

MODULE, ICON = "insights", "chart-line"


def register() -> None:
    """Make reports known; called in `apps.ready()`."""
    running.register()
    stale.register()
    navigation.register(
        navigation.NavItem(_("Insights"), "insights", ICON, order=47, module=MODULE, permission="insights")
    )
    palette.register(
        palette.Command("insights", _("Insights"), ICON, "insights", permission="insights", module=MODULE, order=31,
                        also=_("reports charts revenue retention cohorts figures statistics"))
    )  # fmt: skip
    for report in (*SALES, *PEOPLE, *TOGETHER):
        add(report)
    for subject, read in TALLIES.items():
        tallies.register(tallies.Tallying(subject, read))


SALES = (
    Report("revenue", _("Customers and revenue"), "banknote", _("What you earned, from how many people, by month."),
           sales.revenue, order=10),
    Report("average", _("Average purchase"), "receipt", _("What one purchase brings, and how that changes."),
           sales.average, order=40),
    Report("products", _("Products"), "package", _("What brings most, and what is catching up."),
           goods.products, order=80, by_goods=True),
    Report("seasonal", _("Seasons"), "sun-snow", _("Which months are strong, and by how much."), goods.seasonal,
           order=90, by_period=False, by_goods=True),
)  # fmt: skip
PEOPLE = (
    Report("retention", _("Who stays"), "repeat", _("How many of those who came for the first time come again."),
           cohorts.retention, order=20),
    Report("flow", _("New, returning, lost"), "users-round", _("Who came for the first time, came back, stayed away."),
           sales.flow, order=30),
    Report("worth", _("What a customer brings"), "gem", _("How a customer’s value grows with the months, and "
                                                           "what is expected."),
           cohorts.worth, order=50),
    Report("sources", _("Sources"), "compass", _("What customers of each source bring in their first year."),
           origins.sources, order=60, by_choice=False),
    Report("referrals", _("Referrals"), "git-branch", _("Who was brought by others, and what came of it."),
           origins.referrals, order=70, by_choice=False),
    Report("tiers", _("Tiers moving"), "star", _("Who rose to gold and silver, and who fell."), movement.moving,
           order=75, by_choice=False),
)  # fmt: skip
TOGETHER = (
    Report("kept", _("Promises kept and coming back"), "handshake", _("Whether those to whom we kept our word "
                                                                      "come back."),
           comparisons.kept, order=100, by_choice=False, by_period=False),
    Report("answers", _("Quick answers and coming back"), "message-circle", _("Whether those we answered fast "
                                                                              "come back."),
           comparisons.answers, order=110, by_choice=False, by_period=False),
    Report("together", _("How things hang together"), "link", _("Satisfaction, staying, value, referrals: what "
                                                                "goes with what."),
           comparisons.together, order=120, by_choice=False, by_period=False),
    Report("activities", _("Which activities matter"), "scale", _("What became of those who got a call, thanks, "
                                                                  "a greeting."),
           activities.activities, order=130, by_choice=False, by_period=False),
)  # fmt: skip
TALLIES = {
    origins.REFERRALS: origins.tally_referrals,
    movement.TIERS: movement.tally_tiers,
    seasons.SEASONS: seasons.tally_seasons,
    comparisons.KEPT: comparisons.tally_kept,
    comparisons.ANSWERED: comparisons.tally_answered,
    comparisons.STAYING: comparisons.tally_staying,
    comparisons.GIVING: comparisons.tally_giving,
    expected.EXPECTED: expected.tally_expected,
    staying.CURVE: staying.tally_staying_curve,
    activities.ACTIVITIES: activities.tally_activities,
}
