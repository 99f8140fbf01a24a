"""Signing in and out, and what happens to those who guess."""

import pytest
from django.core.cache import cache
from django.test import Client

from regulars.access.models import AuditEvent, User
from regulars.access.tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def ines() -> User:
    return make_user("Inês Duarte", email="Ines@Harbor.example")


def test_a_colleague_signs_in_by_email_whatever_its_case_and_lands_on_today(client: Client, ines: User) -> None:
    answer = client.post("/account/login/", {"login": "ines@harbor.EXAMPLE", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"
    assert "Inês" in client.get("/").text
    assert AuditEvent.objects.filter(verb="signed in", actor=ines, address="127.0.0.1").exists()


def test_they_come_back_to_the_page_they_wanted(client: Client, ines: User) -> None:
    wanted = client.get("/notifications/")
    assert wanted.headers["Location"] == "/account/login/?next=/notifications/"
    page = client.get(wanted.headers["Location"])
    assert 'name="next" value="/notifications/"' in page.text
    answer = client.post("/account/login/", {"login": ines.email, "password": PASSWORD, "next": "/notifications/"})
    assert answer.headers["Location"] == "/notifications/"


def test_nobody_is_led_to_another_site(client: Client, ines: User) -> None:
    answer = client.post(
        "/account/login/", {"login": ines.email, "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert answer.headers["Location"] == "/"


def test_a_wrong_password_says_so_without_saying_which_half_was_wrong(client: Client, ines: User) -> None:
    wrong = client.post("/account/login/", {"login": ines.email, "password": "wrong"}).text
    unknown = client.post("/account/login/", {"login": "nobody@harbor.example", "password": "wrong"}).text
    sentence = "The email address and/or password you specified are not correct."
    assert sentence in wrong
    assert sentence in unknown
    failed = AuditEvent.objects.filter(verb="failed to sign in").order_by("pk")
    assert [(event.actor, event.title) for event in failed] == [(ines, ines.email), (None, "nobody@harbor.example")]


def test_the_sixth_wrong_password_is_refused_clearly_and_so_is_the_right_one(client: Client, ines: User) -> None:
    for _ in range(5):
        assert client.post("/account/login/", {"login": ines.email, "password": "wrong"}).status_code == 422
    sixth = client.post("/account/login/", {"login": ines.email, "password": "wrong"})
    assert sixth.status_code == 429
    assert "Too many tries" in sixth.text
    assert "Your account is safe" in sixth.text
    assert client.post("/account/login/", {"login": ines.email.upper(), "password": PASSWORD}).status_code == 429
    other = make_user("Rui Prado")
    answer = client.post("/account/login/", {"login": other.email, "password": PASSWORD})
    assert answer.status_code == 302


def test_a_closed_account_does_not_open(client: Client, ines: User) -> None:
    client.force_login(ines)
    User.objects.update(is_active=False)
    assert client.get("/").status_code == 302, "a signed-in browser is out at once"
    answer = client.post("/account/login/", {"login": ines.email, "password": PASSWORD}, follow=True)
    assert not answer.context["user"].is_authenticated


def test_nobody_signs_up_alone(client: Client, ines: User) -> None:
    page = client.get("/account/signup/")
    assert "by invitation" in page.text
    client.post("/account/signup/", {"email": "new@harbor.example", "password1": PASSWORD})
    assert User.objects.count() == 1


def test_signing_out_ends_the_session_and_is_written_down(client: Client, ines: User) -> None:
    client.force_login(ines)
    assert "Sign out" in client.get("/account/logout/").text
    assert client.post("/account/logout/").headers["Location"] == "/account/login/"
    assert client.get("/").status_code == 302
    assert AuditEvent.objects.filter(verb="signed out", actor=ines).exists()


def test_the_page_has_no_script_of_its_own(client: Client, ines: User) -> None:
    page = client.get("/account/login/")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.text.count("<script") == page.text.count("<script src=")
    assert "style=" not in page.text
