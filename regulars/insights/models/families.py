"""The models of repeat purchases, behind one face: what backtest, scoring and intervals need of each."""

from typing import Protocol

import numpy as np

from regulars.insights.models import bgnbd, months, paretonbd
from regulars.insights.models.fitting import Fit, Floats, Parameters, Rows


class Family(Protocol):
    """A model of repeat purchases: a module with these functions."""

    def fit_rows(self, rows: Rows, start: Parameters | None = None) -> Fit:
        """Fit to distinct rows."""

    def p_alive(self, parameters: Parameters, x: Floats, t_x: Floats, T: Floats) -> Floats:
        """The chance of still being a customer."""

    def expected_if_alive(self, parameters: Parameters, x: Floats, T: Floats, horizon: float) -> Floats:
        """Expected purchases of who is still one."""

    def p_buys(self, parameters: Parameters, x: Floats, t_x: Floats, T: Floats, horizon: float) -> Floats:
        """The chance of a purchase."""

    def next_purchase(self, parameters: Parameters, x: Floats, T: Floats, share: float) -> Floats:
        """The time by which a share has bought again."""

    def simulate(
        self, parameters: Parameters, x: Floats, T: Floats, horizon: float, random: np.random.Generator
    ) -> Floats:
        """One future of each."""


FAMILIES: dict[str, Family] = {"bgnbd": bgnbd, "paretonbd": paretonbd, "bgbb": months}
BY_MONTH = "bgbb"  # reads months in which they came or did not, and counts in them
