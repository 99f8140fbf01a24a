"""Who is gold and who is silver, how long somebody stays at the edge, and what is said of it."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from regulars.access import operations
from regulars.access.tests.factories import make_organisation, make_user
from regulars.contacts.actions.binning import bin_holder
from regulars.contacts.models import Company, Contact, Involvement
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.insights import tiers
from regulars.insights.tables import Standing, TierChange, TierRun, TierSettings
from regulars.insights.tables.standing import since_of
from regulars.insights.tests.customers import give_orders
from regulars.insights.value import ranking

TODAY = date(2026, 11, 20)


def tier_of(values: list[int], before: list[int], below: list[int], today: int = 1000) -> list[int]:
    array = np.array(values)
    ranked = ranking.rank(array, np.zeros(len(array)), np.arange(len(array)), 10, 10)
    found: list[int] = ranking.tiers(ranked, array, np.array(before), np.array(below), today)[0].tolist()
    return found


def test_the_top_tenth_is_gold_the_next_one_silver_and_nobody_is_among_fewer_than_ten() -> None:
    twenty = [100 - n for n in range(20)]
    assert tier_of(twenty, [0] * 20, [0] * 20) == [2, 2, 1, 1] + [0] * 16
    assert tier_of(twenty[:9], [0] * 9, [0] * 9) == [0] * 9
    assert sum(tier_of([5] * 20, [0] * 20, [0] * 20)) == 6  # all alike: as many as there are places, and no more


def test_whoever_is_close_to_the_edge_stays_for_thirty_days_and_no_longer() -> None:
    values = [100, 99, 95, 80] + [10] * 16
    was = [2, 0, 2, 2] + [0] * 16
    assert tier_of(values, was, [0] * 20)[:4] == [2, 2, 2, 1]  # 95 is within a tenth of 99, 80 is not
    assert tier_of(values, was, [0, 0, 971, 0] + [0] * 16)[2] == 2
    assert tier_of(values, was, [0, 0, 970, 0] + [0] * 16)[2] == 1


def test_concentration_says_what_the_top_bring() -> None:
    best_first = np.array([50, 10, 10, 10, 5, 5, 4, 3, 2, 1])
    assert ranking.share_of_top(best_first, 10) == 0.5
    assert ranking.share_of_top(best_first, 20) == 0.6
    points = ranking.curve(best_first, 10)
    assert points[0] == [0.0, 0.0]
    assert points[1] == [0.1, 0.5]
    assert points[-1] == [1.0, 1.0]
    assert ranking.curve(np.array([])) == []
    assert ranking.share_of_top(best_first[:9], 10) is None


def test_a_window_is_calendar_months_with_this_one() -> None:
    assert since_of(12, TODAY) == date(2025, 12, 1)
    assert since_of(3, date(2026, 1, 31)) == date(2025, 11, 1)
    assert since_of(0, TODAY) is None


@pytest.fixture
def people(db: None) -> list[Contact]:
    make_organisation(modules=["insights"])
    user = make_user()
    found = [make_contact(f"Guest {n:02}", by=user) for n in range(20)]
    for n, contact in enumerate(found):
        give_orders(contact, {TODAY - timedelta(days=40 + n): 1_000, TODAY - timedelta(days=3): 10_000 - 100 * n})
    return found


def names(**where: Any) -> set[str]:
    return set(Standing.objects.filter(**where).values_list("contact__display_name", flat=True))


def test_everybody_is_ranked_with_a_reason_and_only_changes_are_news(people: list[Contact]) -> None:
    give_orders(make_company("Old Guests Ltd"), {TODAY - timedelta(days=900): 99})
    runs = tiers.recount(TODAY)
    assert names(tier="gold") == {"Guest 00", "Guest 01"}
    assert names(tier="silver") == {"Guest 02", "Guest 03"}
    first = Standing.objects.get(contact=people[0])
    assert (first.value, first.rank, first.tier_since) == (11_000, 1, TODAY)
    assert (runs["contact"].of, runs["contact"].edges) == (20, {"gold": 10_900, "silver": 10_700})
    assert Standing.objects.get(company=Company.objects.get()).rank is None  # bought before the window only
    assert not TierChange.objects.exists()
    assert not Involvement.objects.filter(kind="tier").exists()

    tomorrow = TODAY + timedelta(days=1)
    give_orders(people[19], {TODAY: 500_000})
    assert tiers.recount(tomorrow)["contact"].changed == 1  # Guest 01 is just below the edge and stays
    assert names(tier="gold") == {"Guest 00", "Guest 01", "Guest 19"}
    assert Standing.objects.get(contact=people[1]).below_since == tomorrow
    change = TierChange.objects.get()
    assert (change.contact, change.before, change.after, change.rank) == (people[19], "none", "gold", 1)
    assert Standing.objects.get(contact=people[19]).previous == "none"
    entry = Involvement.objects.get(kind="tier").entry
    assert entry.snapshot["after"] == "gold"
    assert entry.snapshot["of"] == 20
    assert tiers.recount(tomorrow)["contact"].changed == 0

    tiers.recount(tomorrow + timedelta(days=31))
    assert names(tier="gold") == {"Guest 00", "Guest 19"}


def test_settings_are_followed_and_what_is_gone_goes(people: list[Contact]) -> None:
    tiers.recount(TODAY)
    TierSettings(pk=1, measure="visits", months=0, gold=20, silver=0).save()
    give_orders(people[7], {TODAY - timedelta(days=n): 1 for n in range(9)})
    bin_holder(people[0], by=make_user())
    operation = tiers.start_recount(by=make_user(role="owner"), fresh=True)
    operations.run(operation)
    operation.refresh_from_db()
    assert operation.status == "done", operation.problem
    assert operation.result["of"] == 19
    assert Standing.objects.get(contact=people[7]).value == 9
    assert len(names(tier="gold")) == 4
    assert not names(tier="silver")
    assert not Standing.objects.filter(contact=people[0]).exists()
    assert not TierChange.objects.exists()
    run = TierRun.latest("contact")
    assert run
    assert run.figures["total"] == 9 + 18 * 2
    assert run.figures["tiers"]["gold"][0] == 4
