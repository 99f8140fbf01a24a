"""Demand of products: expected units with known answers, the rule chosen on the past, intervals that hold."""

from collections.abc import Sequence

import numpy as np
import pytest

from regulars.insights.models import basket, demand, demand_backtest
from regulars.insights.models.demand import Known, Sales, Times
from regulars.insights.models.fitting import Floats, NotEnough

CUT = 10_000


def _sales(lines: Sequence[tuple[int, int, int, float]], customers: int, products: int) -> Sales:
    """Lines (who, product, days before the cut, units) at a price of 2."""
    who, product, ago, units = (np.array(column) for column in zip(*lines, strict=True))
    visits = np.unique(np.stack([who, CUT - ago], axis=1)[who >= 0], axis=0)
    return Sales(who, product, CUT - ago, units.astype(float), units * 2.0, visits[:, 0], visits[:, 1],
                 customers, products)  # fmt: skip


def test_each_customers_own_share_is_mixed_with_two_days_of_an_average_customer() -> None:
    """Two of product 0 on each of 8 days by one, one of product 1 on 2 days by another, 1 and 0.5 days expected:
    0: 1 / 10 · 16 + (0.5 · 0 / 4) + average 16 / 10 · (2 · 1 / 10 + 2 · 0.5 / 4) = 1.6 + 1.6 · 0.45 = 2.32;
    1: 0.5 / 4 · 2 + average 2 / 10 · 0.45 = 0.25 + 0.09 = 0.34."""
    sales = _sales([(0, 0, 10 * n, 2) for n in range(8)] + [(1, 1, 5, 1), (1, 1, 50, 1)], 2, 2)

    known = demand.known_at(sales, CUT)
    found = demand.shares(sales, np.array([1.0, 0.5]), known.days, CUT)

    assert known.days.tolist() == [8, 2]
    assert known.x.tolist() == [7, 1]
    assert known.t_x.tolist() == pytest.approx([10, 45 / 7])
    assert known.T.tolist() == pytest.approx([10, 50 / 7])
    assert found.expected.tolist() == pytest.approx([2.32, 0.34])
    half = Known(known.x, known.t_x, known.T, np.array([8.0, 0.0]), known.first)
    assert (found + found).expected == pytest.approx(2 * found.expected, rel=0.5), "sums of parts"
    assert half.days.sum() == 8


def test_newcomers_and_nobodys_sales_go_on_as_in_the_last_twelve_weeks() -> None:
    """Nobody took 6 in twelve weeks, and somebody who first came 10 days ago 3; an old customer's do not count here."""
    lines = [(-1, 0, 3, 2), (-1, 0, 40, 4), (-1, 0, 100, 50), (0, 0, 10, 3), (1, 0, 10, 7), (1, 0, 300, 1)]
    sales = _sales(lines, 2, 1)

    assert demand.others(sales, demand.known_at(sales, CUT).first, CUT).tolist() == [3.0]


def test_a_season_counts_only_where_it_is_more_than_chance() -> None:
    """40 of 130 and 0 of 100 are no thirteenth; 12 of 130 and 1 of 1 may well be."""
    times = Times(np.array([40.0, 0, 12, 1]), np.array([130.0, 100, 130, 1]), np.array([30.0, 60, 30, 0]))

    assert times.stands_out.tolist() == [True, True, False, False]
    assert times.season.tolist() == pytest.approx([41 / 11, 1 / (100 / 13 + 1), 1, 1])
    assert times.rise.tolist() == pytest.approx([41 / 11, 1 / 21, 1, 1])


def test_the_interval_holds_chance_and_what_the_rule_misses() -> None:
    """Poisson(100): 87 to 113 in 80 of 100 cases; of 5 each, five times as far; with b = 0.04 sd is 22.4, not 10."""
    expected, size = np.array([100.0, 500.0, 0.0]), np.array([1.0, 5.0, 1.0])

    low, high = demand.interval(expected, size, np.zeros(3))
    wide_low, wide_high = demand.interval(expected, size, np.full(3, 0.04))

    assert (low.tolist(), high.tolist()) == ([87, 435, 0], [113, 565, 0])
    assert wide_high[0] - wide_low[0] == pytest.approx(2 * 1.2816 * (100 + 0.04 * 100**2) ** 0.5, rel=0.05)
    random = np.random.default_rng(3)
    mean = random.uniform(20, 200, (4000, 2))
    actual = random.poisson(mean * random.gamma([25, 1e9], [1 / 25, 1e-9], (4000, 2))).astype(float)
    one, other = demand.overdispersion(mean, actual, np.ones(2)).tolist()
    assert one == pytest.approx(0.04, rel=0.1), "each product has its own"
    assert other == pytest.approx(0.0, abs=0.001)
    few = demand.overdispersion(mean[:4], actual[:4], np.ones(2))
    assert few[1] > other, "drawn towards that of all where little is known"


