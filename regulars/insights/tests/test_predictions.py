"""Predictions: chosen on the own past, scored in batches, shown in honest words, and never from too little."""

import itertools
import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from regulars.access import operations
from regulars.access.models import Operation, User
from regulars.access.tests.factories import make_user
from regulars.contacts.conditions.base import Condition
from regulars.contacts.models import Contact
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.insights.predicting import conditions, job
from regulars.insights.predicting.past import customers
from regulars.insights.predicting.words import percent
from regulars.insights.tables import Prediction, Run
from regulars.insights.tests.customers import give_orders
from regulars.lib import fast
from regulars.lib.tests.queries import assert_query_count
from regulars.orders.models import CustomerFacts, Order

pytestmark = pytest.mark.django_db
PEOPLE = 400


def _days(random: np.random.Generator, today: date) -> list[date]:
    """Days of purchase of one customer, as BG/NBD has it: own rate, and a chance to leave after each."""
    age = int(random.integers(100, 700))
    rate, leaves = random.gamma(1.4, 1 / 40), random.beta(1, 9)
    at, days = 0.0, [today - timedelta(days=age)]
    while random.random() > leaves and (at := at + random.exponential(1 / rate)) < age:
        days.append(today - timedelta(days=age - int(at)))
    return sorted(set(days))


@pytest.fixture(scope="module")
def past(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[int, list[date]]]:
    """Two years of purchases of 400 people, shared by all tests of this module; by the number of the person."""
    random, today = np.random.default_rng(11), timezone.localdate()
    return {n: _days(random, today) for n in range(PEOPLE)}  # type: ignore[return-value]


@pytest.fixture
def world(past: dict[int, list[date]], owner: User) -> User:
    """Their orders in the database, written in bulk."""
    now = timezone.now()
    people = Contact.objects.bulk_create(
        Contact(display_name=f"Guest {n}", sort_name=f"guest {n}", owner=owner, touched_at=now, created_at=now)
        for n in past
    )
    rows, facts = [], []
    for person, days in zip(people, past.values(), strict=True):
        amounts = [1000 + 37 * (person.pk % 40) + 11 * (day.toordinal() % 7) for day in days]
        rows += [
            {"contact_id": person.pk, "placed_on": day, "currency": "EUR", "subtotal": amount, "total": amount,
             "value": amount, "rate": 1}
            for day, amount in zip(days, amounts, strict=True)
        ]  # fmt: skip
        gaps = [(b - a).days for a, b in itertools.pairwise(days)]
        facts.append(
            CustomerFacts(contact=person, orders=len(days), days=len(days), first_on=days[0], last_on=days[-1],
                          value=sum(amounts), gap_days=sum(gaps), gap_squares=sum(gap * gap for gap in gaps))
        )  # fmt: skip
    fast.insert(Order, rows)
    CustomerFacts.objects.bulk_create(facts)
    return owner


