"""Setting up booking: pages, hours, days off, and who may touch whose."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from regulars.access.actions import deactivate
from regulars.access.models import Organisation, User
from regulars.access.tests.factories import make_user
from regulars.lib.tests.queries import assert_query_count
from regulars.promises.booking.working_hours import USUAL, weeks_of
from regulars.promises.models import BookingPage, DayOff
from regulars.promises.tests.test_booking import book, make_page, workday

pytestmark = pytest.mark.django_db

PAGE = {
    "title": "Tasting", "slug": "", "text": "", "kind": "visit", "place": "", "length": "45", "step": "30",
    "buffer_before": "0", "buffer_after": "15", "notice": "12", "change_notice": "2", "horizon": "60",
}  # fmt: skip
WEEK = {f"day{number}": "9-12, 13-17" for number in range(5)} | {"day5": "", "day6": ""}


@pytest.fixture
def ines() -> User:
    user = make_user("Inês Duarte")
    Organisation.objects.update(time_zone="Europe/Lisbon", modules=["booking"])
    return user


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_colleague_makes_edits_and_closes_a_page_of_their_own(ines: User) -> None:
    client = as_(ines)
    assert b"Make the first one" in client.get("/settings/booking/").content
    assert client.post("/settings/booking/new/", PAGE).status_code == 302
    page = BookingPage.objects.get()
    assert (page.slug, [user.name for user in page.hosts.all()]) == ("tasting", ["Inês Duarte"])
    assert client.post("/settings/booking/new/", PAGE).status_code == 302
    assert BookingPage.objects.last().slug == "tasting-2"
    taken = client.post(f"/settings/booking/{page.pk}/", PAGE | {"slug": "tasting-2"})
    assert (taken.status_code, b"already exists" in taken.content) == (422, True)
    assert b"<svg" in client.get(f"/settings/booking/{page.pk}/code.svg").content
    assert client.post(f"/settings/booking/{page.pk}/closing/").status_code == 302
    assert Client().get("/book/tasting/").status_code == 410
    assert client.delete(f"/settings/booking/{page.pk}/closing/").status_code == 204
    assert Client().get("/book/tasting/").status_code == 200


def test_a_page_of_others_does_not_exist_but_for_who_leads(ines: User) -> None:
    page = make_page(ines)
    rui, nora = make_user("Rui Alves"), make_user("Nora Pine", role="owner")
    for path in (f"/settings/booking/{page.pk}/", f"/settings/booking/{page.pk}/code.svg"):
        assert as_(rui).get(path).status_code == 404
        assert as_(nora).get(path).status_code == 200
    both = as_(nora).post(f"/settings/booking/{page.pk}/", PAGE | {"hosts": [ines.pk, rui.pk]})
    assert (both.status_code, page.hosts.count()) == (302, 2)
    assert as_(rui).get(f"/settings/booking/{page.pk}/").status_code == 200
    assert as_(nora).post(f"/settings/booking/{page.pk}/", PAGE | {"hosts": []}).status_code == 422


def test_hours_are_set_and_what_makes_no_sense_is_said_beside_the_day(ines: User) -> None:
    client = as_(ines)
    assert weeks_of([ines])[ines.pk] == USUAL
    wrong = client.post("/settings/hours/", WEEK | {"day2": "late"})
    assert (wrong.status_code, b"Write hours like this" in wrong.content, b'value="late"' in wrong.content) == (
        422,
        True,
        True,
    )
    assert client.post("/settings/hours/", WEEK).status_code == 302
    assert weeks_of([ines])[ines.pk][0] == [[540, 720], [780, 1020]]
    rui = make_user("Rui Alves")
    assert client.get(f"/settings/hours/{rui.pk}/").status_code == 404
    assert as_(make_user(role="manager")).post(f"/settings/hours/{rui.pk}/", WEEK).status_code == 302
    nothing: dict[str, Any] = dict.fromkeys(WEEK, "")
    client.post("/settings/hours/", nothing)
    assert weeks_of([ines])[ines.pk] == [[]] * 7  # never works: not the usual week again


def test_days_off_are_added_and_taken_back(ines: User) -> None:
    client = as_(ines)
    first = timezone.localdate() + timedelta(days=3)
    add = f"/settings/hours/{ines.pk}/days-off/"
    assert client.post(add, {"first_day": first, "last_day": first - timedelta(days=1)}).status_code == 422
    assert client.post(add, {"first_day": first, "note": "Dentist", "for_everyone": "on"}).status_code == 302
    row = DayOff.objects.get()
    assert (row.last_day, row.user) == (first, ines)  # only who leads gives everybody a holiday
    assert client.post(f"/settings/days-off/{row.pk}/removal/").status_code == 302
    assert b"Dentist" not in client.get("/settings/hours/").content
    assert client.delete(f"/settings/days-off/{row.pk}/removal/").status_code == 204
    assert b"Dentist" in client.get("/settings/hours/").content
    nora = make_user("Nora Pine", role="owner")
    as_(nora).post(f"/settings/hours/{nora.pk}/days-off/", {"first_day": first, "for_everyone": "on"})
    holiday = DayOff.objects.get(user=None)
    assert client.post(f"/settings/days-off/{holiday.pk}/removal/").status_code == 404


def test_pages_of_a_leaving_colleague_go_to_the_successor(ines: User) -> None:
    rui = make_user("Rui Alves")
    page = make_page(ines)
    deactivate(ines, by=make_user(role="owner"), successor=rui)
    assert list(page.hosts.all()) == [rui]


def test_the_public_page_takes_the_same_queries_however_much_is_booked(client: Client, ines: User) -> None:
    page = make_page(ines, make_user("Rui Alves"), notice=0)
    for hour in range(9, 15):
        book(page, workday(hour))
        if hour in (9, 14):
            with assert_query_count("booking page"):
                client.get("/book/tasting/", {"day": f"{workday(9):%Y-%m-%d}"})
