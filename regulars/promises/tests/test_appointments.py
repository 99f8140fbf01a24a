"""Appointments: made, moved, cancelled, settled, repeated, undone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Contact, Involvement
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.lib.tests.queries import assert_query_count
from regulars.promises.actions.appointments import Details, revise
from regulars.promises.appointments import calendar
from regulars.promises.appointments.calendar import NotPossible, Occurrence, make_appointment, occurrences
from regulars.promises.models import Appointment, AppointmentChange
from regulars.promises.models.appointment import FOREVER
from regulars.promises.times import recurrence
from regulars.promises.times.wall_time import from_wall, remark, zone_named

pytestmark = pytest.mark.django_db
LISBON = "Europe/Lisbon"
MONDAY = datetime(2026, 3, 23, 9, tzinfo=UTC)  # a Monday in winter time, six days before the clocks change
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


def agree(by: User, starts_at: datetime = MONDAY, **fields: Any) -> Appointment:
    """An appointment of an hour."""
    values = {"title": "Tasting", "ends_at": starts_at + HOUR, "time_zone": LISBON, **fields}
    return make_appointment(starts_at=starts_at, by=by, **values)


def of(user: User, weeks: int = 4, viewer: User | None = None, **fields: Any) -> list[Occurrence]:
    """What stands on the calendar of a colleague from MONDAY on."""
    return occurrences([user.pk], MONDAY - timedelta(days=1), MONDAY + WEEK * weeks, viewer or user, **fields)


def days(found: list[Occurrence]) -> list[str]:
    """Day and hour in UTC."""
    return [f"{one.start:%d %H}" for one in found]


@pytest.fixture
def ines() -> User:
    """A colleague."""
    return make_user("Inês")


def test_an_appointment_stands_on_the_calendars_of_its_colleagues_only(ines: User) -> None:
    rui, maya = make_user("Rui"), make_contact("Maya Okafor")
    agree(ines, contacts=[maya], colleagues=[ines, rui])
    assert [one.names for one in of(rui)] == [["Maya Okafor"]]
    assert of(rui)[0].user_ids == (ines.pk, rui.pk)
    assert of(make_user("Ana")) == []


def test_a_weekly_one_keeps_its_hour_when_the_clocks_change(ines: User) -> None:
    agree(ines, repeat="FREQ=WEEKLY;COUNT=3")
    assert days(of(ines)) == ["23 09", "30 08", "06 08"]  # nine o'clock in Lisbon each time


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never occurs"),
        ("FREQ=DAILY;UNTIL=20200101T000000Z", "never occurs"),
        ("FREQ=SECONDLY", "understood"),
        ("FREQ=WEEKLY;BYDAY=XX", "understood"),
        ("FREQ=DAILY;COUNT=5;UNTIL=20300101", "not both"),
        ("FREQ=DAILY;COUNT=100000", "1000"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(ines: User, rule: str, words: str) -> None:
    with pytest.raises(NotPossible, match=words):
        agree(ines, repeat=rule)


def test_a_rule_that_never_ends_is_expanded_within_bounds(ines: User) -> None:
    agree(ines, repeat="FREQ=DAILY")
    far = MONDAY + timedelta(days=365 * 20)
    assert len(occurrences([ines.pk], far, far + timedelta(days=365 * 50), ines)) == 400


def test_a_leap_day_comes_every_four_years(ines: User) -> None:
    first = datetime(2028, 2, 29, 9, tzinfo=UTC)
    series = agree(ines, first, repeat="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")
    found = occurrences([ines.pk], datetime(2032, 1, 1, tzinfo=UTC), datetime(2032, 12, 31, tzinfo=UTC), ines)
    assert days(found) == ["29 09"]
    assert series.until == FOREVER


def test_times_that_the_clocks_skip_or_repeat_are_handled_and_told() -> None:
    zone = zone_named(LISBON)
    skipped, twice = datetime(2026, 3, 29, 1, 30), datetime(2026, 10, 25, 1, 30)  # noqa: DTZ001  (wall times)
    assert from_wall(skipped, zone) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert "does not exist, so it is at 02:30" in remark(skipped, zone)
    assert from_wall(twice, zone) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert "first one" in remark(twice, zone)
    assert remark(datetime(2026, 3, 30, 1, 30), zone) == ""  # noqa: DTZ001


def test_one_time_is_moved_and_brought_back(ines: User) -> None:
    agree(ines, repeat="FREQ=WEEKLY;COUNT=3")
    second = of(ines)[1]
    change = calendar.move(second, starts_at=second.start + timedelta(days=1), by=ines)
    assert days(of(ines)) == ["23 09", "31 08", "06 08"]
    calendar.undo_change(change, by=ines)
    assert days(of(ines)) == ["23 09", "30 08", "06 08"]


def test_all_following_are_moved_and_brought_back(ines: User) -> None:
    agree(ines, repeat="FREQ=WEEKLY;BYDAY=MO;COUNT=4")
    calendar.cancel(of(ines)[2], by=ines)
    second = of(ines)[1]
    change = calendar.move(second, starts_at=second.start + timedelta(days=1), by=ines, following=True)
    assert days(of(ines)) == ["23 09", "31 08", "14 08"]  # the cancelled one stays cancelled
    calendar.undo_change(change, by=ines)
    assert days(of(ines)) == ["23 09", "30 08", "13 08"]
    assert Appointment.objects.filter(series=None).count() == 1


def test_this_and_all_following_are_cancelled_and_brought_back(ines: User) -> None:
    agree(ines, repeat="FREQ=WEEKLY")
    third = of(ines)[2]
    calendar.move(third, starts_at=third.start + HOUR, by=ines)
    change = calendar.cancel(of(ines)[1], by=ines, following=True)
    assert days(of(ines)) == ["23 09"]
    calendar.undo_change(change, by=ines)
    assert days(of(ines)) == ["23 09", "30 08", "06 09", "13 08", "20 08"]


def test_what_was_held_becomes_an_entry_and_undo_takes_it_off(ines: User) -> None:
    maya = make_contact("Maya")
    past = timezone.now() - timedelta(hours=3)
    appointment = agree(ines, past, contacts=[maya], kind="visit")
    assert [one.title for one in calendar.awaiting(ines)] == ["Tasting"]
    change = calendar.settle(calendar.awaiting(ines)[0], outcome="held", text="Liked the Guji.", by=ines)
    entry = Involvement.objects.of(maya).get().entry
    assert (entry.kind, entry.text) == ("visit", "Tasting: Liked the Guji.")
    maya.refresh_from_db()
    assert maya.last_contact_at == appointment.starts_at
    assert calendar.awaiting(ines) == []
    calendar.undo_change(change, by=ines)
    entry.refresh_from_db()
    assert entry.removed_at
    assert len(calendar.awaiting(ines)) == 1


def test_a_no_show_is_noted_but_is_no_contact(ines: User) -> None:
    maya = make_contact("Maya")
    past = timezone.now().replace(microsecond=0) - timedelta(days=2)
    agree(ines, past, contacts=[maya], repeat="FREQ=DAILY;COUNT=2")
    calendar.settle(calendar.awaiting(ines)[0], outcome="no_show", by=ines)
    maya.refresh_from_db()
    assert maya.last_contact is None
    assert Involvement.objects.of(maya).get().kind == "no_show"
    assert len(calendar.awaiting(ines)) == 1  # the other time of the series still waits


def test_two_who_change_at_once_one_wins(ines: User) -> None:
    agree(ines, timezone.now() - timedelta(hours=2), contacts=[make_contact()])
    mine, theirs = calendar.awaiting(ines)[0], calendar.awaiting(ines)[0]
    calendar.settle(mine, outcome="held", by=ines)
    with pytest.raises(NotPossible, match="already what became of it"):
        calendar.settle(theirs, outcome="no_show", by=make_user())
    with pytest.raises(NotPossible, match="already what became of it"):
        calendar.cancel(theirs, by=ines)


def test_undo_is_refused_when_it_was_changed_since(ines: User) -> None:
    appointment = agree(ines)
    change = calendar.move(appointment, starts_at=MONDAY + HOUR, by=ines)
    calendar.move(appointment, starts_at=MONDAY + 2 * HOUR, by=ines)
    with pytest.raises(NotPossible, match="changed since"):
        calendar.undo_change(change, by=ines)


@pytest.mark.parametrize("wrong", [{"ends_at": MONDAY}, {"title": " "}, {"ends_at": MONDAY + timedelta(days=40)}])
def test_what_can_not_be_is_refused(ines: User, wrong: dict[str, Any]) -> None:
    with pytest.raises(NotPossible):
        agree(ines, **wrong)


def test_a_colleague_who_left_takes_no_new_appointments(ines: User) -> None:
    with pytest.raises(NotPossible, match="closed"):
        agree(ines, colleagues=[make_user("Rui", is_active=False)])


def test_a_stranger_sees_only_that_the_time_is_taken(ines: User) -> None:
    secret = make_contact("Secret", owner=ines, visibility="owner")
    appointment = agree(ines, contacts=[secret], title="Secret talk")
    stranger, boss = make_user("Rui"), make_user("Olga", role="owner")
    seen = of(ines, viewer=stranger)[0]
    assert (seen.title, seen.names, seen.url) == ("Busy", [], "")
    assert of(ines, viewer=boss)[0].title == "Secret talk"
    assert not Appointment.objects.visible_to(stranger).exists()
    assert Appointment.objects.visible_to(ines).get() == appointment


def test_clashes_are_found_for_every_time_of_a_series_and_never_with_itself(ines: User) -> None:
    series = agree(ines, repeat="FREQ=WEEKLY")
    agree(ines, MONDAY + 2 * WEEK - HOUR + timedelta(minutes=1), title="Dentist")
    times = [(one.start, one.end) for one in calendar.expand(series, MONDAY, MONDAY + 8 * WEEK)]
    assert [one.title for one in calendar.clashes([ines.pk], times, ines, besides=[series.pk])] == ["Dentist"]


def test_a_calendar_costs_the_same_however_full_it_is(ines: User) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            agree(ines, MONDAY + number * HOUR, contacts=[make_contact()], companies=[make_company()])
            agree(ines, MONDAY + number * HOUR, repeat="FREQ=WEEKLY", contacts=[make_contact()])

    fill(2)
    with assert_query_count("calendar occurrences"):
        of(ines)
    fill(8)
    with assert_query_count("calendar occurrences"):
        of(ines)
    assert len(of(ines)) > 20


def test_the_rule_turns_with_the_day_it_is_moved_to() -> None:
    zone, tuesday = zone_named("UTC"), MONDAY + timedelta(days=1)
    assert recurrence.turned("FREQ=WEEKLY;BYDAY=MO,WE", MONDAY, tuesday, zone) == "FREQ=WEEKLY;BYDAY=TU,TH"
    assert recurrence.turned("FREQ=MONTHLY;BYDAY=4MO", MONDAY, MONDAY + WEEK, zone) == "FREQ=MONTHLY;BYDAY=5MO"
    assert recurrence.turned("FREQ=MONTHLY;BYMONTHDAY=23", MONDAY, tuesday, zone) == "FREQ=MONTHLY;BYMONTHDAY=24"


def test_every_change_is_written_down(ines: User) -> None:
    appointment = agree(ines, contacts=[make_contact()])
    calendar.cancel(appointment, by=ines)
    assert list(AppointmentChange.objects.values_list("verb", "by")) == [("cancelled", ines.pk), ("made", ines.pk)]
    assert Contact.objects.count() == 1


def test_whom_one_may_not_know_of_stays_when_the_rest_is_changed(ines: User) -> None:
    secret, maya, jonas = make_contact("Secret", owner=ines, visibility="owner"), make_contact(), make_contact()
    appointment, rui = agree(ines, contacts=[secret, maya]), make_user("Rui")
    details = Details("Tasting", contacts=[jonas], colleagues=[rui])
    change = revise(appointment, details, starts_at=MONDAY + HOUR, ends_at=MONDAY + 2 * HOUR, by=rui)
    assert set(appointment.contacts.all()) == {secret, jonas}
    assert list(appointment.colleagues.all()) == [rui]
    calendar.undo_change(change, by=rui)
    assert set(appointment.contacts.all()) == {secret, maya}
    assert list(appointment.colleagues.all()) == [ines]


def test_what_repeats_no_more_keeps_its_first_time(ines: User) -> None:
    series = agree(ines, repeat="FREQ=WEEKLY")
    details = Details("Tasting", colleagues=[ines])
    first = of(ines)[0]
    revise(first, details, starts_at=MONDAY, ends_at=MONDAY + HOUR, repeat="", by=ines, following=True)
    assert days(of(ines)) == ["23 09"]
    assert Appointment.objects.get(pk=series.pk).until is None
