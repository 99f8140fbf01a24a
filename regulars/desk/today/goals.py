"""Goals on Today, for those who lead."""

from regulars.desk.today.sections import Found, Look
from regulars.insights.goals.progress import Progress, progress_of
from regulars.insights.tables import Goal

SHOWN = 3


def running_goals(look: Look) -> Found[Progress]:
    """The goals that end first, with where they stand. One query, and one for each that is shown."""
    rows = Goal.objects.visible_to(look.user).running(look.today).select_related("team", "owner")
    found = list(rows.order_by("ends_on", "pk")[: SHOWN + 1])
    return Found(progress_of(found[:SHOWN], look.organisation, look.today), len(found), len(found) > SHOWN)
