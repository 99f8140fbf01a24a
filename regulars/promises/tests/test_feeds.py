"""Calendar feeds: private addresses that two independent libraries read, dead at once when they should be."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from unittest.mock import patch

import icalendar
import pytest
import vobject  # type: ignore[import-untyped]
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from regulars.access import actions
from regulars.access.models import Organisation, User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import ImportantDate
from regulars.contacts.tests.factories import make_contact
from regulars.lib.tests.queries import assert_query_count
from regulars.promises.actions.promises import give_promise
from regulars.promises.actions.tasks import TaskDraft, add_task
from regulars.promises.appointments.calendar import cancel, make_appointment, move, occurrences
from regulars.promises.booking.guard import GUESSES
from regulars.promises.models import Appointment, AppointmentColleague, CalendarFeed, Task
from regulars.promises.times.due import business_zone, days_ahead

pytestmark = pytest.mark.django_db
ALL = ["appointments", "promises", "tasks", "dates"]
HOUR = timedelta(hours=1)


@pytest.fixture
def ines() -> User:
    user = make_user("Inês Duarte")
    Organisation.objects.update(time_zone="Europe/Lisbon", modules=[*ALL, "rhythm"])
    cache.clear()
    return user


def address_of(user: User, parts: list[str] = ALL) -> str:
    return reverse("calendar-feed", args=[CalendarFeed.make(user, name="Phone", parts=parts)[1]])


def read(url: str) -> dict[str, Any]:
    """The events of a feed by their titles, read by icalendar; vobject reads the same ones."""
    answer = Client().get(url)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    calendar = icalendar.Calendar.from_ical(text)
    assert not calendar.errors
    events = calendar.walk("VEVENT")
    assert not [event.errors for event in events if event.errors]
    again = [item.summary.value for item in vobject.readOne(text).components() if item.name == "VEVENT"]
    assert [str(event["summary"]) for event in events] == again
    return {str(event["summary"]): event for event in events}


def test_a_feed_shows_what_a_colleague_has_and_two_libraries_read_it(ines: User) -> None:
    maya = make_contact("Maya Okafor", by=ines, owner=ines)
    start = timezone.now().replace(microsecond=0) + timedelta(days=2)
    title = "Tasting, “Guji”; with Ana\\Rui — and everybody else who likes their coffee as dark as 夜"
    make_appointment(
        title=title, starts_at=start, ends_at=start + HOUR, by=ines, contacts=[maya], place="Rua 1\nLisboa",
        note="Line one\nline two",
    )  # fmt: skip
    give_promise("Send the quote", contact=maya, due_at=start, due_on=start.date(), has_time=True, owner=ines, by=ines)
    add_task(
        TaskDraft("Count the till", ines, due_at=days_ahead(1), repeat="FREQ=DAILY;UNTIL=20990101T235959Z"), by=ines
    )
    add_task(TaskDraft("Open up", ines, due_at=start, has_time=True, repeat="FREQ=WEEKLY"), by=ines)
    born = timezone.localdate() + timedelta(days=10)
    ImportantDate.objects.create(contact=maya, kind="birthday", day=born.day, month=born.month, year=1986)
    found = read(address_of(ines))
    assert set(found) == {
        title,
        "Promised: Send the quote (Maya Okafor)",
        "☐ Count the till",
        "☐ Open up",
        "Birthday: Maya Okafor",
    }
    tasting = found[title]
    assert tasting["dtstart"].dt == start
    assert str(tasting["location"]) == "Rua 1\nLisboa"
    assert str(tasting["description"]).startswith("Maya Okafor\nLine one\nline two\nhttp://testserver/appointments/")
    assert found["☐ Count the till"]["rrule"]["UNTIL"] == [date(2099, 1, 1)]
    opening = found["☐ Open up"]["dtstart"]
    assert opening.params["TZID"] == "Europe/Lisbon"
    assert opening.dt == start
    assert found["Birthday: Maya Okafor"]["dtstart"].dt == date(1986, born.month, born.day)
    assert set(read(address_of(ines, ["tasks"]))) == {"☐ Count the till", "☐ Open up"}


def test_a_series_keeps_its_hour_with_what_was_moved_and_called_off(ines: User) -> None:
    start = datetime.combine(timezone.localdate() + timedelta(days=1), datetime.min.time(), business_zone())
    start = start.replace(hour=9)
    series = make_appointment(
        title="Team", starts_at=start, ends_at=start + HOUR, by=ines, repeat="FREQ=DAILY;COUNT=400",
        time_zone="Europe/Lisbon",
    )  # fmt: skip
    times = occurrences([ines.pk], start, start + timedelta(days=5), ines)
    cancel(times[1], by=ines)
    move(times[2], starts_at=times[2].start + 2 * HOUR, by=ines)
    url = address_of(ines)
    calendar = icalendar.Calendar.from_ical(Client().get(url).content)
    first, moved = cast(Any, calendar.walk("VEVENT"))
    assert calendar.walk("VTIMEZONE")[0]["tzid"] == "Europe/Lisbon"
    assert first["dtstart"].params["TZID"] == "Europe/Lisbon"
    assert first["dtstart"].dt.hour == 9
    assert first["exdate"].dts[0].dt == times[1].start
    assert moved["recurrence-id"].dt == times[2].start
    assert moved["uid"] == series.uid
    assert read(url).keys() == {"Team"}


def test_hidden_people_leave_only_that_the_time_is_taken(ines: User) -> None:
    boss = make_user("Bea Boss", role="owner")
    guest = make_contact("Secret Guest", by=boss, visibility="owner")
    start = timezone.now() + timedelta(days=1)
    make_appointment(
        title="About Secret", starts_at=start, ends_at=start + HOUR, by=boss, contacts=[guest], colleagues=[ines]
    )
    answer = Client().get(address_of(ines))
    assert b"Secret" not in answer.content
    assert b"SUMMARY:Busy" in answer.content


def test_an_unchanged_feed_answers_304_and_a_changed_one_does_not(ines: User) -> None:
    add_task(TaskDraft("Count the till", ines, due_at=days_ahead(1)), by=ines)
    url, client = address_of(ines), Client()
    first = client.get(url)
    etag, since = first.headers["ETag"], first.headers["Last-Modified"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(url, headers={"If-Modified-Since": since}).status_code == 304
    assert client.head(url).status_code == 200
    assert client.post(url).status_code == 405
    Task.objects.get().done(by=ines)
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 200


def test_who_leaves_switches_off_or_guesses_reads_nothing(ines: User) -> None:
    url, other = address_of(ines), address_of(ines)
    client = Client()
    client.force_login(ines)
    made = client.post(reverse("calendar-feeds"), {"name": "Laptop", "parts": ["tasks"]})
    shown = made.context["address"].removeprefix("http://testserver")
    assert client.get(shown).status_code == 200
    assert shown not in client.get(reverse("calendar-feeds")).text
    laptop = CalendarFeed.objects.get(name="Laptop")
    assert laptop.token_hash not in shown
    client.post(reverse("calendar-feed-off", args=[laptop.pk]))
    assert Client().get(shown).status_code == 404
    client.delete(reverse("calendar-feed-off", args=[laptop.pk]))
    assert Client().get(shown).status_code == 200
    stranger = Client()
    stranger.force_login(make_user())
    assert stranger.post(reverse("calendar-feed-off", args=[laptop.pk])).status_code == 404
    assert client.post(reverse("calendar-feeds"), {"name": "Laptop"}).status_code == 422
    actions.deactivate(ines, by=make_user(role="owner"))
    assert [Client().get(address).status_code for address in (url, other, shown)] == [404, 404, 404]
    codes = [Client().get(reverse("calendar-feed", args=["x" * 43])).status_code for _try in range(GUESSES + 1)]
    assert codes[0] == 404
    assert codes[-1] == 429


def test_a_full_feed_takes_as_many_queries_as_a_small_one(ines: User) -> None:
    maya = make_contact("Maya Okafor", by=ines, owner=ines)
    url, start = address_of(ines), timezone.now() + timedelta(days=1)

    def fill(number: int) -> None:
        for hour in range(number):
            begin = start + timedelta(hours=hour)
            row = Appointment(title="Call", starts_at=begin, ends_at=begin + HOUR, time_zone="UTC", with_people=True)
            row.save()
            row.contact_links.create(contact=maya, starts_at=begin)
            AppointmentColleague.objects.create(appointment=row, user=ines, starts_at=begin, ends_at=begin + HOUR)
            Task.objects.create(what="Do it", assignee=ines, due_at=begin)

    fill(2)
    Client().get(url)
    with assert_query_count("calendar feed"):
        Client().get(url)
    fill(20)
    CalendarFeed.objects.update(etag=CalendarFeed.objects.get().etag)
    Client().get(url)
    with assert_query_count("calendar feed"):
        answer = Client().get(url)
    assert answer.content.count(b"BEGIN:VEVENT") == 44


def test_leap_days_come_each_year_on_the_last_of_february(ines: User) -> None:
    maya = make_contact("Maya Okafor", by=ines, owner=ines)
    ImportantDate.objects.create(contact=maya, kind="birthday", day=29, month=2, year=1996)
    with patch("django.utils.timezone.now", return_value=datetime(2027, 2, 1, 9, tzinfo=UTC)):
        event = read(address_of(ines))["Birthday: Maya Okafor"]
    assert event["dtstart"].dt == date(1996, 2, 29)
    assert event["rrule"].to_ical() == b"FREQ=YEARLY;BYMONTHDAY=-1;BYMONTH=2"
