"""What Harbor & Pine wants to reach. The figures themselves are counted by the worker, as everywhere."""

from datetime import timedelta
from typing import TYPE_CHECKING

from regulars.insights.tables import Goal

if TYPE_CHECKING:
    from regulars.desk.demo.load import Loader

GOALS = (  # metric, target, months since it began, days until it ends, why
    ("back", 40, 8, 100, "They knew us and left; each of them has a reason that we can ask for."),
    ("revenue", 31_000_000, 10, 40, "Enough for the second roaster."),
    ("kept", 90, 5, 160, "People forgive late coffee. They don’t forgive a forgotten word."),
)


def add_insights(loader: "Loader") -> None:
    """Write three goals, set by the owner."""
    today = loader.now.astimezone(loader.zone).date()
    loader.keep(
        [
            Goal(
                metric=metric, target=target, starts_on=(today - timedelta(days=30 * months)).replace(day=1),
                ends_on=today + timedelta(days=days), why=why, created_by=loader.by,
            )
            for metric, target, months, days, why in GOALS
        ]
    )  # fmt: skip
