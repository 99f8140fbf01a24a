"""Orders on the screen: written down in a line, refunded, cancelled, claimed, listed; who may and who may not."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from regulars.access.models import Organisation, Role, User
from regulars.access.tests.factories import make_user
from regulars.contacts.actions.erasing import erase_contact
from regulars.contacts.actions.merging import merge, undo_merge
from regulars.contacts.models import Contact
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.lib.search import search
from regulars.orders.actions.changing import ChangedMeanwhile, give_to, take_away
from regulars.orders.drafts import BadOrder, Buyer
from regulars.orders.models import BuyerKey, CustomerFacts, Line, Order, Product
from regulars.orders.one_line import Said, lines_of, read_line
from regulars.orders.order_list import OrderList
from regulars.orders.recording import record
from regulars.orders.tests.factories import make_draft, make_line, make_order
from regulars.timeline.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def business() -> Organisation:
    """A café in Lisbon with what it sells."""
    for name, price in (("House blend 250 g", 890), ("Flat white", 280), ("Flat white to go", 260), ("Tasting", None)):
        Product.objects.create(name=name, folded=name.lower(), price=price)
    return Organisation.objects.create(
        name="Harbor & Pine", currency="EUR", time_zone="Europe/Lisbon", country="PT", trade="cafe",
        modules=["orders", "promises", "thanks"],
    )  # fmt: skip


@pytest.fixture
def owner() -> User:
    """The owner of the business."""
    return make_user(role=Role.OWNER)


@pytest.fixture
def desk(owner: User, client: Client) -> Client:
    """A browser in which the owner is signed in."""
    client.force_login(owner)
    return client


LINES = [
    ("24.50 2 bags House blend, Flat white", Said(Decimal("24.50"), "EUR", ((2, "House blend"), (1, "Flat white")))),
    ("€24,50", Said(Decimal("24.50"), "EUR")),
    ("24", Said(Decimal(24), "EUR")),
    ("2 flat whites", Said(None, "EUR", ((2, "flat whites"),))),
    (
        "House blend + 3 x flat white 1.234,50 €",
        Said(Decimal("1234.50"), "EUR", ((1, "House blend"), (3, "flat white"))),
    ),
    ("USD 12 mug", Said(Decimal(12), "USD", ((1, "mug"),))),
    ("12 2 mugs", Said(Decimal(12), "EUR", ((2, "mugs"),))),
    ("4.50 0.125 kg House blend", Said(Decimal("4.50"), "EUR", ((Decimal("0.125"), "House blend"),))),
    ("€1.250", Said(Decimal(1250), "EUR")),
]


@pytest.mark.parametrize(("text", "said"), LINES)
def test_a_line_says_what_was_paid_and_what_for(text: str, said: Said) -> None:
    assert read_line(text) == said


def test_the_prices_of_products_fill_what_a_line_leaves_out() -> None:
    lines, discount = lines_of(read_line("2 flat whites and house blend"))
    assert [(line.name, line.unit_price) for line in lines] == [
        ("Flat white", Decimal("2.80")),
        ("House blend 250 g", Decimal("8.90")),
    ]
    assert discount == 0
    assert lines_of(read_line("13.50 2 flat whites, house blend"))[1] == Decimal("1.00")
    lines, _discount = lines_of(read_line("50 2 flat whites, tasting"))
    assert lines[1].total == Decimal("44.40")
    with pytest.raises(BadOrder):
        lines_of(read_line("tasting"))


def test_an_order_is_written_down_in_one_line_and_taken_back(desk: Client, owner: User) -> None:
    maya = make_contact("Maya Okafor", by=owner)
    answer = desk.post(f"/contacts/{maya.pk}/orders/", {"line": "24.50 2 House blend"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "€24.50" in answer.content.decode()
    order = Order.objects.get()
    assert (order.total, order.contact, order.source, order.what) == (2450, maya, "hand", "2 × House blend 250 g")
    assert desk.post(f"/contacts/{maya.pk}/orders/", {"line": "nothing"}).status_code == 422
    assert desk.delete(f"/orders/{order.pk}/keeping/", headers={"HX-Request": "true"}).status_code == 200
    assert not Order.objects.exists()
    assert not Entry.objects.filter(kind="order").exists()


def test_the_capture_box_understands_an_order_in_a_moment_and_alone(desk: Client, owner: User) -> None:
    maya = make_contact("Maya Okafor", by=owner)
    said = {"on": f"contact-{maya.pk}", "kind": "note"}
    preview = desk.post("/capture/preview/", said | {"text": "€12 2 flat whites"}, headers={"HX-Request": "true"})
    assert "€12.00" in preview.content.decode()
    desk.post("/capture/", said | {"text": "€12 2 flat whites"})
    entry = Entry.objects.get(kind="order")
    order = Order.objects.get()
    assert (entry.subject_id, entry.text, order.total, order.contact) == (order.pk, "2 × Flat white", 1200, maya)
    desk.post("/capture/", said | {"kind": "visit", "text": "Sat in the sun. Bought €30.00 house blend"})
    assert sorted(Entry.objects.values_list("kind", flat=True)) == ["order", "order", "visit"]
    assert sorted(Order.objects.values_list("total", flat=True)) == [1200, 3000]


def test_the_form_keeps_day_channel_and_number_and_says_what_is_wrong(desk: Client, owner: User) -> None:
    maya = make_contact("Maya Okafor", by=owner)
    day = (timezone.localdate() - timedelta(days=3)).isoformat()
    fields = {"line": "24.50", "contact": maya.pk, "day": day, "channel": "phone", "status": "placed", "number": "7"}
    assert desk.get(f"/orders/new/?on=contact-{maya.pk}").status_code == 200
    assert desk.post("/orders/new/", fields).status_code == 302
    order = Order.objects.get()
    assert (order.placed_on.isoformat(), order.channel, order.status, order.number) == (day, "phone", "placed", "7")
    later = (timezone.localdate() + timedelta(days=3)).isoformat()
    wrong = desk.post("/orders/new/", fields | {"day": later})
    assert wrong.status_code == 422
    assert "future" in wrong.content.decode()
    edited = {
        "line": "30 2 tastings",
        "day": day,
        "clock": "12:00",
        "channel": "phone",
        "status": "paid",
        "number": "8",
    }
    assert desk.post(f"/orders/{order.pk}/edit/", edited).status_code == 302
    order.refresh_from_db()
    assert (order.total, order.number, order.status, maya.worth.value) == (3000, "8", "paid", 3000)


def test_an_order_is_refunded_in_part_then_whole_cancelled_and_all_taken_back(desk: Client, owner: User) -> None:
    maya = make_contact("Maya Okafor", by=owner)
    order = make_order(maya, "40.00")
    at = f"/orders/{order.pk}"

    def now() -> tuple[Any, ...]:
        facts = CustomerFacts.objects.filter(contact=maya).first()
        order.refresh_from_db()
        return order.status, order.refunded, facts and facts.value

    assert desk.get(f"{at}/refund/").status_code == 200
    desk.post(f"{at}/refund/", {"amount": "10"})
    assert now() == ("partly", 1000, 3000)
    assert desk.post(f"{at}/refund/", {"amount": "30.01"}).status_code == 422
    desk.post(f"{at}/refund/", {"amount": "30"})
    assert now() == ("refunded", 4000, None)
    desk.delete(f"{at}/refund/?amount=3000")
    assert now() == ("partly", 1000, 3000)
    line = Line.objects.create(order=order, name="Mug", quantity=2, unit_price=2000, total=4000)
    assert "of 2</span>" in desk.get(f"{at}/refund/").content.decode()
    assert desk.post(f"{at}/refund/", {"amount": "20", f"back-{line.pk}": "3"}).status_code == 422
    desk.post(f"{at}/refund/", {"amount": "20", f"back-{line.pk}": "1"})
    line.refresh_from_db()
    assert (*now(), line.returned) == ("partly", 3000, 1000, 1)
    assert "1 came back" in desk.get(f"{at}/").content.decode()
    desk.delete(f"{at}/refund/?amount=2000&back={line.pk}:1")
    line.refresh_from_db()
    assert (*now(), line.returned) == ("partly", 1000, 3000, None)
    desk.post(f"{at}/cancellation/")
    assert now() == ("cancelled", 1000, None)
    assert Entry.objects.get(kind="order").snapshot["status"] == "cancelled"
    desk.delete(f"{at}/cancellation/?was=fulfilled")
    assert now() == ("partly", 1000, 3000)


def test_an_order_of_nobody_is_claimed_with_its_others_and_the_shop_is_remembered(desk: Client, owner: User) -> None:
    buyer = Buyer(name="Ada Fontes", email="ada@mail.example", external_id="C-9")
    drafts = [make_draft("10.00", days=n, source="shop", external_id=str(n), buyer=buyer) for n in range(3)]
    orders = [record(draft).order for draft in drafts]
    ada = make_contact("Ada Fontes Lima", by=owner)
    page = desk.get("/orders/?whose=nobody").content.decode()
    assert page.count("To be claimed") == 3
    assert "2 other orders" in desk.get(f"/orders/{orders[0].pk}/").content.decode()
    assert desk.post(f"/orders/{orders[0].pk}/claim/", {}).status_code == 422
    desk.post(f"/orders/{orders[0].pk}/claim/", {"contact": ada.pk, "others": "on"})
    assert (ada.worth.orders, BuyerKey.objects.get().contact) == (3, ada)
    assert record(make_draft(source="shop", external_id="9", buyer=Buyer(external_id="C-9"))).order.contact == ada
    desk.delete(f"/orders/{orders[0].pk}/claim/?also={orders[1].pk},{orders[2].pk}")
    ada.refresh_from_db()
    assert (ada.worth.orders, Entry.objects.filter(kind="order").count()) == (1, 1)


def test_who_says_second_whose_an_order_is_hears_that_somebody_was_faster(desk: Client, owner: User) -> None:
    ada, rui = make_contact("Ada Lima", by=owner), make_contact("Rui Costa", by=owner)
    order = record(make_draft("10.00", source="shop", external_id="1")).order
    stale, late = Order.objects.get(pk=order.pk), Order.objects.get(pk=order.pk)
    give_to(order, ada, by=owner)
    with pytest.raises(ChangedMeanwhile):
        give_to(stale, rui, by=owner)
    take_away([late], by=owner)  # as it was when it was nobody's: what Ada was given since stays hers
    assert Order.objects.get().contact == ada
    assert desk.delete(f"/orders/{order.pk}/claim/?also={'9' * 30},²").status_code == 302
    assert (Order.objects.get().contact, Entry.objects.filter(kind="order").count()) == (None, 0)


def test_a_company_that_one_may_not_know_of_stands_on_no_order_and_in_no_file(desk: Client, owner: User) -> None:
    lumen = make_company("Lumen Secret", by=owner, visibility="owner")
    order = make_order(make_contact("Maya Okafor", by=owner, company=lumen), "5.00")
    rui = Client()
    rui.force_login(make_user("Rui Costa", role=Role.MEMBER))
    for client, is_told in ((desk, True), (rui, False)):
        page, file = client.get(f"/orders/{order.pk}/"), client.get("/orders/export/")
        told = page.content.decode(), b"".join(file.streaming_content).decode()  # type: ignore[attr-defined]
        assert all("Maya Okafor" in text for text in told)
        assert ["Lumen Secret" in text for text in told] == [is_told, is_told]


def test_the_list_is_filtered_paged_and_exported(desk: Client, owner: User) -> None:
    maya, rui = make_contact("Maya Okafor", by=owner), make_contact("Rui Costa", by=owner)
    blend = Product.objects.get(name="House blend 250 g")
    make_order(maya, lines=[make_line("House blend 250 g", "8.90")], number="T-1", channel="till")
    make_order(rui, "5.00", days=40, number="T-2", channel="web", status="cancelled")

    def shown(query: str) -> set[str]:
        page = desk.get(f"/orders/?{query}").content.decode()
        return {number for number in ("T-1", "T-2") if number in page}

    assert shown("") == {"T-1", "T-2"}
    for query in ("status=paid", "channel=till", "when=week", f"product={blend.pk}", f"to=contact-{maya.pk}"):
        assert shown(query) == {"T-1"}
    twice = [make_line("House blend 250 g", "8.90"), make_line("House blend 250 g", "8.00")]
    for number in range(3):
        make_order(maya, lines=twice, number=f"P-{number}", days=50 + number)
    by_product = OrderList(QueryDict(f"product={blend.pk}"), owner)
    assert [order.number for order in by_product.rows(by_product.page(size=3).ids)] == ["T-1", "P-0", "P-1"]
    assert [o.number for o in by_product.rows(by_product.page(by_product.page(size=3).next, 3).ids)] == ["P-2"]
    for query in ("status=cancelled", "channel=web", "when=week&from=2020-01-01&until=2020-02-01"):
        assert shown(f"product={blend.pk}&{query}") == set()
    assert shown("status=cancelled&when=12m") == {"T-2"}
    assert shown("whose=nobody") == set()
    exported = b"".join(desk.get("/orders/export/?status=cancelled&format=csv")).decode()  # type: ignore[arg-type]
    assert "Rui Costa" in exported
    assert "Maya" not in exported
    assert [hit.title for group in search(owner, "t-1") for hit in group.hits if hit.kind == "order"] == ["T-1"]


def test_products_are_added_changed_and_no_longer_offered(desk: Client) -> None:
    assert desk.post("/products/new/", {"name": "Mug", "price": "14", "sku": "MUG"}).status_code == 302
    mug = Product.objects.get(sku="MUG")
    assert (mug.price, mug.cost, mug.folded) == (1400, None, "mug")
    assert desk.post("/products/new/", {"name": "Cup", "sku": "MUG"}).status_code == 422
    desk.post(f"/products/{mug.pk}/", {"name": "Big mug", "price": "15.50", "cost": "6", "sku": "MUG"})
    desk.post(f"/products/{mug.pk}/retirement/")
    assert "no longer offered" in desk.get("/products/").content.decode()  # the toast
    assert "Big mug" not in desk.get("/products/").content.decode()
    assert "Big mug" in desk.get("/products/?gone=1&q=mug").content.decode()
    assert "Flat white" in desk.get("/products/pick/?q=flat").content.decode()


def test_worth_and_brief_say_what_is_usual(desk: Client, owner: User) -> None:
    maya = make_contact("Maya Okafor", by=owner)
    for n in range(5):
        lines = [make_line("Flat white", "2.80", "2"), *([make_line("Tasting", "18")] if n == 0 else [])]
        make_order(maya, lines=lines, days=9 * n)
    panel = desk.get(f"/contacts/{maya.pk}/worth/").content.decode()
    for words in ("2 × Flat white", "every 9 days", "€46", "<svg"):
        assert words in panel
    page = desk.get(f"/contacts/{maya.pk}/").content.decode()
    assert "2 × Flat white</mark>, every 9 days" in page.replace("<b>", "<mark>")
    assert "Nothing bought yet" in desk.get(f"/contacts/{make_contact(by=owner).pk}/worth/").content.decode()


def test_merging_and_erasing_keep_the_sums_true(owner: User) -> None:
    maya, double = make_contact("Maya Okafor", by=owner), make_contact("M. Okafor", by=owner, email="m@lumen.example")
    make_order(maya, "10.00")
    order = make_order(double, "20.00", days=3, buyer=Buyer(name="M. Okafor", email="m@lumen.example"), note="For Maya")
    operation = merge(maya, double, {}, by=owner)
    assert CustomerFacts.objects.get().value == 3000
    undo_merge(operation)
    assert sorted(CustomerFacts.objects.values_list("value", flat=True)) == [1000, 2000]
    erase_contact(Contact.objects.get(pk=double.pk), by=owner)
    order.refresh_from_db()
    assert (order.total, order.buyer_name, order.buyer_email, order.note) == (2000, "", "", "")


def test_strangers_get_404_and_readers_403(client: Client, owner: User) -> None:
    hidden = make_contact("Maya Okafor", by=owner, visibility="owner")
    order = make_order(hidden)
    free = make_order()
    client.force_login(make_user(role=Role.MEMBER))
    for name in ("", "refund/", "claim/", "edit/"):
        assert client.get(f"/orders/{order.pk}/{name}").status_code == 404
    assert client.post(f"/orders/{order.pk}/cancellation/").status_code == 404
    assert f"/orders/{order.pk}/" not in client.get("/orders/").content.decode()
    client.force_login(make_user(role=Role.READER))
    assert client.get(f"/orders/{free.pk}/").status_code == 200
    assert client.post(f"/orders/{free.pk}/cancellation/").status_code == 403
    assert client.get("/orders/new/").status_code == 403
    assert client.post("/products/new/", {"name": "X"}).status_code == 403


def test_a_company_buys_too(desk: Client, owner: User) -> None:
    studio = make_company("Lumen Studios", by=owner)
    desk.post(f"/companies/{studio.pk}/orders/", {"line": "120.00 tasting"})
    assert studio.worth.value == 12000
    assert "€120" in desk.get(f"/companies/{studio.pk}/worth/").content.decode()
