"""Orders from files: shops' exports as they come, refunds, mistakes, undo. And who may bring them."""

# ruff: noqa: E501 (files as long as they come)

import io
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from regulars.access import operations
from regulars.access.models import Operation, User
from regulars.access.tests.factories import make_user
from regulars.contacts.actions.erasing import erase_contact
from regulars.contacts.models import Involvement
from regulars.contacts.tests.factories import make_contact
from regulars.contacts.tests.pages import sign_in
from regulars.orders.actions.changing import refund
from regulars.orders.loyalty.spending import issue_card
from regulars.orders.models import CustomerFacts, Line, LoyaltyCard, Order, Product
from regulars.orders.tests.loyalty_world import balance, make_coupon, make_programme
from regulars.quality.actions import start_import
from regulars.quality.importing import running
from regulars.quality.importing_orders import writing
from regulars.quality.importing_orders.orders import Orders
from regulars.quality.models import Import
from regulars.quality.tests.factories import make_import, undo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def owner(db: None) -> Any:
    return make_user("Nora Pine", role="owner", email="nora@harbor.example")


@pytest.fixture
def bring(tmp_path: Path) -> Any:
    def run(content: str, *arguments: object) -> Any:
        path, out = tmp_path / "orders.csv", io.StringIO()
        path.write_text(content)
        call_command("import", "orders", str(path), *map(str, arguments), "--json", stdout=out)
        answer = json.loads(out.getvalue())
        answer.pop("seconds")
        return answer

    return run


def said(answer: dict[str, Any]) -> list[int]:
    return [answer[name] for name in ("rows", "orders", "created", "updated", "skipped", "failed", "unclaimed")]


SHOPIFY = """Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Phone,Notes,Cancelled at,Refunded Amount,Id,Source,Lineitem discount
#1001,ada@example.com,paid,2026-09-03 10:15:00 -0400,fulfilled,2026-09-04 09:00:00 -0400,no,USD,47.00,6.00,3.29,56.29,FALL5,5.00,Standard,2026-09-03 10:14:00 -0400,2,Fern print,16.00,,FERN-1,true,true,fulfilled,Ada Example,,Gift wrap,,0.00,5550000001,web,0.00
#1001,ada@example.com,,,,,,,,,,,,,,,1,Canvas tote,20.00,,TOTE-1,true,true,fulfilled,,,,,,,,0.00
#1002,bo@example.com,partially_refunded,2026-09-10 09:00:00 -0400,unfulfilled,,no,USD,25.00,0.00,2.00,25.00,,0.00,Pickup,2026-09-10 09:00:00 -0400,1,Speckled mug,25.00,,MUG-1,true,true,,Bo Example,,,,10.00,5550000002,pos,0.00
#1003,cy@example.com,voided,,unfulfilled,,no,USD,25.00,0.00,0.00,25.00,,0.00,,2026-09-11 09:00:00 -0400,1,Speckled mug,25.00,,MUG-1,true,true,,Cy Example,,,2026-09-11 10:00:00 -0400,0.00,5550000003,web,0.00
"""


