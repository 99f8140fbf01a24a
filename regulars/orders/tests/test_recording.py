"""Orders are kept exactly once, add up to the cent, and find their customer; what makes no sense is said."""

import itertools
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from regulars.access.models import Organisation
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Contact, Involvement
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.orders import after
from regulars.orders.drafts import BadOrder, Buyer, LineDraft, OrderDraft
from regulars.orders.facts_rebuild import rebuild_all
from regulars.orders.models import CustomerFacts, CustomerMonth, ExchangeRate, Order, Product
from regulars.orders.rates import revalue
from regulars.orders.recording import Recorded, record, record_many, remove, rewrite
from regulars.orders.redrafting import draft_of
from regulars.orders.tests.factories import make_draft, make_line, make_order
from regulars.timeline.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def business() -> Organisation:
    """A café in Lisbon."""
    return Organisation.objects.create(name="Harbor & Pine", currency="EUR", time_zone="Europe/Lisbon", country="PT")


def test_an_order_with_lines_adds_up_and_stands_on_the_timelines() -> None:
    studio = make_company("Lumen Studios")
    maya = make_contact("Maya Okafor", company=studio)
    lines = [
        make_line("House blend", "12.25", "2", sku="HB"),
        make_line("Flat white", "3.20", discount=Decimal("0.20")),
    ]
    order = make_order(maya, lines=lines, discount=Decimal("2.50"), shipping=Decimal(4), number="1001")
    assert (order.subtotal, order.total, order.value, order.margin) == (2750, 2900, 2900, None)
    assert order.company_id == studio.pk
    assert list(order.lines.values_list("name", "total").order_by("pk")) == [("House blend", 2450), ("Flat white", 300)]
    assert Product.objects.get(sku="HB").price == 1225
    entry = Entry.objects.get(subject_kind="order", subject_id=order.pk)
    assert entry.text == "2 × House blend, Flat white"
    assert set(Involvement.objects.filter(entry=entry).values_list("contact_id", "company_id", "is_implied")) == {
        (maya.pk, None, False), (None, studio.pk, True),
    }  # fmt: skip
    assert (maya.worth.value, studio.worth.orders, maya.worth.last_order_id) == (2900, 1, order.pk)


def test_the_same_news_twice_change_nothing_and_late_ones_neither() -> None:
    maya = make_contact("Maya Okafor", email="maya@lumen.example")
    draft = make_draft(
        "40.00", source="shopify", external_id="5001", version="2", buyer=Buyer(email="MAYA@lumen.example")
    )
    assert record(draft).outcome == "created"
    assert record(draft).outcome == "same"
    assert record(replace(draft, version="1", status="cancelled")).outcome == "late"
    refund = record(replace(draft, version="3", refunded=Decimal(10), status="paid"))
    assert (refund.outcome, refund.order.status, refund.order.value) == ("updated", "partly", 3000)
    maya.refresh_from_db()
    assert (maya.worth.value, maya.worth.refunds, Entry.objects.filter(kind="order").count()) == (3000, 1, 1)
    record(replace(draft, version="4", status="cancelled"))
    assert Order.objects.get().value == 0
    assert not CustomerFacts.objects.exists()
    assert not CustomerMonth.objects.exists()


def test_a_cancellation_that_comes_first_stays() -> None:
    draft = make_draft("40.00", source="shopify", external_id="7", version="1")
    first, second = record_many([replace(draft, version="2", status="cancelled"), draft])
    assert isinstance(first, Recorded)
    assert isinstance(second, Recorded)
    assert (first.outcome, second.outcome, Order.objects.get().status) == ("created", "late", "cancelled")


