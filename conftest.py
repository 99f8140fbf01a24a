"""What every test gets, and a real browser for those that ask. The settings of a test run: config/testing.py."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--in-process-gpu",  # it draws with the processor anyway: one process less
]
# What Chromium would start beside each page, half of all the time it needs: pages behind the address bar that nobody
# sees, and a process in stock. The rest are Playwright's own, whose list this replaces.
NOT_NEEDED = [
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "SpareRendererForSitePerProcess",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    "Translate",
]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
AT_REST = """async () => {
  const ends = one => one.playState === "running" && Number.isFinite(one.effect?.getComputedTiming().endTime);
  const coming = () => document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling");
  for (let turn = 0; turn < 200 && (coming() || document.getAnimations().some(ends)); turn++) {
    await Promise.allSettled(document.getAnimations().filter(ends).map(one => one.finished));
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}"""
COLOURS = ("color-contrast", "link-in-text-block")  # the rules of axe that a theme can break


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """A database of this process's own, copied from one that is migrated already."""
    from django.db import connections

    from tests import template_database

    with django_db_blocker.unblock():
        template_database.use()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(autouse=True)
def _only_where_it_makes_sense(request: pytest.FixtureRequest) -> None:
    from django.db import connection

    for vendor in ("sqlite", "postgresql"):
        if request.node.get_closest_marker(vendor) and connection.vendor != vendor:
            pytest.skip(f"only on {vendor}")


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    """Limits and counts that a process keeps in its cache begin anew with each test."""
    from django.core.cache import cache

    cache.clear()


# The browser. A test that asks for `page` or `signed_in_page` is marked `browser` by itself.


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    from tests import browser_files

    for item in items:
        if browser_files.FIXTURES & set(getattr(item, "fixturenames", ())):
            if not browser_files.asks(item.path):
                raise pytest.UsageError(f"{item.nodeid} has to take `page` in its own file to be found.")
            item.add_marker("browser")
            item.add_marker(pytest.mark.django_db(transaction=True))
    yield
    if os.environ.get("DATABASE_URL"):
        _leave_out_what_needs_no_database(config, items)
    items.sort(key=lambda item: item.path.parent != ROOT / "tests")  # what takes longest begins first
    _spread([item for item in items if item.get_closest_marker("minutes")], items)


def _spread(long: list[pytest.Item], items: list[pytest.Item]) -> None:
    """Put the longest ones where each of as many workers begins: every worker takes its part of the list first."""
    rest = [item for item in items if item not in long]
    for number, item in enumerate(long):
        rest.insert(number * len(items) // len(long) + bool(number), item)
    items[:] = rest


def _leave_out_what_needs_no_database(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A second database has nothing to say to it, and the run on SQLite has it. pytest counts it as deselected."""
    kept = [item for item in items if _needs_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _needs_database(item: pytest.Item) -> bool:
    asked = {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ()))
    return bool(asked) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """A headless Chromium that lives as long as the run; the tests that use it talk to Django from its own loop."""
    from playwright.sync_api import sync_playwright

    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("No Chromium on this machine: bin/test installs it, or apt-get install chromium.")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's own event loop runs in this thread
    flags = [*FLAGS, "--disable-features=" + ",".join(NOT_NEEDED)]
    with sync_playwright() as playwright:
        yield (launched := playwright.chromium.launch(executable_path=found, args=flags))
        launched.close()


@pytest.fixture
def context(browser: "Browser", live_server: Any) -> "Iterator[BrowserContext]":
    """A fresh profile at the size of a small laptop; addresses may be written from the root ("/contacts/")."""
    made = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 800})
    made.set_default_timeout(30_000)  # a loaded machine is slow, not wrong
    yield made
    made.close()


@pytest.fixture
def page(context: "BrowserContext") -> "Iterator[Page]":
    """A page of nobody's. The test fails when a script of ours threw or the CSP refused something.

    That Chromium gives a view transition up because the next page came sooner is no fault of ours.
    """
    made = context.new_page()
    problems: list[str] = []
    made.on("pageerror", lambda error: problems.append(str(error)) if "Transition was" not in str(error) else None)
    made.on(
        "console",
        lambda message: problems.append(message.text) if "Content Security Policy" in message.text else None,
    )
    yield made
    assert not problems, f"the page complained: {problems}"


@pytest.fixture
def sign_in(live_server: Any) -> "Callable[[Page, Any], Page]":
    """A function that signs a user in on a page, by their session's cookie."""

    def to(page: "Page", user: Any) -> "Page":
        from django.conf import settings
        from django.test import Client

        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return page

    return to


@pytest.fixture
def owner(db: None) -> Any:
    """The owner of a business that is set up: the first of the standing characters."""
    from regulars.access.tests.factories import make_user

    return make_user("Nora Pine", role="owner")


@pytest.fixture
def signed_in_page(page: "Page", transactional_db: None, owner: Any, sign_in: "Callable[[Page, Any], Page]") -> "Page":
    """A page on which the owner is signed in."""
    return sign_in(page, owner)


@pytest.fixture
def axe() -> "Callable[..., list[str]]":
    """A function that returns what axe-core holds against a page, one line for each rule; empty is good.

    It runs through the debugging protocol, which the page's CSP does not bind, so the page is tested as it is, once
    nothing moves any more: half faded in, a text has too little contrast.
    With `rules` only those are asked.
    """
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def check(page: "Page", rules: "Sequence[str]" = ()) -> list[str]:
        page.evaluate(AT_REST)
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.read_text())
        asked = {"type": "rule", "values": list(rules)} if rules else tags
        # What passes is not even described, nor style sheets fetched again, which only rules we don't ask read.
        wanted = {"runOnly": asked, "resultTypes": ["violations"], "preload": {"assets": ["media"]}}
        found = page.evaluate("async wanted => (await axe.run(document, wanted)).violations", wanted)
        return [
            f"{rule['id']} ({rule['impact']}): {rule['help']} — "
            + "; ".join(
                f"{' '.join(map(str, node['target']))} [{node.get('failureSummary', '').splitlines()[-1].strip()}]"
                for node in rule["nodes"][:4]
            )
            for rule in found
        ]

    return check


@pytest.fixture
def axe_in_both_themes(axe: "Callable[..., list[str]]") -> "Callable[[Page], list[str]]":
    """A function like `axe` for a page in the theme it stands in and then in the other, in which it is left.

    A theme changes nothing but colours, so that the second look asks only for them.
    """

    def check(page: "Page") -> list[str]:
        found = axe(page)
        dark = page.evaluate("document.documentElement.classList.contains('dark')")
        page.emulate_media(color_scheme="light" if dark else "dark", reduced_motion="reduce")
        page.locator("html:not(.dark)" if dark else "html.dark").wait_for(state="attached")
        return found + [f"in {'light' if dark else 'dark'}: {line}" for line in axe(page, COLOURS)]

    return check
