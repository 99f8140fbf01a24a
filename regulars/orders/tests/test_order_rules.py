"""Who is chosen by what they bought, whom to thank for it, what branches bought, and the check of the kept sums."""

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from regulars.access.models import Organisation, Role, User
from regulars.access.tests.factories import make_user
from regulars.contacts.exporting import everything_about
from regulars.contacts.models import Contact
from regulars.contacts.referrals.value import node_of_contact
from regulars.contacts.tests.factories import make_contact
from regulars.lib.tests.queries import assert_query_count
from regulars.orders import facts_rebuild
from regulars.orders.facts_check import check_all, last_check
from regulars.orders.models import CustomerFacts, CustomerMonth, Product
from regulars.orders.order_conditions import Bought, BoughtProduct, Orders, Spent
from regulars.orders.order_occasions import big_orders, first_orders, tenth_orders
from regulars.orders.orders_setup import order_totals, say_total
from regulars.orders.tests.factories import make_line, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, Contact]:
    """One who buys every week, one who came once long ago, one who never did."""
    Organisation.objects.create(
        name="Harbor & Pine", currency="EUR", time_zone="Europe/Lisbon", trade="cafe", modules=["orders"]
    )
    people = {name: make_contact(name) for name in ("Weekly", "Once", "Never")}
    for week in range(12):
        make_order(people["Weekly"], lines=[make_line("Flat white", "2.80")], days=7 * week)
    make_order(people["Once"], "90.00", days=500)
    make_order(people["Weekly"], "400.00", days=1)
    return people


def test_people_are_chosen_by_what_they_bought(people: dict[str, Contact]) -> None:
    user, today = make_user(), timezone.localdate()
    flat = Product.objects.get()
    chosen: list[tuple[Any, dict[str, Any], set[str]]] = [
        (Bought(), {"bought": "within", "days": 30}, {"Weekly"}),
        (Bought(), {"bought": "not_within", "days": 90}, {"Once"}),
        (Bought(), {"bought": "never", "days": None}, {"Never"}),
        (Bought(), {"bought": "ever", "days": None}, {"Weekly", "Once"}),
        (Orders(), {"how": "from", "many": 13}, {"Weekly"}),
        (Orders(), {"how": "below", "many": 2}, {"Once"}),
        (Spent(), {"how": "from", "amount": Decimal(400), "over": "year"}, {"Weekly"}),
        (Spent(), {"how": "below", "amount": Decimal(400), "over": "year"}, {"Once"}),
        (Spent(), {"how": "below", "amount": Decimal(100), "over": "all"}, {"Once"}),
        (BoughtProduct(), {"product": flat, "days": None}, {"Weekly"}),
    ]
    for condition, value, names in chosen:
        found = Contact.objects.filter(condition.q(value, user, today)).values_list("display_name", flat=True)
        assert set(found) == names, condition.words(value)


def test_the_first_the_tenth_and_a_big_order_are_occasions(people: dict[str, Contact]) -> None:
    found = {find.__name__: find("0", 500)[0] for find in (first_orders, tenth_orders, big_orders)}
    assert [one.contact_id for one in found["first_orders"]] == [people["Weekly"].pk]
    assert [one.key for one in found["tenth_orders"]] == [f"tenth:{people['Weekly'].pk}"]
    assert [one.why for one in found["big_orders"]] == ["bought for €400 at once"]
    _none, position = first_orders("0", 500)
    assert first_orders(position, 500) == ([], position)


def test_the_command_mends_what_is_wrong_and_counts_everybody_anew(people: dict[str, Contact]) -> None:
    CustomerFacts.objects.filter(contact=people["Once"]).update(value=1)
    assert _facts() == {"customers": 2, "differing": 1}
    assert _facts() == {"customers": 2, "differing": 0}
    CustomerFacts.objects.all().delete()
    assert _facts("--rebuild") == {"customers": 2, "differing": None}
    assert people["Once"].worth.value == 9000
    said = StringIO()
    call_command("facts", "--rebuild", stdout=said)
    assert "100 %" in said.getvalue()
    assert "2 customers counted anew" in said.getvalue()


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_may_be_counted_by_several_connections(
    people: dict[str, Contact], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts_rebuild, "RANGES", {"contact": 1, "company": 1})
    kept = ("contact", "orders", "days", "value", "gap_squares", "last_order")
    before = list(CustomerFacts.objects.order_by("contact").values_list(*kept))
    months = CustomerMonth.objects.count()
    CustomerFacts.objects.all().delete()
    told: list[tuple[int, int]] = []
    facts_rebuild.rebuild_all(lambda done, of: told.append((done, of)))
    assert list(CustomerFacts.objects.order_by("contact").values_list(*kept)) == before
    assert CustomerMonth.objects.count() == months
    assert (told[-1][1], told[-1][1]) in told


def _facts(*options: str) -> dict[str, Any]:
    """What the command answers, but for the seconds."""
    said = StringIO()
    call_command("facts", "--json", *options, stdout=said)
    return {name: value for name, value in json.loads(said.getvalue()).items() if name != "seconds"}


def test_the_nightly_check_finds_what_is_wrong_and_mends_it(people: dict[str, Contact], client: Client) -> None:
    assert (check_all().customers, last_check().differing) == (2, 0)  # type: ignore[union-attr]
    CustomerFacts.objects.filter(contact=people["Once"]).update(value=1)
    CustomerFacts.objects.filter(contact=people["Weekly"]).delete()
    assert check_all().differing == 2
    assert people["Once"].worth.value == 9000
    assert CustomerMonth.objects.filter(contact=people["Weekly"]).exists()
    client.force_login(make_user(role=Role.OWNER))
    assert "mended" in client.get("/orders/").content.decode()
    assert check_all().differing == 0


def test_branches_and_the_takeout_know_what_was_bought(people: dict[str, Contact]) -> None:
    owner: User = make_user(role=Role.OWNER)
    totals = order_totals([one.pk for one in people.values()], [], owner)
    assert {node: say_total(amount) for node, amount in totals.items()} == {
        node_of_contact(people["Weekly"].pk): "€434",
        node_of_contact(people["Once"].pk): "€90",
    }
    told = everything_about(people["Once"], owner, [])["orders"]
    assert [(row["total"], row["status"]) for row in told] == [("90.00", "paid")]


def test_pages_take_the_same_queries_for_2_and_for_20(people: dict[str, Contact], client: Client) -> None:
    client.force_login(make_user(role=Role.OWNER))
    once, weekly = people["Once"].pk, people["Weekly"].pk
    client.get(f"/contacts/{weekly}/worth/")
    for query in (f"?to=contact-{once}", f"?to=contact-{weekly}"):
        with assert_query_count("orders of somebody"):
            client.get(f"/orders/{query}")
    for days in (3, 5):
        make_order(people["Once"], lines=[make_line("Flat white")], days=days)
    for pk in (once, weekly):
        with assert_query_count("worth of a contact"):
            client.get(f"/contacts/{pk}/worth/")
