"""The frame of every page, by keyboard and by thumb."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from regulars.access.tests.factories import make_user
from regulars.contacts.tests.factories import make_contact

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_somebody_is_found_and_a_visit_logged_without_leaving_the_keyboard(
    signed_in_page: "Page", owner: Any, axe: "Callable[[Page], list[str]]"
) -> None:
    contact = make_contact("Maya Okafor", by=owner)
    page = signed_in_page
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("oka may")
    page.get_by_role("option", name="Maya Okafor").wait_for()
    page.wait_for_timeout(200)
    assert axe(page) == []
    page.keyboard.press("Shift+Enter")
    box = page.locator("dialog[open] textarea")
    box.wait_for()
    page.keyboard.type("Picked up 12 kg of Guji")
    page.keyboard.press("Enter")
    page.locator(".toast").wait_for()
    page.goto(f"/contacts/{contact.pk}/")
    page.get_by_text("Picked up 12 kg of Guji").first.wait_for()


def test_the_palette_opens_whom_it_finds(signed_in_page: "Page", owner: Any) -> None:
    contact = make_contact("Maya Okafor", by=owner)
    signed_in_page.goto("/")
    make_contact("Zoe Other", by=owner)
    signed_in_page.keyboard.press("/")
    signed_in_page.keyboard.type("maya")
    signed_in_page.keyboard.press("Enter")  # at once: what was found before is not what is meant
    signed_in_page.wait_for_url(f"**/contacts/{contact.pk}/")


def test_the_palette_switches_the_theme(signed_in_page: "Page") -> None:
    signed_in_page.goto("/")
    signed_in_page.keyboard.press("Control+k")
    signed_in_page.keyboard.type(">theme")
    signed_in_page.keyboard.press("Enter")
    signed_in_page.locator("html.dark").wait_for()


def test_what_is_typed_while_the_box_is_on_its_way_is_not_lost(signed_in_page: "Page") -> None:
    signed_in_page.goto("/")
    signed_in_page.route("**/capture/", lambda route: (signed_in_page.wait_for_timeout(300), route.continue_()))
    signed_in_page.keyboard.press("l")
    signed_in_page.keyboard.type("edited the menu, ? and all")
    area = signed_in_page.locator("dialog[open] textarea")
    area.wait_for()
    signed_in_page.keyboard.type(" of it")
    assert area.input_value() == "edited the menu, ? and all of it"


def test_g_and_a_letter_go_places(signed_in_page: "Page") -> None:
    signed_in_page.goto("/")
    signed_in_page.keyboard.press("g")
    signed_in_page.keyboard.press("c")
    signed_in_page.wait_for_url("**/contacts/")


def test_a_phone_has_everything_under_the_thumb(signed_in_page: "Page") -> None:
    signed_in_page.set_viewport_size({"width": 360, "height": 740})
    signed_in_page.goto("/")
    bar = signed_in_page.get_by_role("navigation", name="Main, for the thumb")
    assert bar.get_by_role("link").all_inner_texts()[0] == "Today"
    bar.get_by_role("button", name="More").click()
    assert signed_in_page.locator("#more").get_by_role("link", name="Companies").is_visible()
    signed_in_page.keyboard.press("Escape")
    bar.get_by_role("button", name="Log a moment").click()
    signed_in_page.locator("dialog[open] textarea").wait_for()


def test_no_page_but_the_offline_one_is_kept_in_the_browser(signed_in_page: "Page") -> None:
    signed_in_page.goto("/")
    kept = signed_in_page.evaluate(
        """async () => {
            await navigator.serviceWorker.ready;
            const names = await caches.keys();
            const lists = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
            return lists.flat().map((request) => new URL(request.url).pathname);
        }"""
    )
    assert kept == ["/offline"]


def test_without_a_connection_a_page_says_so(signed_in_page: "Page") -> None:
    signed_in_page.goto("/")
    signed_in_page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    signed_in_page.reload()
    signed_in_page.context.set_offline(True)
    signed_in_page.goto("/contacts/")
    assert "cannot be reached" in signed_in_page.locator("main").inner_text()


def test_the_manifest_names_the_business(client: Client, db: None) -> None:
    make_user("Nora Pine")
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    assert answer.json()["name"] == "Harbor & Pine · Regulars"
    assert {icon["sizes"] for icon in answer.json()["icons"]} == {"any", "192x192", "512x512"}


@pytest.mark.parametrize("path", ["/offline", "/favicon.ico", "/service-worker.js"])
def test_what_the_browser_asks_for_needs_no_sign_in(client: Client, db: None, path: str) -> None:
    make_user("Nora Pine")
    assert client.get(path).status_code in (200, 302)
    assert "login" not in client.get(path).headers.get("Location", "")


def test_a_page_that_is_not_there_says_what_happened_without_a_query(
    client: Client, db: None, django_assert_max_num_queries: Any
) -> None:
    make_user("Nora Pine")
    with django_assert_max_num_queries(1):  # the business itself
        answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert b"There is nothing here" in answer.content
    assert b"stays in the bin for 30 days" in answer.content


def test_a_reader_is_not_offered_to_log(client: Client, db: None) -> None:
    client.force_login(make_user("Paula Reads", role="reader"))
    assert b"Log a moment" not in client.get("/").content
