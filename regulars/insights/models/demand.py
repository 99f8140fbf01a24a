"""How many units of each product will be asked for in the next four weeks, from the customers' own rhythm.

Each known customer's expected days of purchase in these weeks (by a model of repeat purchases) times the units of the
product that a day of purchase of theirs holds. That share is their own of the last 364 days, mixed with `PRIOR` days of
an average customer (empirical Bayes: a customer with two purchases is believed half, with twenty nearly in full).
Whoever is not known yet, newcomers and sales of nobody, goes on as in the last twelve weeks. With a season, both are
multiplied by how far the same weeks of last year stood out, drawn towards 1 by one purchase; but only for products
whose purchases of these weeks are no thirteenth of their year by an exact binomial test, all products together held to
5 % false findings (Benjamini and Hochberg 1995): else a season would be the noise of last year.

The interval is that of an overdispersed Poisson distribution (negative binomial): the variance of `m` purchases is
m + b·m², with b measured on what the backtest missed (Pearson's chi-square; P. McCullagh, J. A. Nelder, "Generalized
Linear Models", 1989, 6.2), each product's own drawn towards everybody's by `FEW` spans, so that it holds chance and
what the rule gets wrong. A purchase of a product holds `size` units, the mean weighted by units, as in a compound
Poisson distribution.

Days are whole numbers (`date.toordinal()`); customers and products are places 0, 1, 2… in arrays.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from regulars.insights.habits.testing import adjusted
from regulars.insights.models import plain
from regulars.insights.models.families import FAMILIES
from regulars.insights.models.fitting import Floats, Parameters, compress

Ints = npt.NDArray[np.int64]
SPAN, YEAR = 28, 364  # days
WEEKS = SPAN / 7
PRIOR = 2.0  # days of purchase
STEADY = 1.0  # purchases
FALSE = 0.05
FITTED = 5_000  # customers that a model of the past is fitted to
FEW = 4.0  # spans of four weeks that everybody's overdispersion weighs beside a product's own
OTHERS = 3  # spans that purchases of people not known yet are carried on from
SHARE = 0.8  # of cases that an interval holds

RHYTHM, SEASONED, LAST_YEAR, LAST_SPAN = "rhythm", "rhythm_season", "last_year", "last_weeks"
PLAIN = (LAST_SPAN, LAST_YEAR)
Expect = Callable[[Floats, Floats, Floats], Floats]


@dataclass(frozen=True, eq=False)
class Sales:
    """Lines sold: `who` bought (a place, -1 for nobody we know), which `product`, on which `day`, how many `units`, and
    the `money` they brought; and the `visits`, one row for each customer and day of purchase (`visitor`, `visited`)."""

    who: Ints
    product: Ints
    day: Ints
    units: Floats
    money: Floats
    visitor: Ints
    visited: Ints
    customers: int
    products: int

    def sums(self, chosen: npt.NDArray[np.bool_], weights: Floats | None = None) -> Floats:
        """The sum for each product over the chosen lines: of `weights` (one for each line), else their number."""
        inside = None if weights is None else weights[chosen]
        return np.bincount(self.product[chosen], inside, self.products).astype(np.float64)

    def between(self, after: int, until: int) -> npt.NDArray[np.bool_]:
        """Which lines were sold after the day `after` and by the day `until`."""
        return (self.day > after) & (self.day <= until)

    def units_in(self, after: int, until: int) -> Floats:
        """Units of each product sold after one day and by another."""
        return self.sums(self.between(after, until), self.units)


@dataclass(frozen=True, eq=False)
class Known:
    """Customers as of a day: repeat purchases `x`, the last at age `t_x`, age `T` (weeks), and `days` of purchase in
    the last 364. Who had not bought by then has `T` < 0."""

    x: Floats
    t_x: Floats
    T: Floats
    days: Floats
    first: Ints


def known_at(sales: Sales, cut: int) -> Known:
    """Return the customers as they were on the day `cut`."""
    before = sales.visited <= cut
    size, who, day = sales.customers, sales.visitor[before], sales.visited[before]
    first, last = np.full(size, cut + 1, dtype=np.int64), np.zeros(size, dtype=np.int64)
    np.minimum.at(first, who, day)
    np.maximum.at(last, who, day)
    times = np.bincount(who, minlength=size).astype(np.float64)
    return Known(
        x=np.maximum(times - 1, 0),
        t_x=np.where(times > 0, (last - first) / 7.0, 0.0),
        T=(cut - first) / 7.0,
        days=np.bincount(who[day > cut - YEAR], minlength=size).astype(np.float64),
        first=first,
    )


def expecting(name: str, parameters: Parameters) -> Expect:
    """Return what tells expected days of purchase in the four weeks from (x, t_x, T): a model or the same rate."""
    if name not in FAMILIES:
        return lambda x, t_x, T: plain.same_rate(x, T, WEEKS)
    family = FAMILIES[name]

    def expect(x: Floats, t_x: Floats, T: Floats) -> Floats:
        alive = family.p_alive(parameters, x, t_x, T)
        return alive * family.expected_if_alive(parameters, x, T, WEEKS)

    return expect


def fitted(name: str, known: Known, start: Parameters | None = None) -> Parameters:
    """Return the parameters of the model fitted to those who were known, to every k-th where they are many: four
    numbers need no more. `start` are those of weeks later, from which the search is short. Raises NotEnough."""
    if name not in FAMILIES:
        return {}
    there = np.flatnonzero(known.T >= 0)
    there = there[:: -(-len(there) // FITTED) or 1]
    rows = compress(known.x[there], known.t_x[there], known.T[there])
    return FAMILIES[name].fit_rows(rows, start or None).parameters


@dataclass(frozen=True, eq=False)
class Shares:
    """Sums over customers from which the expectation follows: they can be added up part by part.

    `weighted`: units of each product, each customer's by expected ÷ (days + prior); `units`: unweighted; `days` of
    purchase; `base`: what the prior weighs.
    """

    weighted: Floats
    units: Floats
    days: float
    base: float

    def __add__(self, other: "Shares") -> "Shares":
        return Shares(
            self.weighted + other.weighted, self.units + other.units, self.days + other.days, self.base + other.base
        )

    @property
    def expected(self) -> Floats:
        """Expected units of each product."""
        average = self.units / self.days if self.days else np.zeros_like(self.units)
        return self.weighted + average * self.base


def shares(sales: Sales, expected: Floats, days: Floats, cut: int) -> Shares:
    """Return the sums over customers whose `expected` days of purchase are given, with their `days` of the last 364."""
    weight = expected / (days + PRIOR)
    recent = sales.between(cut - YEAR, cut) & (sales.who >= 0)
    each = np.where(sales.who >= 0, weight[np.maximum(sales.who, 0)], 0.0) * sales.units if sales.customers else None
    weighted = sales.sums(recent, each) if each is not None else np.zeros(sales.products)
    return Shares(weighted, sales.sums(recent, sales.units), float(days.sum()), float(PRIOR * weight.sum()))


def others(sales: Sales, first: Ints, cut: int) -> Floats:
    """Units that newcomers and people we don't know bought in four weeks, the mean of the last twelve."""
    total = np.zeros(sales.products)
    began = np.where(sales.who >= 0, first[np.maximum(sales.who, 0)], cut + 1) if len(first) else None
    for back in range(OTHERS):
        start = cut - SPAN * (back + 1)
        new = sales.between(start, start + SPAN)
        total += sales.sums(new & (began > start) if began is not None else new, sales.units)
    return total / OTHERS


