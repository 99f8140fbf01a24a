"""Events come in: signed ones are kept raw and answered, others are turned away and counted, nothing comes twice."""

import json
import threading
from io import BytesIO
from typing import Any

import pytest
from django.db import connections as databases
from django.test import Client

from regulars.access.models import Organisation
from regulars.lib.tests.queries import assert_query_count
from regulars.orders.hooks import working
from regulars.orders.hooks.receiving import LARGEST
from regulars.orders.models import Connection, HookEvent, Order
from regulars.orders.tests.hooks_world import SECRET, make_connection, send, shopify_order, signed, tell

pytestmark = pytest.mark.django_db
ID = {"X_Shopify_Topic": "orders/create", "X_Shopify_Webhook_Id": "w-1"}


def post(connection: Connection, body: bytes, headers: dict[str, str], **more: Any) -> Any:
    sent: Any = headers
    return Client().post(connection.hook_path, body, content_type="application/json", headers=sent, **more)


def test_an_event_is_kept_as_it_came_and_answered_with_few_queries() -> None:
    shop = make_connection("shopify")
    body = b'{ "id" : 1001,  "name": "\\u00e9" }'
    assert send(shop, body, **ID) == 200
    event = HookEvent.objects.get()
    assert bytes(event.body) == body
    assert (event.status, event.settled_at, event.topic, event.event_id) == ("waiting", None, "orders/create", "w-1")
    assert event.headers["x-shopify-topic"] == "orders/create"
    assert not [name for name in event.headers if "hmac" in name]
    shop.refresh_from_db()
    assert shop.last_event_at is not None
    with assert_query_count("hook"):
        assert send(shop, body, X_Shopify_Topic="orders/create", X_Shopify_Webhook_Id="w-2") == 200


def test_an_address_without_and_with_a_slash_is_the_same() -> None:
    shop = make_connection("shopify")
    body = json.dumps(shopify_order()).encode()
    sent: Any = signed(shop, body, **ID)
    assert not shop.hook_path.endswith("/")
    answer = Client().post(f"{shop.hook_path}/", body, content_type="application/json", headers=sent)
    assert answer.status_code == 200


def test_what_comes_twice_is_kept_and_worked_on_once() -> None:
    shop = make_connection("shopify")
    for _again in range(3):
        assert send(shop, shopify_order(), **ID) == 200
        assert working.work_off() in (0, 1)
    assert HookEvent.objects.count() == 1
    assert Order.objects.count() == 1


def test_forged_broken_old_and_huge_ones_are_turned_away_counted_and_not_kept() -> None:
    shop, till = make_connection("shopify"), make_connection("json")
    body = json.dumps(shopify_order()).encode()
    good = signed(shop, body)
    assert post(shop, body + b" ", good).status_code == 401
    assert post(shop, body[:-20], good).status_code == 401
    assert post(shop, body, {}).status_code == 401
    short = {"CONTENT_LENGTH": str(len(body) + 5), "wsgi.input": BytesIO(body)}
    assert post(shop, body, good, **short).status_code == 400
    assert post(shop, b"", good).status_code == 400
    shop.refresh_from_db()
    assert (shop.refused, shop.refused_why) == (5, "broken")
    large = post(shop, b" " * (LARGEST + 1), good)
    assert (large.status_code, b"at most" in large.content) == (413, True)
    old = {"X-Regulars-Timestamp": "1700000000", "X-Regulars-Signature": "v1=00"}
    assert post(till, body, old).status_code == 401
    shop.refresh_from_db()
    assert (shop.refused, shop.refused_why, shop.last_event_at) == (6, "large", None)
    assert HookEvent.objects.count() == 0


def test_five_megabytes_are_taken() -> None:
    shop = make_connection("shopify")
    body = json.dumps(shopify_order(note="x" * (LARGEST - 2000))).encode()
    assert LARGEST - 2000 < len(body) <= LARGEST
    event = tell(shop, body, **ID)
    assert (event.status, event.size) == ("processed", len(body))


def test_nobody_there_switched_off_removed_and_not_ready() -> None:
    shop = make_connection("shopify")
    by = shop.created_by
    body = b"{}"
    for path in (f"/hooks/stripe/{shop.pk}", "/hooks/shopify/999", "/hooks/etsy/1"):
        assert Client().post(path, body, content_type="application/json").status_code == 404
    assert Client().get(shop.hook_path).status_code == 405
    bare = Connection.make("stripe", "Bare", by=by)
    waits = post(bare, body, {})
    assert (waits.status_code, "Retry-After" in waits.headers) == (503, True)
    Connection.objects.filter(pk=bare.pk).update(secret="gAAAAsealed-elsewhere")
    assert post(bare, body, {}).status_code == 503
    shop.switch_off(by=by)
    assert send(shop, {}, **ID) == 410
    shop.switch_on(by=by)
    shop.remove(by=by)
    assert send(shop, {}, **ID) == 410


