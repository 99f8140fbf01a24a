"""A busy counter: found by name, by scanner and by code; stamped, redeemed and undone with nothing but a keyboard."""

import re
from typing import TYPE_CHECKING, Any

from regulars.contacts.tests.factories import make_contact
from regulars.orders.models import CouponUse
from regulars.orders.tests.loyalty_world import balance, make_card, make_coupon, make_programme, make_reward

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_till_without_a_mouse(signed_in_page: "Page", owner: Any, axe: Any) -> None:
    page = signed_in_page
    make_programme()
    make_reward()
    maya, silva = make_contact("Maya Okafor", by=owner), make_contact("Maya Silva", by=owner)
    card = make_card(maya, by=owner, stamps=9)
    make_card(silva, by=owner)
    coupon = make_coupon(owner)

    page.goto("/loyalty/till/")
    page.locator("input:focus").wait_for()  # Chromium gives the focus with its first picture, after "load"
    page.keyboard.type("maya")
    page.get_by_text("Maya Okafor").wait_for()
    page.locator("[data-row][data-current]").first.wait_for()
    if "Okafor" not in page.locator("[data-row][data-current]").inner_text():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_text("9 stamps").wait_for()
    page.keyboard.press("+")
    page.get_by_text("Free coffee is theirs now").wait_for()
    assert axe(page) == []
    page.keyboard.press("*")
    page.get_by_text(re.compile(r"\b0 stamps")).wait_for()  # not the 10 of before
    assert balance(maya) == 0
    toast = page.locator("#toasts > *", has_text="Free coffee for Maya Okafor")
    toast.get_by_role("button", name="Undo").click()
    page.get_by_text("10 stamps").first.wait_for()
    assert balance(maya) == 10

    # A scanner types wherever the keyboard is, and nothing it types is taken for a key.
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type(f"http://till.example/card/{card.token}/", delay=2)
    page.keyboard.press("Enter")
    page.locator("#till-person", has_text="Maya Okafor").wait_for()
    page.locator("#till-q:placeholder-shown").wait_for()  # an expression would need eval
    page.keyboard.type(coupon.code, delay=2)
    page.keyboard.press("Enter")
    page.get_by_text("for Maya Okafor").wait_for()
    page.keyboard.type("12.50")
    page.keyboard.press("Enter")
    page.get_by_text("€1.25 taken off").wait_for()
    assert CouponUse.objects.get().contact == maya
    page.keyboard.press("Escape")
    page.wait_for_url("**/loyalty/till/")
