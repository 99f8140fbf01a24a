"""When and how the guests of Harbor & Pine are best reached, counted from their visits, calls and orders."""

from typing import TYPE_CHECKING

from regulars.insights.besttime.job import count_all

if TYPE_CHECKING:
    from regulars.desk.demo.load import Loader


def add_best_times(loader: "Loader") -> None:
    """Count as every night does. What was counted of people goes with them."""
    loader.note([count_all(loader.now.astimezone(loader.zone).date())])
