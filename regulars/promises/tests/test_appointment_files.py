"""The iCalendar files of appointments, read by two libraries that did not write them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject  # type: ignore[import-untyped]
from icalendar import Calendar

from regulars.access.tests.factories import make_user
from regulars.promises.appointments import calendar
from regulars.promises.appointments.calendar import make_appointment
from regulars.promises.feeds.ics import appointment_calendar

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 23, 9, tzinfo=UTC)


def test_a_series_comes_with_its_rule_and_its_exceptions() -> None:
    ines = make_user("Inês")
    series = make_appointment(
        title="Degustação, às nove",
        starts_at=MONDAY,
        ends_at=MONDAY + timedelta(hours=1),
        time_zone="Europe/Lisbon",
        repeat="FREQ=WEEKLY;BYDAY=MO",
        place="https://meet.example/a",
        note="Ours alone",
        by=ines,
    )
    first, second, third = calendar.expand(series, MONDAY, MONDAY + timedelta(days=15))
    calendar.cancel(second, by=ines)
    calendar.move(third, starts_at=third.start + timedelta(hours=2), by=ines)
    file = appointment_calendar([series])
    read: list[Any] = list(Calendar.from_ical(file).walk("VEVENT"))
    assert [str(event["uid"]) for event in read] == [series.uid, series.uid]
    assert read[0]["dtstart"].params["TZID"] == "Europe/Lisbon"
    assert read[0]["exdate"].dts[0].dt == second.start
    assert read[1]["recurrence-id"].dt == third.start
    assert read[1]["dtstart"].dt == third.start + timedelta(hours=2)
    assert b"Ours alone" not in file
    again = vobject.readOne(file.decode())
    assert again.vevent.summary.value == "Degustação, às nove"
    assert again.vevent.rrule.value == "FREQ=WEEKLY;BYDAY=MO"
    assert again.vtimezone.tzid.value == "Europe/Lisbon"
    alone: Any = Calendar.from_ical(appointment_calendar([first])).walk("VEVENT")[0]
    assert "rrule" not in alone
    assert alone["dtstart"].dt == MONDAY
