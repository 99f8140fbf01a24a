"""Today: what is waiting, who has gone quiet, what comes up, and the first steps."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from regulars.access.models import Notification, Operation, Organisation, Team, User
from regulars.access.tests.factories import make_team, make_user
from regulars.contacts import rhythm
from regulars.contacts.models import Contact, ImportantDate, Opener, Stage
from regulars.contacts.tests.factories import make_contact, make_entry
from regulars.desk.today import page
from regulars.desk.today.page import load_today
from regulars.desk.today.people import coming_up, gone_quiet, open_openers, open_requests
from regulars.desk.today.sections import Look
from regulars.lib.tests.queries import assert_query_count

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> User:
    return make_user("Inês Duarte")


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def look(user: User, on: date | None = None) -> Look:
    """One look of `user`, on another day if one is said."""
    found = Look(user, Organisation.objects.get())
    if on:
        found.__dict__["today"] = on
    return found


def in_touch(contact: Contact, *days: float) -> None:
    """They were in touch so many days ago."""
    for number in days:
        make_entry(contact, kind="visit", occurred_at=ago(number), by=contact.owner)
    rhythm.keep([contact])


def test_an_empty_day_is_kind_and_says_the_truth(client: Client, ines: User) -> None:
    client.force_login(ines)
    client.post("/today/starter/dismissal/")
    text = client.get("/").text
    assert "Nothing is waiting for you." in text
    assert "All quiet" in text


@pytest.mark.parametrize(
    ("hour", "words"), [(3, "Good evening"), (9, "Good morning"), (13, "Good afternoon"), (22, "Good evening")]
)
def test_it_greets_by_the_colleagues_own_clock(
    ines: User, monkeypatch: pytest.MonkeyPatch, hour: int, words: str
) -> None:
    at = datetime(2026, 11, 21, hour, 0, tzinfo=ZoneInfo("Europe/Lisbon"))
    monkeypatch.setattr(page.timezone, "localtime", lambda: at)
    assert page.greeting(ines) == f"{words}, Inês"


def test_a_request_waits_until_it_is_answered_mine_first(client: Client, ines: User) -> None:
    others = make_contact("Jonas Lindqvist", by=make_user())
    mine = make_contact("Maya Okafor", by=ines)
    make_entry(others, kind="request", text="A quote for 40 boxes", occurred_at=ago(1))
    asked = make_entry(mine, kind="request", text="Is the oat milk vegan?", occurred_at=ago(3))
    assert [one.contact for one in open_requests(look(ines)).shown] == [mine, others]
    client.force_login(ines)
    text = client.get("/").text
    assert "Two requests wait for an answer." in text
    assert f"/contacts/{mine.pk}/#entry-{asked.pk}" in text
    asked.settle()
    assert [one.contact for one in open_requests(look(ines)).shown] == [others]


def test_a_request_of_two_people_stands_there_once(ines: User) -> None:
    first, second = make_contact(by=ines), make_contact(by=make_user())
    make_entry(first, second, kind="request", by=ines)
    found = open_requests(look(ines))
    assert ([one.contact for one in found.shown], found.count) == ([first], 1)


def test_hundreds_of_requests_are_not_called_five(ines: User) -> None:
    maya = make_contact(by=ines)
    for _ in range(7):
        make_entry(maya, kind="request", by=ines)
    today = load_today(ines, Organisation.objects.get())
    assert len(today.found("requests").shown) == 4
    assert today.sentence == "Seven requests wait for an answer."


def test_the_oldest_open_openers_of_my_people_are_worth_asking(ines: User) -> None:
    maya, stranger = make_contact("Maya Okafor", by=ines), make_contact(by=make_user())
    old = Opener.objects.create(contact=maya, text="How is Biscuit's leg?", noted_at=ago(20))
    new = Opener.objects.create(contact=maya, text="The new kitchen?", noted_at=ago(2))
    Opener.objects.create(contact=maya, text="Asked before", noted_at=ago(50), asked_at=ago(1))
    Opener.objects.create(contact=stranger, text="Not mine", noted_at=ago(90))
    assert open_openers(look(ines)).shown == [old, new]


def test_somebody_without_people_of_their_own_sees_those_of_all(ines: User) -> None:
    maya = make_contact(by=ines)
    opener = Opener.objects.create(contact=maya, text="How is Biscuit's leg?")
    assert open_openers(look(make_user(role="front_desk"))).shown == [opener]


def test_gone_quiet_goes_by_their_own_rhythm(client: Client, ines: User) -> None:
    helena, monthly, new = (make_contact(name, by=ines) for name in ("Helena Prado", "Monthly Guest", "New Guest"))
    in_touch(helena, 62, 53, 44, 35, 26)
    in_touch(monthly, 116, 86, 56, 26)
    in_touch(new, 26)
    found = gone_quiet(look(ines))
    assert [(one.contact, one.every, one.silent) for one in found.shown] == [(helena, 9, 26)]
    assert found.shown[0].sentence == "In touch every 9 days, silent for 26 days."
    client.force_login(ines)
    assert "One person has gone quiet." in client.get("/").text
    Organisation.objects.update(modules=["dates"])
    assert "gone quiet" not in client.get("/").text


def test_the_most_valuable_of_those_who_are_quiet_come_first(ines: User) -> None:
    regular = Stage.objects.create(key="regular", name="Regular", position=3, is_customer=True)
    for name, fields in (("Lead", {}), ("Regular", {"stage": regular})):
        in_touch(make_contact(name, by=ines, **fields), 62, 53, 44, 35, 26)
    assert [str(one.contact) for one in gone_quiet(look(ines)).shown] == ["Regular", "Lead"]


def date_in(contact: Contact, days: int, year: int | None = None, **fields: Any) -> ImportantDate:
    day = timezone.localdate() + timedelta(days=days)
    return ImportantDate.objects.create(contact=contact, day=day.day, month=day.month, year=year, **fields)


def test_dates_of_the_next_two_weeks_come_up(client: Client, ines: User) -> None:
    luisa = make_contact("Luísa Marques", by=ines)
    day = timezone.localdate() + timedelta(days=2)
    date_in(luisa, 2, year=day.year - 40, kind="birthday")
    date_in(luisa, 14, kind="other", label="Moves house")
    date_in(luisa, 15, kind="other", label="Too far")
    date_in(luisa, 3, year=day.year - 1, kind="renewal", label="Was once", recurs=False)
    client.force_login(ines)
    text = client.get("/").text
    assert "Luísa Marques turns 40" in text
    assert "Moves house: Luísa Marques" in text
    assert "Too far" not in text
    assert "Was once" not in text


@pytest.mark.parametrize(
    ("today", "day", "month", "on"),
    [
        (date(2026, 12, 28), 3, 1, date(2027, 1, 3)),
        (date(2027, 2, 20), 29, 2, date(2027, 2, 28)),
        (date(2028, 2, 20), 29, 2, date(2028, 2, 29)),
    ],
)
def test_the_turn_of_the_year_and_leap_days_are_no_trouble(
    ines: User, today: date, day: int, month: int, on: date
) -> None:
    ImportantDate.objects.create(contact=make_contact(by=ines), day=day, month=month, year=1988, kind="birthday")
    assert [one.day for one in coming_up(look(ines, today)).shown] == [on]


def test_what_i_may_not_know_of_shows_nowhere(ines: User) -> None:
    team = make_team()
    boss = make_user(role="owner")
    for fields in ({"visibility": "owner"}, {"visibility": "team", "team": team}):
        hidden = make_contact("Secret Guest", by=boss, **fields)
        make_entry(hidden, kind="request", by=boss)
        Opener.objects.create(contact=hidden, text="Secret")
        date_in(hidden, 1, kind="birthday")
        in_touch(hidden, 62, 53, 44, 35, 26)
    organisation = Organisation.objects.get()
    assert load_today(ines, organisation).is_empty
    assert not load_today(boss, organisation).is_empty
    ines.teams.set(Team.objects.all())
    assert [one.contact.visibility for one in open_requests(look(ines)).shown] == ["team"]


def test_what_lies_in_the_bin_shows_nowhere(ines: User) -> None:
    gone = make_contact(by=ines)
    make_entry(gone, kind="request", by=ines)
    Opener.objects.create(contact=gone, text="Secret")
    date_in(gone, 1, kind="birthday")
    Contact.objects.update(binned_at=timezone.now())
    assert load_today(ines, Organisation.objects.get()).is_empty


def test_mentions_stand_there_until_they_are_read(client: Client, ines: User) -> None:
    one = Notification.objects.create(user=ines, text="Rui mentioned you with Maya", url="/notifications/")
    client.force_login(ines)
    assert "Rui mentioned you with Maya" in client.get("/").text
    client.get(f"/notifications/{one.pk}/")
    assert "Rui mentioned you with Maya" not in client.get("/").text


def test_the_first_steps_count_what_is_done_and_can_be_put_away(client: Client) -> None:
    owner = make_user(role="owner")
    client.force_login(owner)
    start = client.get("/")
    assert start.context["steps_done"] == 0
    assert "0/5" in start.text
    for _ in range(5):
        maya = make_contact(by=owner)
    make_entry(maya, by=owner, openers=["How is Biscuit's leg?"])
    date_in(maya, 100, kind="birthday")
    steps = {str(step.label): step.done for step in client.get("/").context["steps"]}
    assert {label for label, done in steps.items() if done} == {
        "Add five people",
        "Log a moment",
        "Write down an opener",
        "Add an important date",
    }
    assert {"Invite a colleague", "Switch on two-step sign-in"} <= {label for label, done in steps.items() if not done}
    away = client.post("/today/starter/dismissal/", follow=True)
    assert "First steps" not in away.text
    assert "The first steps are put away." in away.text
    assert client.delete("/today/starter/dismissal/").status_code == 204
    assert "First steps" in client.get("/").text


@pytest.mark.parametrize(("kind", "done"), [("import-preview", False), ("import", True)])
def test_a_file_that_was_only_looked_at_is_not_imported(client: Client, kind: str, done: bool) -> None:
    owner = make_user(role="owner")
    client.force_login(owner)
    Operation.objects.create(kind=kind, title="guests.csv", by=owner)
    steps = {str(step.label): step.done for step in client.get("/").context["steps"]}
    assert steps["Import a file"] is done


def test_a_reader_is_offered_only_what_a_reader_can_do(client: Client) -> None:
    client.force_login(make_user(role="reader"))
    text = client.get("/").text
    assert "Switch on two-step sign-in" in text
    assert "Invite a colleague" not in text
    assert "Add five people" not in text


def test_it_takes_the_same_number_of_queries_with_two_people_and_with_twenty(client: Client, ines: User) -> None:
    def fill(people: int) -> None:
        for _ in range(people):
            guest = make_contact(by=ines)
            make_entry(guest, kind="request", by=ines, openers=["How is Biscuit's leg?"], occurred_at=ago(30))
            in_touch(guest, 62, 53, 44, 35, 26)
            date_in(guest, 1, kind="birthday", year=1980)
            Notification.objects.create(user=ines, actor=make_user(), text="Hello")

    organisation = Organisation.objects.get()
    for people in (2, 18):
        fill(people)
        with assert_query_count("today: people"):
            load_today(ines, organisation)


def test_a_visitor_signs_in_first(client: Client, ines: User) -> None:
    assert client.get("/").headers["Location"] == "/account/login/?next=/"
    assert client.get("/today/starter/dismissal/").status_code in (302, 405)


def test_a_moment_is_logged_from_here_by_those_who_may(client: Client, ines: User) -> None:
    client.force_login(ines)
    assert 'action="/capture/"' in client.get("/").text
    client.force_login(make_user(role="reader"))
    assert 'action="/capture/"' not in client.get("/").text
