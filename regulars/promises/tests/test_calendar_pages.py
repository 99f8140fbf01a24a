"""The calendar and the pages of appointments, through HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from regulars.access.actions import deactivate
from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.contacts.actions.erasing import erase_contact
from regulars.contacts.actions.merging import merge
from regulars.contacts.exporting import everything_about
from regulars.contacts.models import Contact
from regulars.contacts.tests.factories import make_contact
from regulars.lib.tests.queries import assert_query_count
from regulars.promises.appointments import calendar
from regulars.promises.appointments.calendar import make_appointment
from regulars.promises.models import Appointment, AppointmentChange

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ines() -> User:
    """A colleague."""
    return make_user("Inês", role="owner")


@pytest.fixture
def browser(ines: User) -> Client:
    """Her browser."""
    client = Client()
    client.force_login(ines)
    return client


def agree(by: User, starts_at: datetime = MONDAY, **fields: Any) -> Appointment:
    """An appointment of an hour."""
    values = {"title": "Tasting", "ends_at": starts_at + HOUR, "time_zone": "UTC", **fields}
    return make_appointment(starts_at=starts_at, by=by, **values)


def form_of(**fields: Any) -> dict[str, Any]:
    """What the form sends."""
    times = {"starts_at": "2026-03-23T10:00", "ends_at": "2026-03-23T11:00"}
    return {"title": "Tasting", "kind": "visit", "repeat": "", **times, **fields}


def undo(browser: Client) -> int:
    """What Undo of the toast sends."""
    newest = AppointmentChange.objects.order_by("-pk").first()
    assert newest
    return browser.delete(reverse("appointment-change", args=[newest.pk])).status_code


def test_a_time_is_agreed_from_the_page_of_a_contact_and_undone(browser: Client, ines: User) -> None:
    maya = make_contact("Maya Okafor", by=ines)
    page = browser.get(f"/appointments/new/?on=contact-{maya.pk}", headers=HTMX)
    assert "Maya Okafor" in page.text
    answer = browser.post("/appointments/new/", form_of(title="", contacts=[maya.pk], colleagues=[ines.pk]))
    made = Appointment.objects.get()
    assert answer.headers["Location"] == f"/appointments/{made.pk}/"
    assert made.title == "Visit with Maya Okafor"
    assert "Maya Okafor" in browser.get(made.get_absolute_url()).text
    assert undo(browser) == 204
    assert not Appointment.objects.exists()


def test_a_wrong_form_says_why_beside_the_field(browser: Client, ines: User) -> None:
    for wrong, words in (
        ({"ends_at": "2026-03-23T09:00"}, "end after it begins"),
        ({"starts_at": "soon"}, "Give a day and a time"),
        ({"repeat": "own", "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "never occurs"),
        ({"repeat": "own", "rule": "every now and then"}, "understood"),
        ({"repeat": "daily", "until": "2020-01-01"}, "never occurs"),
        ({"colleagues": []}, "required"),
    ):
        answer = browser.post("/appointments/new/", form_of(**{"colleagues": [ines.pk], **wrong}))
        assert answer.status_code == 422
        assert words in answer.text
    assert not Appointment.objects.exists()


def test_a_colleague_who_left_can_not_be_chosen(browser: Client, ines: User) -> None:
    gone = make_user("Rui", is_active=False)
    assert browser.post("/appointments/new/", form_of(colleagues=[gone.pk])).status_code == 422


def test_clashes_are_shown_before_saving_and_never_block(browser: Client, ines: User) -> None:
    agree(ines, MONDAY + HOUR, title="Dentist")
    warning = browser.post("/appointments/clashes/", form_of(colleagues=[ines.pk]))
    assert "Dentist" in warning.text
    assert browser.post("/appointments/new/", form_of(colleagues=[ines.pk])).status_code == 302


def test_a_time_that_does_not_exist_is_told(browser: Client, ines: User) -> None:
    User.objects.filter(pk=ines.pk).update(time_zone="Europe/Lisbon")
    night = form_of(starts_at="2026-03-29T01:30", ends_at="2026-03-29T03:00", colleagues=[ines.pk])
    assert "does not exist, so it is at 02:30" in browser.post("/appointments/clashes/", night).text
    browser.post("/appointments/new/", night)
    assert Appointment.objects.get().starts_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_what_was_dropped_elsewhere_is_moved_and_undone(browser: Client, ines: User) -> None:
    appointment = agree(ines)
    browser.post(f"/appointments/{appointment.pk}/move/", {"starts_at": "2026-03-24T09:15"}, headers=HTMX)
    appointment.refresh_from_db()
    assert (appointment.starts_at, appointment.ends_at) == (
        datetime(2026, 3, 24, 9, 15, tzinfo=UTC),
        datetime(2026, 3, 24, 10, 15, tzinfo=UTC),
    )
    undo(browser)
    appointment.refresh_from_db()
    assert appointment.starts_at == MONDAY


def test_one_of_several_and_what_would_overlap_is_asked_about_first(browser: Client, ines: User) -> None:
    series = agree(ines, repeat="FREQ=WEEKLY")
    agree(ines, MONDAY + timedelta(days=1), title="Dentist")
    address, drop = f"/appointments/{series.pk}/move/?on=20260323T090000Z", {"starts_at": "2026-03-24T09:30"}
    question = browser.post(address, drop, headers=HTMX)
    assert question.headers["HX-Retarget"] == "#dialog-host"
    assert "Dentist" in question.text
    browser.post(address, {**drop, "scope": "one", "sure": "yes"}, headers=HTMX)
    assert Appointment.objects.get(series=series).starts_at == MONDAY + timedelta(days=1, minutes=30)
    assert browser.get(f"/appointments/{series.pk}/?on=20260323T090000Z").status_code == 200
    assert browser.get(f"/appointments/{series.pk}/?on=20260324T090000Z").status_code == 404


def test_a_time_of_a_series_and_all_later_ones_are_changed(browser: Client, ines: User) -> None:
    series = agree(ines, repeat="FREQ=WEEKLY;BYDAY=MO")
    second = f"/appointments/{series.pk}/edit/?on=20260330T090000Z"
    later = {"starts_at": "2026-03-31T09:00", "ends_at": "2026-03-31T10:00", "repeat": "weekly", "following": "yes"}
    browser.post(second, form_of(title="Cupping", colleagues=[ines.pk], **later))
    found = calendar.occurrences([ines.pk], MONDAY, MONDAY + timedelta(days=15), ines)
    assert [(one.title, f"{one.start:%d %H}") for one in found] == [("Tasting", "23 09"), ("Cupping", "31 09")]
    undo(browser)
    found = calendar.occurrences([ines.pk], MONDAY, MONDAY + timedelta(days=8), ines)
    assert [one.title for one in found] == ["Tasting", "Tasting"]


def test_it_asks_what_happened_until_somebody_says(browser: Client, ines: User) -> None:
    maya = make_contact("Maya", by=ines)
    past = agree(ines, timezone.now() - 3 * HOUR, contacts=[maya])
    for address in (past.get_absolute_url(), "/calendar/waiting/", f"/contacts/{maya.pk}/appointments/"):
        assert "What happened?" in browser.get(address).text
    browser.post(f"/appointments/{past.pk}/outcome/", {"outcome": "no_show", "text": ""}, headers=HTMX)
    panel = browser.get(f"/contacts/{maya.pk}/appointments/").text
    assert "What happened?" not in panel
    assert "Did not come 1 time" in panel
    assert browser.post(f"/appointments/{past.pk}/outcome/", {"outcome": "so-so"}).status_code == 422


def test_the_customer_gets_a_text_and_a_file_without_our_notes(browser: Client, ines: User) -> None:
    maya = make_contact("Maya Okafor", by=ines)
    soon = agree(ines, timezone.now() + 3 * HOUR, contacts=[maya], note="Owes us 20", place="Roastery")
    page = browser.get(soon.get_absolute_url()).text
    assert "we look forward to seeing you" in page
    file = browser.get(f"/appointments/{soon.pk}/appointment.ics")
    assert file.headers["Content-Type"].startswith("text/calendar")
    assert "Roastery" in file.text
    assert "Owes us" not in file.text
    assert "To be reminded" in browser.get("/calendar/waiting/").text
    browser.post(f"/appointments/{soon.pk}/reminding/", headers=HTMX)
    assert "To be reminded" not in browser.get("/calendar/waiting/").text


@pytest.mark.parametrize("view", ["day", "week", "month"])
def test_a_calendar_takes_the_same_queries_however_full(browser: Client, ines: User, view: str) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            agree(ines, MONDAY + number * HOUR / 2, contacts=[make_contact(by=ines)], repeat="FREQ=WEEKLY;COUNT=4")
            agree(ines, MONDAY + number * HOUR / 2, contacts=[make_contact(by=ines)])

    address = f"/calendar/?view={view}&on=2026-03-23&who=all"
    fill(2)
    browser.get(address)
    with assert_query_count(f"calendar {view}"):
        browser.get(address)
    fill(6)
    with assert_query_count(f"calendar {view}"):
        assert browser.get(address).status_code == 200


def test_strange_addresses_of_the_calendar_show_today(browser: Client) -> None:
    for asked in ("?view=year", "?on=2026-02-30", "?who=team-99", "?who=999999", "?on=9999-12-31&view=month"):
        assert browser.get(f"/calendar/{asked}").status_code == 200


def test_a_stranger_can_neither_see_nor_change_what_is_about_a_hidden_person(ines: User) -> None:
    secret = make_contact("Secret", owner=ines, visibility="owner")
    appointment = agree(ines, contacts=[secret], title="Secret talk")
    stranger = Client()
    stranger.force_login(make_user("Rui"))
    page = stranger.get(f"/calendar/?on=2026-03-23&who={ines.pk}").text
    assert "Busy" in page
    assert "Secret" not in page
    assert stranger.get(appointment.get_absolute_url()).status_code == 404
    assert stranger.post(f"/appointments/{appointment.pk}/move/", {"starts_at": "2026-03-24T09:15"}).status_code == 404
    change = appointment.changes.get()
    assert stranger.delete(reverse("appointment-change", args=[change.pk])).status_code == 404


def test_appointments_follow_a_merge_and_vanish_with_an_erasure(ines: User) -> None:
    maya, double, rui = (make_contact(name, by=ines) for name in ("Maya Okafor", "Maya O.", "Rui"))
    alone = agree(ines, contacts=[double], title="Alone with Maya Okafor")
    both = agree(ines, contacts=[double, rui], title="Maya Okafor and Rui", note="Maya Okafor is late")
    merge(maya, double, {}, by=ines)
    assert set(maya.appointments.all()) == {alone, both}
    erase_contact(Contact.objects.get(pk=maya.pk), by=ines)
    assert not Appointment.objects.filter(pk=alone.pk).exists()
    both.refresh_from_db()
    assert "Maya" not in both.title + both.note
    assert list(both.contacts.all()) == [rui]


def test_a_person_in_the_bin_takes_what_was_agreed_out_of_sight(ines: User) -> None:
    maya = make_contact("Maya", by=ines)
    appointment = agree(ines, contacts=[maya], title="Maya comes")
    Contact.objects.filter(pk=maya.pk).delete()
    assert not Appointment.objects.visible_to(ines).exists()
    shown = calendar.occurrences([ines.pk], MONDAY, MONDAY + HOUR, ines)
    assert [(one.pk, one.title) for one in shown] == [(appointment.pk, "Busy")]


def test_who_takes_over_gets_what_is_to_come(ines: User) -> None:
    rui, ana = make_user("Rui"), make_user("Ana")
    agree(rui, title="Over")
    agree(rui, timezone.now() + HOUR, title="Ahead")
    agree(rui, timezone.now() + 2 * HOUR, title="Together", colleagues=[rui, ana])
    agree(rui, repeat="FREQ=WEEKLY", title="Weekly")
    deactivate(rui, by=ines, successor=ana)
    assert {row.title for row in ana.appointments.all()} == {"Ahead", "Together", "Weekly"}
    assert [row.title for row in rui.appointments.all()] == ["Over"]


def test_people_are_chosen_by_what_is_agreed_and_what_they_missed(browser: Client, ines: User) -> None:
    maya, jonas = make_contact("Maya", by=ines), make_contact("Jonas", by=ines)
    agree(ines, timezone.now() + HOUR, contacts=[maya])
    missed = agree(ines, timezone.now() - 2 * HOUR, contacts=[jonas])
    calendar.settle(missed, outcome="no_show", by=ines)
    assert "Maya" in browser.get("/contacts/?appointment_ahead=on&appointment_ahead.has=yes").text
    listed = browser.get("/contacts/?no_shows=on&no_shows.times=1").text
    assert "Jonas" in listed
    assert f"/contacts/{maya.pk}/" not in listed


def test_a_person_takes_what_was_agreed_along(ines: User) -> None:
    maya = make_contact("Maya", by=ines)
    agree(ines, contacts=[maya])
    told = everything_about(maya, ines, [])["appointments"]
    assert [(row["title"], row["starts_at"]) for row in told] == [("Tasting", MONDAY)]


def test_the_settings_say_when_to_remind(browser: Client) -> None:
    assert browser.post("/settings/calendar/", {"remind_hours": "48"}).status_code == 302
    assert 'value="48" selected' in browser.get("/settings/calendar/").text
    assert browser.post("/settings/calendar/", {"remind_hours": "7"}).status_code == 422
