"""Where one is signed in, and signing out one browser or all others."""

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client

from regulars.access.models import User
from regulars.access.tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile/15E148 Safari/604.1"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def browser(user: User, agent: str) -> Client:
    client = Client(headers={"User-Agent": agent})
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    return client


def test_the_list_names_the_browsers_and_marks_this_one() -> None:
    user = make_user()
    here = browser(user, FIREFOX)
    browser(user, PHONE)
    page = here.get("/account/sessions/").text
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert page.count("This one") == 1


def test_one_browser_is_signed_out_and_the_others_stay() -> None:
    user = make_user()
    here, phone, third = browser(user, FIREFOX), browser(user, PHONE), browser(user, "Tablet")
    session = UserSession.objects.get(user_agent=PHONE)
    assert here.post(f"/account/sessions/{session.pk}/ending/").headers["Location"] == "/account/sessions/"
    assert [client.get("/").status_code for client in (here, phone, third)] == [200, 302, 200]


def test_all_others_are_signed_out_at_once() -> None:
    user = make_user()
    here, phone = browser(user, FIREFOX), browser(user, PHONE)
    here.post("/account/sessions/")
    assert [client.get("/").status_code for client in (here, phone)] == [200, 302]


def test_nobody_ends_the_session_of_somebody_else() -> None:
    user, stranger = make_user(), make_user(role="owner")
    browser(user, FIREFOX)
    session = UserSession.objects.get()
    other = browser(stranger, PHONE)
    assert other.post(f"/account/sessions/{session.pk}/ending/").status_code == 404
    assert other.get(f"/account/sessions/{session.pk}/ending/").status_code == 405
    assert Client().post(f"/account/sessions/{session.pk}/ending/").status_code == 302
