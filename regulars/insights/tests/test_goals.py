"""Goals: what is measured, the pace, what would reach it, who may set one."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from regulars.access.models import Organisation, User
from regulars.access.tests.factories import make_user
from regulars.insights.cubes.choice import ALL
from regulars.insights.cubes.running import slice_of
from regulars.insights.forms.goals import first_goal
from regulars.insights.goals.metrics import all_metrics
from regulars.insights.goals.progress import Progress, progress_of
from regulars.insights.tables import Goal, MonthFigure
from regulars.insights.tests.goals import make_goal

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 31)
YEAR = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}


@pytest.fixture
def nora() -> User:
    """A manager."""
    return make_user("Nora Pine", role="manager")


def figures(**of_march: int) -> None:
    """What March brought."""
    slice_of(ALL).finish()
    MonthFigure.objects.create(slice=slice_of(ALL), month=date(2026, 3, 1), **of_march)


def look(goal: Goal) -> Progress:
    business = Organisation.current()
    assert business is not None
    return progress_of([goal], business, TODAY)[0]


def test_a_goal_says_where_we_are_at_what_pace_and_what_would_reach_it(nora: User) -> None:
    figures(back=3, new=20, orders=40, customers=25, value=500_000)

    back = look(make_goal(nora, "back", 12, **YEAR))
    assert back.where == "3 of 12 by 31 Dec 2026."
    assert back.pace == "Going on like this it will be 12."
    assert back.reaching == "9 customers won back would reach it, about 1 a month."
    assert back.state == "On pace"
    assert look(make_goal(nora, "revenue", 400_000, **YEAR)).state == "Reached"
    repeat = look(make_goal(nora, "repeat", 30, **YEAR))
    assert (repeat.value, repeat.reaching) == (20, "10 points are missing.")
    assert look(make_goal(nora, "new", 400, **YEAR)).state == "Behind"


def test_every_metric_measures_even_an_empty_business(nora: User) -> None:
    other = make_user("Rui Matos")
    team = nora.teams.create(name="Counter")
    for metric in all_metrics():
        for scope in ({}, {"owner": other}, {"team": team}):
            shown = look(make_goal(nora, metric.name, 5, **YEAR, **scope))
            assert shown.value in (None, 0)
            assert shown.where
            assert metric.unit == "percent" or metric.left(1)


def test_a_manager_sets_changes_and_puts_away(client: Client, nora: User) -> None:
    client.force_login(nora)
    data = {"metric": "revenue", "target": "1200.50", "starts_on": "2026-01-01", "ends_on": "2026-12-31", "why": "Rent"}

    assert client.post("/goals/add/", {**data, "ends_on": "2025-01-01"}).status_code == 422
    assert client.post("/goals/add/", {**data, "metric": "kept", "target": "140"}).status_code == 422
    answer = client.post("/goals/add/", data)
    goal = Goal.objects.get()
    assert answer.headers["Location"] == goal.get_absolute_url()
    assert goal.target == 120_050
    assert b'value="1200.50"' in client.get(f"/goals/{goal.pk}/edit/").content
    client.post(f"/goals/{goal.pk}/edit/", {**data, "target": "900"})
    client.post(f"/goals/{goal.pk}/closing/")
    goal.refresh_from_db()
    assert (goal.target, goal.closed_at is None) == (90_000, False)
    assert not goal.close(by=nora)
    assert client.delete(f"/goals/{goal.pk}/closing/").status_code == 204
    assert b"Revenue" in client.get("/goals/").content


def test_a_colleague_sees_the_goals_of_all_their_teams_and_their_own(client: Client, nora: User) -> None:
    rui = make_user("Rui Matos", role="member")
    make_goal(nora, "new")
    make_goal(nora, "orders", owner=rui)
    hidden = make_goal(nora, "back", owner=nora)
    client.force_login(rui)

    page = client.get("/goals/").content.decode()

    assert "New customers" in page
    assert "Purchases" in page
    assert "won back" not in page
    assert client.get(f"/goals/{hidden.pk}/").status_code == 404
    assert client.get("/goals/add/").status_code == 403


def test_goals_stand_on_today_for_those_who_lead(client: Client, nora: User) -> None:
    make_goal(nora, "new", ends_on=timezone.localdate() + timedelta(days=9))
    client.force_login(nora)
    assert "New customers" in client.get("/").content.decode()
    client.force_login(make_user("Rui Matos", role="member"))
    assert "New customers" not in client.get("/").content.decode()


def test_the_set_up_asks_what_success_looks_like(nora: User) -> None:
    assert first_goal("", None, currency="EUR", by=nora) is None
    made = first_goal("revenue", Decimal(5000), currency="EUR", by=nora)
    assert made is not None
    assert made.target == 500_000
