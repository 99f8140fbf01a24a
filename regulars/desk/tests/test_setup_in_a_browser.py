"""Set-up and the pages after it in a real browser: guesses, keyboard, and what axe has to say."""

from collections.abc import Callable
from typing import Any

import pytest

from regulars.access.models import Organisation, User


@pytest.fixture
def lisbon(browser: Any, live_server: Any) -> Any:
    """A browser that stands in Lisbon."""
    context = browser.new_context(base_url=live_server.url, timezone_id="Europe/Lisbon", locale="pt-PT")
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_browsers_clock_chooses_zone_money_and_country(lisbon: Any, axe: Callable[[Any], list[str]]) -> None:
    lisbon.goto("/")
    assert lisbon.get_by_label("Time zone").input_value() == "Europe/Lisbon"
    assert lisbon.get_by_label("Currency").input_value() == "EUR"
    assert lisbon.get_by_label("Country").input_value() == "PT"
    lisbon.get_by_label("Time zone").select_option("Europe/London")
    assert lisbon.get_by_label("Currency").input_value() == "GBP"
    assert axe(lisbon) == []
    lisbon.get_by_label("Name of the business").fill("Casa Verde")
    lisbon.get_by_label("Café or restaurant").check()
    lisbon.get_by_label("Your name").fill("Inês Duarte")
    lisbon.get_by_label("Your email").fill("ines@casaverde.example")
    lisbon.get_by_label("Password").fill("olive-tram-seagull")
    lisbon.get_by_label("Password").press("Enter")
    lisbon.wait_for_url("**/welcome/")
    business = Organisation.current()
    assert business is not None
    assert (business.time_zone, business.currency, business.country) == ("Europe/London", "GBP", "GB")


PAGES = (
    "/",
    "/welcome/",
    "/notifications/",
    "/settings/profile/",
    "/settings/business/",
    "/settings/modules/",
    "/settings/colleagues/",
    "/settings/invitations/",
    "/settings/teams/",
    "/settings/audit/",
    "/account/2fa/",
    "/account/sessions/",
    "/account/password/change/",
)


def test_axe_holds_nothing_against_the_pages_of_access(
    signed_in_page: Any, owner: User, axe_in_both_themes: Callable[[Any], list[str]]
) -> None:
    complaints = []
    signed_in_page.emulate_media(reduced_motion="reduce")
    for address in PAGES:
        signed_in_page.goto(address)
        complaints += [f"{address}: {line}" for line in axe_in_both_themes(signed_in_page)]
        signed_in_page.set_viewport_size({"width": 360, "height": 740})
        wide = signed_in_page.evaluate("document.documentElement.scrollWidth")
        complaints += [f"{address} is {wide} px wide on a phone of 360"] if wide > 360 else []
        signed_in_page.set_viewport_size({"width": 1280, "height": 800})
    assert complaints == []
