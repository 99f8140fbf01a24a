"""Demand and habits from orders to pages: counted at night in steps, shown with numbers, never from too little."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from regulars.access import operations
from regulars.access.models import Operation, User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Contact
from regulars.contacts.tests.factories import make_contact
from regulars.insights.demand import finding, job, reading
from regulars.insights.demand.habit_conditions import ComesOn, DueHabit
from regulars.insights.demand.job import count_demand
from regulars.insights.models import demand
from regulars.insights.tables import DemandRun, Habit, ProductDemand, Run
from regulars.lib import fast
from regulars.orders import facts
from regulars.orders.models import Line, Order, Product

pytestmark = pytest.mark.django_db
YEARS = 3 * 365
EVERY = (8, 11, 15, 18, 23, 27, 31, 36)  # days between the purchases of each of many guests


def _sell(buys: list[tuple[Contact | None, date, Product, int]]) -> None:
    """Write orders of one line in bulk, and what they come to."""
    ids = fast.reserve_ids(Order, len(buys))
    fast.insert(Order, [
        {"id": pk, "contact_id": who.pk if who else None, "placed_on": day, "currency": "EUR", "subtotal": 500 * count,
         "total": 500 * count, "value": 500 * count, "rate": 1}
        for pk, (who, day, _product, count) in zip(ids, buys, strict=True)
    ])  # fmt: skip
    fast.insert(Line, [
        {"order_id": pk, "product_id": product.pk, "name": product.name, "quantity": count, "unit_price": 500,
         "total": 500 * count}
        for pk, (_who, _day, product, count) in zip(ids, buys, strict=True)
    ])  # fmt: skip
    facts.recount({who.pk for who, *_rest in buys if who}, set())


def _product(name: str) -> Product:
    return Product.objects.create(name=name, folded=name.casefold())


@pytest.fixture
def shop(owner: User) -> dict[str, Any]:
    """Three years of forty guests with coffee; papers every eight weeks, a December, Fridays; a product twice asked for
    since half a year."""
    today = timezone.localdate()
    coffee, papers, box, cake = (_product(name) for name in ("Coffee", "Filter papers", "Gift box", "Cake"))
    now = timezone.now()
    guests = Contact.objects.bulk_create(
        Contact(display_name=f"Guest {n}", sort_name=f"guest {n}", owner=owner, touched_at=now, created_at=now)
        for n in range(40)
    )
    buys: list[tuple[Contact | None, date, Product, int]] = [
        (who, today - timedelta(days=back), coffee, 1 + n % 2)
        for n, who in enumerate(guests)
        for back in range(1 + n % 7, YEARS, EVERY[n % len(EVERY)])
    ]
    papers_of, season_of, fridays_of = (make_contact(name, by=owner) for name in ("Ann", "Ben", "Cleo"))
    buys += [(papers_of, today - timedelta(days=back), coffee, 1) for back in range(2, YEARS, 9)]
    buys += [(papers_of, today - timedelta(days=49 + 56 * n), papers, 1) for n in range(12)]
    ahead = (today.replace(day=1) + timedelta(days=32)).month  # the month that comes
    days = [today - timedelta(days=back) for back in range(40, YEARS, 6)]
    buys += [(season_of, day, box if day.month == ahead else coffee, 1) for day in days]
    friday = today - timedelta(days=(today.weekday() - 4) % 7 or 7)
    buys += [(fridays_of, friday - timedelta(days=14 * n), coffee, 1) for n in range(20)]
    buys += [(None, today - timedelta(days=back), cake, 1 if back > 180 else 9) for back in range(1, YEARS, 5)]
    _sell([buy for buy in buys if buy[1] < today])
    return {"coffee": coffee, "papers": papers, "ann": papers_of, "ben": season_of, "cleo": fridays_of, "cake": cake,
            "box": box, "today": today}  # fmt: skip


def test_from_orders_to_pages(shop: dict[str, Any], owner: User, client: Client,
                              monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """A worker that dies between two batches is followed by one that goes on; pages say what was found."""
    monkeypatch.setattr(job, "BATCH", 15)
    client.force_login(owner)
    assert "Nothing has been counted yet" in client.get(reverse("demand")).content.decode()
    work = job.Counting(job.begin(shop["today"]))
    for _step in range(reading.SPANS + 2):
        work.step()
    assert work.run.scored == 30
    run = count_demand()
    assert (run.pk, run.status, run.scored) == (work.run.pk, "done", 43), "gone on with, not begun anew"
    assert run.method in ("last_weeks", "last_year"), "without a model of customers only plain rules are tried"
    assert not run.beats

    page = client.get(reverse("demand")).content.decode()
    assert "More Cake than last year: about" in page
    assert "Nothing did better than a plain rule, so the plain rule is used" in page
    assert "Coffee" in client.get(reverse("demand"), {"format": "csv"}).content.decode()
    coffee = _get(client, "product-edit", shop["coffee"].pk)
    assert "in 80 of 100 cases. The same weeks of last year brought" in coffee
    assert "More Cake" in _get(client, "products-demand")
    assert "More Cake" in _get(client, "insights")

    _habits_are_shown(shop, owner, client)
    client.post(reverse("demand-count"))
    operation = Operation.objects.get(kind="demand")
    operations.run(operation)
    assert (operation.status, operation.result["sentence"]) == ("done", "43 customers gone through.")
    assert DemandRun.objects.count() == 1
    assert ProductDemand.objects.filter(product=shop["cake"], run__made_at__gt=run.made_at).exists()


def _get(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def _habits_are_shown(shop: dict[str, Any], owner: User, client: Client) -> None:
    ann, ben, cleo = shop["ann"], shop["ben"], shop["cleo"]
    assert {(row.contact_id, row.kind) for row in Habit.objects.all()} == {
        (ann.pk, "repeat"), (ben.pk, "season"), (cleo.pk, "weekday"),
    }  # fmt: skip
    assert "Filter papers every 8 weeks, last 7 weeks ago (12 times so far)." in _get(client, "contact-worth", ann.pk)
    assert "On Fridays: 20 of 20 visits in twelve months." in _get(client, "contact-worth", cleo.pk)
    assert "On Fridays: 20 of 20 visits" in client.get(cleo.get_absolute_url()).content.decode()
    assert "Offer <mark>Filter papers</mark>" in client.get(ann.get_absolute_url()).content.decode()
    season = Habit.objects.get(kind="season")
    assert (season.product, season.length, season.years >= 2) == (shop["box"], 1, True)
    assert list(ComesOn().members({"weekday": 4}, owner, shop["today"]) or ()) == [cleo.pk]
    due = Contact.objects.filter(DueHabit().q({"sort": "repeat"}, owner, shop["today"]))
    assert list(due) == [ann]


def test_too_little_is_said_and_the_door_is_kept(owner: User, client: Client) -> None:
    today = timezone.localdate()
    papers = _product("Filter papers")
    _sell([(make_contact("Ann", by=owner), today - timedelta(days=20 * n + 1), papers, 1) for n in range(5)])

    run = count_demand(today)

    assert (run.status, run.have, run.need, run.message) == ("short", 11, 38, "weeks of orders")
    client.force_login(owner)
    assert "orders reach back 11 of about 38 weeks" in _get(client, "demand")
    assert "orders reach back 11 of about 38 weeks" in _get(client, "product-demand", papers.pk)
    client.force_login(make_user("Rui", role="front_desk"))
    assert client.get(reverse("demand")).status_code == 403


def test_the_rhythm_of_all_customers_is_the_sum_of_batches(shop: dict[str, Any], monkeypatch: Any) -> None:
    """With a model of customers the rhythm is tried too, and adding up batches gives what one batch gives."""
    made = DemandRun(as_of=shop["today"], method="rhythm", model="same_rate", backtest={"parameters": {}})
    found = []
    for size in (15, 100):
        monkeypatch.setattr(job, "BATCH", size)
        run = DemandRun.objects.create(as_of=made.as_of, method="rhythm", model="same_rate", made_at=timezone.now(),
                                       backtest={"parameters": {}, "b": {}}, spans_read=reading.SPANS)  # fmt: skip
        work = job.Counting(run)
        while work._batch():
            pass
        found.append(finding.shares_in(run, work.products).expected.round(6).tolist())
    assert found[0] == found[1]
    assert sum(found[0]) > 40, "a coffee every eight to 36 days of each of forty"
    assert (reading.SPAN, reading.YEAR, reading.OTHERS) == (demand.SPAN, demand.YEAR, demand.OTHERS)
    Run.objects.create(kind="contact", status="done", as_of=shop["today"], model="same_rate", finished_at=made.made_at)
    monkeypatch.setattr(reading, "SAMPLE", 15)
    tried = job.begin(shop["today"]).backtest
    assert {one["name"] for one in tried["candidates"]} >= {"rhythm", "rhythm_season"}
    assert tried["customers"] == 15, "every third of 43"
