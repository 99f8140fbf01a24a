"""What Harbor & Pine will be asked for: the rules tried on its three years of orders, and everybody's habits."""

from typing import TYPE_CHECKING

from regulars.insights.demand.job import count_demand

if TYPE_CHECKING:
    from regulars.desk.demo.load import Loader


def add_demand(loader: "Loader") -> None:
    """Count as every night does. The run goes with the demo, the demands and habits with it and its people."""
    today = loader.now.astimezone(loader.zone).date()
    loader.note([count_demand(today)])