@dataclass(frozen=True, eq=False)
class Times:
    """How many purchases each product had: in the same four weeks last year (`then`), in the 364 days up to now
    (`year`), and in the twelve weeks before those of last year (`before`; None where the past is too short)."""

    then: Floats
    year: Floats
    before: Floats | None

    @cached_property
    def stands_out(self) -> npt.NDArray[np.bool_]:
        """Of which products these weeks are more, or less, of the year than chance would have."""
        from scipy.special import bdtr, bdtrc

        share, year = SPAN / YEAR, self.year.astype(np.int64)
        more = np.where(self.then > 0, bdtrc(np.maximum(self.then - 1, 0), year, share), 1.0)
        less = bdtr(self.then, year, share)
        return np.array(adjusted(np.minimum(1.0, 2 * np.minimum(more, less)).tolist())) < FALSE

    @property
    def season(self) -> Floats:
        """How far these weeks stood out of the year; 1 where they did not."""
        return np.where(self.stands_out, (self.then + STEADY) / (self.year * SPAN / YEAR + STEADY), 1.0)

    @property
    def rise(self) -> Floats:
        """How far they stood out of the twelve weeks before them; 1 where they did not stand out of the year."""
        if self.before is None:
            return np.ones_like(self.then)
        return np.where(self.stands_out, (self.then + STEADY) / (self.before / OTHERS + STEADY), 1.0)