BAD = [
    ("placed_at", {"placed_at": timezone.now() + timedelta(hours=1)}),
    ("currency", {"currency": "XXQ"}),
    ("total", {"total": "-1.00"}),
    ("total", {"total": "99999999999999999"}),
    ("total", {"total": "NaN"}),
    ("refunded", {"refunded": Decimal("24.51")}),
    ("refunded", {"status": "partly"}),
    ("status", {"status": "lost"}),
    ("shipping", {"shipping": Decimal(-1)}),
    ("discount", {"subtotal": Decimal(5), "total": None, "discount": Decimal(6)}),
    ("lines", {"lines": [make_line("Bag", "10.00", "0")]}),
    ("lines", {"lines": [make_line("Bag", "10.00", total=Decimal(30))]}),
    ("lines", {"lines": [make_line("Bag", "10.00", discount=Decimal(11))]}),
    ("subtotal", {"lines": [make_line("Bag", "10.00")], "subtotal": Decimal(12)}),
]


@pytest.mark.parametrize(("field", "fields"), BAD)
def test_what_makes_no_sense_is_said_by_its_name(field: str, fields: dict[str, Any]) -> None:
    with pytest.raises(BadOrder) as bad:
        record(make_draft(**fields))
    assert bad.value.field == field
    assert not Order.objects.exists()


def test_a_total_that_is_not_the_sum_is_refused_but_a_rounding_is_not() -> None:
    lines = [make_line("Bag", "3.33", "3", total=Decimal("10.00"))]
    base = OrderDraft(timezone.now(), "EUR", lines=lines)
    assert record(replace(base, total=Decimal("10.00"))).order.total == 1000
    with pytest.raises(BadOrder, match="10"):
        record(replace(base, total=Decimal("12.00")))
    included = record(replace(base, total=Decimal("10.00"), tax=Decimal("1.87"))).order
    assert (included.tax, included.tax_included, included.total) == (0, 187, 1000)


def test_buyers_are_known_by_what_the_shop_calls_them_then_by_email_phone_id_and_a_name_only_one_bears() -> None:
    maya = make_contact("Maya Okafor", email="maya@lumen.example")
    rui = make_contact("Rui Costa", phone="+351 912 345 678")
    ana = make_contact("Ana Reis", profile={"external_id": "C-77"})
    make_contact("João Silva"), make_contact("João Silva")
    studio = make_company("Lumen Studios")
    found = {
        maya: Buyer(email="Maya@Lumen.example", external_id="9"),
        rui: Buyer(phone="912345678"),
        ana: Buyer(external_id="C-77"),
        studio: Buyer(company="LUMEN STUDIOS"),
        None: Buyer(name="João Silva"),
    }
    for holder, buyer in found.items():
        assert record(make_draft(source="shopify", buyer=buyer)).order.holder == holder
    assert record(make_draft(source="shopify", buyer=Buyer(name="X", external_id="9"))).order.contact == maya
    assert record(make_draft(source="woo", buyer=Buyer(name="X", external_id="9"))).order.contact is None
    assert record(make_draft(buyer=Buyer(name="maya okafor"))).order.contact == maya
    assert record(make_draft(buyer=Buyer(name="Maya Okafor", email="other@x.example"))).order.contact is None


def test_foreign_money_counts_at_the_rate_of_the_day_once_that_is_known() -> None:
    maya = make_contact("Maya Okafor")
    order = make_order(maya, "100.00", currency="USD", days=10)
    yen = make_order(maya, "1000", currency="JPY", settled_rate=Decimal("0.006"))
    assert (order.value, yen.value, maya.worth.value) == (None, 600, 600)
    today = timezone.localdate()
    ExchangeRate.objects.create(currency="USD", day=today - timedelta(days=30), rate=Decimal("0.9"))
    ExchangeRate.objects.create(currency="USD", day=today - timedelta(days=5), rate=Decimal("0.5"))
    assert revalue("USD") == 1
    maya.refresh_from_db()
    assert maya.worth.value == 9600
    ExchangeRate.objects.create(currency="JPY", day=today - timedelta(days=30), rate=Decimal("0.009"))
    assert revalue("JPY") == 0, "the source settled it at 0.006"
    changed = replace(draft_of(yen), note="later")
    assert rewrite(yen, changed, by=make_user()).order.value == 600


