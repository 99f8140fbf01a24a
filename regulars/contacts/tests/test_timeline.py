"""The timeline of a person or company: order, months, pages, filters, and who sees what."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Fact
from regulars.contacts.moments import pin_moment, remove_moment
from regulars.contacts.tests.factories import make_company, make_contact, make_entry
from regulars.contacts.timeline import Filters, Timeline, timeline_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def rui() -> User:
    return make_user("Rui Matos")


def texts(page: Timeline) -> list[str]:
    return [line.entry.text for month in page.months for line in month.lines]


def test_it_stands_newest_first_under_its_months(rui: User) -> None:
    maya = make_contact("Maya Okafor", owner=rui)
    now = timezone.now().replace(day=15, hour=12)
    if now > timezone.now():
        now -= timedelta(days=31)
    for days in (0, 40, 400):
        make_entry(maya, text=f"{days} days", occurred_at=now - timedelta(days=days))
    page = timeline_page(maya, rui)
    assert texts(page) == ["0 days", "40 days", "400 days"]
    assert len(page.months) == 3
    assert str((now - timedelta(days=400)).year) in page.months[2].title


def test_pages_follow_each_other_without_gaps_even_at_the_same_second(rui: User) -> None:
    maya, now = make_contact(owner=rui), timezone.now()
    for number in range(7):
        make_entry(maya, text=str(number), occurred_at=now - timedelta(days=number // 3))
    first = timeline_page(maya, rui, size=3)
    seen, page = texts(first), first
    while page.next_url:
        page = timeline_page(maya, rui, page.next_url.rpartition("after=")[2], size=3)
        seen += texts(page)
    assert seen == ["2", "1", "0", "5", "4", "3", "6"]
    assert not page.is_first


@pytest.mark.parametrize("cursor", ["", "x", "1-", "-", "9" * 40 + "-1", "1-99999999999999999999", "12-é"])
def test_a_broken_cursor_leads_to_the_first_page(rui: User, cursor: str) -> None:
    maya = make_contact(owner=rui)
    make_entry(maya)
    assert timeline_page(maya, rui, cursor).is_first


def test_a_meeting_stands_on_the_timelines_of_all_and_of_their_company(rui: User) -> None:
    lumen = make_company("Lumen Studios", owner=rui)
    maya = make_contact("Maya Okafor", owner=rui, company=lumen)
    tomas = make_contact("Tomás Reis", owner=rui)
    make_entry(maya, tomas, kind="meeting", text="Planned the tasting")
    assert texts(timeline_page(lumen, rui)) == ["Planned the tasting"]
    (line,) = timeline_page(maya, rui).months[0].lines
    assert [person.name for person in line.people] == ["Tomás Reis"]
    (line,) = timeline_page(lumen, rui).months[0].lines
    assert [person.name for person in line.people] == ["Maya Okafor", "Tomás Reis"]


def test_people_one_may_not_know_of_are_not_named(rui: User) -> None:
    maya = make_contact("Maya Okafor", owner=rui)
    secret = make_contact("Secret Person", owner=rui, visibility="owner")
    entry = make_entry(maya, secret, openers=["How was the trip?"])
    Fact.objects.create(contact=secret, text="Owns a boat", entry=entry)
    stranger = make_user()
    (line,) = timeline_page(maya, stranger).months[0].lines
    assert line.people == []
    assert line.facts == []
    assert [opener.contact for opener in line.openers] == [maya]


def test_pinned_moments_stand_first_and_once(rui: User) -> None:
    maya = make_contact(owner=rui)
    old = make_entry(maya, text="key code", occurred_at=timezone.now() - timedelta(days=900))
    make_entry(maya, text="hello")
    pin_moment(old)
    page = timeline_page(maya, rui)
    assert [line.entry.text for line in page.pinned] == ["key code"]
    assert texts(page) == ["hello"]
    assert texts(timeline_page(maya, rui, filters=Filters(words="key"))) == ["key code"]
    pin_moment(old, pinned=False)
    assert texts(timeline_page(maya, rui)) == ["hello", "key code"]


def test_filters_by_kind_person_and_words(rui: User) -> None:
    ines, maya = make_user("Inês"), make_contact("Maya", owner=rui)
    tomas = make_contact("Tomás", owner=rui)
    make_entry(maya, kind="call", text="Oat milk on Mondays")
    make_entry(maya, tomas, by=ines, kind="visit", text="Came for São Tomé beans")
    assert texts(timeline_page(maya, rui, filters=Filters(kind="call"))) == ["Oat milk on Mondays"]
    assert texts(timeline_page(maya, rui, filters=Filters(author=ines.pk))) == ["Came for São Tomé beans"]
    assert texts(timeline_page(maya, rui, filters=Filters(contact=tomas.pk))) == ["Came for São Tomé beans"]
    assert texts(timeline_page(maya, rui, filters=Filters(words="sao tom"))) == ["Came for São Tomé beans"]
    assert texts(timeline_page(maya, rui, filters=Filters(words="nothing"))) == []


def test_looking_for_words_is_bounded_and_goes_on(rui: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.contacts.timeline.WORDS_BUDGET", 4)
    monkeypatch.setattr("regulars.contacts.timeline._CHUNK", 2)
    maya, now = make_contact(owner=rui), timezone.now()
    for days in range(6):
        make_entry(maya, text="needle" if days == 5 else "hay", occurred_at=now - timedelta(days=days))
    page = timeline_page(maya, rui, filters=Filters(words="needle"))
    assert texts(page) == []
    later = timeline_page(maya, rui, page.next_url.rpartition("after=")[2], Filters(words="needle"))
    assert texts(later) == ["needle"]


@pytest.mark.parametrize("number", [2, 20])
def test_a_page_costs_the_same_number_of_queries_however_much_is_on_it(
    rui: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    maya, tomas = make_contact(owner=rui), make_contact(owner=rui)
    for _ in range(number):
        make_entry(maya, tomas, openers=["And the dog?"])
    owner = make_user(role="owner")
    with django_assert_num_queries(6):
        timeline_page(maya, owner)


def test_the_page_is_a_page_and_a_fragment(client: Client, rui: User) -> None:
    maya = make_contact("Maya Okafor", owner=rui)
    for number in range(30):
        make_entry(maya, text=f"moment number {number} <b>", openers=["How is Biscuit?"])
    client.force_login(rui)
    url = reverse("timeline", args=[maya.pk])
    page = client.get(url)
    assert b"<html" in page.content
    assert b"moment number 29 &lt;b&gt;" in page.content
    assert b"ask next time" in page.content
    following = page.context["timeline"].next_url
    fragment = client.get(following, headers={"HX-Request": "true"})
    assert b"<html" not in fragment.content
    assert b"moment number 0 " in fragment.content
    assert b"Timeline" not in fragment.content


def test_removed_moments_are_gone_from_it(rui: User) -> None:
    maya = make_contact(owner=rui)
    remove_moment(make_entry(maya), by=rui)
    assert timeline_page(maya, rui).is_empty


def test_who_may_read_it(client: Client, rui: User) -> None:
    hidden = make_contact("Hidden", owner=rui, visibility="owner")
    company = make_company("Hidden Ltd", owner=rui, visibility="owner")
    urls = [reverse("timeline", args=[hidden.pk]), reverse("company-timeline", args=[company.pk])]
    for url in urls:
        assert client.get(url).status_code == 302
        client.force_login(rui)
        assert client.get(url).status_code == 200
        assert client.post(url).status_code == 405
        client.force_login(make_user(role="reader"))
        assert client.get(url).status_code == 404
        client.logout()
    client.force_login(rui)
    assert client.get(reverse("timeline", args=[999999])).status_code == 404
