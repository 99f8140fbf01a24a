"""Intervals and differences, held against published examples."""

import pytest

from regulars.insights.comparing import Share, Stratum, difference, matched, wilson


def test_shares_lie_where_newcombe_says() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 857-872: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)


def test_differences_lie_where_newcombe_says() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10:
    # 56/70 - 48/80, 9/10 - 3/10, 10/10 - 0/20.
    found = difference(Share(56, 70), Share(48, 80))
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert found.is_clear
    found = difference(Share(9, 10), Share(3, 10))
    assert (found.low, found.high) == pytest.approx((0.1705, 0.8090), abs=5e-5)
    found = difference(Share(10, 10), Share(0, 20))
    assert (found.low, found.high) == pytest.approx((0.6791, 1.0), abs=5e-5)


def test_matching_takes_away_what_only_looked_like_a_difference() -> None:
    """Those who were called were better customers before: within each stratum calling makes no difference."""
    often = Stratum(Share(72, 80), Share(18, 20))
    seldom = Stratum(Share(2, 20), Share(8, 80))

    assert difference(Share(74, 100), Share(26, 100)).is_clear
    found = matched([often, seldom, Stratum(Share(3, 3), Share(0, 0))])
    assert found is not None
    assert found.value == pytest.approx(0)
    assert not found.is_clear
    assert matched([Stratum(Share(3, 3), Share(0, 0))]) is None
