"""The business's own settings and its modules."""

import pytest
from django.test import Client

from regulars.access.models import AuditEvent, Organisation, User
from regulars.access.tests.factories import make_user

pytestmark = pytest.mark.django_db

ANSWERS = {
    "name": "Casa Verde",
    "person_word": "member",
    "people_word": "members",
    "currency": "CHF",
    "time_zone": "Europe/Zurich",
    "language": "en",
    "country": "CH",
}


@pytest.fixture
def manager(client: Client) -> User:
    user = make_user(role="manager")
    client.force_login(user)
    return user


def test_a_manager_changes_it_and_the_log_says_what_it_was(client: Client, manager: User) -> None:
    assert client.get("/settings/business/").status_code == 200
    assert client.post("/settings/business/", ANSWERS).headers["Location"] == "/settings/business/"
    business = Organisation.objects.get()
    assert (business.name, business.words["People"], business.currency) == ("Casa Verde", "Members", "CHF")
    event = AuditEvent.objects.get(kind="business")
    assert event.actor == manager
    assert event.changes["currency"] == ["EUR", "CHF"]
    assert event.changes["person_word"] == ["guest", "member"]
    client.post("/settings/business/", ANSWERS)
    assert AuditEvent.objects.filter(kind="business").count() == 1, "nothing changed, nothing to say"


@pytest.mark.parametrize(("field", "value"), [("time_zone", "Mars/Olympus"), ("currency", "XYZ"), ("name", "")])
@pytest.mark.usefixtures("manager")
def test_nonsense_is_refused_beside_the_field(client: Client, field: str, value: str) -> None:
    assert client.post("/settings/business/", {**ANSWERS, field: value}).status_code == 422
    assert Organisation.objects.get().name == "Harbor & Pine"


@pytest.mark.usefixtures("manager")
def test_a_module_goes_off_and_on_again_and_leaves_the_navigation(client: Client) -> None:
    assert 'href="/companies/"' in client.get("/").text
    answer = client.post("/settings/modules/companies/", {"off": "1"}, follow=True)
    assert "Companies is switched off. Nothing was deleted." in answer.text
    assert not Organisation.objects.get().has_module("companies")
    assert 'href="/companies/"' not in client.get("/").text
    client.post("/settings/modules/companies/")
    client.post("/settings/modules/companies/")
    assert Organisation.objects.get().modules.count("companies") == 1
    assert AuditEvent.objects.filter(kind="business").count() == 2
    assert client.post("/settings/modules/spaceships/").status_code == 404
    assert client.get("/settings/modules/companies/").status_code == 405