def test_a_shopify_export_comes_in_whole_is_matched_and_taken_back(bring: Any) -> None:
    ada = make_contact("Ada Example", email="ada@example.com")
    answer = bring(SHOPIFY)
    assert said(answer) == [4, 3, 3, 0, 0, 0, 2]
    first = Order.objects.get(external_id="5550000001")
    assert (first.source, first.number, first.contact, first.channel, first.status) == ("shopify", "#1001", ada, "web", "fulfilled")  # fmt: skip
    assert (first.subtotal, first.discount, first.shipping, first.tax, first.total) == (5200, 500, 600, 329, 5629)
    assert first.placed_at.isoformat() == "2026-09-03T14:14:00+00:00"
    assert list(first.lines.order_by("pk").values_list("name", "quantity", "unit_price", "product__sku")) == [
        ("Fern print", Decimal(2), 1600, "FERN-1"), ("Canvas tote", Decimal(1), 2000, "TOTE-1")
    ]  # fmt: skip
    second = Order.objects.get(external_id="5550000002")
    assert (second.status, second.refunded, second.tax, second.tax_included, second.channel) == ("partly", 1000, 0, 200, "till")  # fmt: skip
    assert Order.objects.get(external_id="5550000003").status == "cancelled"
    assert ada.worth.orders == 1
    assert said(bring(SHOPIFY)) == [4, 3, 0, 0, 3, 0, 0]
    changed = bring(SHOPIFY.replace("10.00,5550000002", "25.00,5550000002"), "--on-duplicate", "overwrite")
    assert said(changed) == [4, 3, 0, 1, 2, 0, 0]
    assert Order.objects.get(external_id="5550000002").status == "refunded"
    assert undo(Import.objects.get(pk=changed["import_id"])).status == "undone"
    second.refresh_from_db()
    assert (second.status, second.refunded, second.lines.count()) == ("partly", 1000, 1)
    assert undo(Import.objects.get(pk=answer["import_id"])).status == "undone"
    assert not Order.objects.exists()
    assert not Line.objects.exists()
    assert not Product.objects.exists()
    assert not CustomerFacts.objects.exists()
    assert not Involvement.objects.filter(kind="order").exists()


def test_what_somebody_did_since_an_import_stays_when_it_is_taken_back(bring: Any, owner: User) -> None:
    make_programme()
    ada = make_contact("Ada Example", email="ada@example.com")
    issue_card(ada, by=owner)
    LoyaltyCard.objects.update(issued_at=timezone.now() - timedelta(days=9))
    rows = (f"A-{n},{timezone.localdate() - timedelta(days=2)},ada@example.com,{n}0.00,0.00" for n in (1, 2))
    sold = "\n".join(("Number,Date,Email,Total,Refunded", *rows, ""))
    bring(sold)
    changed = bring(
        sold.replace("10.00,0.00", "10.00,10.00").replace("20.00,0.00", "20.00,5.00"), "--on-duplicate", "overwrite"
    )
    first, second = Order.objects.order_by("number")
    assert (first.status, second.refunded, balance(ada)) == ("refunded", 500, 1)
    refund(second, 500, by=owner)
    undo(Import.objects.get(pk=changed["import_id"]))
    assert list(Order.objects.order_by("number").values_list("status", "refunded")) == [("paid", 0), ("partly", 1000)]
    assert balance(ada) == 2  # the stamp is back with the order


def test_undo_brings_no_email_of_an_erased_person_back(bring: Any, owner: User) -> None:
    row = f"Number,Date,Email,Phone,Total,Refunded\nA-1,{timezone.localdate() - timedelta(days=2)},ada@example.com,+351912345678,10.00,"
    bring(f"{row}0.00\n")
    Order.objects.create(placed_on=timezone.localdate(), currency="EUR", buyer_phone="+351912345678")
    ada = make_contact("Ada Example", email="ada@example.com", phone="+351912345678")
    changed = bring(f"{row}5.00\n", "--on-duplicate", "overwrite")
    assert Order.objects.get(number="A-1").contact == ada
    erase_contact(ada, by=owner)
    undo(Import.objects.get(pk=changed["import_id"]))
    assert not Order.objects.exclude(buyer_email="", buyer_phone="", note="").exists()


