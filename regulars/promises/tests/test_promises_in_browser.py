"""A promise by keyboard in a real browser: typed behind "!", asked for its day, kept with one key."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from regulars.contacts.tests.factories import make_contact
from regulars.promises.models import Promise

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_promise_is_given_and_kept_by_keyboard(
    signed_in_page: "Page", owner: Any, axe: "Callable[..., list[str]]"
) -> None:
    page, maya = signed_in_page, make_contact("Maya Okafor", owner=owner)
    page.goto(maya.get_absolute_url())
    box = page.locator(".capture").first
    box.get_by_role("button", name="Promise").click()
    page.keyboard.type("send the quote")
    box.get_by_text("no day yet").wait_for()
    page.keyboard.press("Enter")
    box.locator(".errors").wait_for()
    assert box.locator("textarea").input_value() == "! send the quote"
    box.get_by_role("button", name="tomorrow", exact=True).click()
    box.get_by_text("no day yet").wait_for(state="detached")
    box.locator("textarea").press("Enter")
    page.locator("#brief", has_text="Send the quote — by tomorrow").wait_for()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/promises/")
    assert axe(page) == []
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.locator("li[data-row] .badge", has_text="Kept").first.wait_for(state="attached")
    assert Promise.objects.get().status == "kept"
