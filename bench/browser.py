"""What a browser loads and when rows are drawn, in a real Chromium."""

import shutil
import statistics
from typing import Any

from bench.server import Visitor

ROUNDS = 7
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DRAWN = """() => new Promise((done) => {
  const look = () => document.querySelector('[data-row]')?.getBoundingClientRect().height
    ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))) : requestAnimationFrame(look);
  look();
})"""


def look(port: int, visitor: Visitor) -> dict[str, float]:
    """Return kB of a first visit and of a later page, and ms until rows are drawn; {} without Chromium."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        return {}
    from playwright.sync_api import sync_playwright

    address = f"http://127.0.0.1:{port}"
    cookies = [{"name": name, "value": value, "url": address} for name, value in visitor.cookies.items()]
    drawn: list[float] = []
    first = later = 0.0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for _ in range(ROUNDS):
            context = browser.new_context(service_workers="block")  # what it fetches would not be counted
            context.add_cookies(cookies)  # type: ignore[arg-type]
            page = context.new_page()
            sizes = _sizes(context.new_cdp_session(page))
            page.goto(f"{address}/contacts/", wait_until="commit")
            drawn.append(page.evaluate(DRAWN))
            page.wait_for_load_state("networkidle")
            first = sum(sizes.values()) / 1000
            sizes.clear()
            page.goto(f"{address}/contacts/1/", wait_until="networkidle")
            later = sum(sizes.values()) / 1000
            context.close()
        browser.close()
    return {"first_visit": round(first, 1), "later_page": round(later, 1), "drawn": round(statistics.median(drawn), 1)}


def _sizes(session: Any) -> dict[str, float]:
    """Bytes on the wire of each request but fonts, filled while the page loads."""
    fonts: set[str] = set()
    sizes: dict[str, float] = {}

    def response(event: dict[str, Any]) -> None:
        if event["type"] == "Font" or event["response"]["url"].endswith(".woff2"):
            fonts.add(event["requestId"])

    def finished(event: dict[str, Any]) -> None:
        if event["requestId"] not in fonts:
            sizes[event["requestId"]] = event["encodedDataLength"]

    session.send("Network.enable")
    session.on("Network.responseReceived", response)
    session.on("Network.loadingFinished", finished)
    return sizes