def _shop(random: np.random.Generator, leaving: bool) -> Sales:
    """Three years of 400 people with a rhythm and a product each; with `leaving` half left a year ago, half came."""
    lines = []
    for who in range(400):
        gap = float(random.uniform(8, 40))
        began, ended = (1090, 5) if not leaving else ((1090, 200) if who % 2 else (200, 0))
        day = began - float(random.uniform(0, gap))
        while day > ended:
            lines.append((who, who % 12, int(day), 1.0 + who % 3))
            day -= float(random.exponential(gap))
    return _sales(lines, 400, 12)


def test_the_rhythm_is_used_only_where_it_beats_the_plain_rules() -> None:
    """Steady customers are foretold better by their own rhythm than by the few purchases of four weeks; the same
    numbers by chance alone leave a plain rule in its place, and a short past says nothing."""
    random = np.random.default_rng(5)
    found = demand_backtest.run(_shop(random, leaving=False), CUT, CUT - 1092, "same_rate")

    assert found.beats
    assert found.best in (demand.RHYTHM, demand.SEASONED)
    assert len(found.cuts) == 26
    assert {one.name for one in found.candidates} == {"last_weeks", "last_year", "rhythm", "rhythm_season"}
    errors = {one.name: one.error for one in found.candidates}
    assert errors[found.best] < errors[found.plain] < 0.6
    assert 0.72 < found.held / found.pairs < 0.9

    plain = demand_backtest.run(_shop(random, leaving=True), CUT, CUT - 1092, "")
    assert (plain.best, plain.beats, plain.model) == (plain.plain, False, "")
    with pytest.raises(NotEnough, match="14 of about 38 weeks"):
        demand_backtest.run(_shop(random, leaving=False), CUT, CUT - 100, "same_rate")


def test_what_is_sold_in_one_month_of_the_year_keeps_its_season() -> None:
    """A product that 90 people take in these four weeks of every year and nobody in the others: no week but its own
    can show what its season is worth, and without it next to nothing would be expected."""
    random = np.random.default_rng(5)
    shop = _shop(random, leaving=False)
    lines = [(int(w), int(p), int(CUT - d), float(u)) for w, p, d, u in zip(
        shop.who, shop.product, shop.day, shop.units, strict=True)]  # fmt: skip
    gifts = [(who, 12, 364 * back - 1 - who % 27, 1.0) for who in range(90) for back in (1, 2, 3)]
    sales = _sales(lines + gifts, 400, 13)

    found = demand_backtest.run(sales, CUT, CUT - 1092, "same_rate")
    said, _ = demand.candidates(sales, CUT, CUT - 1092, "same_rate")

    assert found.best == demand.SEASONED
    assert [at for at, helped in enumerate(found.seasoned) if helped] == [12]
    assert said[demand.RHYTHM][12] < 15
    assert 60 < said[demand.SEASONED][12] < 120


def test_what_follows_what_is_found_and_noise_is_not() -> None:
    """Of 60 who took product 0, 30 take product 1 two weeks later; of everybody else 5 % do."""
    random = np.random.default_rng(9)
    first: Floats = np.full((400, 6), np.inf)
    for who in range(400):
        first[who, 2 + who % 4] = CUT - 200
        if who < 60:
            first[who, 0] = CUT - 150
        if who < 30 or random.random() < 0.05:
            first[who, 1] = CUT - 136 if who < 60 else CUT - 190

    found = basket.follows(first, CUT)

    assert [(one.first, one.then) for one in found] == [(0, 1)]
    assert found[0].total == 60
    assert 30 <= found[0].count <= 33
    assert found[0].expected < 6
