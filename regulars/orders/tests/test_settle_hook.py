"""What shops tell becomes orders: whatever order it comes in, twice, in parts, with refunds and cancellations."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from regulars.contacts.tests.factories import make_contact
from regulars.orders.drafts import OrderDraft
from regulars.orders.hooks import working
from regulars.orders.models import Connection, HookEvent, HookOrder, Order
from regulars.orders.recording import record
from regulars.orders.tests.hooks_world import make_connection, send, shopify_order, shopify_refund, tell

pytestmark = pytest.mark.django_db
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "webhooks"
needs_samples = pytest.mark.skipif(not SHARED.exists(), reason="the shops' own samples are not on this machine")
_numbers = itertools.count(1)


def shopify(shop: Connection, topic: str, payload: Any, **more: str) -> HookEvent:
    return tell(shop, payload, X_Shopify_Topic=topic, X_Shopify_Webhook_Id=f"w-{next(_numbers)}", **more)


def woo(shop: Connection, topic: str, payload: Any) -> HookEvent:
    return tell(shop, payload, X_WC_Webhook_Topic=topic, X_WC_Webhook_Delivery_ID=f"d-{next(_numbers)}")


def square(shop: Connection, topic: str, name: str, payload: Any) -> HookEvent:
    event = {"event_id": f"e-{next(_numbers)}", "type": topic, "data": {"object": {name: payload}}}
    return tell(shop, event)


def stripe(shop: Connection, topic: str, payload: Any, created: int = 1_780_000_000) -> HookEvent:
    event = {"id": f"evt_{next(_numbers)}", "object": "event", "type": topic, "created": created}
    return tell(shop, {**event, "data": {"object": payload}})


def told() -> tuple[int, int, str]:
    """Total, refund and status of the one order there is."""
    return Order.objects.values_list("total", "refunded", "status").get()


@pytest.fixture
def shop() -> Connection:
    return make_connection("shopify")


def test_an_order_of_shopify_stands_with_its_customer(shop: Connection) -> None:
    maya = make_contact("Maya Okafor", email="maya@lumen.example")
    event = shopify(shop, "orders/create", shopify_order())
    order = Order.objects.get()
    assert (event.status, event.order, event.order_key) == ("processed", order, "1001")
    assert (order.contact, order.number, order.source, order.external_id) == (maya, "#1001", "shopify", "1001")
    assert (order.total, order.shipping, order.channel, order.status) == (2800, 300, "web", "paid")
    assert list(order.lines.values_list("product__sku", flat=True)) == ["HB"]
    back = {"id": 5, "created_at": "2026-03-02T10:00:00Z", "transactions": [{"kind": "refund", "amount": "12.50"}],
            "refund_line_items": [{"line_item_id": 1, "quantity": 1}]}  # fmt: skip
    shopify(shop, "orders/updated", shopify_order(refunds=[back], updated_at="2026-03-02T10:00:01Z"))
    assert (told(), order.lines.get().returned) == ((2800, 1250, "partly"), 1)


def test_discounts_taxes_and_tips_add_up_to_what_was_paid(shop: Connection) -> None:
    lines = [{"name": "Cup", "quantity": 3, "price": "10.00", "discount_allocations": [{"amount": "1.50"}]}]
    shopify(shop, "orders/create", shopify_order(line_items=lines, shipping_lines=[], total_price="25.00"))
    order = Order.objects.get()
    assert (order.subtotal, order.discount, order.total) == (2850, 350, 2500)
    within = {"line_items": lines, "shipping_lines": [], "total_tax": "5.32", "taxes_included": True}
    shopify(shop, "orders/create", shopify_order(1002, **within, total_price="30.50"))
    order = Order.objects.get(external_id="1002")
    assert (order.tax, order.tax_included, order.total, order.lines.count()) == (0, 532, 3050, 2)


EVENTS: list[tuple[str, dict[str, Any]]] = [
    ("orders/create", shopify_order()),
    ("refunds/create", shopify_refund("10.00", 5)),
    ("refunds/create", shopify_refund("4.00", 6)),
    ("orders/updated", shopify_order(
        updated_at="2026-03-02T12:00:00Z", financial_status="partially_refunded", fulfillment_status="fulfilled",
        note="Leave it at the door", refunds=[shopify_refund("10.00", 5)],
    )),
]  # fmt: skip


def test_events_in_any_order_come_to_the_same(shop: Connection) -> None:
    for way in itertools.islice(itertools.permutations(EVENTS), 0, 24, 5):
        begun = transaction.savepoint()
        for topic, payload in way:
            assert shopify(shop, topic, payload).status == "processed"
        assert told() == (2800, 1400, "partly"), [topic for topic, _ in way]
        order = Order.objects.get()
        assert order.note == "Leave it at the door"
        assert not HookEvent.objects.exclude(order=order).exists()
        transaction.savepoint_rollback(begun)


def test_a_refund_before_its_order_is_kept_until_it_comes(shop: Connection) -> None:
    event = shopify(shop, "refunds/create", shopify_refund("28.00"))
    assert (event.status, event.order, event.order_key) == ("processed", None, "1001")
    shopify(shop, "orders/create", shopify_order())
    assert told() == (2800, 2800, "refunded")
    event.refresh_from_db()
    assert event.order == Order.objects.get()


def test_a_refund_of_an_order_that_came_by_a_file_is_taken_off(shop: Connection) -> None:
    first = shopify(shop, "orders/create", shopify_order())
    HookOrder.objects.all().delete()  # as if the order had come by a file: it is there, and no event told of it
    event = shopify(shop, "refunds/create", shopify_refund("3.00"))
    assert (event.order, told()) == (first.order, (2800, 300, "partly"))
    assert Order.objects.get().lines.count() == 1


def test_cancelled_paid_again_and_deleted(shop: Connection) -> None:
    late: dict[str, Any] = {"updated_at": "2026-03-05T10:00:00Z"}
    shopify(shop, "orders/cancelled", shopify_order(cancelled_at="2026-03-05T10:00:00Z", **late))
    shopify(shop, "orders/create", shopify_order())
    assert told() == (2800, 0, "cancelled")
    assert HookEvent.objects.latest("pk").note == "Older than what we know."
    shopify(shop, "orders/updated", shopify_order(updated_at="2026-03-06T10:00:00Z"))
    assert told() == (2800, 0, "paid")
    shopify(shop, "orders/delete", {"id": 1001})
    assert told() == (2800, 0, "cancelled")


def test_tests_and_other_matters_make_no_order(shop: Connection) -> None:
    assert shopify(shop, "orders/create", shopify_order(), X_Shopify_Test="true").status == "ignored"
    assert shopify(shop, "orders/create", shopify_order(test=True)).status == "ignored"
    assert shopify(shop, "customers/update", {"id": 1}).status == "ignored"
    assert Order.objects.count() == 0


def test_what_makes_no_sense_fails_with_the_reason_and_can_be_tried_again(shop: Connection) -> None:
    event = shopify(shop, "refunds/create", shopify_refund("99.00"))
    failed = shopify(shop, "orders/create", shopify_order())
    assert (failed.status, failed.settled_at is not None, Order.objects.count()) == ("failed", True, 0)
    assert "28.00" in failed.note
    assert shopify(shop, "orders/create", shopify_order(7, created_at="2126-01-01T00:00:00Z")).status == "failed"
    HookOrder.objects.filter(key="1001").delete()
    assert failed.replay(by=shop.created_by)
    assert not failed.replay(by=shop.created_by)
    working.work_off()
    failed.refresh_from_db()
    assert (failed.status, told()) == ("processed", (2800, 0, "paid"))
    assert event.pk


def test_woocommerce_orders_with_refunds_inside_and_two_events_of_one_second() -> None:
    store = make_connection("woocommerce")
    order: dict[str, Any] = {
        "id": 727, "number": "727", "status": "processing", "currency": "EUR",
        "date_created_gmt": "2026-03-01T10:00:00", "date_modified_gmt": "2026-03-01T10:00:08",
        "shipping_total": "10.00", "total_tax": "1.35", "total": "29.35",
        "billing": {"first_name": "Maya", "last_name": "Okafor", "email": "maya@lumen.example", "phone": ""},
        "customer_id": 25, "line_items": [
            {"name": "Single &ndash; black", "quantity": 3, "subtotal": "20.00", "total": "18.00", "sku": "S"}],
    }  # fmt: skip
    assert woo(store, "order.created", order).status == "processed"
    made = Order.objects.get()
    assert (made.total, made.tax, made.lines.get().name) == (2935, 135, "Single – black")
    given_back = {**order, "date_modified_gmt": "2026-03-02T10:00:00", "refunds": [{"id": 9, "total": "-5.35"}]}
    same = {"X_WC_Webhook_Topic": "order.updated", "X_WC_Webhook_Delivery_ID": "one second"}
    tell(store, given_back, **same)
    tell(store, {**given_back, "customer_note": "Thanks"}, **same)
    assert told() == (2935, 535, "partly")
    assert Order.objects.get().note == "Thanks"
    woo(store, "order.updated", {**given_back, "status": "completed", "date_modified_gmt": "2026-03-03T10:00:00"})
    woo(store, "order.deleted", {"id": 727})
    assert told() == (2935, 535, "cancelled")
    woo(store, "order.restored", {**order, "date_modified_gmt": "2026-03-04T10:00:00"})
    assert told() == (2935, 535, "partly")
    assert woo(store, "order.created", {**order, "id": 1, "status": "checkout-draft"}).status == "ignored"


def square_payment(amount: int, number: str = "p1", **changes: Any) -> dict[str, Any]:
    money = {"amount": amount, "currency": "EUR"}
    times = {"created_at": "2026-03-01T10:00:00.123Z", "updated_at": "2026-03-01T10:00:01.5Z"}
    return {"id": number, "order_id": "o1", "status": "COMPLETED", "total_money": money, **times, **changes}


def test_square_tells_ids_first_and_amounts_with_the_payments() -> None:
    till = make_connection("square")
    state = {"order_id": "o1", "state": "OPEN", "version": 1, "created_at": "2026-03-01T10:00:00Z"}
    event = square(till, "order.created", "order_created", state)
    assert (event.status, event.order, "only the number" in event.note) == ("processed", None, True)
    assert "what was bought" in square(till, "payment.updated", "payment", square_payment(1200)).note
    square(till, "payment.updated", "payment", square_payment(800, "p2", buyer_email_address="maya@lumen.example"))
    assert told() == (2000, 0, "paid")
    assert Order.objects.get().buyer_email == "maya@lumen.example"
    money = {"amount": 500, "currency": "EUR"}
    refund = {
        "id": "r1",
        "order_id": "o1",
        "status": "PENDING",
        "amount_money": money,
        "created_at": "2026-03-02T10:00Z",
    }
    square(till, "refund.created", "refund", refund)
    assert told() == (2000, 500, "partly")
    square(till, "refund.updated", "refund", {**refund, "status": "REJECTED", "updated_at": "2026-03-02T11:00Z"})
    assert told() == (2000, 0, "paid")
    square(till, "order.updated", "order_updated", {**state, "state": "COMPLETED", "version": 4})
    assert told() == (2000, 0, "fulfilled")
    gone = square_payment(900, "p9", order_id="o9", status="FAILED")
    assert square(till, "payment.created", "payment", gone).order is None


def stripe_charge(**changes: Any) -> dict[str, Any]:
    return {
        "id": "ch_1", "object": "charge", "amount": 4500, "amount_captured": 4500, "amount_refunded": 0, "paid": True,
        "captured": True, "currency": "eur", "payment_intent": "pi_1", "created": 1_780_000_000, "status": "succeeded",
        "billing_details": {"name": "Maya Okafor", "email": "maya@lumen.example", "phone": None}, **changes,
    }  # fmt: skip


def test_one_sale_of_stripe_told_by_many_events_is_one_order() -> None:
    account = make_connection("stripe")
    session = {
        "id": "cs_1", "object": "checkout.session", "payment_intent": "pi_1", "payment_status": "paid",
        "currency": "eur", "amount_subtotal": 5000, "amount_total": 4500,
        "total_details": {"amount_discount": 500, "amount_tax": 0},
        "created": 1_780_000_000, "customer_details": {"email": "maya@lumen.example", "name": "Maya Okafor"},
    }  # fmt: skip
    intent = {"id": "pi_1", "object": "payment_intent", "status": "succeeded", "amount_received": 4500,
              "currency": "eur", "created": 1_779_999_990}  # fmt: skip
    refund = {"id": "re_1", "object": "refund", "payment_intent": "pi_1", "charge": "ch_1", "amount": 1500,
              "currency": "eur", "status": "succeeded"}  # fmt: skip
    events: list[tuple[str, dict[str, Any], int]] = [
        ("charge.succeeded", stripe_charge(), 1_780_000_001),
        ("payment_intent.succeeded", intent, 1_780_000_001),
        ("checkout.session.completed", session, 1_780_000_002),
        ("refund.created", refund, 1_780_000_900),
        ("charge.refunded", stripe_charge(amount_refunded=1500), 1_780_000_900),
    ]
    for way in itertools.islice(itertools.permutations(events), 0, 120, 41):
        begun = transaction.savepoint()
        for topic, payload, created in way:
            assert stripe(account, topic, payload, created).status == "processed"
        assert told() == (4500, 1500, "partly"), [topic for topic, _, _ in way]
        order = Order.objects.get()
        assert (order.external_id, order.buyer_name) == ("pi_1", "Maya Okafor")
        transaction.savepoint_rollback(begun)


def test_stripe_failed_payments_disputes_invoices_and_other_matters() -> None:
    account = make_connection("stripe")
    assert stripe(account, "charge.failed", stripe_charge(status="failed", paid=False)).status == "ignored"
    assert stripe(account, "payout.paid", {"id": "po_1", "object": "payout"}).status == "ignored"
    invoice = {
        "id": "in_1", "object": "invoice", "payment_intent": "pi_1", "currency": "eur", "amount_paid": 4500,
        "number": "R-7", "created": 1_780_000_000, "customer_email": "maya@lumen.example",
        "lines": {"data": [{"description": "Beans, monthly", "amount": 4500, "quantity": 3}]},
    }  # fmt: skip
    stripe(account, "invoice.paid", invoice)
    stripe(account, "charge.succeeded", stripe_charge())
    order = Order.objects.get()
    assert (told(), order.number, order.lines.get().name) == ((4500, 0, "paid"), "R-7", "Beans, monthly")
    dispute = {"id": "dp_1", "object": "dispute", "payment_intent": "pi_1", "amount": 4500, "currency": "eur"}
    assert stripe(account, "charge.dispute.created", {**dispute, "status": "needs_response"}).status == "ignored"
    stripe(account, "charge.dispute.funds_withdrawn", dispute, 1_780_100_000)
    assert told() == (4500, 4500, "refunded")
    stripe(account, "charge.dispute.funds_reinstated", {**dispute, "status": "won"}, 1_780_200_000)
    assert told() == (4500, 0, "paid")


def test_the_plain_format_takes_orders_refunds_and_cancellations() -> None:
    till = make_connection("json")
    order = {
        "id": "T-1", "number": "1", "placed_at": "2026-03-01T10:00:00Z", "currency": "EUR", "discount": 0.5,
        "total": 8.5, "lines": [{"name": "Flat white", "quantity": 2, "unit_price": "4.50", "category": "Coffee"}],
        "customer": {"name": "Maya Okafor", "phone": "+351912345678", "loyalty_number": "77"},
    }  # fmt: skip
    assert tell(till, {"version": 1, "id": "a", "topic": "order", "order": order}).status == "processed"
    assert Order.objects.get().channel == "till"
    refund = {"id": "R-1", "order": "T-1", "amount": "4.25"}
    tell(till, {"id": "b", "topic": "refund", "at": "2026-03-01T11:00:00Z", "refund": refund})
    assert told() == (850, 425, "partly")
    tell(till, {"id": "c", "topic": "cancel", "at": "2026-03-01T12:00:00Z", "cancel": {"order": "T-1"}})
    assert told() == (850, 425, "cancelled")
    assert tell(till, {"id": "d", "topic": "test"}).status == "ignored"
    for wrong in ({"total": "a lot"}, {"currency": "EURO"}, {"placed_at": "soon"}, {"id": ""}, {"channel": "pigeon"},
                  {"total": 10**30}, {"lines": [{"name": "x"}]}, {"placed_at": 10**40}):  # fmt: skip
        changed = {"id": f"wrong {wrong}", "topic": "order", "order": {**order, **wrong}}
        assert tell(till, changed).status == "unknown", wrong
    for wrong in ({"total": "-1"}, {"discount": "100"}, {"currency": "EUR", "refunded": "9"}):
        changed = {"id": f"bad {wrong}", "topic": "order", "order": {**order, **wrong, "id": "T-2"}}
        assert tell(till, changed).status == "failed", wrong
    assert Order.objects.count() == 1


def test_a_bug_of_ours_fails_one_event_and_no_other(shop: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(draft: OrderDraft) -> Any:
        if draft.external_id == "1":
            raise ZeroDivisionError("whsec_ would be a secret")
        return record(draft)

    monkeypatch.setattr("regulars.orders.hooks.settling.record", stumble)
    for number in (1, 2):
        send(shop, shopify_order(number), X_Shopify_Topic="orders/create", X_Shopify_Webhook_Id=str(number))
    assert working.work_off() == 2
    assert list(HookEvent.objects.order_by("pk").values_list("status", flat=True)) == ["failed", "processed"]
    assert not HookOrder.objects.filter(key="1").exists()


def test_what_brought_workers_down_is_taken_alone_and_given_up_in_the_end(shop: Connection) -> None:
    for number in (1, 2, 3):
        send(shop, shopify_order(number), X_Shopify_Topic="orders/create", X_Shopify_Webhook_Id=str(number))
    for _killed in range(2):
        assert len(HookEvent.take(10)) == 3
    for _killed in range(4):
        assert len(HookEvent.take(10)) == 1
    assert working.work_off() == 3
    first = HookEvent.objects.order_by("pk")[0]
    assert (first.status, "Given up" in first.note) == ("failed", True)
    assert Order.objects.count() == 2


@needs_samples
def test_the_shops_own_samples_are_understood() -> None:
    store, front, account = make_connection("woocommerce"), make_connection("shopify"), make_connection("stripe")
    for file in sorted(SHARED.glob("woocommerce/orders_[025].json")):
        found = json.loads(file.read_text())
        orders = found if isinstance(found, list) else [found] if "id" in found else [*found.get("create", [])]
        for order in orders:
            assert woo(store, "order.updated", order).status == "processed", file.name
    assert (
        shopify(front, "orders/create", json.loads((SHARED / "shopify/order.json").read_text())).status == "processed"
    )
    refund = json.loads((SHARED / "shopify/refund.json").read_text())
    assert shopify(front, "refunds/create", refund).order == Order.objects.get(source="shopify")
    order = Order.objects.get(source="shopify")
    assert (order.total, order.refunded, order.status) == (40994, 20900, "partly")
    for file in sorted(SHARED.glob("stripe/*.json")):
        found = json.loads(file.read_text())
        if found.get("object") == "event":
            assert stripe(account, found["type"], found["data"]["object"]).status == "ignored", file.name
    charge = json.loads((SHARED / "stripe/charge_ch_fakefakefakefakefake0001.json").read_text())
    assert stripe(account, "charge.succeeded", charge).status == "processed"
    intent = json.loads((SHARED / "stripe/payment_intent_pi_fakefakefakefakefake0001.json").read_text())
    assert stripe(account, "payment_intent.succeeded", intent).order == Order.objects.get(source="stripe")