SQUARE_ITEMS = """Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Modifiers Applied,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Payment ID,Device Name,Notes,Details,Event Type,Location,Dining Option,Customer ID,Customer Name,Customer Reference ID,Unit,Count
2026-08-15,14:00:00,Eastern Time (US & Canada),Ceramics,Speckled mug,2.0,Regular,MUG-1,,$36.00,$0.00,$36.00,$2.88,SQC3z,PC3,iPad,,,Payment,Market,,,,,,2
2026-09-13,10:02:11,Eastern Time (US & Canada),Ceramics,Speckled mug,1.0,Large,MUG-2,,$18.00,-$3.00,$15.00,$1.20,SQA1x,PA1,iPad,,,Payment,Fair,,CUST1,Dee Example,,,1
2026-09-13,10:02:11,Eastern Time (US & Canada),Prints,Fern print,1.0,Regular,FERN-1,,$12.00,$0.00,$12.00,$0.96,SQA1x,PA1,iPad,,,Payment,Fair,,CUST1,Dee Example,,,1
2026-09-20,09:00:00,Eastern Time (US & Canada),Ceramics,Speckled mug,-1.0,Regular,MUG-1,,-$18.00,$0.00,-$18.00,-$1.44,SQC3z,PC4,iPad,,,Refund,Market,,,,,,1
2026-09-21,09:00:00,Eastern Time (US & Canada),Ceramics,Speckled mug,-1.0,Regular,MUG-1,,-$18.00,$0.00,-$18.00,-$1.44,SQother,PC5,iPad,,,Refund,Market,,,,,,1
"""
SQUARE_SALES = """Date,Time,Time Zone,Gross Sales,Discounts,Net Sales,Gift Card Sales,Tax,Tip,Partial Refunds,Total Collected,Source,Card,Cash,Fees,Net Total,Transaction ID,Payment ID,Device Name,Details,Description,Event Type,Location,Customer ID,Customer Name,Customer Reference ID
2026-09-13,10:02:11,Eastern Time (US & Canada),$30.00,-$3.00,$27.00,$0.00,$2.16,$2.00,$0.00,$31.16,Point of Sale,$31.16,$0.00,-$0.93,$30.23,SQA1x,PA1,iPad,,"Speckled Mug x 1, Fern Print x 1",Payment,Fair,CUST1,Dee Example,
2026-09-13,11:40:00,Eastern Time (US & Canada),$12.00,$0.00,$12.00,$0.00,$0.96,$0.00,$0.00,$12.96,Point of Sale,$12.96,$0.00,-$0.46,$12.50,SQB2y,PB2,iPad,,Fern Print x 2,Payment,Fair,,,
"""
WOO = """Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales,Attribution
2026-01-15 12:00:00,501,"€1.234,50",completed,Ada Example,new,2× Grinder,2,,1200.50,Direct
2026-01-16 12:00:00,502,"€20,00",processing,Bo Example,new,"1× Mug, 2× Spoon",3,,20.00,Direct
2026-01-17 12:00:00,503,"€9,00",failed,Bo Example,new,1× Mug,1,,9.00,Direct
"""
WOO_KEYS = """order_id,order_number,order_date,status,shipping_total,tax_total,discount_total,order_total,order_currency,customer_email,billing_first_name,billing_last_name,billing_email,billing_phone,customer_note,line_item_1,line_item_2
801,801,2026-02-01 10:00:00,wc-completed,5.00,0,4.00,37.00,EUR,ada@example.com,Ada,Example,ada@example.com,,,name:Mug|product_id:3|sku:M1|quantity:2|total:32.00|sub_total:36.00,
"""
STRIPE = """id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,Converted Amount Refunded,Converted Currency,Fee,Status,Description,Customer Email,Customer ID
ch_1,2026-06-05 20:38:34,"1,125.00",0.00,usd,true,1000.00,0.00,eur,90.93,Paid,Invoice 7,ada@example.com,cus_1
ch_2,2026-06-06 20:38:34,50.00,50.00,eur,true,50.00,50.00,eur,1.00,Refunded,,bo@example.com,cus_2
ch_3,2026-06-07 20:38:34,50.00,0.00,eur,false,50.00,0.00,eur,0,Failed,,bo@example.com,cus_2
"""
ETSY = """Sale Date,Order ID,Buyer User ID,Full Name,First Name,Last Name,Number of Items,Payment Method,Date Shipped,Street 1,Currency,Order Value,Coupon Code,Coupon Details,Discount Amount,Shipping Discount,Shipping,Sales Tax,Order Total,Status,Card Processing Fees,Order Net,Buyer,Order Type
09/03/26,9001,buyer01,Jane Doe,Jane,Doe,2,Credit Card,09/05/26,1 Lane,EUR,68.00,,,0,0,8.00,0,76.00,Completed,2.53,73.47,janedoe,online
"""
ETSY_ITEMS = """Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Coupon Details,Discount Amount,Shipping Discount,Order Shipping,Order Sales Tax,Item Total,Currency,Transaction ID,Listing ID,Date Paid,Date Shipped,Ship Name,Order ID,Variations,Order Type
09/03/26,"Mug, speckled",janedoe,2,34.00,,,0,0,8.00,0,68.00,EUR,4001,1501,09/03/26,,Jane Doe,9001,,online
09/03/26,Spoon,janedoe,1,4.00,,,0,0,8.00,0,4.00,EUR,4002,1502,09/03/26,,Jane Doe,9001,Size: small,online
"""


