"""A second step at sign-in: the app, recovery codes, and asking again before anything is changed."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client

from regulars.access.models import AuditEvent, User
from regulars.access.tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def code_for(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


def signed_in_just_now(client: Client, user: User) -> Client:
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def test_the_app_is_switched_on_and_asked_for_at_the_next_sign_in(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    user = make_user("Inês Duarte")
    signed_in_just_now(client, user)
    page: Any = client.get("/account/2fa/totp/activate/")
    assert "data:image/svg" in page.text
    wrong = client.post("/account/2fa/totp/activate/", {"code": "000000"})
    assert "Incorrect code" in wrong.text
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/account/2fa/totp/activate/", {"code": code_for(secret)}, follow=True)
    assert "Recovery codes" in answer.text
    assert AuditEvent.objects.filter(verb="added a second step", changes__step__1="app").exists()
    cache.clear()
    again = Client()
    answer = again.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert answer.headers["Location"].startswith("/account/2fa/authenticate/")
    assert again.get("/").status_code == 302, "half signed in is not signed in"
    assert "Incorrect code" in again.post("/account/2fa/authenticate/", {"code": "123123"}).text
    assert again.post("/account/2fa/authenticate/", {"code": code_for(secret)}).headers["Location"] == "/"
    assert again.get("/").status_code == 200
    assert AuditEvent.objects.filter(verb="failed the second step", actor=user).exists()


def test_a_recovery_code_opens_once(client: Client) -> None:
    user = make_user()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    for expected in (302, 422):
        cache.clear()
        browser = Client()
        browser.post("/account/login/", {"login": user.email, "password": PASSWORD})
        assert browser.post("/account/2fa/authenticate/", {"code": code}).status_code == expected


def test_changing_the_second_step_asks_who_one_is_first(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    wanted = client.get("/account/2fa/totp/activate/")
    assert wanted.headers["Location"].startswith("/account/reauthenticate/")
    page = client.get(wanted.headers["Location"])
    assert "Is it you?" in page.text
    assert "Incorrect password" in client.post(wanted.headers["Location"], {"password": "no"}).text
    answer = client.post(wanted.headers["Location"], {"password": PASSWORD, "next": "/account/2fa/totp/activate/"})
    assert answer.headers["Location"] == "/account/2fa/totp/activate/"
    assert client.get("/account/2fa/totp/activate/").status_code == 200


def test_switching_off_takes_the_recovery_codes_along(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    user = make_user()
    signed_in_just_now(client, user)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    assert "Switch off" in client.get("/account/2fa/totp/deactivate/").text
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert AuditEvent.objects.filter(verb="removed a second step").exists()


def test_recovery_codes_are_shown_downloaded_and_made_anew(client: Client) -> None:
    user = make_user()
    signed_in_just_now(client, user)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(user).get_unused_codes()
    assert codes[0] in client.get("/account/2fa/recovery-codes/").text
    assert codes[0] in client.get("/account/2fa/recovery-codes/download/").text
    assert client.get("/account/2fa/recovery-codes/generate/").status_code == 200
    answer = client.post("/account/2fa/recovery-codes/generate/", follow=True)
    assert codes[0] not in answer.text


def test_a_new_email_needs_the_password_and_is_unique(client: Client) -> None:
    user, other = make_user(), make_user()
    client.force_login(user)
    assert client.get("/account/email/").headers["Location"].startswith("/account/reauthenticate/")
    signed_in_just_now(client, user)
    taken = client.post("/account/email/", {"email": other.email.upper()})
    assert taken.status_code == 422
    assert "has an account here already" in taken.text
    assert client.post("/account/email/", {"email": "new@harbor.example"}).headers["Location"] == "/account/2fa/"
    user.refresh_from_db()
    assert user.email == "new@harbor.example"
    assert AuditEvent.objects.filter(verb="changed their email", changes__email__1="new@harbor.example").exists()
