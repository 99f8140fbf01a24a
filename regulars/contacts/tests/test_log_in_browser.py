"""Logging a moment by keyboard in a real browser: find, type one line, Enter; and what axe says of it."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from regulars.contacts.models import Tag
from regulars.contacts.tests.factories import make_contact, make_entry
from regulars.timeline.models import Entry

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_visit_is_logged_by_keyboard_and_undone(signed_in_page: "Page", owner: Any) -> None:
    page, maya = signed_in_page, make_contact("Maya Okafor", owner=owner)
    page.goto(maya.get_absolute_url())
    start = time.monotonic()
    page.keyboard.press("l")
    page.locator("dialog textarea").wait_for()
    page.keyboard.type("came in for beans ? how is Biscuit's leg")
    page.keyboard.press("Enter")
    page.locator("#timeline li", has_text="came in for beans").or_(
        page.locator("#timeline li", has_text="Came in for beans")
    ).wait_for()
    assert time.monotonic() - start < 5
    page.locator("dialog[open]").wait_for(state="detached")
    page.locator("#brief", has_text="How is Biscuit's leg?").wait_for()
    page.locator("#section-openers", has_text="How is Biscuit's leg?").wait_for()
    entry = Entry.objects.get()
    assert entry.kind == "visit"
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Nothing logged yet").first.wait_for()
    assert not Entry.objects.present().exists()


def test_the_box_on_the_page_shows_chips_that_can_be_taken_away(signed_in_page: "Page", owner: Any) -> None:
    page, maya = signed_in_page, make_contact("Maya Okafor", owner=owner)
    page.goto(maya.get_absolute_url())
    box = page.locator(".capture").first
    box.locator("textarea").click()
    page.keyboard.type("Picked up the order yesterday #wholesale")
    box.get_by_role("button", name="Not meant: wholesale").click()
    box.get_by_text("wholesale", exact=True).wait_for(state="detached")
    box.locator("textarea").press("Enter")
    page.locator("#timeline li", has_text="Picked up the order").wait_for()
    assert not maya.tags.exists()
    assert box.locator("textarea").input_value() == ""


def test_the_box_forgets_its_files_once_they_are_saved(signed_in_page: "Page", owner: Any) -> None:
    page, maya = signed_in_page, make_contact("Maya Okafor", owner=owner)
    page.goto(maya.get_absolute_url())
    box = page.locator("main .capture").first
    box.locator("textarea").fill("Sent the menu")
    menu = {"name": "menu.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF"}
    box.locator("input[type=file]").set_input_files([menu])  # type: ignore[list-item]
    box.get_by_text("menu.pdf").wait_for()
    box.locator("textarea").press("Enter")
    page.locator("#timeline li", has_text="menu.pdf").first.wait_for()
    box.get_by_text("menu.pdf").wait_for(state="detached")


def test_a_tag_that_was_typed_in_full_does_not_hold_up_saving(signed_in_page: "Page", owner: Any) -> None:
    page, maya = signed_in_page, make_contact("Maya Okafor", owner=owner)
    Tag.objects.create(name="events")
    page.goto(maya.get_absolute_url())
    page.keyboard.press("l")
    page.locator("dialog textarea").wait_for()
    page.keyboard.type("came in for beans #events")
    page.locator("dialog").get_by_role("option", name="events").wait_for()
    page.keyboard.press("Enter")
    page.locator("dialog[open]").wait_for(state="detached")
    assert maya.tags.get().name == "events"


def test_a_line_about_nobody_asks_whom_it_is_about(signed_in_page: "Page", owner: Any) -> None:
    page, maya = signed_in_page, make_contact("Maya Okafor", owner=owner)
    page.goto(reverse("capture"))
    page.locator("main textarea").click()
    page.keyboard.type("dropped off")
    whom = page.get_by_label("Whom is this about?")
    whom.wait_for()
    with page.expect_response(lambda answer: answer.url.endswith(reverse("capture-preview"))):
        page.keyboard.type(" the sample")
        whom.click()
        page.keyboard.type("may")
    assert whom.input_value() == "may"
    page.get_by_role("option", name="Maya Okafor").click()
    page.locator("main .capture").get_by_role("button", name="Save").click()
    page.get_by_text("Logged with Maya Okafor.").wait_for()
    assert Entry.objects.get().involvements.get().contact == maya


def test_an_entry_is_edited_and_removed_from_its_menu(signed_in_page: "Page", owner: Any) -> None:
    page, maya = signed_in_page, make_contact("Maya Okafor", owner=owner)
    make_entry(maya, by=owner, text="Came for bean")
    page.goto(maya.get_absolute_url())
    for _ in range(2):
        page.get_by_role("button", name="What to do with this moment").click()
        page.get_by_role("menuitem", name="People").click()
        page.locator("dialog[open]").get_by_role("button", name="Cancel").click()
        page.locator("dialog[open]").wait_for(state="detached")
    page.get_by_role("button", name="What to do with this moment").click()
    page.get_by_role("menuitem", name="Edit").click()
    page.get_by_label("What happened", exact=True).fill("Came for beans")
    page.locator("dialog[open]").get_by_role("button", name="Save").click()
    page.locator("#timeline li", has_text="Came for beans").wait_for()
    page.get_by_role("button", name="What to do with this moment").click()
    page.get_by_role("menuitem", name="Remove").click()
    page.locator("#timeline li").wait_for(state="detached")
    page.get_by_role("button", name="Undo").click()
    page.locator("#timeline li", has_text="Came for beans").wait_for()


def test_older_moments_load_on_scrolling(signed_in_page: "Page", owner: Any) -> None:
    page, maya = signed_in_page, make_contact("Maya Okafor", owner=owner)
    for number in range(40):
        make_entry(maya, by=owner, text=f"moment number {number}")
    page.goto(maya.get_absolute_url())
    page.mouse.wheel(0, 20_000)
    page.get_by_text("moment number 0", exact=True).or_(page.locator("li", has_text="moment number 0")).first.wait_for()
    assert page.locator("#timeline li").count() == 40


def test_axe_has_nothing_against_them(
    signed_in_page: "Page", owner: Any, axe_in_both_themes: "Callable[[Page], list[str]]"
) -> None:
    page, maya = signed_in_page, make_contact("Maya Okafor", owner=owner, email="maya@x.example")
    make_entry(maya, by=owner, kind="request", text="A tasting for 40?", openers=["How is Biscuit?"])
    entry = make_entry(maya, by=owner, text="long " * 200)
    addresses = [reverse("timeline", args=[maya.pk]), reverse("brief", args=[maya.pk]), reverse("capture"),
                 reverse("moment", args=[entry.pk]), reverse("moment-edit", args=[entry.pk])]  # fmt: skip
    page.emulate_media(reduced_motion="reduce")
    for address in addresses:
        page.goto(address)
        assert axe_in_both_themes(page) == [], address
    page.goto(maya.get_absolute_url())
    page.keyboard.press("l")
    page.keyboard.type("Called Maya yesterday ? how is the dog #vip")
    page.locator("dialog .chip").first.wait_for()
    assert axe_in_both_themes(page) == []