def test_tills_and_shops_are_recognised_by_their_headers(bring: Any) -> None:
    answer = bring(SQUARE_ITEMS)
    assert said(answer)[1:] == [3, 2, 0, 0, 1, 2]
    assert "no order SQother" in answer["errors"][0]["message"]
    mugs = Order.objects.get(number="SQC3z")  # its refund stands further below
    assert (mugs.total, mugs.refunded, mugs.status, mugs.lines.count()) == (3888, 1944, "partly", 1)
    assert mugs.lines.get().returned == 1
    fair = Order.objects.get(number="SQA1x")
    assert (fair.subtotal, fair.tax, fair.total, fair.buyer_id, fair.channel) == (2700, 216, 2916, "CUST1", "till")
    assert [line.name for line in fair.lines.order_by("pk")] == ["Speckled mug – Large", "Fern print"]
    assert said(bring(SQUARE_SALES, "--source", "stall"))[1:3] == [2, 2]
    tipped = Order.objects.get(source="stall", number="SQA1x")
    assert (tipped.discount, tipped.total, tipped.note) == (300, 3116, "Speckled Mug x 1, Fern Print x 1")
    assert Order.objects.get(source="stall", number="SQB2y").lines.get().quantity == 2
    assert said(bring(WOO))[1:] == [3, 2, 0, 1, 0, 2]
    grinder = Order.objects.get(source="woocommerce", number="501")
    assert (grinder.total, grinder.lines.get().name, grinder.status) == (123450, "Grinder", "fulfilled")
    bring(WOO_KEYS)
    keys = Order.objects.get(external_id="801")
    assert (keys.subtotal, keys.discount, keys.shipping, keys.total, keys.status) == (3200, 0, 500, 3700, "fulfilled")
    assert said(bring(STRIPE))[1:] == [3, 2, 0, 1, 0, 2]
    paid = Order.objects.get(source="stripe", external_id="ch_1")
    assert (paid.total, paid.currency, paid.value, paid.placed_at.hour) == (112500, "USD", 100000, 20)
    bring(ETSY)
    etsy = Order.objects.get(source="etsy", external_id="9001")
    assert (etsy.placed_on.isoformat(), etsy.total, etsy.shipping, etsy.channel) == ("2026-09-03", 7600, 800, "market")
    assert said(bring(ETSY_ITEMS, "--on-duplicate", "overwrite"))[1:4] == [1, 0, 1]
    etsy.refresh_from_db()
    assert (etsy.total, etsy.lines.count()) == (8000, 2)


OWN = """Datum;Bestellnummer;Kunde;E-Mail;Artikel;Menge;Einzelpreis;Gesamt
03.09.2026 10:15;A1;Ada Example;ada@example.com;Becher;2;1.016,00 €;2.032,00 €
03.09.2026 10:15;A1;Ada Example;ada@example.com;Löffel;1;4,50 €;4,50 €
04.09.2026;A2;Bo Example;;Becher;1;12,00 €;12,00 €
"""


