"""Seasons of products: found where they are, and not where there is only noise."""

from datetime import date
from random import Random

import pytest

from regulars.insights.habits.seasons import seasons_of
from regulars.insights.habits.testing import adjusted, at_least

MONTHS = [date(year, month, 1) for year in (2023, 2024, 2025) for month in range(1, 13)]


def test_chances_are_exact() -> None:
    assert at_least(0, 10, 0.3) == 1.0
    assert at_least(8, 10, 0.5) == pytest.approx(56 / 1024)
    assert at_least(11, 10, 0.5) == 0.0
    assert at_least(2_600, 10_000, 0.25) == pytest.approx(0.011016, abs=1e-5)


def test_false_findings_are_held_down_as_benjamini_and_hochberg_do() -> None:
    assert adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert adjusted([]) == []


def test_a_winter_product_is_found_and_noise_is_not() -> None:
    random = Random(7)
    sold = {
        product: {month: sum(random.random() < 0.5 for _ in range(12)) for month in MONTHS} for product in range(60)
    }
    sold[99] = {month: 20 if month.month in (11, 12, 1) else 3 for month in MONTHS}

    found = seasons_of(sold)

    assert [(season.product, season.at) for season, _q in found] == [(99, 11)]
    assert found[0][0].years >= 2
    assert found[0][1] < 0.001


def test_a_few_lucky_purchases_are_no_season() -> None:
    sold = {1: dict.fromkeys(MONTHS, 10), 2: {date(2025, 10, 1): 9}, 3: {date(2025, 10, 1): 40}}

    assert seasons_of(sold) == [], "nine are too few, and one year is no season"