def _command(*options: str) -> dict[str, Any]:
    out = StringIO()
    call_command("predict", *options, "--json", stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_a_business_with_a_past(world: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way: an operation scores everybody in batches, pages and conditions show what it found."""
    monkeypatch.setattr(job, "BATCH", 150)
    client.force_login(world)
    assert "Nothing foretold yet" in client.get(reverse("backtest")).content.decode()
    client.post(reverse("predict"))
    operation = Operation.objects.get(kind="predictions")
    operations.run(operation)
    assert operation.status == Operation.Status.DONE
    assert operation.done == PEOPLE
    run = Run.objects.latest_of("contact")
    assert (run.status, run.beats, run.customers, run.scored) == ("done", True, PEOPLE, PEOPLE)
    assert run.model in ("bgnbd", "paretonbd")
    assert Run.objects.latest_of("company").message == "repeat customers"
    assert Prediction.objects.filter(run=run).count() == PEOPLE

    best, worst = Prediction.objects.order_by("-p_buys").first(), Prediction.objects.order_by("p_buys").first()
    assert best.p_buys > 0.7 > 0.3 > worst.p_buys
    assert best.low <= best.expected <= best.high
    assert best.clv_low < best.clv < best.clv_high
    assert best.next_from < best.next_to
    panel = client.get(reverse("contact-next", args=[best.contact_id])).content.decode()
    assert f"Likely to buy within 30 days: {percent(best.p_buys)}." in panel
    assert "in 80 of 100 cases" in panel
    assert f"From the purchases of {PEOPLE} customers" in panel
    assert reverse("backtest") in panel
    assert "Unlikely to buy" in client.get(reverse("contact-next", args=[worst.contact_id])).content.decode()
    brief = client.get(best.contact.get_absolute_url()).content.decode()
    assert "Likely to buy within 30 days" in brief

    with assert_query_count("backtest page"):
        page = client.get(reverse("backtest")).content.decode()
    assert "% bought." in page
    assert "In all we expected" in page
    assert "Same rate as before" in page
    assert f"bin/regulars predict --backtest --cut {run.cut} --until {run.until} --json" in page.replace("&quot;", "")
    for figure in ("calibration", "cohorts"):
        table = client.get(reverse("backtest"), {"format": "csv", "figure": figure})
        assert table["Content-Type"].startswith("text/csv")
    assert client.get(reverse("backtest"), {"format": "csv", "figure": "none"}).status_code == 404
    _chosen_by(conditions.BuysSoon(), {"how": "from", "percent": 60}, "p_buys__gte", 0.6, world)
    _chosen_by(conditions.ExpectedValue(), {"how": "below", "amount": Decimal(500)}, "clv__lt", 50_000, world)


def _chosen_by(condition: Condition, value: dict[str, Any], lookup: str, edge: float, user: User) -> None:
    today = timezone.localdate()
    expected = set(Prediction.objects.filter(**{lookup: edge}).values_list("contact_id", flat=True))
    assert 0 < len(expected) < PEOPLE
    assert set(Contact.objects.filter(condition.q(value, user, today)).values_list("pk", flat=True)) == expected
    assert set(condition.members(value, user, today) or []) == expected
    assert condition.words(value)


def test_the_same_in_a_terminal(world: User) -> None:
    found = _command("--backtest")
    assert found["enough"]
    assert found["beats_plain_rules"]
    assert set(found["models"]) == {"bgnbd", "paretonbd", "bgbb"}
    assert set(found["plain_rules"]) == {"same_rate", "last_year"}
    holdout = found["holdout"]
    assert holdout["rmse"] < min(rule["rmse"] for rule in found["plain_rules"].values())
    assert abs(holdout["aggregate"]) < 0.3
    assert sum(one["people"] for one in found["calibration"]) == found["sample"]["customers"]
    assert sum(one["actual"] for one in found["cohorts"]) == holdout["actual"]
    cut = timezone.localdate() - timedelta(days=200)
    earlier = _command("--backtest", "--cut", cut.isoformat())
    assert earlier["cut"] == cut.isoformat()
    assert earlier["weeks"] > found["weeks"]
    for options, why in ((["--cut", "soon"], "needs a day"), (["--cut", "2026-01-01"], "belong to --backtest")):
        with pytest.raises(CommandError, match=why):
            _command(*(["--backtest"] if options[1] == "soon" else []), *options)


def test_scoring_goes_on_where_it_was(world: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after a batch, the next worker neither fits again nor scores anybody twice."""
    monkeypatch.setattr(job, "BATCH", 150)
    today = timezone.localdate()
    run = job.begin("contact", today)
    work = job.Work.on(run)
    made = work.next()
    assert made is not None
    assert job.write(run, *made) == 150
    assert job.write(Run(pk=run.pk, kind="contact", as_of=today), *made) == 0  # somebody else's hand, too late
    Contact.objects.filter(pk=int(customers("contact", today).ids[200])).delete()  # erased meanwhile
    found = job.predict_all()
    assert found["contact"].pk == run.pk
    run.refresh_from_db()
    assert (run.status, Prediction.objects.count()) == ("done", PEOPLE - 1)
    assert not Run.objects.unfinished().exists()

    Prediction.objects.update(p_alive=0.93)
    later = today + timedelta(days=30)
    job.predict_all(later)
    rows = Prediction.objects.values_list("alive_before", "before_on", "run__as_of").distinct()
    assert list(rows) == [(0.93, today, later)]


def test_too_little_is_no_answer(owner: User, client: Client) -> None:
    """No orders, one customer, everybody once, all on one date: said with its number, nobody scored."""
    today = timezone.localdate()
    assert _command("--backtest")["message"] == "not enough data yet: 0 of about 100 repeat customers"
    ana = make_contact("Ana Reis", owner=owner)
    for n in range(23):
        person = ana if n == 0 else make_contact(f"Guest {n}", owner=owner)
        days = {today - timedelta(days=300): 900, today - timedelta(days=200): 900} if n < 9 else {today: 900}
        give_orders(person, days)
        fast.insert(
            Order,
            [{"contact_id": person.pk, "placed_on": day, "currency": "EUR", "subtotal": 900, "total": 900, "value": 900}
             for day in days],
        )  # fmt: skip
    assert _command("--backtest")["message"] == "not enough data yet: 9 of about 100 repeat customers"
    runs = _command()["runs"]
    assert [(one["model"], one["have"], one["scored"]) for one in runs] == [("", 9, 0), ("", 0, 0)]
    client.force_login(owner)
    said = "Not enough data yet: 9 of about 100 customers who bought again."
    assert said in client.get(reverse("backtest")).content.decode()
    assert said in client.get(reverse("contact-next", args=[ana.pk])).content.decode()
    assert "Nobody has bought a second time" in client.get(reverse("backtest"), {"kind": "company"}).content.decode()


def test_who_may_not_know_of_somebody_learns_nothing(owner: User, client: Client) -> None:
    hidden = make_contact("Hidden", owner=owner, visibility="owner")
    company = make_company("Lumen", owner=owner)
    client.force_login(make_user("Rui Costa", role="front_desk"))
    assert client.get(reverse("contact-next", args=[hidden.pk])).status_code == 404
    assert "Nothing has been worked out yet" in client.get(reverse("company-next", args=[company.pk])).content.decode()
    assert client.post(reverse("predict")).status_code == 403
    assert client.get(reverse("backtest")).status_code == 200


def test_nothing_is_certain() -> None:
    assert [percent(chance) for chance in (0.0, 0.004, 0.5, 0.999)] == [
        "under 1 %",
        "under 1 %",
        "50\u00a0%",
        "over 99 %",
    ]