def test_a_spreadsheet_of_ones_own_with_a_line_a_row(bring: Any) -> None:
    ada = make_contact("Ada Example", email="ada@example.com")
    assert said(bring(OWN, "--dry-run")) == [3, 2, 2, 0, 0, 0, 1]
    assert not Order.objects.exists()
    assert said(bring(OWN)) == [3, 2, 2, 0, 0, 0, 1]
    first = Order.objects.get(number="A1")
    assert (first.total, first.lines.count(), first.contact, first.currency) == (203650, 2, ada, "EUR")
    assert first.placed_on.isoformat() == "2026-09-03"


BAD = """Order number,Date,Name,Total,Currency,Status,Refunded
1,2026-01-05,Ada,20.00,EUR,paid,
2,2096-01-05,Ada,20.00,EUR,paid,
3,2026-01-05,Ada,-20.00,EUR,paid,
4,2026-01-05,Ada,20.00,EUR,paid,30.00
5,2026-01-05,Ada,20.00,XQQ,paid,
6,2026-01-05,Ada,20.00,EUR,paid,
6,2026-01-05,Bo,25.00,EUR,paid,
7,31/31/2026,Ada,20.00,EUR,paid,
8,2026-01-05,Ada,twenty,EUR,paid,
9,2026-01-05,Ada,20.00,EUR,dancing,
1,2026-01-06,Ada,-5.00,EUR,paid,
10,,Ada,5.00,EUR,paid,
"""


def test_what_makes_no_sense_comes_back_with_the_reason(bring: Any) -> None:
    answer = bring(BAD, "--rows", "order")
    assert said(answer)[1:] == [10, 1, 0, 0, 9, 1]
    found = {error["row"]: (error["field"], error["message"]) for error in answer["errors"]}
    for row, field, words in (
        (3, "Date", "future"), (4, "", "no order 3"), (5, "Refunded", "No more than 20.00"), (6, "Currency", "XQQ"),
        (7, "Name", "different customers: ada and bo"), (9, "Date", "calendar"), (10, "Total", "twenty"),
        (11, "Status", "dancing"), (13, "Date", "no date"),
    ):  # fmt: skip
        assert found[row][0] == field
        assert words in found[row][1]
    assert Order.objects.get().refunded == 500  # the negative row further below


