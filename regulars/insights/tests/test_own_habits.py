"""Habits of one customer: found where they are, and not where chance explains them."""

from datetime import date
from random import Random

import pytest

from regulars.insights.demand.everybodys import next_season
from regulars.insights.habits.own_seasons import BY_PRODUCT, more_than_chance, own_seasons_of
from regulars.insights.habits.repeats import chance_of, greenwood, repeats_of
from regulars.insights.habits.weekdays import shares_of, weekday_of, weekdays_of

TODAY = date(2026, 11, 22).toordinal()
PAPERS, BAGS, BOX = 1, 2, 3


def _random_days(random: Random, count: int, days: int = 1000) -> list[int]:
    return sorted(random.sample(range(TODAY - days, TODAY), count))


def test_chances_have_their_known_values() -> None:
    """Greenwood of five alike gaps is 1 / 5; all 4 of 10 days within 5: 5 · 4 · 3 · 2 / (10 · 9 · 8 · 7) = 1 / 42."""
    assert greenwood([7, 7, 7, 7, 7]) == pytest.approx(0.2)
    assert chance_of([7, 7, 7, 7, 7]) < 0.001
    assert chance_of([1, 1, 1, 40]) > 0.9
    assert more_than_chance(4, 4, 5, 10) == pytest.approx(1 / 42)
    assert more_than_chance(3, 4, 5, 10) == pytest.approx((5 + 10 * 5) / 210)
    assert more_than_chance(2, 2, 10, 10) == 1.0
    assert weekday_of(date(2026, 11, 22).toordinal()) == 6


def test_a_product_bought_in_a_rhythm_is_found_among_those_bought_at_random() -> None:
    random = Random(4)
    visits = {who: _random_days(random, 60) for who in range(300)}
    days = {(who, PAPERS): sorted(random.sample(found, 8)) for who, found in visits.items()}
    days[999, PAPERS] = [TODAY - 49 - 56 * n + n % 3 for n in range(9)][::-1]
    days[998, PAPERS] = [day - 300 for day in days[999, PAPERS]]
    days[997, BAGS] = [TODAY - 3 - 30 * n for n in range(12)][::-1]
    counts = dict.fromkeys(visits, 60) | {999: 60, 998: 60, 997: 13}

    found = repeats_of(days, counts, TODAY)

    assert [(one.who, one.product, one.count, round(one.gap), TODAY - one.last) for one in found] == [
        (999, PAPERS, 9, 56, 49)
    ], "one gave it up, for one it is the usual order, and chance makes no rhythm"


def test_a_weekday_is_found_against_everybodys_weekdays() -> None:
    """Nine of eleven on Saturdays is a habit; where half of all visits are on Saturdays, it is none."""
    random = Random(6)
    visits = {who: _random_days(random, 30, 360) for who in range(200)}
    saturday = TODAY - (weekday_of(TODAY) - 5) % 7
    visits[999] = sorted([saturday - 21 * n for n in range(9)] + [TODAY - 10, TODAY - 40])
    visits[998] = [saturday - 7 * n for n in range(6)][::-1]

    found = weekdays_of(visits, shares_of([10] * 7), TODAY)

    assert [(one.who, one.weekday, one.count, one.total) for one in found] == [(999, 5, 9, 11)]
    assert found[0].expected == pytest.approx(11 / 7)
    assert weekdays_of(visits, shares_of([10, 10, 10, 10, 10, 50, 0]), TODAY) == []


def test_a_season_of_ones_own_is_found_and_a_summer_guest_has_none() -> None:
    """All year round at the counter, and gift boxes in every December: that is a season. Who comes in summer only has
    none for what they buy then; nor has who bought four times in one winter."""
    visits = {999: list(range(TODAY - 1090, TODAY, 12))}
    days = {(999, BOX): [day for day in visits[999] if date.fromordinal(day).month == 12]}
    random = Random(8)
    for who in range(150):
        visits[who] = _random_days(random, 60)
        days[who, BAGS] = sorted(random.sample(visits[who], 9))
    visits[998] = [day for day in range(TODAY - 1090, TODAY, 5) if date.fromordinal(day).month in (7, 8)]
    days[998, BAGS] = visits[998][::3]
    visits[997] = list(range(TODAY - 1090, TODAY, 12))
    days[997, BAGS] = [day for day in visits[997] if date.fromordinal(day).replace(day=1) == date(2025, 12, 1)]

    found = own_seasons_of(days, visits, {})

    assert [(one.who, one.product, one.at, one.length, one.years) for one in found] == [(999, BOX, 12, 1, 3)]
    assert found[0].count == found[0].total >= 6
    assert found[0].q < 0.05


def test_who_buys_once_a_year_is_carried_by_the_season_of_the_product() -> None:
    october = [date(year, 10, 8).toordinal() for year in (2024, 2025)]
    days, visits = {(1, BOX): october, (2, BOX): october[:1], (3, BOX): [*october, TODAY]}, {1: october, 2: october}

    found = own_seasons_of(days, visits | {3: october}, {BOX: 9})

    assert [(one.who, one.at, one.years, one.basis) for one in found] == [(1, 9, 2, BY_PRODUCT), (3, 9, 3, BY_PRODUCT)]
    assert own_seasons_of(days, visits | {3: october}, {BOX: 3}) == []


def test_the_next_season_is_the_running_one_until_they_bought_in_it() -> None:
    today = date(2026, 11, 22)
    december = date(2026, 12, 1), date(2026, 12, 31)
    assert next_season(12, 1, today, date(2025, 12, 9)) == december
    assert next_season(10, 3, today, date(2025, 12, 9)) == (date(2026, 10, 1), date(2026, 12, 31))
    assert next_season(10, 3, today, date(2026, 11, 9)) == (date(2027, 10, 1), date(2027, 12, 31))
    assert next_season(12, 2, date(2027, 1, 5), date(2026, 2, 1)) == (date(2026, 12, 1), date(2027, 1, 31))