def times_at(sales: Sales, cut: int, reach: int) -> Times:
    """Return these purchases as of `cut`; the past reaches back to the day `reach`."""
    start = cut - YEAR
    before = start - OTHERS * SPAN
    return Times(
        sales.sums(sales.between(start, start + SPAN)),
        sales.sums(sales.between(start, cut)),
        sales.sums(sales.between(before, start)) if reach <= before else None,
    )


def candidates(
    sales: Sales, cut: int, reach: int, model: str, parameters: Parameters | None = None
) -> tuple[dict[str, Floats], Parameters]:
    """Return what each rule expects of the four weeks after `cut`, and the parameters of the model as of then, looked
    for from `parameters` on. Without a `model` only the plain rules speak; those that need a year are left out where
    the past does not hold it. Raises NotEnough where the model can't be fitted."""
    has_year = reach <= cut - YEAR
    found = {LAST_SPAN: sales.units_in(cut - SPAN, cut)}
    if has_year:
        found[LAST_YEAR] = sales.units_in(cut - YEAR, cut - YEAR + SPAN)
    if not model:
        return found, {}
    known = known_at(sales, cut)
    there = known.T >= 0
    expected = np.zeros(sales.customers)
    fit = fitted(model, known, parameters)
    expected[there] = expecting(model, fit)(known.x[there], known.t_x[there], known.T[there])
    mine = shares(sales, expected, known.days, cut).expected
    new = others(sales, known.first, cut)
    found[RHYTHM] = mine + new
    if has_year:
        times = times_at(sales, cut, reach)
        found[SEASONED] = mine * times.season + new * times.rise
    return found, fit


def sizes(sales: Sales, cut: int) -> Floats:
    """Units that a purchase of each product holds, weighted by units, over the last 364 days; 1 where none was."""
    recent = sales.between(cut - YEAR, cut)
    units, squares = sales.sums(recent, sales.units), sales.sums(recent, sales.units**2)
    return np.where(units > 0, squares / np.where(units > 0, units, 1), 1.0)


def overdispersion(expected: Floats, actual: Floats, size: Floats) -> Floats:
    """Return b of the variance m + b·m² of purchases for each product (a column), from what was expected and sold in
    several spans (rows); 0 where chance explains it. A product's own is drawn towards that of all."""
    m, z = expected / size, (actual - expected) / size
    used = m >= 1
    weight = np.where(used, m, 0.0)
    over = np.where(used, z**2 / np.where(used, m, 1.0) - 1, 0.0)
    whole = max(0.0, float(over.sum() / weight.sum())) if used.any() else 0.0
    drawn = FEW * weight.sum(0) / np.maximum(used.sum(0), 1)
    mine = np.where(drawn > 0, (over.sum(0) + whole * drawn) / np.where(drawn > 0, weight.sum(0) + drawn, 1.0), whole)
    return np.maximum(mine, 0.0)


def interval(expected: Floats, size: Floats, b: Floats, share: float = SHARE) -> tuple[Floats, Floats]:
    """Return the units between which they are in `share` of cases; each has its own overdispersion `b`."""
    from scipy.special import nbdtrik, pdtrik

    m, tail = np.maximum(expected / size, 1e-9), (1 - share) / 2
    is_wide = b > 1e-9
    wide = np.where(is_wide, b, 1.0)
    low, high = (
        np.ceil(np.maximum(np.where(is_wide, nbdtrik(end, 1 / wide, 1 / (1 + wide * m)), pdtrik(end, m)), 0)) * size
        for end in (tail, 1 - tail)
    )
    return np.where(expected > 0, low, 0.0), np.where(expected > 0, high, 0.0)
