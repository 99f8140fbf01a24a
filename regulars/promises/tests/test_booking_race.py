"""The last free time, taken by many at the same moment, over HTTP and on whatever database the tests run on.

The same with 200 requests against the real server: `python -m bench.booking_race`.
"""

import http.client
import re
import threading
from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache

from regulars.access.models import Organisation
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Contact
from regulars.promises.booking import guard
from regulars.promises.booking.month import STAMP
from regulars.promises.models import Booking, TimeClaim
from regulars.promises.tests.test_booking import make_page, workday

MANY = 20


class Browser:
    """A visitor's browser, as far as a form needs one."""

    def __init__(self, live_server: Any) -> None:
        self.address = live_server.url.removeprefix("http://")

    def ask(self, method: str, path: str, body: str | None = None, cookie: str = "") -> tuple[int, str, str]:
        """Return the status, the text and the cookie of an answer."""
        connection = http.client.HTTPConnection(self.address, timeout=60)
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, text, (answer.headers.get("Set-Cookie") or "").split(";")[0]


@pytest.mark.django_db(transaction=True)
def test_exactly_one_of_many_gets_the_last_time(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "FASTEST", 0.0)
    cache.clear()
    ines = make_user("Inês Duarte")
    Organisation.objects.update(time_zone="Europe/Lisbon", modules=["booking"])
    make_page(ines)
    browser, start = Browser(live_server), f"{workday(10):{STAMP}}"
    forms = [form(browser, start, number) for number in range(MANY)]
    answers: list[tuple[int, str, str]] = []
    line = threading.Barrier(MANY)

    def send(body: str, cookie: str) -> None:
        line.wait()
        answers.append(browser.ask("POST", "/book/tasting/you/", body, cookie))

    threads = [threading.Thread(target=send, args=one) for one in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(status for status, _text, _cookie in answers) == {302: 1, 409: MANY - 1}
    assert sum("Somebody was a moment faster" in text for _status, text, _cookie in answers) == MANY - 1
    assert (Booking.objects.count(), Contact.objects.count(), TimeClaim.objects.count()) == (1, 1, 6)


def form(browser: Browser, start: str, number: int) -> tuple[str, str]:
    """Open the form; returns what is sent and the cookie that goes with it."""
    _status, text, cookie = browser.ask("GET", f"/book/tasting/you/?start={start}")
    said = {name: re.search(rf'name="{name}" value="([^"]+)"', text) for name in ("form", "csrfmiddlewaretoken")}
    kept = {name: found[1] for name, found in said.items() if found}
    return urlencode({**kept, "start": start, "name": f"Visitor {number}", "email": f"v{number}@race.example"}), cookie
