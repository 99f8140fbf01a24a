"""What is said of each customer, by the model that the backtest chose or by a plain rule."""

from dataclasses import dataclass, field

import numpy as np

from regulars.insights.models import gammagamma, plain
from regulars.insights.models.clv import WEEKS_A_YEAR, discounted_if_alive
from regulars.insights.models.families import FAMILIES
from regulars.insights.models.fitting import Floats, Parameters
from regulars.insights.models.intervals import Futures, with_amount

AHEAD, SOON = 90 / 7, 30 / 7  # weeks
YEARS = 3
DISCOUNT = 0.10
EARLY, LATE = 0.25, 0.75  # half of those like one buy between these


@dataclass(frozen=True, eq=False)
class Scores:
    """One number for each customer: chances, purchases in 90 days with the ends of their interval, days until the
    next purchase (from, to: the middle half), and the value of three years with its interval. nan: not known."""

    p_alive: Floats
    expected: Floats
    low: Floats
    high: Floats
    p_buys: Floats
    next_from: Floats
    next_to: Floats
    clv: Floats
    clv_low: Floats
    clv_high: Floats


@dataclass
class Scorer:
    """Scores customers in chunks. `draws` are bootstrapped parameters, `spend` Gamma-Gamma's ({}: one's own mean)."""

    name: str
    parameters: Parameters
    draws: list[dict[str, float]]
    spend: Parameters
    discount: float = DISCOUNT
    _ahead: Futures | None = field(default=None, init=False)
    _long: Futures | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        if self.name in FAMILIES:
            family = FAMILIES[self.name]
            self._ahead = Futures(family, self.draws, AHEAD)
            self._long = Futures(family, self.draws, YEARS * WEEKS_A_YEAR)

    def score(self, x: Floats, t_x: Floats, T: Floats, mean: Floats, year_ago: Floats | None = None) -> Scores:
        """Score customers with `x` repeat purchases, the last at age `t_x` weeks, of age `T` weeks, whose purchases
        come to `mean`. `year_ago`: purchases in the same 90 days a year ago, for the rule that asks for them."""
        amount, spread = self._amounts(x + 1, mean)
        if self._ahead is None or self._long is None:
            return self._by_rule(x, T, amount, spread, year_ago)
        family, parameters = FAMILIES[self.name], self.parameters
        alive = family.p_alive(parameters, x, t_x, T)
        low, high = self._ahead.interval(x, T, alive)
        years = YEARS * WEEKS_A_YEAR
        bought = alive * discounted_if_alive(family, parameters, x, T, years, self.discount)
        long_low, long_high = self._long.interval(x, T, alive)
        clv_low, clv_high = with_amount(long_low, long_high, bought, amount, spread)
        return Scores(
            alive, alive * family.expected_if_alive(parameters, x, T, AHEAD), low, high,
            family.p_buys(parameters, x, t_x, T, SOON),
            family.next_purchase(parameters, x, T, EARLY) * 7, family.next_purchase(parameters, x, T, LATE) * 7,
            bought * amount, clv_low, clv_high,
        )  # fmt: skip

    def _amounts(self, n: Floats, mean: Floats) -> tuple[Floats, Floats]:
        if not self.spend:
            return mean, np.zeros_like(mean)
        return gammagamma.expected_spend(self.spend, n, np.maximum(mean, 0)), gammagamma.spread(self.spend, n)

    def _by_rule(self, x: Floats, T: Floats, amount: Floats, spread: Floats, year_ago: Floats | None) -> Scores:
        """A rule knows a rate and nothing of leaving; its interval is that of chance at this rate (Poisson)."""
        from scipy.special import pdtrik

        if self.name == plain.LAST_YEAR and year_ago is not None:
            expected = plain.last_year(year_ago)
        else:
            expected = plain.same_rate(x, T, AHEAD)
        weekly = expected / AHEAD
        nothing = np.full_like(expected, np.nan)
        low, high = (
            np.where(expected > 0, np.ceil(np.maximum(pdtrik(share, np.maximum(expected, 1e-9)), 0)), 0)
            for share in (0.1, 0.9)
        )
        with np.errstate(divide="ignore"):
            early, late = (-np.log1p(-share) / np.where(weekly > 0, weekly, np.nan) * 7 for share in (EARLY, LATE))
        value = expected * amount * YEARS * 365.25 / 90
        clv_low, clv_high = with_amount(low, high, expected, amount, spread)
        stretch = YEARS * 365.25 / 90
        return Scores(nothing, expected, low, high, plain.p_buys(weekly * SOON), early, late,
                      value, clv_low * stretch, clv_high * stretch)  # fmt: skip
