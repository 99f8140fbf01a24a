"""The palette with nothing but the keyboard, in a real browser."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from regulars.contacts.tests.factories import make_contact

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_somebody_is_found_and_opened_by_keyboard(signed_in_page: "Page", owner: Any) -> None:
    page = signed_in_page
    maya = make_contact("Maya Okafor", by=owner, phone="+49 171 5550123")
    make_contact("Boris Lindqvist", by=owner)
    page.goto("/")
    page.keyboard.press("Control+k")
    page.locator("#palette-list").wait_for()
    page.keyboard.type("oka may")
    option = page.locator('#palette [role="option"][aria-selected="true"]', has_text="Maya Okafor")
    answered = page.locator("#palette [data-status]", has_text=re.compile("^1 result$"))
    answered.wait_for()  # before it comes, those seen last are there, Maya too
    assert page.locator("#palette input").get_attribute("aria-activedescendant") == option.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/contacts/{maya.pk}/")


def test_four_digits_open_somebody_in_a_new_tab(signed_in_page: "Page", owner: Any) -> None:
    page = signed_in_page
    maya = make_contact("Maya Okafor", by=owner, phone="+49 171 5550123")
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("0123")
    page.locator('#palette [role="option"][aria-selected="true"]', has_text="Maya Okafor").wait_for()
    with page.context.expect_page() as opened:
        page.keyboard.press("Control+Enter")
    opened.value.wait_for_url(f"**/contacts/{maya.pk}/")
    assert page.locator("#palette").is_visible()


def test_a_moment_is_logged_with_whoever_is_highlighted(signed_in_page: "Page", owner: Any) -> None:
    page = signed_in_page
    make_contact("Maya Okafor", by=owner)
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("maya")
    page.locator('#palette [role="option"][aria-selected="true"]', has_text="Maya Okafor").wait_for()
    page.keyboard.press("Shift+Enter")
    page.locator('#dialog-host input[name="on"]').wait_for(state="attached")
    assert "Maya Okafor" in page.locator("#dialog-host").inner_text()


def test_commands_come_after_the_sign(signed_in_page: "Page", owner: Any) -> None:
    page = signed_in_page
    make_contact("Addison Person", by=owner)
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type(">add per")
    page.locator('#palette [role="option"][aria-selected="true"]', has_text="Add a person").wait_for()
    assert page.locator("#palette", has_text="Addison").count() == 0
    page.keyboard.press("Enter")
    page.wait_for_url("**/contacts/new/")


def test_both_pass_axe(signed_in_page: "Page", owner: Any, axe: "Callable[[Page], list[str]]") -> None:
    page = signed_in_page
    make_contact("Maya Okafor", by=owner, tags=["maya"])
    page.goto("/search/?q=may")
    assert re.search("Maya Okafor", page.locator("#found").inner_text())
    assert axe(page) == []
    page.keyboard.press("Control+k")
    with page.expect_response(lambda answer: answer.url.endswith("q=may")):
        page.keyboard.type("may")
    page.locator('#palette [role="option"][aria-selected="true"]', has_text="Maya Okafor").wait_for()
    assert axe(page) == []