def test_lines_find_their_order_wherever_they_stand_and_none_without(bring: Any) -> None:
    rows = "Order number,Date,Item,Quantity,Price\n,,Lost spoon,1,2.00\nA,2026-01-05,Mug,1,10.00\nB,2026-01-05,Mug,1,10.00\n,,Saucer,1,3.00\nA,2026-01-05,Spoon,1,2.00\n"
    answer = bring(rows)
    assert said(answer)[:3] == [5, 3, 2]
    assert dict(Order.objects.values_list("number", "total")) == {"A": 1200, "B": 1300}
    assert answer["errors"][0]["row"] == 2
    twins = "Date,Item,Total\n2026-01-05,Espresso,2.00\n2026-01-05,Espresso,2.00\n"
    assert said(bring(twins))[:3] == [2, 2, 2]
    assert said(bring(twins))[:5] == [2, 2, 0, 0, 2]
    assert Product.objects.filter(name="Espresso").count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "empty"), ("Date,Total\n", "no rows"), (",".join(f"C{n}" for n in range(10_000)) + "\n1", "10,000 columns"),
     ("Who,What\nAda,Mug\n", "Say which column holds the date"), ("BEGIN:VCARD\nFN:A\nEND:VCARD\n", "address book")],
)  # fmt: skip
def test_a_file_without_orders_is_one_line(bring: Any, content: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        bring(content)
    with pytest.raises(CommandError, match="only skip, overwrite"):
        bring("Date,Total\n2026-01-05,1.00\n", "--on-duplicate", "fill")


def test_the_wizard_asks_what_it_can_not_know_and_gives_bad_rows_back(owner: Any) -> None:
    client = sign_in(owner)
    page = client.get("/import/orders/").content.decode()
    assert "Bring in what people bought" in page
    rows = "When,Number,Who,Paid\n5/1/2026,1,ada@example.com,20.00\n6/1/2026,1,ada@example.com,5.00\n7/1/2026,2,bo@example.com,x\n"
    answer = client.post("/import/orders/", {"file": SimpleUploadedFile("till.csv", rows.encode())})
    imported = Import.objects.get()
    assert client.get(answer["Location"])["Location"] == f"/import/{imported.pk}/columns/"
    columns = {"column-0": "placed_at", "column-1": "number", "column-2": "buyer.email", "column-3": "line.total"}
    mapping = f"/import/{imported.pk}/columns/"
    assert client.post(mapping, {"kind": "line", **columns, "column-3": ""}).status_code == 422
    answer = client.post(mapping, {"kind": "line", "order": "dmy", **columns})
    page = client.get(answer["Location"]).content.decode()
    assert "1 · ada@example.com" in page
    assert "is not an amount" in page
    plan = {"policy": "skip", "currency": "EUR", "channel": "phone", "source": "Old till"}
    assert client.post(f"/import/{imported.pk}/preview/", {**plan, "currency": "???"}).status_code == 422
    answer = client.post(f"/import/{imported.pk}/run/", plan)
    assert "See the orders" in client.get(answer["Location"]).content.decode()
    order = Order.objects.get()
    assert (order.total, order.source, order.channel, order.placed_on.month) == (2500, "old-till", "phone", 1)
    back = b"".join(client.get(f"/import/{imported.pk}/not-imported.csv")).decode()  # type: ignore[arg-type]
    assert "7/1/2026,2,bo@example.com,x" in back
    assert sign_in(make_user(role="front_desk")).get("/import/orders/").status_code == 403


class Killed(BaseException):
    """Ends the process at once: nothing catches it."""


def test_a_killed_worker_left_whole_batches_and_the_next_one_goes_on(
    owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"K{n},2026-01-05,Mug,1,10.00\nK{n},2026-01-05,Spoon,1,2.00\n" for n in range(7))
    imported = make_import(f"Order number,Date,Item,Quantity,Price\n{rows}", "kill.csv", by=owner, what="orders")
    operation = start_import(imported, queue=False)
    assert operation is not None
    monkeypatch.setattr(Orders, "batch", 2)
    calls: list[int] = []
    remember = writing._remember

    def remember_and_die(*arguments: Any) -> None:
        remember(*arguments)
        calls.append(1)
        if len(calls) == 2:
            raise Killed

    monkeypatch.setattr(writing, "_remember", remember_and_die)
    with pytest.raises(Killed):
        operations.run(operation)
    running._readings.clear()  # the next process knows nothing of this one
    Operation.objects.filter(pk=operation.pk).update(worker="")
    assert Order.objects.count() == 2
    done = operations.run(Operation.objects.get(pk=operation.pk))
    assert (done.status, done.result["counts"]["created"], Order.objects.count(), Line.objects.count()) == ("done", 7, 7, 14)  # fmt: skip
    assert set(Order.objects.values_list("total", flat=True)) == {1200}


def test_products_come_with_price_and_cost_and_go_again_unless_a_coupon_names_them(tmp_path: Path, owner: User) -> None:
    Product.objects.create(name="Mug", folded="mug")
    path, out = tmp_path / "products.csv", io.StringIO()
    path.write_text(
        "SKU,Name,Price,Cost,Category\nM1,Mug,12.50,4.10,Ceramics\nS1,Spoon,-1,,\nF1,Fern print,16,,Prints\nS2,Saucer,3,,\n"
    )
    call_command("import", "products", str(path), "--on-duplicate", "fill", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert [answer[name] for name in ("rows", "created", "updated", "failed")] == [4, 2, 1, 1]
    assert Product.objects.filter(sku="M1", price=1250, cost=410, category="Ceramics", name="Mug").exists()
    make_coupon(owner, kind="product", percent=None, product=Product.objects.get(sku="S2"))
    assert undo(Import.objects.get()).status == "undone"
    assert list(Product.objects.order_by("pk").values_list("name", "sku", "cost")) == [
        ("Mug", "", None), ("Saucer", "S2", None)
    ]  # fmt: skip
