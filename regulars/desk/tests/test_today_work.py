"""Today's work: promises, tasks, appointments and thanks, in the order of one's role."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from regulars.access.models import Notification, Organisation, User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Contact, Fact, Opener
from regulars.contacts.tests.factories import make_contact
from regulars.desk.today.page import Today, load_today
from regulars.desk.today.sections import Look, sections_for
from regulars.lib.tests.queries import assert_query_count
from regulars.promises.appointments.calendar import make_appointment
from regulars.promises.models import Appointment, Occasion, Promise, Task
from regulars.promises.tests.promises import make_promise

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 12, tzinfo=timezone.get_default_timezone())


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """It is noon, so that there is time left today and some has passed."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    return NOON


@pytest.fixture
def ines() -> User:
    ines = make_user("Inês Duarte")
    Organisation.objects.update(modules=["promises", "tasks", "appointments", "thanks", "rhythm", "dates"])
    return ines


def agree(by: User, hours: float, title: str = "Cupping", **fields: Any) -> Appointment:
    at = NOON + timedelta(hours=hours)
    return make_appointment(title=title, starts_at=at, ends_at=at + timedelta(hours=1), by=by, **fields)


def make_task(user: User, what: str = "Order cups", days: float = 0.1, **fields: Any) -> Task:
    task: Task = Task.objects.create(assignee=user, what=what, due_at=NOON + timedelta(days=days), **fields)
    return task


def make_occasion(contact: Contact, why: str = "brought Atelier 9", number: int = 1) -> Occasion:
    key = f"test:{contact.pk}:{number}"
    occasion: Occasion = Occasion.objects.create(
        rule="brought", key=key, contact=contact, why=why, occurred_at=NOON, not_before=NOON
    )
    return occasion


def day_of(user: User) -> Today:
    return load_today(user, Organisation.objects.get())


def order(user: User) -> list[str]:
    return [part.section.key for part in day_of(user).parts]


def test_promises_late_and_due_today_stand_there_the_late_ones_first(client: Client, ines: User) -> None:
    today, late = make_promise("Allergen list", by=ines, days=0.2), make_promise("Quote", by=ines, days=-1)
    make_promise("Next week", by=ines, days=6)
    make_promise("Not mine", days=-1)
    shown = [(one.promise, one.is_late, one.due) for one in day_of(ines).found("promises").shown]
    assert [row[:2] for row in shown] == [(late, True), (today, False)]
    assert shown[0][2] == "yesterday"
    client.force_login(ines)
    page = client.get("/").text
    assert "Two promises are due, one is late." in page
    assert f'hx-post="/promises/{late.pk}/keeping/"' in page
    assert f"/promises/{late.pk}/renegotiation/" in page
    assert f"/promises/{today.pk}/renegotiation/" not in page


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ((0.1,), "One promise is due today."),
        ((0.1, 0.2), "Two promises are due today."),
        ((-1,), "One promise is late."),
        ((-1, -2), "Two promises are late."),
        ((-1, -2, 0.1), "Three promises are due, two are late."),
    ],
)
def test_the_sentence_is_true(ines: User, days: tuple[float, ...], says: str) -> None:
    for number in days:
        make_promise(by=ines, days=number)
    assert day_of(ines).sentence == says


def test_keeping_it_takes_it_away_and_the_number_beside_today_goes_down(client: Client, ines: User) -> None:
    promise = make_promise(by=ines, days=0.1)
    make_task(ines)
    client.force_login(ines)
    assert client.get("/notifications/count/").json()["/"] == "2"
    client.post(f"/promises/{promise.pk}/keeping/", headers={"HX-Request": "true"})
    assert client.get("/notifications/count/").json()["/"] == "1"
    assert order(ines) == ["tasks"]


def test_the_number_is_as_many_as_the_page_shows(client: Client, ines: User) -> None:
    secret = make_contact(by=make_user(role="owner"), visibility="owner")
    make_promise(owner=ines, to=secret, days=-1)
    make_task(ines, contact=secret)
    make_promise(owner=ines, days=3)
    client.force_login(ines)
    assert client.get("/notifications/count/").json()["/"] == ""
    assert not day_of(ines).parts


def test_tasks_of_today_stand_there_until_they_are_done(client: Client, ines: User) -> None:
    late, today = make_task(ines, "Ring the roaster", -2), make_task(ines)
    make_task(ines, "Next week", 7)
    make_task(make_user(), "Not mine")
    assert [(one.task, one.is_late) for one in day_of(ines).found("tasks").shown] == [(late, True), (today, False)]
    client.force_login(ines)
    assert "Two tasks are due." in client.get("/").text
    client.post(f"/tasks/{late.pk}/completion/", headers={"HX-Request": "true"})
    assert [one.task for one in day_of(ines).found("tasks").shown] == [today]


def test_appointments_come_with_two_lines_to_know(client: Client, ines: User) -> None:
    norte = make_contact("Studio Norte", by=ines)
    Opener.objects.create(contact=norte, text="The new kitchen")
    Fact.objects.create(contact=norte, kind="limit", text="Allergic to hazelnut")
    make_promise("Our answer on decaf", to=norte, owner=make_user(), days=-4)
    agree(ines, 2, contacts=[norte])
    agree(ines, 30, "Tomorrow")
    agree(make_user(), 3, "Somebody else’s")
    found = day_of(ines).found("appointments")
    assert [line.text for line in found.shown[0].brief] == [
        "Allergic to hazelnut.",
        "They wait for: Our answer on decaf (promised for 17 Nov)",
    ]
    assert found.count == 1
    client.force_login(ines)
    page = client.get("/").text
    assert "Your appointment is at 14:00." in page
    assert f"/contacts/{norte.pk}/brief/" in page


