"""A forgotten password is replaced by mail."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from regulars.access.models import AuditEvent
from regulars.access.tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

NEW = "quiet-harbor-otter"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def ask(client: Client, email: str) -> str:
    answer = client.post("/account/password/reset/", {"email": email}, follow=True)
    assert "Look into your mail" in answer.text
    return re.sub(r'content="[^"]*"|value="[^"]*"', "", answer.text)


def test_the_link_in_the_mail_leads_to_a_new_password_once(client: Client) -> None:
    user = make_user("Inês Duarte")
    ask(client, user.email.upper())
    letter = mail.outbox[0]
    assert letter.to == [user.email]
    assert letter.subject == "Choose a new password for Regulars"
    assert "Hello Inês" in str(letter.body)
    found = re.search(r"http://testserver(\S+)", str(letter.body))
    assert found
    link = found[1]
    page = client.get(link, follow=True)
    form = page.redirect_chain[-1][0]
    assert "Choose a new password" in page.text
    assert "Your password is changed" in client.post(form, {"password1": NEW, "password2": NEW}, follow=True).text
    assert client.post("/account/login/", {"login": user.email, "password": NEW}).status_code == 302
    assert AuditEvent.objects.filter(verb="chose a new password by mail", actor=user).exists()
    assert "This link can’t be used" in Client().get(link, follow=True).text


def test_a_weak_password_is_refused_and_the_old_one_stays(client: Client) -> None:
    user = make_user()
    ask(client, user.email)
    found = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert found
    page = client.get(found[1], follow=True)
    answer = client.post(page.redirect_chain[-1][0], {"password1": "short", "password2": "short"})
    assert "too short" in answer.text
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_stranger_learns_nothing_and_gets_no_mail(client: Client) -> None:
    make_user()
    known = ask(client, make_user().email)
    mail.outbox.clear()
    assert ask(client, "stranger@nowhere.example") == known
    assert mail.outbox == []


def test_a_made_up_link_is_refused_clearly(client: Client) -> None:
    make_user()
    assert "This link can’t be used" in client.get("/account/password/reset/key/1-nonsense/", follow=True).text


def test_a_colleague_changes_their_password_and_stays_signed_in(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    assert client.get("/account/password/change/").status_code == 200
    wrong = client.post("/account/password/change/", {"oldpassword": "no", "password1": NEW, "password2": NEW})
    assert "type your current password" in wrong.text
    answer = client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert answer.headers["Location"] == "/account/2fa/"
    assert client.get("/").status_code == 200
    assert AuditEvent.objects.filter(verb="changed their password", actor=user).exists()
