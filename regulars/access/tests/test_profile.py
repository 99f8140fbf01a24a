"""A colleague's own settings."""

import pytest
from django.test import Client
from django.utils import timezone

from regulars.access.tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_settings_begin_with_oneself(client: Client) -> None:
    client.force_login(make_user(role="reader"))
    page = client.get("/settings/", follow=True)
    assert page.redirect_chain == [("/settings/profile/", 302)]
    assert "Audit log" not in page.text, "what one may not open is not offered"
    client.force_login(make_user(role="owner"))
    assert "Audit log" in client.get("/settings/profile/").text


def test_a_name_and_a_clock_of_ones_own(client: Client) -> None:
    user = make_user("Ines")
    client.force_login(user)
    client.post("/settings/profile/", {"name": "Inês Duarte", "time_zone": "Asia/Tokyo", "language": ""})
    user.refresh_from_db()
    assert (user.name, user.time_zone) == ("Inês Duarte", "Asia/Tokyo")
    page = client.get("/")
    assert "Inês" in page.text
    assert timezone.get_current_timezone_name() == "UTC", "the next request starts from the default again"


def test_a_nonsense_clock_and_an_empty_name_are_refused(client: Client) -> None:
    user = make_user("Ines")
    client.force_login(user)
    assert client.post("/settings/profile/", {"name": "", "time_zone": "Mars/Olympus"}).status_code == 422
    user.refresh_from_db()
    assert user.name == "Ines"
