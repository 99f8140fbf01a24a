"""A segment built by keyboard alone, in a browser."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from regulars.access.models import Organisation
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Fact, Segment
from regulars.contacts.tests.factories import make_contact

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.usefixtures("transactional_db")
def test_build_a_segment_by_keyboard(page: "Page", sign_in: Callable[["Page", Any], "Page"]) -> None:
    Organisation.objects.create(name="Harbor & Pine", modules=["segments"])
    ines = make_user("Inês Duarte", role="manager")
    Fact.objects.create(contact=make_contact("Maya Okafor", owner=ines), text="Oat milk", kind="like")
    sign_in(page, ines).goto("/segments/new/")
    page.locator('[name="name"]:focus').wait_for()  # Chromium gives the focus with its first picture, after "load"
    page.keyboard.type("Oat lovers")
    page.locator("#add-root").press("Enter")
    page.get_by_role("button", name="Worth remembering").press("Enter")
    page.locator('[name="fact.text"]').fill("oat")
    page.keyboard.press("Enter")
    page.get_by_text("1 customer now").wait_for()
    page.locator("#add-root:focus").wait_for()  # one can go on from where one was
    page.locator("#mode-root-none").press("Enter")
    page.get_by_text("0 customers now").wait_for()
    assert page.evaluate("document.activeElement.id") == "mode-root-none"
    page.locator("#mode-root-all").press("Enter")
    page.get_by_text("1 customer now").wait_for()
    page.get_by_label("Name").press("Enter")
    page.get_by_role("heading", name="Oat lovers").wait_for()
    assert page.get_by_role("link", name="Maya Okafor").is_visible()
    assert Segment.objects.get().owner == ines
