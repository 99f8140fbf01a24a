"""Web push, against a push service of our own that decrypts what comes as a browser would."""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from py_vapid import Vapid02

from regulars.access import notices, push
from regulars.access.models import Notification, PushSubscription, User
from regulars.access.notices import NoticeKind, notify, register_kind
from regulars.access.tests.factories import make_user
from regulars.lib import outgoing

pytestmark = pytest.mark.django_db


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Browser:
    """What a browser has: an address at a push service, a key pair and a secret; and what it was told."""

    def __init__(self, address: str) -> None:
        self.address, self.key, self.auth = address, ec.generate_private_key(ec.SECP256R1()), b"sixteen bytes ok"
        self.told: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answer = 201

    @property
    def says(self) -> dict[str, str]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": f"{self.address}/push/maya", "p256dh": b64(point), "auth": b64(self.auth)}

    def hear(self, body: bytes, headers: dict[str, str]) -> int:
        if self.answer == 201:
            self.told.append(json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth)))
            self.headers.append(headers)
        return self.answer


@pytest.fixture
def browser(settings: Any, tmp_path: Path) -> Iterator[Browser]:
    settings.OUTGOING_PRIVATE, settings.DATA_DIR = True, tmp_path

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(browser.hear(body, {name.lower(): value for name, value in self.headers.items()}))
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    browser = Browser(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    register_kind(NoticeKind("testing", "Testing", "When a test runs."))
    yield browser
    notices._kinds.pop("testing")
    server.shutdown()
    server.server_close()


@pytest.fixture
def rui() -> User:
    return make_user("Rui Silva")


def subscribe(client: Client, browser: Browser, **fields: str) -> Any:
    agent = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
    return client.post("/settings/notifications/devices/", {**browser.says, **fields}, headers={"User-Agent": agent})


def test_news_reach_the_browser_encrypted_and_signed_once(
    client: Client, browser: Browser, rui: User, django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(rui)
    answer = subscribe(client, browser)
    assert "Firefox on Android" in answer.text
    assert "this device" in answer.text
    with django_capture_on_commit_callbacks(execute=True):
        notify([rui, make_user()], kind="testing", text="Maya asks for the quote", url="/contacts/5/")
    mine = Notification.objects.get(user=rui)
    assert browser.told == [
        {
            "title": "Testing",
            "body": "Maya asks for the quote",
            "url": f"/notifications/{mine.pk}/",
            "tag": f"notification-{mine.pk}",
            "unread": 1,
        }
    ]
    signature = browser.headers[0]["authorization"]
    assert push.public_key() in signature
    assert Vapid02.verify(signature)
    assert int(browser.headers[0]["ttl"]) > 3600
    push.push_notifications.call([mine.pk])
    assert len(browser.told) == 1


def test_many_at_once_are_one_line_on_the_device(client: Client, browser: Browser, rui: User) -> None:
    client.force_login(rui)
    subscribe(client, browser)
    ids = [Notification.objects.create(user=rui, kind="testing", text=f"News {number}").pk for number in range(12)]
    push.push_notifications.call(ids)
    assert [one["body"] for one in browser.told] == ["12 new notifications"]


def test_what_was_read_meanwhile_and_who_has_left_are_not_pushed(client: Client, browser: Browser, rui: User) -> None:
    client.force_login(rui)
    subscribe(client, browser)
    read, late = (Notification.objects.create(user=rui, kind="testing", text="News") for _ in range(2))
    read.read()
    push.push_notifications.call([read.pk])
    User.objects.update(is_active=False)
    push.push_notifications.call([late.pk])
    assert browser.told == []


@pytest.mark.parametrize(("answer", "left"), [(404, 0), (410, 0), (500, 1), (302, 1)])
def test_a_browser_that_is_gone_is_forgotten_one_in_trouble_is_not(
    client: Client, browser: Browser, rui: User, answer: int, left: int
) -> None:
    client.force_login(rui)
    subscribe(client, browser)
    browser.answer = answer
    device = PushSubscription.objects.get()
    assert not push.send(device, {"title": "Hello"})
    assert PushSubscription.objects.count() == left


def test_no_message_goes_into_a_private_network(client: Client, browser: Browser, rui: User, settings: Any) -> None:
    client.force_login(rui)
    subscribe(client, browser)
    settings.OUTGOING_PRIVATE = False
    assert not push.send(PushSubscription.objects.get(), {"title": "Hello"})
    assert browser.told == []
    for endpoint in ("https://127.0.0.1/x", "https://[::1]/x", "https://10.0.0.8/x", "http://push.example.com/x",
                     "https://localhost/x", "https://user:pass@push.example.com/x", "https://[::ffff:127.0.0.1]/x",
                     "https://169.254.169.254/latest", "ftp://push.example.com/", "https://", "nonsense"):  # fmt: skip
        assert not outgoing.may_be_asked(endpoint), endpoint
        assert subscribe(client, browser, endpoint=endpoint).status_code == 422
    assert outgoing.may_be_asked("https://push.example.com/send/abc")


@pytest.mark.parametrize("field", ["p256dh", "auth", "endpoint"])
def test_keys_that_are_none_are_refused(client: Client, browser: Browser, rui: User, field: str) -> None:
    client.force_login(rui)
    assert subscribe(client, browser, **{field: "!"}).status_code == 422
    assert not PushSubscription.objects.exists()


def test_a_device_is_mine_alone_tried_and_switched_off(client: Client, browser: Browser, rui: User) -> None:
    client.force_login(rui)
    subscribe(client, browser)
    device = PushSubscription.objects.get()
    stranger = Client()
    stranger.force_login(make_user())
    assert stranger.delete(f"/settings/notifications/devices/{device.pk}/").status_code == 404
    assert stranger.post(f"/settings/notifications/devices/{device.pk}/trying/").status_code == 404
    client.post(f"/settings/notifications/devices/{device.pk}/trying/")
    assert browser.told[0]["body"] == "Notifications reach this device."
    assert subscribe(stranger, browser).status_code == 200
    assert PushSubscription.objects.get().user != rui
    assert stranger.delete(f"/settings/notifications/devices/{device.pk}/").status_code == 200
    assert not PushSubscription.objects.exists()


def test_a_browser_that_signs_out_is_told_nothing_more(client: Client, browser: Browser, rui: User) -> None:
    client.force_login(rui)
    subscribe(client, browser)
    client.post("/account/logout/")
    assert not PushSubscription.objects.exists()


def test_the_key_is_made_once_and_readable_by_us_alone(browser: Browser, tmp_path: Path) -> None:
    first = push.public_key()
    assert (tmp_path / "push-key.pem").stat().st_mode & 0o777 == 0o600
    push._key.cache_clear()
    assert push.public_key() == first