def test_a_margin_is_known_where_every_cost_is() -> None:
    Product.objects.create(name="Bag", folded="bag", cost=400)
    order = make_order(lines=[make_line("Bag", "12.30", "2")], tax_included=Decimal("4.60"))
    assert order.margin == 2460 - 460 - 800


def _by_hand(contact: Contact) -> tuple[Any, ...]:
    every = Order.objects.filter(contact=contact)
    orders = [order for order in every if order.counts]
    last = max(orders, key=lambda order: (order.placed_on, order.placed_at, order.pk)).pk
    refunds = sum(order.refunded > 0 for order in every)
    days = sorted({order.placed_on for order in orders})
    gaps = [(b - a).days for a, b in itertools.pairwise(days)]
    value = sum(order.value or 0 for order in orders)
    return len(orders), len(days), days[0], days[-1], value, sum(gaps), sum(gap * gap for gap in gaps), refunds, last


COLUMNS = ("orders", "days", "first_on", "last_on", "value", "gap_days", "gap_squares", "refunds", "last_order")


def test_facts_are_exact_after_any_order_of_events_and_equal_to_a_full_count() -> None:
    draw = Random(4)
    people = [make_contact() for _ in range(3)]
    drafts = [
        make_draft(f"{draw.randint(1, 90)}.{draw.randint(10, 99)}", days=draw.uniform(0, 40), source="till",
                   external_id=str(n % 25), version=str(draw.randint(1, 3)),
                   status=draw.choice(["paid", "paid", "cancelled", "refunded"]))
        for n in range(60)
    ]  # fmt: skip
    for n, draft in enumerate(drafts):
        record(draft, holder=people[n % 3])
    before = {p.pk: CustomerFacts.objects.filter(contact=p).values_list(*COLUMNS).get() for p in people}
    assert before == {p.pk: _by_hand(p) for p in people}
    months = list(CustomerMonth.objects.order_by("contact", "month").values_list("contact", "month", "orders", "value"))
    assert sum(row[3] for row in months) == sum(row[4] for row in before.values())
    CustomerFacts.objects.all().delete()
    CustomerMonth.objects.all().delete()
    rebuild_all()
    assert {p.pk: CustomerFacts.objects.filter(contact=p).values_list(*COLUMNS).get() for p in people} == before
    again = CustomerMonth.objects.order_by("contact", "month").values_list("contact", "month", "orders", "value")
    assert list(again) == months


def test_others_keep_in_step_and_an_import_is_taken_back() -> None:
    told: list[Any] = []
    after.on_change(told.extend)
    try:
        maya = make_contact("Maya Okafor")
        orders = [
            r.order for r in record_many([make_draft(), make_draft(days=3)], holder=maya) if isinstance(r, Recorded)
        ]
        assert told == orders
        remove(orders)
        assert not Entry.objects.filter(kind="order").exists()
        assert not CustomerFacts.objects.exists()
    finally:
        after._hooks.remove(told.extend)


def test_a_batch_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    maya = make_contact("Maya Okafor", email="maya@lumen.example")
    buyer = Buyer(email="maya@lumen.example")
    drafts = [
        make_draft(days=n / 3, source="file", external_id=str(n), buyer=buyer, lines=[LineDraft(f"Bag {n % 7}")])
        for n in range(200)
    ]
    with django_assert_max_num_queries(40):
        record_many(drafts)
    assert maya.worth.orders == 200


def test_an_order_is_found_by_its_id_without_reading_the_others() -> None:
    if connection.vendor == "sqlite":  # PostgreSQL reads a table as small as this one whole
        assert "USING INDEX order_once_per_source" in Order.objects.told_as(["web"], ["1", "2"]).explain()
