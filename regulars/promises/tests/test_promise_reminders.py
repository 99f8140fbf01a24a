"""Colleagues hear before a promise is due and when it is late, managers when it matters; each once."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from regulars.access.models import Notification, User
from regulars.access.tests.factories import make_organisation, make_team, make_user
from regulars.contacts.actions.adding import add_tags
from regulars.contacts.models import Tag
from regulars.contacts.tests.factories import make_contact
from regulars.promises.ledger import jobs
from regulars.promises.ledger.rates import Rate, rate_of, rate_of_team, rate_with, rates_by_month
from regulars.promises.models import Promise, PromiseReminder, PromiseSettings
from regulars.promises.tests.promises import make_promise

pytestmark = pytest.mark.django_db


@pytest.fixture
def rui() -> User:
    make_organisation(modules=["promises"], time_zone="UTC")
    return make_user("Rui Tavares")


def told(user: User) -> list[str]:
    return [f"{row.kind}: {row.text}" for row in Notification.objects.filter(user=user).order_by("pk")]


def at(day: Any, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def test_a_reminder_comes_on_the_morning_of_the_day_once(rui: User) -> None:
    day = timezone.localdate() + timedelta(days=10)
    make_promise(owner=rui, due_at=at(day, 15), due_on=day, has_time=True)
    counts = [jobs.remind_before(at(day, hour), make_organisation()) for hour in (7, 9, 10)]
    assert counts == [0, 1, 0]
    assert told(rui)[0].startswith("promise-due: Due")


@pytest.mark.parametrize(("when", "hours", "count"), [("day_before", 30, 0), ("hour", 0.5, 1), ("hour", 3, 0),
                                                       ("never", 0.5, 0)])  # fmt: skip
def test_everybody_is_reminded_as_they_wish(rui: User, when: str, hours: float, count: int) -> None:
    PromiseReminder.objects.create(user=rui, when=when)
    noon = at(timezone.localdate() + timedelta(days=10), 12)
    due = noon + timedelta(hours=hours if when != "day_before" else 48)
    make_promise(owner=rui, due_at=due, due_on=due.date(), has_time=True)
    assert jobs.remind_before(noon, make_organisation()) == count


def test_late_is_told_once_and_by_the_job(rui: User) -> None:
    make_promise("Send it", owner=rui, days=-0.1)
    jobs.remind()
    jobs.remind()
    assert len(told(rui)) == 1
    assert told(rui)[0].startswith("promise-late: Late: Send it")


def test_managers_hear_of_important_customers_after_a_day(rui: User) -> None:
    boss, other_boss, team = make_user(role="manager"), make_user(role="manager"), make_team()
    rui.teams.add(team)
    boss.teams.add(team)
    gold = make_contact("Maya", by=rui)
    add_tags(gold, ["Gold"])
    make_promise(owner=rui, to=gold, days=-1.5)
    make_promise(owner=rui, days=-1.5)
    assert jobs.tell_managers(timezone.now()) == 1
    assert jobs.tell_managers(timezone.now()) == 0
    assert len(told(boss)) == 1
    assert "Maya" in told(boss)[0]
    assert not told(other_boss)
    PromiseSettings.current().tags.add(Tag.objects.create(name="wholesale"))
    make_promise(owner=rui, to=gold, days=-1.5)
    assert jobs.tell_managers(timezone.now()) == 0


def test_what_a_colleague_left_behind_reaches_the_managers(rui: User) -> None:
    boss = make_user(role="owner")
    make_promise("Call back", owner=rui, days=-0.2)
    User.objects.filter(pk=rui.pk).update(is_active=False)
    assert jobs.remind_late(timezone.now()) == 1
    assert "has left" in told(boss)[0]


def test_settings_are_kept(client: Client, rui: User) -> None:
    client.force_login(rui)
    assert client.post("/settings/promises/", {"when": "never"}).status_code == 302
    assert PromiseReminder.objects.get(user=rui).when == "never"
    assert client.post("/settings/promises/", {"when": "x"}).status_code == 422
    boss, tag = make_user(role="owner"), Tag.objects.create(name="wholesale")
    client.force_login(boss)
    client.post("/settings/promises/", {"when": "hour", "tags": [tag.pk]})
    assert list(PromiseSettings.current().tags.all()) == [tag]


def test_rates_say_too_few_below_five(rui: User) -> None:
    team, maya = make_team(), make_contact(by=rui)
    rui.teams.add(team)
    for number in range(5):
        promise = make_promise(owner=rui, to=maya, days=-3)
        if number == 4:
            assert "too few to say" in rate_with(maya).words
            promise.break_(by=rui, why="Forgot")
        else:
            promise.keep(by=rui)
    make_promise(owner=rui, to=maya)
    assert rate_with(maya).words == "80 % (4 of 5 kept)"
    assert rate_of(rui) == rate_of_team(team) == Rate(kept=4, broken=1, kept_late=4, open=1)
    assert rates_by_month(timezone.localdate() - timedelta(days=40))[-1][1].settled == 5
    assert Rate(kept=299, broken=1).percent == 99
    assert Promise.objects.settled().count() == 5
