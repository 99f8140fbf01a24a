"""The models find again what made the data, have the gradients they say, and say no well."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from regulars.insights.models import bgbb, bgnbd, gammagamma, intervals, paretonbd, sbg
from regulars.insights.models.clv import WEEKS_A_YEAR, clv
from regulars.insights.models.fitting import BadData, Fit, NotEnough, Rows, compress

TRUE_BG = {"r": 0.6, "alpha": 6.0, "a": 0.8, "b": 3.0}
TRUE_PARETO = {"r": 0.7, "alpha": 8.0, "s": 0.6, "beta": 12.0}
Customers = tuple[np.ndarray, np.ndarray, np.ndarray]


def _history(times: np.ndarray, life: np.ndarray, T: np.ndarray) -> Customers:
    there = times <= np.minimum(life, T)[:, None]
    return there.sum(axis=1).astype(float), np.where(there, times, 0).max(axis=1), T


@pytest.fixture(scope="module")
def leavers() -> Customers:
    """4,000 customers who buy and leave as Pareto/NBD has it."""
    random = np.random.default_rng(4)
    T = random.integers(20, 105, 4000).astype(float)
    rate = random.gamma(0.7, 1 / 8.0, 4000)
    life = random.exponential(1 / random.gamma(0.6, 1 / 12.0, 4000))
    return _history(np.cumsum(random.exponential(1, (4000, 150)) / rate[:, None], axis=1), life, T)


@pytest.fixture(scope="module")
def droppers() -> Customers:
    """4,000 customers who buy and leave as BG/NBD has it."""
    random = np.random.default_rng(5)
    T = random.integers(20, 105, 4000).astype(float)
    times = np.cumsum(random.exponential(1, (4000, 150)) / random.gamma(0.6, 1 / 6.0, 4000)[:, None], axis=1)
    last = np.minimum(random.geometric(random.beta(0.8, 3.0, 4000)), 150)
    return _history(times, times[np.arange(4000), last - 1], T)


def test_pareto_finds_again_what_made_the_data(leavers: Customers) -> None:
    fit = paretonbd.fit(*leavers)
    assert fit.converged
    assert fit.message == ""
    for name, value in TRUE_PARETO.items():
        assert fit.parameters[name] == pytest.approx(value, rel=0.35), name
    assert fit.log_likelihood > paretonbd.log_likelihood(compress(*leavers))(TRUE_PARETO)[0]
    assert fit.log_likelihood > bgnbd.fit(*leavers).log_likelihood


def test_bg_finds_again_what_made_the_data(droppers: Customers) -> None:
    fit = bgnbd.fit(*droppers)
    assert fit.converged
    for name, value in TRUE_BG.items():
        assert fit.parameters[name] == pytest.approx(value, rel=0.35), name
    assert fit.log_likelihood > paretonbd.fit(*droppers).log_likelihood


def _slopes(at: Callable[[Any], Any], parameters: dict[str, float]) -> list[float]:
    """Numerical derivatives, from both sides."""
    found = []
    for name, value in parameters.items():
        step = value * 1e-5
        up, down = at({**parameters, name: value + step})[0], at({**parameters, name: value - step})[0]
        found.append((up - down) / (2 * step))
    return found


X, T_X, AGE = np.array([0.0, 2, 1, 60, 3]), np.array([0.0, 30, 1.7, 38, 38.9]), np.array([38.9, 38.9, 20, 38.9, 38.9])
FEW = Rows(X, T_X, AGE, np.array([3.0, 1, 2, 1, 1]))


@pytest.mark.parametrize(
    ("at", "parameters"),
    [
        (bgnbd.log_likelihood(FEW), {"r": 0.3, "alpha": 4.0, "a": 0.8, "b": 2.4}),
        (paretonbd.log_likelihood(FEW), {"r": 0.5, "alpha": 10.0, "s": 0.6, "beta": 12.0}),
        (paretonbd.log_likelihood(FEW), {"r": 0.5, "alpha": 12.0, "s": 1.6, "beta": 0.5}),
        (gammagamma.log_likelihood(X + 1, AGE + X, FEW.weight), {"p": 6.0, "q": 3.7, "v": 15.0}),
        (bgbb.log_likelihood(np.array([0.0, 2, 3]), np.array([0.0, 3, 5]), np.array([6.0, 6, 5]), np.ones(3)),
         {"alpha": 1.2, "beta": 0.7, "gamma": 0.6, "delta": 2.8}),
        (sbg.log_likelihood(np.array([100.0, 63, 47, 38])), {"alpha": 0.7, "beta": 1.2}),
    ],
)  # fmt: skip
def test_a_gradient_is_that_of_its_likelihood(at: Callable[[Any], Any], parameters: dict[str, float]) -> None:
    assert list(at(parameters)[1]) == pytest.approx(_slopes(at, parameters), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(("alpha", "beta"), [(10.6, 11.7), (0.4, 90.0), (60.0, 0.8), (5.0, 5.0)])
def test_pareto_is_the_likelihood_of_the_paper(alpha: float, beta: float) -> None:
    """The integral is what the difference of two hypergeometric functions is, where that has digits left."""
    from scipy.special import hyp2f1

    r, s, x, t, T = 0.55, 0.6, 2.0, 10.0, 40.0
    small, gap, k = min(alpha, beta), abs(alpha - beta), r + s + x
    big, c = small + gap, (s + 1 if alpha >= beta else r + x)
    at = [hyp2f1(k, c, k + 1, gap / (big + u)) / (big + u) ** k for u in (t, T)]
    parameters = {"r": r, "alpha": alpha, "s": s, "beta": beta}
    found = paretonbd.integral(parameters, np.array([r + x]), s + 1, np.array([t]), np.array([T]))
    assert np.exp(found.log[0]) == pytest.approx((at[0] - at[1]) / k, rel=1e-8)


@pytest.mark.parametrize("family", [bgnbd, paretonbd])
def test_what_is_said_of_a_customer_is_what_simulated_futures_come_to(family: Any) -> None:
    parameters = {"r": 0.7, "alpha": 6.0, "a": 0.8, "b": 3.0, "s": 0.6, "beta": 12.0}
    x, t_x, T = np.array([3.0]), np.array([30.0]), np.array([35.0])
    many = np.repeat([x, T], 60_000, axis=1)
    futures = family.simulate(parameters, many[0], many[1], 13.0, np.random.default_rng(1))
    alive = family.p_alive(parameters, x, t_x, T)[0]
    assert 0 < alive < 1
    assert family.expected(parameters, x, t_x, T, 13.0)[0] == pytest.approx(alive * futures.mean(), rel=0.02)
    assert family.p_buys(parameters, x, t_x, T, 13.0)[0] == pytest.approx(alive * (futures > 0).mean(), rel=0.02)


def test_expectations_have_no_holes_where_a_parameter_is_one() -> None:
    around = [bgnbd.expected({**TRUE_BG, "a": a}, X, T_X, AGE, 10) for a in (0.999, 1.0, 1.001)]
    assert around[1] == pytest.approx((around[0] + around[2]) / 2, rel=1e-4)
    around = [paretonbd.expected({**TRUE_PARETO, "s": s}, X, T_X, AGE, 10) for s in (0.999, 1.0, 1.001)]
    assert around[1] == pytest.approx((around[0] + around[2]) / 2, rel=1e-4)


def test_value_is_purchases_times_amount_less_the_discount() -> None:
    spend = np.full(5, 20.0)
    undiscounted = clv(paretonbd, TRUE_PARETO, X, T_X, AGE, spend, horizon=WEEKS_A_YEAR, discount=0.0)
    assert undiscounted == pytest.approx(paretonbd.expected(TRUE_PARETO, X, T_X, AGE, WEEKS_A_YEAR) * 20)
    weeks = np.arange(0, 53)
    steps = np.diff([paretonbd.expected(TRUE_PARETO, X, T_X, AGE, week)[1] for week in weeks])
    slowly = float(steps @ 1.1 ** -((weeks[1:] - 0.5) / WEEKS_A_YEAR)) * 20
    discounted = clv(paretonbd, TRUE_PARETO, X, T_X, AGE, spend, horizon=52.0, discount=0.1)
    assert discounted[1] == pytest.approx(slowly, rel=1e-3)


def test_intervals_hold_what_they_say(leavers: Customers) -> None:
    """The true parameters mostly lie in the bootstrap's interval; 80 of 100 futures lie in a customer's."""
    rows = compress(*leavers)
    draws = intervals.bootstrap(paretonbd, rows, paretonbd.fit_rows(rows), draws=12)
    ends = intervals.of_parameters(draws, 0.98)
    assert sum(low <= TRUE_PARETO[name] <= high for name, (low, high) in ends.items()) >= 3
    x, T = np.full(4000, 12.0), np.full(4000, 60.0)
    low, high = intervals.Futures(paretonbd, draws, 26.0).interval(x[:1], T[:1], np.ones(1))
    futures = paretonbd.simulate(TRUE_PARETO, x, T, 26.0, np.random.default_rng(9))
    assert 0.72 < ((futures >= low) & (futures <= high)).mean() < 0.93


def test_how_much_is_drawn_towards_everybody() -> None:
    random = np.random.default_rng(3)
    x = random.integers(1, 9, 3000).astype(float)
    scale = random.gamma(3.7, 1 / 15.4, 3000)
    mean = random.gamma(6.2 * x, 1 / scale) / x
    fit = gammagamma.fit(x, mean)
    assert fit.converged
    assert fit.parameters["q"] == pytest.approx(3.7, rel=0.2)
    few, many = gammagamma.expected_spend(fit.parameters, np.array([1.0, 50.0]), np.array([200.0, 200.0]))
    assert mean.mean() < few < many < 200
    assert gammagamma.fit(np.append(x, 2.0), np.append(mean, 1e7)).converged  # a single giant order


def test_who_came_may_come_again_and_who_renews_renews() -> None:
    parameters = {"alpha": 1.204, "beta": 0.75, "gamma": 0.657, "delta": 2.783}
    x, t_x, n = np.array([6.0, 2.0, 0.0]), np.array([6.0, 2.0, 0.0]), np.full(3, 6.0)
    alive, expected = bgbb.p_alive(parameters, x, t_x, n), bgbb.expected(parameters, x, t_x, n, 5)
    assert alive[0] > alive[1] > alive[2] or alive[0] > alive[2] > alive[1]
    assert expected[0] == pytest.approx(3.75, abs=0.05)  # table 6 of the paper
    assert (expected < 5 * alive).all()
    member = {"alpha": 0.668, "beta": 3.806}
    assert sbg.retention(member, np.arange(1.0, 9)) == pytest.approx(
        sbg.survival(member, np.arange(1.0, 9)) / sbg.survival(member, np.arange(0.0, 8))
    )
    assert sbg.expected(member, np.array([0.0, 5.0]), 3)[1] > sbg.expected(member, np.array([0.0, 5.0]), 3)[0]


def _none(n: int) -> np.ndarray:
    return np.zeros(n)


@pytest.mark.parametrize("family", [bgnbd, paretonbd])
class TestSayingNo:
    def test_no_customers_one_customer_and_nobody_who_came_again(self, family: Any) -> None:
        for n, why in ((0, "no customers"), (1, "no sample"), (50, "second day")):
            with pytest.raises(NotEnough, match=why):
                family.fit(_none(n), _none(n), np.full(n, 30.0))

    def test_all_on_one_date(self, family: Any) -> None:
        with pytest.raises(NotEnough, match="second day"):
            family.fit(_none(9), _none(9), _none(9))

    def test_everybody_daily_and_ties(self, family: Any) -> None:
        """Nobody differs from anybody: parameters run to their edges, and the fit says so or converges."""
        x, T = np.full(300, 30.0), np.full(300, 30 / 7)
        fit: Fit = family.fit(x, T, T)
        assert np.isfinite(fit.log_likelihood)
        assert "edge" in fit.message or "converge" in fit.message
        assert family.p_alive(fit.parameters, x, T, T)[0] > 0.9
        assert family.expected(fit.parameters, x, T, T, 30 / 7)[0] == pytest.approx(30, rel=0.1)

    def test_rows_that_no_customer_can_have(self, family: Any) -> None:
        fine = [1.0, 2.0, 0.0], [3.0, 4.0, 0.0], [9.0, 9.0, 9.0]
        for column, value, why in ((0, -1.0, "whole"), (0, 1.5, "whole"), (1, 10.0, "after T"), (2, np.nan, "missing")):
            rows = [list(numbers) for numbers in fine]
            rows[column][1] = value
            with pytest.raises(BadData, match=f"Row 2: .*{why}"):
                family.fit(*map(np.array, rows))


def test_other_models_say_no_too() -> None:
    with pytest.raises(NotEnough):
        gammagamma.fit(_none(20), _none(20))
    with pytest.raises(NotEnough, match="the same"):
        gammagamma.fit(np.ones(20), np.full(20, 5.0))
    with pytest.raises(NotEnough):
        bgbb.fit(_none(5), _none(5), np.full(5, 6.0))
    with pytest.raises(BadData, match="Row 1"):
        bgbb.fit(np.array([3.0, 1]), np.array([2.0, 1]), np.array([6.0, 6]))
    for left in ([1000.0, 800], [1000.0, 1000, 1000]):
        with pytest.raises(NotEnough):
            sbg.fit(np.array(left))
    with pytest.raises(BadData):
        sbg.fit(np.array([1000.0, 800, 900]))
