"""The first two minutes: a business, its owner and what the trade starts with."""

from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client

from regulars.access.models import AuditEvent, Organisation, User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import CustomField, Source, Stage, Tag
from regulars.desk.actions import AlreadySetUp, set_up_business

pytestmark = pytest.mark.django_db

ANSWERS = {
    "business": "Casa Verde",
    "trade": "cafe",
    "currency": "EUR",
    "time_zone": "Europe/Lisbon",
    "country": "PT",
    "language": "en",
    "name": "Inês Duarte",
    "email": "ines@casaverde.example",
    "password": "olive-tram-seagull",
}


def test_before_set_up_every_page_leads_to_it(client: Client) -> None:
    for address in ("/", "/contacts/", "/account/login/", "/settings/"):
        assert client.get(address).headers["Location"] == "/setup/"
    page = client.get("/setup/", headers={"Accept-Language": "pt-PT,pt;q=0.9"})
    assert page.status_code == 200
    assert '<option value="EUR" selected>' in page.text
    assert "Welcome to Regulars" in page.text


def test_the_owner_is_signed_in_and_everything_a_cafe_needs_is_there(client: Client) -> None:
    answer = client.post("/setup/", ANSWERS)
    assert answer.headers["Location"] == "/welcome/"
    owner, business = User.objects.get(), Organisation.current()
    assert business is not None
    assert (business.name, business.person_word, business.currency) == ("Casa Verde", "guest", "EUR")
    assert (owner.role, owner.first_name) == ("owner", "Inês")
    assert check_password("olive-tram-seagull", owner.password)
    assert list(Stage.objects.values_list("key", flat=True)) == ["lead", "prospect", "customer", "regular", "lapsed"]
    assert Source.objects.filter(name="Walk-in").exists()
    assert set(CustomField.objects.values_list("label", flat=True)) == {
        "Table preference",
        "Dietary limits",
        "Usual order",
    }
    assert Tag.objects.filter(name="neighbour").exists()
    assert AuditEvent.objects.filter(verb="set up", actor=owner, address="127.0.0.1").exists()
    doors = client.get("/welcome/")
    assert doors.status_code == 200
    assert "Load the sample data" in doors.text
    assert "Inês" in client.get("/").text


def test_the_browser_that_set_it_up_stands_on_the_list_of_browsers(client: Client) -> None:
    client.post("/setup/", ANSWERS)
    assert client.get("/account/sessions/").text.count("This one") == 1


def test_set_up_speaks_the_language_of_the_browser_and_writes_that_of_the_business(client: Client) -> None:
    page = client.get("/setup/", headers={"Accept-Language": "de-AT,de;q=0.9"})
    assert "Willkommen bei Regulars" in page.text
    assert '<option value="de" selected>Deutsch</option>' in page.text
    client.post("/setup/", {**ANSWERS, "language": "de"})
    business = Organisation.current()
    assert business is not None
    assert (business.person_word, business.people_word) == ("Gast", "Gäste")
    assert dict(Stage.objects.values_list("key", "name"))["lead"] == "Interesse"
    assert Source.objects.filter(name="Laufkundschaft").exists()
    field = CustomField.objects.get(key="dietary_limits")
    assert "glutenfrei" in field.options
    assert Tag.objects.filter(name="Nachbarschaft").exists()
    assert client.get("/contacts/", headers={"Accept-Language": "en"}).headers["Content-Language"] == "de"
    assert "Gast hinzufügen" in client.get("/contacts/").text


def test_afterwards_it_leads_to_today_and_makes_nothing(client: Client) -> None:
    make_user(role="owner")
    assert client.get("/setup/").headers["Location"] == "/"
    assert client.post("/setup/", ANSWERS).headers["Location"] == "/"
    assert User.objects.count() == 1


def test_of_two_people_who_submit_at_once_one_gets_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up_business(**ANSWERS)
    monkeypatch.setattr(Organisation, "current", classmethod(lambda cls: None))
    answer = client.post("/setup/", {**ANSWERS, "email": "late@casaverde.example"})
    assert answer.headers["Location"] == "/account/login/"
    assert User.objects.get().email == "ines@casaverde.example"
    with pytest.raises(AlreadySetUp):
        set_up_business(**{**ANSWERS, "email": "later@casaverde.example"})


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("business", "", "required"),
        ("trade", "circus", "Select a valid choice"),
        ("currency", "XYZ", "Select a valid choice"),
        ("time_zone", "Mars/Olympus", "Choose a time zone"),
        ("time_zone", "../../etc/passwd", "Choose a time zone"),
        ("email", "nobody", "valid email"),
        ("password", "short", "too short"),
        ("password", "1234567890", "too common"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field(client: Client, field: str, value: str, says: str) -> None:
    answer: Any = client.post("/setup/", {**ANSWERS, field: value})
    assert answer.status_code == 422
    assert says in answer.text
    assert not User.objects.exists()


def test_an_older_name_of_a_time_zone_will_do(client: Client) -> None:
    assert client.post("/setup/", {**ANSWERS, "time_zone": "US/Eastern"}).status_code == 302


def test_only_forms_and_pages(client: Client) -> None:
    assert client.put("/setup/").status_code == 405


def test_the_sample_data_comes_by_one_click_and_only_once(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    client.post("/setup/", ANSWERS)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/welcome/sample/")
    assert "The sample data is here" in client.get("/welcome/").text
    assert client.post("/welcome/sample/").headers["Location"] == "/"


def test_a_member_may_not_load_the_sample_data(client: Client) -> None:
    client.force_login(make_user())
    assert client.get("/welcome/").status_code == 200
    assert client.post("/welcome/sample/").status_code == 403
