"""Which rule foretells demand best: each tries the business's own past, four weeks at a time, as it was known then.

The error that chooses is the mean absolute error weighted by price: of what was sold for 100, how much was expected
too much or too little, product by product. It is the same for a bag and for a kilo, and large products count for what
they bring. The rhythm is used only where it errs less than the better plain rule; then with the season of products
that have one, which for a product of one month shows in two of the tested spans at most.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field

import numpy as np
import numpy.typing as npt

from regulars.insights.models import demand
from regulars.insights.models.demand import PLAIN, RHYTHM, SEASONED, SPAN, YEAR, Sales
from regulars.insights.models.fitting import Floats, NotEnough, Parameters

CUTS, FEWEST_CUTS = 26, 3  # four weeks each: two years of them, so that what is good for one month shows in two
REACH = 26 * 7  # days that the past must hold before a cut
PURCHASES = 100  # lines sold in the tested weeks, at least


@dataclass(frozen=True)
class Errors:
    """How one rule did: `error` is the sum of what it was off by as a share of what was sold, `bias` that of all
    products and weeks together, both in money."""

    name: str
    error: float
    bias: float
    predicted: float
    actual: float


@dataclass(frozen=True)
class Tested:
    """The outcome: `best` names the rule to use, `plain` the better plain one, `beats` whether the rhythm won.

    `cuts` are the days after which four weeks were foretold, the newest first. `b` is the overdispersion of the best
    rule for each product; of `pairs` (a product in four weeks) the interval, with b from the other weeks, held `held`.
    `seasoned` are the products for which the season helped, where the best rule has one.
    """

    best: str
    plain: str
    beats: bool
    b: list[float]
    pairs: int
    held: int
    customers: int
    model: str
    seasoned: list[bool] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)
    candidates: list[Errors] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """Everything, as JSON takes it."""
        return asdict(self)


def shortage(reach: int, today: int, lines: int) -> tuple[int, int, str] | None:
    """Return (have, need, what) where the past is too short or too thin to try rules on; None where not."""
    need = REACH + FEWEST_CUTS * SPAN
    if today - reach < need:
        return max(0, today - reach) // 7, need // 7, "weeks of orders"
    return (lines, PURCHASES, "purchases of products") if lines < PURCHASES else None


def run(sales: Sales, today: int, reach: int, model: str, *, between: Callable[[], None] = lambda: None) -> Tested:
    """Let all rules foretell what is known by now, and choose. `reach` is the first day of the past, `model` the one of
    repeat purchases ("" for none). `between` is called before each cut. Raises NotEnough below the minimums."""
    if short := shortage(reach, today, len(sales.day)):
        raise NotEnough("{} of about {} {}".format(*short))
    cuts = _cuts(today, reach)
    said: list[dict[str, Floats]] = []
    parameters: Parameters = {}
    for cut in cuts:
        between()
        one, parameters = _said(sales, cut, reach, model, parameters)
        said.append(one)
    names = [name for name in said[0] if all(name in one for one in said)]
    actual = [sales.units_in(cut, cut + SPAN) for cut in cuts]
    helped = season_where_it_helped(said, actual) if SEASONED in names else np.zeros(sales.products, dtype=bool)
    price = prices(sales, today)
    errors = [_errors(name, [one[name] for one in said], actual, price) for name in names]
    rule = min((one for one in errors if one.name in PLAIN), key=lambda one: one.error)
    best = _best(rule, [one for one in errors if one.name not in PLAIN], bool(helped.any()))
    size = demand.sizes(sales, today)
    b, pairs, held = _spread([one[best.name] for one in said], actual, size)
    return Tested(
        best.name, rule.name, best is not rule, b.tolist(), pairs, held, sales.customers,
        model if any(name not in PLAIN for name in names) else "", helped.tolist(), cuts, errors,
    )  # fmt: skip


def _best(rule: Errors, rhythms: list[Errors], has_season: bool) -> Errors:
    """The rule to use. Where the rhythm beats the plain rule, so it does with the season of products that have one: a
    product of December is tried on two Decembers, so its season can't show what it is worth in other weeks."""
    better = [one for one in rhythms if one.error < rule.error]
    with_season = [one for one in better if one.name == SEASONED and has_season]
    return min(with_season or [rule, *better], key=lambda one: one.error)


def season_where_it_helped(said: list[dict[str, Floats]], actual: list[Floats]) -> npt.NDArray[np.bool_]:
    """Keep the season of `said` only for products that it foretold better in all other weeks together, else the rhythm
    alone. Returns for which products it is better over all weeks."""
    gain = np.stack([
        np.abs(one[RHYTHM] - there) - np.abs(one[SEASONED] - there) for one, there in zip(said, actual, strict=True)
    ])  # fmt: skip
    whole: Floats = gain.sum(0)
    for one, mine in zip(said, gain, strict=True):
        one[SEASONED] = np.where(whole - mine > 0, one[SEASONED], one[RHYTHM])
    return whole > 0


def _said(
    sales: Sales, cut: int, reach: int, model: str, parameters: Parameters
) -> tuple[dict[str, Floats], Parameters]:
    try:
        return demand.candidates(sales, cut, reach, model, parameters)
    except NotEnough:
        return demand.candidates(sales, cut, reach, "")


def _cuts(today: int, reach: int) -> list[int]:
    """Days to foretell from, the newest first: where there are enough with a whole year before them, only such, so
    that every rule is tried on the same weeks."""
    ends = [today - SPAN * (back + 1) for back in range(CUTS)]
    whole = [cut for cut in ends if cut - YEAR >= reach]
    return whole if len(whole) >= FEWEST_CUTS else [cut for cut in ends if cut - REACH >= reach]


def prices(sales: Sales, today: int) -> Floats:
    """What a unit of each product brought in the last two years; 0 for what was not sold."""
    recent = sales.between(today - 2 * YEAR, today)
    units, money = sales.sums(recent, sales.units), sales.sums(recent, sales.money)
    return np.where(units > 0, money / np.where(units > 0, units, 1), 0.0)


def _errors(name: str, said: list[Floats], actual: list[Floats], price: Floats) -> Errors:
    sold = float(sum((there * price).sum() for there in actual))
    expected = float(sum((one * price).sum() for one in said))
    off = float(sum((np.abs(one - there) * price).sum() for one, there in zip(said, actual, strict=True)))
    whole = sold or 1.0
    return Errors(name, off / whole, expected / whole - 1 if sold else 0.0, expected, sold)


def _spread(said: list[Floats], actual: list[Floats], size: Floats) -> tuple[Floats, int, int]:
    """The overdispersion, and how often the interval held where it is measured on all other weeks."""
    one, there = np.stack(said), np.stack(actual)
    pairs = held = 0
    for at in range(len(said)):
        rest = np.arange(len(said)) != at
        low, high = demand.interval(one[at], size, demand.overdispersion(one[rest], there[rest], size))
        used = one[at] / size >= 1
        pairs += int(used.sum())
        held += int(((there[at] >= low) & (there[at] <= high) & used).sum())
    return demand.overdispersion(one, there, size), pairs, held