def test_whoever_sends_many_forged_ones_is_not_listened_to_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.orders.hooks.receiving.TOO_OFTEN", 3)
    shop = make_connection("shopify")
    statuses = [post(shop, b"{}", {}).status_code for _ in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    assert send(shop, shopify_order(), **ID) == 200
    shop.refresh_from_db()
    assert shop.refused == 3


def test_woocommerce_may_knock_without_a_signature() -> None:
    shop = make_connection("woocommerce")
    asked = Client().post(shop.hook_path, b"webhook_id=7", content_type="application/x-www-form-urlencoded")
    assert asked.status_code == 200
    shop.refresh_from_db()
    assert (HookEvent.objects.count(), shop.knocked_at is not None, shop.refused) == (0, True, 0)
    assert Client().post(shop.hook_path, b"webhook_id=7&x", content_type="text/plain").status_code == 401


def test_a_changed_secret_leaves_the_old_one_three_days() -> None:
    shop = make_connection("shopify")
    shop.revise(shop.name, "a-brand-new-secret", by=shop.created_by)
    assert send(shop, shopify_order(), **ID) == 200  # signed with the old one
    Connection.objects.update(old_secret_until="2026-01-01T00:00Z")
    assert send(shop, shopify_order(), X_Shopify_Webhook_Id="w-2") == 401
    kept = Connection.objects.values().get()
    assert not [value for value in kept.values() if SECRET in str(value) or "brand-new" in str(value)]


@pytest.mark.parametrize(
    "body", [b"not json", b"[1]", b"{", b'{"a": NaN}', b"[" * 100_000, b'"\\u0000"', b"\xff\xfe", b'{"id": "\\u0000"}']
)
def test_what_is_signed_but_makes_no_sense_is_kept_and_shown(body: bytes) -> None:
    for kind in ("shopify", "json"):
        shop = make_connection(kind)
        event = tell(shop, body, X_Shopify_Topic="orders/create\x01")
        assert (event.status, bool(event.note)) == ("unknown", True), kind
        assert bytes(event.body) == body


@pytest.mark.parametrize("kind", ["shopify", "woocommerce", "square", "stripe", "json"])
def test_an_event_of_a_kind_or_version_we_do_not_know_is_kept_and_shown(kind: str) -> None:
    shop = make_connection(kind)
    future: dict[str, Any] = {"id": "e-1", "event_id": "e-1", "type": "order.teleported", "topic": "teleported",
                              "object": "event", "created": 1_790_000_000, "version": 9,
                              "data": {"object": {"object": "teleport"}}}  # fmt: skip
    headers = {"X_Shopify_Topic": "teleports/create", "X_WC_Webhook_Topic": "teleport.created"}
    event = tell(shop, future, **headers, X_Shopify_API_Version="2099-01")
    assert (event.status, bool(event.note)) == ("unknown", True)
    known_topic = {"shopify": "orders/create", "woocommerce": "order.updated"}.get(kind, "")
    headers = {"X_Shopify_Topic": known_topic, "X_WC_Webhook_Topic": known_topic}
    built_anew = {"id": "e-2", "event_id": "e-2", "type": "payment.updated", "object": "event", "topic": "order",
                  "created": 1_790_000_000, "data": {"object": {"object": "charge", "paid": True}},
                  "order": {"basket": []}}  # fmt: skip
    event = tell(shop, built_anew, **headers, X_Shopify_Webhook_Id="w-9")
    assert (event.status, "built as we know it" in event.note) == ("unknown", True)


@pytest.mark.django_db(transaction=True)
def test_the_same_event_twice_at_once_is_one_order() -> None:
    shop = make_connection("shopify")
    assert Organisation.current()
    statuses: list[int] = []
    line = threading.Barrier(4)

    def deliver() -> None:
        line.wait()
        statuses.append(send(shop, shopify_order(), **ID))
        working._work_off(10**9)  # without the turnstile of one process: as if each were a worker of its own
        databases.close_all()

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 4
    assert HookEvent.objects.count() == 1
    assert HookEvent.objects.get().status == "processed"
    assert Order.objects.count() == 1