def test_one_that_is_over_asks_what_happened(client: Client, ines: User) -> None:
    one = agree(ines, -3, contacts=[make_contact("Maya Okafor", by=ines)])
    agree(ines, -3, "Among us")
    client.force_login(ines)
    page = client.get("/").text
    assert "What happened?" in page
    assert f"/appointments/{one.pk}/outcome/" in page
    assert "Among us" not in page


def test_those_who_were_not_thanked_stand_beside_mine_first(client: Client, ines: User) -> None:
    make_occasion(make_contact("Tomás Reis", by=make_user()))
    make_occasion(make_contact("Maya Okafor", by=ines), "rated us 10")
    make_occasion(make_contact(by=make_user(role="owner"), visibility="owner"))
    assert [one.why for one in day_of(ines).found("thanks").shown] == ["rated us 10", "brought Atelier 9"]
    client.force_login(ines)
    page = client.get("/").text
    assert page.index("rated us 10") < page.index("brought Atelier 9")


def test_the_front_desk_begins_with_search_and_todays_visitors(client: Client, ines: User) -> None:
    rui = make_user("Rui Tavares", role="front_desk")
    agree(ines, 1, contacts=[make_contact("Maya Okafor", by=ines)])
    agree(ines, 2, "Among us")
    make_promise(by=rui, days=-1)
    assert order(rui)[:3] == ["search", "visitors", "promises"]
    client.force_login(rui)
    page = client.get("/").text
    assert "Who is here?" in page
    assert "for Inês" in page
    assert "One visitor is expected." in page
    assert "Among us" not in page


def test_a_manager_begins_with_the_late_promises_of_the_team(client: Client, ines: User) -> None:
    marcus = make_user("Marcus Webb", role="manager")
    make_promise("Quote", by=ines, days=-2)
    make_promise("My own", by=marcus, days=-1)
    assert order(marcus)[:2] == ["team", "promises"]
    assert "team" not in order(ines)
    client.force_login(marcus)
    page = client.get("/").text
    assert "The team has one late promise." in page
    assert "Inês Duarte" in page


def test_modules_that_are_off_show_nothing(ines: User) -> None:
    make_promise(by=ines, days=-1)
    make_task(ines)
    agree(ines, 1, contacts=[make_contact(by=ines)])
    Organisation.objects.update(modules=[])
    assert order(ines) == []


def test_a_reader_sees_what_is_due_but_ticks_nothing(client: Client, ines: User) -> None:
    paula = make_user(role="reader")
    promise = make_promise(by=paula, days=-1)
    client.force_login(paula)
    page = client.get("/").text
    assert promise.what in page
    assert "keeping" not in page


def busy(ines: User, times: int) -> None:
    for number in range(times):
        guest = make_contact(by=ines)
        Opener.objects.create(contact=guest, text="How is Biscuit's leg?")
        make_promise(by=ines, to=guest, days=-1)
        make_promise(by=make_user(), to=guest, days=-1)
        make_task(ines, contact=guest)
        agree(ines, 1 + number / 10, contacts=[guest])
        agree(ines, -5 - number / 10, contacts=[guest])
        agree(ines, 1 + number / 10, contacts=[guest], repeat="FREQ=DAILY;COUNT=3")
        make_occasion(guest)
        Notification.objects.create(user=ines, actor=make_user(), text="Hello")


@pytest.mark.parametrize("role", ["member", "manager", "front_desk"])
def test_a_busy_day_takes_no_more_queries_than_a_quiet_one(ines: User, role: str) -> None:
    User.objects.filter(pk=ines.pk).update(role=role)
    ines.refresh_from_db()
    for times in (2, 6):
        busy(ines, times)
        business = Organisation.objects.get()
        with assert_query_count(f"today: a busy day, {role}"):
            load_today(ines, business)


def test_no_section_takes_more_than_its_budget(ines: User, django_assert_max_num_queries: Any) -> None:
    busy(ines, 2)
    business = Organisation.objects.get()
    for role in ("owner", "front_desk"):
        ines.role = role
        for section in sections_for(Look(ines, business)):
            with django_assert_max_num_queries(section.queries, info=section.key):
                section.load(Look(ines, business))


def test_what_is_due_stands_in_the_daily_mail(ines: User) -> None:
    from regulars.access.digest import write_digest

    assert write_digest(ines, "https://crm.example/", "2026-11-21") is None
    promise = make_promise("Quote", by=ines, to=make_contact("Maya Okafor", by=ines), days=-1)
    make_task(ines, "Order cups")
    agree(ines, 2, contacts=[make_contact("Jonas", by=ines)])
    mail = write_digest(ines, "https://crm.example/", "2026-11-21")
    assert mail
    body = str(mail.body)
    assert "- yesterday: Quote (Maya Okafor)" in body
    assert f"https://crm.example/promises/{promise.pk}/" in body
    assert "Order cups" in body
    assert "14:00 Cupping (Jonas)" in body
    Promise.objects.all().delete()
