"""Passkeys in a real browser, with an authenticator that exists in the browser only. The page's CSP stays as it is."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache

from regulars.access.models import User
from regulars.access.tests.factories import PASSWORD


@pytest.fixture
def device(page: Any) -> Any:
    """A device that always finds the right finger."""
    cache.clear()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


@pytest.mark.usefixtures("device")
def test_a_passkey_is_added_and_opens_the_door_without_a_password(
    page: Any, owner: User, axe: Callable[[Any], list[str]], transactional_db: None, live_server: Any
) -> None:
    base = live_server.url.replace("127.0.0.1", "localhost")
    page.goto(f"{base}/account/login/")
    assert axe(page) == []
    page.get_by_label("Email").fill(owner.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{base}/")
    page.goto(f"{base}/account/2fa/webauthn/add/")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name of the device").fill("Counter laptop")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url(f"{base}/account/2fa/recovery-codes/")
    key = Authenticator.objects.get(type="webauthn")
    assert key.wrap().name == "Counter laptop"
    assert key.wrap().is_passwordless
    page.context.clear_cookies()
    page.goto(f"{base}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{base}/")
    assert "Nora" in page.content()
    page.goto(f"{base}/account/2fa/webauthn/")
    assert "Counter laptop" in page.content()


@pytest.mark.usefixtures("device", "owner")
def test_a_device_without_a_passkey_is_told_so_in_words(page: Any, transactional_db: None, live_server: Any) -> None:
    page.goto(live_server.url.replace("127.0.0.1", "localhost") + "/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("The passkey was not used").wait_for()
