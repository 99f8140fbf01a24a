"""Small factories for goals."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from regulars.access.models import User
from regulars.insights.tables import Goal


def make_goal(by: User, metric: str = "back", target: int = 9, **fields: Any) -> Goal:
    """A goal of this month and the next three."""
    today = timezone.localdate()
    days = {"starts_on": today.replace(day=1), "ends_on": today + timedelta(days=90)}
    return Goal.objects.create(**{**days, "metric": metric, "target": target, "created_by": by, **fields})


def insight_ids(owner: User) -> dict[str, Any]:
    """What fills the addresses of goals and reports."""
    goal = {"pk": make_goal(owner).pk}
    return dict.fromkeys(("goal", "goal-edit", "goal-close"), goal) | {"report": {"name": "revenue"}}
