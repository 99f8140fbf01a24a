"""Dates of the next 30 days, years with us, and a ready greeting that a person sends."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from regulars.access.models import Organisation, User
from regulars.access.tests.factories import make_user
from regulars.contacts.dates import greetings
from regulars.contacts.dates.coming import coming_dates, coming_round, with_us
from regulars.contacts.dates.greetings_words import STANDARD
from regulars.contacts.models import Contact, Greeting, ImportantDate, Opener, Profile, Stage
from regulars.contacts.tests.factories import make_contact
from regulars.contacts.tests.pages import sign_in
from regulars.timeline.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> User:
    Organisation.objects.create(name="Harbor & Pine", modules=["segments", "rhythm", "dates"])
    return make_user("Inês Duarte", role="manager")


def person(name: str, owner: User, day: date, *, year: int | None = None, **fields: Any) -> Contact:
    contact = make_contact(name, owner=owner)
    fields = {"kind": "birthday", **fields}
    ImportantDate.objects.create(contact=contact, day=day.day, month=day.month, year=year, **fields)
    return contact


def sentences(user: User, today: date, **more: Any) -> list[str]:
    found, _end = coming_dates(user, today, **more)
    return [f"{one.contact} {one.day:%d %b} {one.sentence}" for one in found]


def test_dates_come_in_their_order_with_age_and_years(ines: User) -> None:
    today = date(2026, 12, 20)
    person("Ana", ines, date(2000, 1, 2), year=1987)
    person("Rui", ines, date(2000, 12, 20))
    person("Bea", ines, date(2000, 12, 24), year=2016, kind="anniversary", label="Wedding")
    person("Far", ines, date(2000, 1, 20))
    person("Once", ines, date(2000, 1, 5), year=2027, kind="renewal", recurs=False)
    person("Over", ines, date(2000, 1, 5), year=2020, kind="renewal", recurs=False)
    make_contact("Hidden", owner=ines)
    assert sentences(ines, today) == [
        "Rui 20 Dec Birthday",
        "Bea 24 Dec 10 years: Wedding",
        "Ana 02 Jan Turns 40",
        "Once 05 Jan Renewal",
    ]


@pytest.mark.parametrize(
    ("today", "expected"),
    [(date(2027, 2, 10), "28 Feb"), (date(2028, 2, 10), "29 Feb"), (date(2027, 2, 28), "28 Feb")],
)
def test_the_29th_of_february(ines: User, today: date, expected: str) -> None:
    leap = person("Leap", ines, date(2000, 2, 29), year=2000)
    assert [line.split(" ", 1)[1][:6] for line in sentences(ines, today)] == [expected]
    assert ImportantDate.objects.filter(coming_round(today, 30)).get().contact == leap
    assert sentences(ines, date(2027, 3, 1)) == []


def test_pages_go_on_where_they_ended(ines: User) -> None:
    for n in range(7):
        person(f"Person {n}", ines, date(2000, 5, 1 + n // 3))
    first, end = coming_dates(ines, date(2026, 4, 28), size=3)
    second, end = coming_dates(ines, date(2026, 4, 28), size=3, after=end)
    third, end = coming_dates(ines, date(2026, 4, 28), size=3, after=end)
    assert [one.contact.display_name for one in (*first, *second, *third)] == [f"Person {n}" for n in range(7)]
    assert end is None


def test_others_see_only_whom_they_may_know(ines: User) -> None:
    secret = person("Secret", ines, date(2000, 5, 1))
    Contact.objects.filter(pk=secret.pk).update(visibility="owner")
    rui = make_user("Rui Silva")
    assert sentences(rui, date(2026, 4, 28)) == []
    assert sentences(ines, date(2026, 4, 28), mine=True) != []


def test_years_with_us_are_found_by_themselves(ines: User) -> None:
    customer = Stage.objects.create(key="buys", name="Customer", is_customer=True, position=9)
    today = date(2026, 4, 28)
    for name, since, stage in (
        ("Three", datetime(2023, 5, 1, 9, tzinfo=UTC), customer),
        ("Six", datetime(2020, 5, 1, 9, tzinfo=UTC), customer),
        ("New", datetime(2026, 4, 1, 9, tzinfo=UTC), customer),
        ("Lead", datetime(2021, 5, 1, 9, tzinfo=UTC), None),
        ("Leap", datetime(2024, 2, 29, 9, tzinfo=UTC), customer),
    ):
        contact = make_contact(name, owner=ines)
        Contact.objects.filter(pk=contact.pk).update(created_at=since, stage=stage)
    found = with_us(ines, today)
    assert [(one.contact.display_name, one.sentence) for one in found] == [("Three", "With us for 3 years")]
    assert [one.day for one in with_us(ines, date(2026, 2, 20))] == [date(2026, 2, 28)]


def test_greet_somebody(ines: User) -> None:
    today = timezone.localdate()
    maya = person("Maya Okafor", ines, today + timedelta(days=2), year=today.year - 40)
    Opener.objects.create(contact=maya, text="how is Biscuit's leg?")
    row = maya.dates.get()
    client = sign_in(ines)
    page = client.get(reverse("coming-up")).content.decode()
    assert "Turns 40" in page
    address = reverse("greeting", args=[maya.pk, f"date-{row.pk}"])
    shown = client.get(address)
    text = shown.context["form"]["text"].value()
    assert text.startswith("Dear Maya,\n\nHow is Biscuit's leg?\n\nHappy birthday and all the best for your 40.")
    assert client.post(address, {"text": ""}).status_code == 422
    assert client.post(address, {"text": text, "subject": "Hi", "channel": "email"}).status_code == 302
    entry = Entry.objects.get(kind="email")
    assert entry.text == text
    assert "Greeted" in client.get(reverse("coming-up")).content.decode()
    assert client.get(reverse("greeting", args=[maya.pk, "date-999"])).status_code == 404
    assert client.get(reverse("greeting", args=[maya.pk, "with-x"])).status_code == 404


def test_everybody_is_greeted_in_their_language(ines: User) -> None:
    maya = person("Maya Okafor", ines, date(2000, 5, 1))
    Profile.objects.update_or_create(contact=maya, defaults={"language": "pt-PT", "nickname": "May"})
    Opener.objects.create(contact=maya, text="How is Biscuit?")
    coming = coming_dates(ines, date(2026, 4, 28))[0][0]
    ready = greetings.ready_for(coming, by=ines, organisation=Organisation.current())
    assert ready.language == "pt"
    assert ready.text.startswith("Olá May,\n\nMuitos parabéns.")
    Greeting.objects.create(kind="birthday", language="pt", subject="Viva", text="Viva {{ first_name }}! {{ broken")
    assert greetings.ready_for(coming, by=ines, organisation=None).text.startswith("Olá May")


def test_the_business_writes_its_own_words(ines: User) -> None:
    client = sign_in(ines)
    address = reverse("greeting-edit", args=["birthday", "en"])
    assert "Happy birthday" in client.get(address).content.decode()
    broken = client.post(address, {"subject": "Hi", "text": "Hello {{ first_name"})
    assert broken.status_code == 422
    assert "Line 1: Liquid says" in broken.content.decode()
    shown = client.post(reverse("greeting-preview"), {"kind": "birthday", "language": "en", "text": "Ahoy {{ name }}"})
    assert "Ahoy Maya Okafor" in shown.content.decode()
    client.post(address, {"subject": "Ahoy", "text": "Ahoy {{ first_name }}"})
    assert Greeting.objects.get().text == "Ahoy {{ first_name }}"
    client.delete(address)
    assert not Greeting.objects.exists()
    assert client.get(reverse("greeting-edit", args=["birthday", "xx"])).status_code == 404
    rui = make_user("Rui Silva")
    assert sign_in(rui).get(address).status_code == 403


@pytest.mark.parametrize(
    "template",
    [
        "{{ secret }}",
        "{% for n in (1..999999999) %}x{% endfor %}",
        "{% include 'settings' %}",
        "{{ name | replace: 'a', 'aaaaaaaa' }}",
        "{% if name %}" * 60,
        "x" * 5_000,
        "{% assign a = 'aaaaaaaaaa' %}" + "{% assign a = a | append: a %}" * 60,
    ],
)
def test_a_template_can_do_no_harm(template: str) -> None:
    with pytest.raises(greetings.GreetingError):
        greetings.check(template)


def test_the_standard_words_are_sound() -> None:
    for subject, text in STANDARD.values():
        greetings.check(subject)
        greetings.check(text)
