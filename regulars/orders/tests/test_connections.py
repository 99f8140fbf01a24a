"""Connected shops in the settings: connect one, see what came and what became of it, try again, switch off, remove."""

import json
import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from regulars.access.models import AuditEvent, User
from regulars.access.tests.factories import make_user
from regulars.contacts.actions.erasing import erase_contact
from regulars.contacts.tests.factories import make_contact
from regulars.lib.tests.queries import assert_query_count
from regulars.orders.hooks import working
from regulars.orders.models import Connection, HookEvent, HookOrder, Order
from regulars.orders.tests.hooks_world import SECRET, make_connection, send, shopify_order, shopify_refund, tell

pytestmark = pytest.mark.django_db
TOPIC = {"X_Shopify_Topic": "orders/create"}


@pytest.fixture
def boss() -> User:
    return make_user("Nora Pine", role="manager")


@pytest.fixture
def client(boss: User) -> Client:
    found = Client()
    found.force_login(boss)
    return found


def page(client: Client, name: str, *args: Any, query: str = "") -> str:
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_connecting_a_shop_takes_one_screen_and_the_secret_is_never_shown_again(client: Client) -> None:
    assert "What do you sell with?" in page(client, "connections")
    made = client.post(reverse("connection-add", args=["shopify"]))
    shop = Connection.objects.get()
    assert made.headers["Location"] == shop.get_absolute_url()
    shown = page(client, "connection", shop.pk)
    assert f"http://testserver/hooks/shopify/{shop.pk}" in shown
    assert "Send a test event" not in shown
    address = shop.get_absolute_url()
    for wrong, words in (("", "Paste the secret"), ("shpat_0123456789", "key to your shop"),
                         ("short", "look like a secret"), ("has a space in it", "look like a secret")):  # fmt: skip
        answer = client.post(address, {"name": "Web shop", "secret": wrong})
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert client.post(address, {"name": "Web shop", "secret": f" {SECRET}\n"}).status_code == 302
    shop.refresh_from_db()
    assert (shop.name, shop.secrets()) == ("Web shop", [SECRET])
    for shown in (page(client, "connection", shop.pk), page(client, "connections"), page(client, "audit")):
        assert SECRET not in shown
    assert client.post(address, {"name": "Online", "secret": ""}).status_code == 302
    shop.refresh_from_db()
    assert (shop.name, shop.secrets()) == ("Online", [SECRET])
    assert SECRET not in str(list(AuditEvent.objects.values()))
    verbs = list(AuditEvent.objects.filter(kind="connection").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["added", "changed", "changed"]


def test_a_till_gets_a_secret_of_ours_to_copy_and_a_second_one_a_name_of_its_own(client: Client) -> None:
    for _each in range(2):
        client.post(reverse("connection-add", args=["json"]))
    first, second = Connection.objects.order_by("pk")
    assert (first.source, second.source) == ("till", "till-2")
    shown = page(client, "connection", second.pk)
    assert 'value="whsec_' in shown
    assert client.post(reverse("connection-add", args=["etsy"])).status_code == 404


def test_a_test_event_goes_through_the_real_address_and_shows_up(client: Client, boss: User) -> None:
    for kind in Connection.Kind.values:
        shop = make_connection(kind, boss)
        sample = client.post(reverse("connection-test", args=[shop.pk])).json()
        assert sample["url"] == f"http://testserver{shop.hook_path}"
        sent = Client().post(shop.hook_path, sample["body"], content_type="application/json", headers=sample["headers"])
        assert (sent.status_code, SECRET in json.dumps(sample)) == (200, False)
        working.work_off()
        event = HookEvent.objects.get(connection=shop)
        assert (event.status, "A test" in event.note) == ("ignored", True), kind
        assert "We heard from it just now" in page(client, "connection", shop.pk)
    assert Order.objects.count() == 0
    bare = Connection.make("stripe", "Bare", by=boss)
    assert client.post(reverse("connection-test", args=[bare.pk])).status_code == 422


def test_events_are_listed_narrowed_shown_and_tried_again(client: Client, boss: User) -> None:
    shop = make_connection("shopify", boss)
    tell(shop, shopify_order(), **TOPIC, X_Shopify_Webhook_Id="1")
    tell(shop, {"id": 5, "<b>": "Inês"}, X_Shopify_Topic="<script>", X_Shopify_Webhook_Id="2")
    failed = tell(shop, shopify_refund("99.00"), X_Shopify_Topic="refunds/create", X_Shopify_Webhook_Id="3")
    with assert_query_count("events of a connection"):
        shown = page(client, "hook-events", shop.pk)
    assert "orders/create" in shown
    assert "&lt;script&gt;" in shown
    narrowed = page(client, "hook-events", shop.pk, query="?status=failed")
    assert ("refunds/create" in narrowed, "orders/create" in narrowed) == (True, False)
    assert "Some events failed" in page(client, "connections")
    with assert_query_count("event of a connection"):
        one = page(client, "hook-event", failed.pk)
    for words in ("99.00", "28.00", "Other events of this order", "x-shopify-topic", "Try again"):
        assert words in one
    odd = HookEvent.objects.get(event_id="2")
    assert "Inês" in page(client, "hook-event", odd.pk)
    assert client.post(reverse("hook-event-replay", args=[odd.pk])).status_code == 302
    odd.refresh_from_db()
    assert odd.status == "waiting"
    assert client.post(reverse("hook-events-replay", args=[shop.pk]), {"status": "failed"}).status_code == 302
    assert client.post(reverse("hook-events-replay", args=[shop.pk]), {"status": "processed"}).status_code == 302
    assert HookEvent.objects.filter(status="waiting").count() == 2
    assert working.work_off() == 2
    assert list(HookEvent.objects.order_by("pk").values_list("status", flat=True)) == ["processed", "unknown", "failed"]


def test_a_long_list_is_read_by_position(client: Client, boss: User) -> None:
    shop = make_connection("shopify", boss)
    many = [HookEvent(connection=shop, event_id=str(n), topic=f"t{n:02}", body=b"{}") for n in range(70)]
    HookEvent.objects.bulk_create(many)
    with assert_query_count("events of a connection"):
        first = page(client, "hook-events", shop.pk)
    assert first.count("data-row") == 30
    after = first.partition("after=")[2].partition("&quot;")[0].partition('"')[0].partition("&")[0]
    more = client.get(reverse("hook-events", args=[shop.pk]) + f"?after={after}", headers={"HX-Request": "true"})
    assert (more.content.count(b"data-row"), b"<html" in more.content) == (30, False)
    assert page(client, "hook-events", shop.pk, query="?after=nonsense&status=nonsense").count("data-row") == 30


def test_switched_off_removed_and_brought_back(client: Client, boss: User) -> None:
    shop = make_connection("shopify", boss)
    off, gone = (reverse(name, args=[shop.pk]) for name in ("connection-off", "connection-remove"))
    assert client.post(off).status_code == 302
    assert send(shop, shopify_order(), **TOPIC) == 410
    assert "turned away" in page(client, "connection", shop.pk)
    assert client.delete(off).status_code == 204
    assert send(shop, shopify_order(), **TOPIC) == 200
    assert client.post(gone).status_code == 302
    assert client.get(shop.get_absolute_url()).status_code == 404
    assert client.get(reverse("hook-event", args=[HookEvent.objects.get().pk])).status_code == 404
    assert client.delete(gone).status_code == 204
    assert client.get(shop.get_absolute_url()).status_code == 200
    verbs = AuditEvent.objects.filter(kind="connection").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["switched off", "switched on", "removed", "restored"]


@pytest.mark.parametrize("role", ["member", "front_desk", "reader"])
def test_others_may_neither_see_nor_change_connections(role: str) -> None:
    shop = make_connection("shopify")
    event = HookEvent.objects.create(connection=shop, event_id="1", body=b"{}")
    client = Client()
    client.force_login(make_user(role=role))
    for name, pk in (("connection", shop.pk), ("hook-events", shop.pk), ("hook-event", event.pk)):
        assert client.get(reverse(name, args=[pk])).status_code == 403
    for name, pk in (("connection-off", shop.pk), ("connection-test", shop.pk), ("hook-event-replay", event.pk)):
        assert client.post(reverse(name, args=[pk])).status_code == 403


def test_nothing_secret_is_logged(
    boss: User, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("regulars.orders.hooks.settling.record", stumble)
    with caplog.at_level(logging.DEBUG):
        shop = make_connection("shopify", boss)
        tell(shop, shopify_order(), **TOPIC)
        shop.revise("Again", "another-secret-of-theirs", by=boss)
        send(shop, b"forged", X_Shopify_Hmac_Sha256="AAAA")
    assert "could not be worked on" in caplog.text
    assert not [word for word in (SECRET, "another-secret", "maya@lumen") if word in caplog.text]


def test_old_texts_are_forgotten_and_what_became_of_them_stays(boss: User) -> None:
    shop = make_connection("shopify", boss)
    done = tell(shop, shopify_order(), **TOPIC, X_Shopify_Webhook_Id="1")
    odd = tell(shop, b"odd", **TOPIC, X_Shopify_Webhook_Id="2")
    HookEvent.objects.update(received_at="2026-01-01T00:00Z")
    assert HookEvent.forget_old(days=10_000) == 0
    HookEvent.objects.filter(pk=odd.pk).update(received_at=done.settled_at)
    assert HookEvent.forget_old() == 1
    done.refresh_from_db()
    assert (bytes(done.body), done.headers, done.is_forgotten, done.status) == (b"", {}, True, "processed")
    assert (done.may_replay, done.replay(by=boss)) == (False, False)
    shop.remove(by=boss)
    Connection.objects.update(removed_at="2026-01-01T00:00Z")
    assert (Connection.forget_removed(), HookEvent.objects.count(), Order.objects.count()) == (1, 0, 1)


def test_an_erased_person_goes_from_the_events_too(boss: User) -> None:
    shop = make_connection("shopify", boss)
    maya = make_contact("Inês Okafor", email="maya@lumen.example")
    tell(shop, shopify_order(), **TOPIC, X_Shopify_Webhook_Id="1")
    tell(shop, b'{"id": 1, "email": "maya@lumen.example"}', X_Shopify_Topic="odd", X_Shopify_Webhook_Id="2")
    tell(shop, b'{"id": 1, "name": "In\\u00eas Okafor"}', X_Shopify_Topic="odd", X_Shopify_Webhook_Id="3")
    tell(shop, b'{"id": 1, "name": "Somebody Else"}', X_Shopify_Topic="odd", X_Shopify_Webhook_Id="4")
    assert Order.objects.get().contact == maya
    erase_contact(maya, by=boss)
    kept = HookEvent.objects.order_by("pk").values_list("is_forgotten", flat=True)
    assert list(kept) == [True, True, True, False]
    assert not HookOrder.objects.exists()
