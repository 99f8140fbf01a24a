"""Today by keyboard, and what a device shows while Regulars is closed, in a real browser."""

import json
import re
from typing import TYPE_CHECKING, Any

from regulars.promises.models import Promise
from regulars.promises.tests.promises import make_promise

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_promise_is_kept_by_keyboard_and_the_number_beside_today_goes_down(
    signed_in_page: "Page", owner: Any
) -> None:
    page = signed_in_page
    quote, later = make_promise("Quote", by=owner, days=-1), make_promise("Allergen list", by=owner, days=-0.5)
    page.goto("/")
    number = page.locator('.side a[href="/"] .count')
    assert number.inner_text() == "2"
    page.keyboard.press("j")
    row = page.locator("[data-row][data-current]")
    assert "Quote" in row.inner_text()
    page.keyboard.press("Space")
    page.locator("[data-row][data-settled]", has_text="Quote").wait_for()
    page.locator("#toasts", has_text="Kept").wait_for()
    page.locator('.side a[href="/"] .count', has_text=re.compile("^1$")).wait_for()
    page.keyboard.press("j")
    assert "Allergen list" in row.inner_text()
    later.refresh_from_db()
    quote.refresh_from_db()
    assert (quote.status, later.status) == (Promise.Status.KEPT, Promise.Status.OPEN)
    page.locator("#toasts button", has_text="Undo").click()
    page.locator("[data-row]:not([data-settled])", has_text="Quote").wait_for()
    assert number.inner_text() == "2"


def test_a_push_is_shown_and_asks_the_browser_first(signed_in_page: "Page", live_server: Any) -> None:
    page = signed_in_page
    page.context.grant_permissions(["notifications"], origin=live_server.url)
    page.goto("/settings/notifications/")
    page.locator("[data-offer] button").wait_for()
    seen: list[dict[str, Any]] = []
    devtools = page.context.new_cdp_session(page)
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda event: seen.extend(event["registrations"]))
    devtools.send("ServiceWorker.enable")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for _ in range(100):
        if seen:
            break
        page.wait_for_timeout(50)
    message = {"title": "Mentions", "body": "Rui mentioned you", "url": "/notifications/5/", "tag": "n5", "unread": 1}
    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": live_server.url, "registrationId": seen[-1]["registrationId"], "data": json.dumps(message)},
    )
    notifications = "navigator.serviceWorker.ready.then((it) => it.getNotifications())"
    shown = f"{notifications}.then((all) => all[0] ? [all[0].title, all[0].body, all[0].data.url] : null)"
    for _ in range(50):
        if found := page.evaluate(shown):
            break
        page.wait_for_timeout(100)
    assert found == ["Mentions", "Rui mentioned you", "/notifications/5/"]
