"""Orders of nobody: put together by buyer, given to somebody or to new people, offered when somebody comes."""

from typing import Any

import pytest
from django.test import Client

from regulars.access.models import Operation
from regulars.access.operations import request_undo, run
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Contact, Involvement
from regulars.contacts.tests.factories import make_contact
from regulars.contacts.tests.pages import sign_in
from regulars.orders.drafts import Buyer
from regulars.orders.models import Order
from regulars.orders.recording import record
from regulars.orders.tests.factories import make_draft, make_order
from regulars.orders.unclaimed.adding import KIND, start_adding
from regulars.orders.unclaimed.buyers import buyers_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return sign_in(make_user(role="owner"))


def sold(days: float, **buyer: str) -> Order:
    return record(make_draft("10.00", days=days, source="till", buyer=Buyer(**buyer))).order


@pytest.fixture
def waiting(db: None) -> list[Order]:
    return [
        sold(1, name="Ada Example", email="ada@example.com"),
        sold(9, email="Ada@Example.com", external_id="c7"),
        sold(2, name="Bo Example", phone="+351912555014"),
        sold(3, external_id="c9"),
        sold(4),
    ]


def test_they_are_put_together_by_buyer(client: Client, waiting: list[Order]) -> None:
    buyers, cursor = buyers_page()
    assert [(b.title, b.orders, b.value) for b in buyers] == [
        ("Ada Example", 2, 2000), ("Bo Example", 1, 1000), ("c9", 1, 1000)
    ]  # fmt: skip
    assert cursor == ""
    page = client.get("/orders/nobody/").content.decode()
    assert "Ada Example" in page
    assert page.count("Add as a new person") == 2  # of c9 nothing is known


def test_they_are_given_to_somebody_and_taken_back(client: Client, waiting: list[Order]) -> None:
    maya = make_contact("Maya Okafor")
    keys = ["email:ada@example.com", "id:till:c9"]
    assert client.get("/orders/nobody/claim/", {"buyer": keys}).status_code == 200
    assert client.post("/orders/nobody/claim/", {"buyer": keys}).status_code == 422
    assert client.post("/orders/nobody/claim/", {"contact": maya.pk}).status_code == 422
    assert client.post("/orders/nobody/claim/", {"buyer": keys, "contact": maya.pk})["Location"] == "/orders/nobody/"
    theirs = list(Order.objects.filter(contact=maya).order_by("pk"))
    assert len(theirs) == 3
    assert (maya.worth.orders, Involvement.objects.filter(contact=maya, kind="order").count()) == (3, 3)
    assert sold(0, external_id="c9").contact == maya  # the next one finds them
    taken = ",".join(str(order.pk) for order in theirs)
    client.delete(f"/orders/nobody/claim/?orders={taken}")
    maya.refresh_from_db()
    assert (maya.worth.orders, Order.objects.unclaimed().count()) == (1, 5)


def test_they_become_new_people_but_nobody_twice(client: Client, waiting: list[Order]) -> None:
    bo = make_contact("Bo Example", phone="+351912555014")
    keys = ["email:ada@example.com", "phone:+351912555014", "id:till:c9"]
    client.post("/orders/nobody/people/", {"buyer": keys})
    ada = Contact.objects.get(email="ada@example.com")
    assert (ada.given_name, ada.family_name, ada.worth.orders) == ("Ada", "Example", 2)
    assert bo.worth.orders == 1
    assert Contact.objects.count() == 2
    assert Order.objects.unclaimed().count() == 2


def test_they_are_offered_to_whoever_comes_with_that_email_or_phone(client: Client, waiting: list[Order]) -> None:
    ada = make_contact("Ada Lovelace", email="ADA@example.com", phone="+351 912 555 014")
    page = client.get(f"/contacts/{ada.pk}/worth/").content.decode()
    assert "3 orders with this email or phone" in page
    back = f"/contacts/{ada.pk}/"
    answer = client.post("/orders/nobody/claim/", {"contact": ada.pk, "theirs": "1", "back": back})
    assert answer["Location"] == back
    assert ada.worth.orders == 3
    assert "nobody" not in client.get(f"/contacts/{ada.pk}/worth/").content.decode()


def test_others_orders_stay_theirs_and_readers_only_look(waiting: list[Order]) -> None:
    ada = make_contact("Ada Example")
    kept = make_order(ada, "5.00")
    reader: Any = sign_in(make_user(role="reader"))
    assert "Give to" not in reader.get("/orders/nobody/").content.decode()
    assert (
        reader.post("/orders/nobody/claim/", {"buyer": ["email:ada@example.com"], "contact": ada.pk}).status_code == 403
    )
    assert reader.post("/orders/nobody/people/", {"buyer": ["email:ada@example.com"]}).status_code == 403
    kept.refresh_from_db()
    assert kept.contact == ada


def test_all_who_wait_are_added_in_the_background_and_that_is_undone(client: Client, waiting: list[Order]) -> None:
    bo = make_contact("Bo Example", phone="+351912555014")
    for days in range(10, 14):
        sold(days, name="Cleo Example" if days % 2 else "cleo example")
    operation = start_adding(None, by=make_user(role="owner"))
    client.post("/orders/nobody/people/", {"everything": "on"})
    assert Operation.objects.filter(kind=KIND, status="waiting").count() == 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("regulars.orders.unclaimed.adding.WINDOW", 3)
        run(operation)
    assert (operation.status, operation.result["counts"]) == ("done", {"people": 2, "orders": 7})
    assert "2 new people" in operation.result["sentence"]
    assert (Contact.objects.get(given_name__iexact="Cleo").worth.orders, bo.worth.orders) == (4, 1)
    assert Order.objects.unclaimed().count() == 2
    Contact.objects.filter(given_name__iexact="Cleo").update(version=2)  # somebody worked on her
    assert request_undo(operation, by=operation.by)
    run(operation)
    assert (operation.status, Order.objects.unclaimed().count()) == ("undone", 9)
    assert set(Contact.objects.filter(binned_at=None).values_list("sort_name", flat=True)) == {
        "bo example", "cleo example"
    }  # fmt: skip


def test_a_few_chosen_ones_are_undone_from_the_toast(client: Client, waiting: list[Order]) -> None:
    client.post("/orders/nobody/people/", {"buyer": ["email:ada@example.com"]})
    assert Order.objects.unclaimed().count() == 3
    operation = Operation.objects.get(kind=KIND)
    client.post(f"/operations/{operation.pk}/undoing/")
    assert Order.objects.unclaimed().count() == 5
    assert Contact.objects.get().binned_at is not None
