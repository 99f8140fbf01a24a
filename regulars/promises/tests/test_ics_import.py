"""Calendar files: read, looked through, taken in once however often they are brought, and taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from regulars.access.models import Operation, User
from regulars.access.tests.factories import make_user
from regulars.contacts.tests.factories import make_contact
from regulars.promises.appointments.calendar import occurrences
from regulars.promises.feeds.ics_reading import LARGEST, NoCalendar, read_file
from regulars.promises.models import Appointment, CalendarFeed, CalendarFile
from regulars.promises.times.wall_time import zone_named

pytestmark = pytest.mark.django_db
LISBON = zone_named("Europe/Lisbon")
UPLOAD = "calendar-import"


def file(*events: str) -> bytes:
    """A calendar file with these events."""
    inner = "\r\n".join(f"BEGIN:VEVENT\r\n{event.strip()}\r\nEND:VEVENT" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n{inner}\r\nEND:VCALENDAR\r\n".encode()


def at(days: int, hour: int = 9) -> str:
    """A local time in so many days, as files write it."""
    return f"{timezone.localdate() + timedelta(days=days):%Y%m%d}T{hour:02}0000"


def event(uid: str, days: int = 3, *more: str, title: str = "Tasting") -> str:
    lines = (f"UID:{uid}", f"DTSTART;TZID=Europe/Lisbon:{at(days)}", f"SUMMARY:{title}", *more)
    return "\r\n".join(lines)


def bring(client: Client, content: bytes) -> Operation | None:
    """Upload and say yes; None when the file was refused."""
    answer = client.post(reverse(UPLOAD), {"file": SimpleUploadedFile("work.ics", content)})
    if answer.status_code != 302:
        return None
    assert client.get(answer.headers["Location"]).status_code == 200
    client.post(answer.headers["Location"])
    return Operation.objects.filter(kind="calendar_import").latest("pk")


@pytest.fixture
def ines() -> User:
    return make_user("Inês Duarte", email="ines@harbor.example")


@pytest.fixture
def client(ines: User) -> Client:
    client = Client()
    client.force_login(ines)
    return client


def test_events_become_appointments_with_the_people_they_name(client: Client, ines: User) -> None:
    maya = make_contact("Maya Okafor", by=ines, email="maya@lumen.example")
    hidden = make_contact("Secret Guest", by=make_user(role="owner"), email="secret@x.example", visibility="owner")
    rui = make_user("Rui Costa", email="rui@harbor.example")
    people = "ATTENDEE;CN=Maya:mailto:Maya@Lumen.example\r\nATTENDEE:mailto:secret@x.example\r\n"
    people += "ORGANIZER:mailto:rui@harbor.example"
    content = file(
        event("a@x", 3, people, "DURATION:PT30M", "LOCATION:Rua 1"),
        event("old@x", -30),
        event("weekly@x", -30, "RRULE:FREQ=WEEKLY", title="Team"),
        event("off@x", 3, "STATUS:CANCELLED"),
        event("task-5@regulars", 3),
        f"UID:day@x\r\nDTSTART;VALUE=DATE:{at(5)[:8]}\r\nSUMMARY:Fair",
    )
    operation = bring(client, content)
    assert operation
    assert operation.result["sentence"] == "3 appointments taken in. 1 is over and stays out."
    tasting = Appointment.objects.get(uid="a@x")
    assert tasting.ends_at - tasting.starts_at == timedelta(minutes=30)
    assert tasting.starts_at.astimezone(LISBON).hour == 9
    assert (tasting.place, tasting.time_zone) == ("Rua 1", "Europe/Lisbon")
    assert list(tasting.contacts.all()) == [maya]
    assert hidden not in tasting.contacts.all()
    assert set(tasting.colleagues.all()) == {ines, rui}
    assert Appointment.objects.get(uid="day@x").length == timedelta(days=1)
    assert not CalendarFile.objects.exists()


def test_the_same_file_twice_changes_nothing_and_a_colleague_joins(client: Client, ines: User) -> None:
    content = file(event("a@x"), "SUMMARY:No name in calendars\r\nDTSTART:20990101T100000Z")
    bring(client, content)
    again = bring(client, content)
    assert again
    assert again.result["sentence"] == "0 appointments taken in. 2 were here already."
    rui = make_user("Rui Costa")
    client.force_login(rui)
    joined = bring(client, content)
    assert joined
    assert Appointment.objects.count() == 2
    assert Appointment.objects.filter(colleagues=rui).count() == 2
    client.post(reverse("operation-undo", args=[joined.pk]))
    assert Appointment.objects.count() == 2
    assert not Appointment.objects.filter(colleagues=rui).exists()
    client.force_login(ines)
    client.post(reverse("operation-undo", args=[Operation.objects.filter(kind="calendar_import").earliest("pk").pk]))
    assert not Appointment.objects.exists()


def test_a_series_comes_with_what_it_leaves_out_and_moves(client: Client, ines: User) -> None:
    content = file(
        event("s@x", 2, "RRULE:FREQ=DAILY;COUNT=5", f"EXDATE;TZID=Europe/Lisbon:{at(3)}", title="Team"),
        event("s@x", 4, f"RECURRENCE-ID;TZID=Europe/Lisbon:{at(4)}", title="Team").replace(at(4), at(4, 15), 1),
    )
    bring(client, content)
    now = timezone.now()
    found = occurrences([ines.pk], now, now + timedelta(days=10), ines)
    hours = [(one.start.astimezone(LISBON).date() - timezone.localdate()).days for one in found]
    assert hours == [2, 4, 5, 6]
    assert [one.start.astimezone(LISBON).hour for one in found] == [9, 15, 9, 9]
    bring(client, content)
    assert len(occurrences([ines.pk], now, now + timedelta(days=10), ines)) == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no calendar file"),
        (b"\x00\xff\xfe not a calendar", "no calendar file"),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "no"),
        (file(), "no appointment"),
        (b"x" * (LARGEST + 1), "larger than 2 MB"),
        (file(*[event(f"{n}@x") for n in range(501)]), "more than 500"),
    ],
)
def test_bad_files_are_told(content: bytes, said: str) -> None:
    with pytest.raises(NoCalendar, match=said):
        read_file(content, LISBON)


def test_bad_events_are_told_and_the_good_ones_stay(client: Client) -> None:
    wrong = {
        "never occurs": "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "isn’t understood": "RRULE:FREQ=SECONDLY",
        "ends before it begins": f"DTEND;TZID=Europe/Lisbon:{at(1)}",
        "longer than 31 days": "DURATION:P60D",
    }
    bad = [event(f"{number}@x", 3, line, title=why) for number, (why, line) in enumerate(wrong.items())]
    events, problems = read_file(file(event("good@x"), *bad, "UID:x\r\nSUMMARY:Never"), LISBON)
    assert [one.uid for one in events] == ["good@x"]
    assert len(problems) == 5
    for why, line in zip(wrong, problems, strict=False):
        assert why in line.split("”: ")[1]
    answer = client.post(reverse(UPLOAD), {"file": SimpleUploadedFile("work.ics", b"nonsense")})
    assert answer.status_code == 422
    assert "This is no calendar file" in answer.text


def test_floating_times_are_those_of_the_business_and_hours_that_do_not_exist_move() -> None:
    (one,), _problems = read_file(file("UID:a\r\nSUMMARY:Early\r\nDTSTART:20270328T013000"), LISBON)
    assert one.start == datetime(2027, 3, 28, 1, 30, tzinfo=UTC).isoformat()
    assert one.zone == "Europe/Lisbon"


def test_our_own_feed_brings_nothing_twice_and_files_are_their_owners(client: Client, ines: User) -> None:
    bring(client, file(event("a@x")))
    token = CalendarFeed.make(ines, name="Phone", parts=["appointments", "tasks"])[1]
    feed = Client().get(reverse("calendar-feed", args=[token])).content
    again = bring(client, feed)
    assert again is None or again.result.get("made", 0) == 0
    assert Appointment.objects.count() == 1
    waiting = CalendarFile.objects.create(by=make_user(), name="other.ics", events=[])
    assert client.get(reverse("calendar-import-file", args=[waiting.pk])).status_code == 404


def test_old_files_are_forgotten() -> None:
    CalendarFile.objects.create(by=make_user(), name="a.ics", created_at=timezone.now() - timedelta(days=2))
    assert CalendarFile.forget_old() == 1
