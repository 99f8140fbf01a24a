"""What is expected stands beside what was brought, and how long people stay beside what their first year foretold."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone

from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Contact
from regulars.insights.cubes.tallies import Counted, keep_tally
from regulars.insights.models import sbg
from regulars.insights.reports import expected, staying
from regulars.insights.tables import Prediction, Run, Slice, Standing, Tally
from regulars.orders.models import CustomerFacts
from regulars.orders.tests.factories import make_order

pytestmark = pytest.mark.django_db
PEOPLE, AGE = 160, 1300


@pytest.fixture
def nora(client: Client) -> User:
    """A manager, signed in, whose figures are counted."""
    nora = make_user("Nora Pine", role="manager")
    client.force_login(nora)
    Slice.objects.create(key="", is_standing=True, counted_at=timezone.now())
    make_order(None, "5.00")
    return nora


def _customers() -> list[Contact]:
    """People of three and a half years of whom three in four stay a quarter, as sBG has it; 20 are gold."""
    now, today = timezone.now(), timezone.localdate()
    random = np.random.default_rng(5)
    quarters = random.geometric(random.beta(0.6, 1.5, PEOPLE)) - 1
    people = Contact.objects.bulk_create(
        Contact(display_name=f"Guest {n}", sort_name=f"guest {n}", touched_at=now, created_at=now)
        for n in range(PEOPLE)
    )
    first = today - timedelta(days=AGE)
    CustomerFacts.objects.bulk_create(
        CustomerFacts(contact=who, orders=2, days=2, first_on=first, value=10_000 * (1 + (at < 20)),
                      last_on=first + timedelta(days=min(int(quarters[at] * staying.QUARTER) + 9, AGE)))
        for at, who in enumerate(people)
    )  # fmt: skip
    Standing.objects.bulk_create(
        Standing(contact=who, tier="gold" if at < 20 else "none", tier_since=today, value=1, top_value=1 if at < 20
                 else None) for at, who in enumerate(people)
    )  # fmt: skip
    return people


def _predictions(people: list[Contact]) -> Run:
    today = timezone.localdate()
    parameters = {"r": 0.5, "alpha": 8.0, "a": 0.8, "b": 2.5}
    run = Run.objects.create(kind="contact", model="bgnbd", as_of=today, status="done", finished_at=timezone.now(),
                             parameters=parameters, draws=[parameters, parameters])  # fmt: skip
    Prediction.objects.bulk_create(
        Prediction(contact=who, run=run, expected=1, low=0, high=2, p_buys=0.5, clv=30_000, clv_low=10_000,
                   clv_high=50_000) for who in people
    )  # fmt: skip
    return run


def _keep(subject: str, rows: Any) -> None:
    for row in rows:
        row.subject, row.month = subject, timezone.localdate().replace(day=1)
    keep_tally(Counted(subject, rows))


def test_expected_value_stands_beside_the_value_that_came(client: Client, nora: User) -> None:
    page = client.get("/insights/reports/worth/").content.decode()
    assert "What is expected of customers is worked out at night." in page
    run = _predictions(_customers())
    _keep(expected.EXPECTED, expected.tally_expected(timezone.localdate()))

    gold = Tally.objects.get(subject="expected", label="tier:gold")
    assert (gold.count, gold.value, gold.detail["clv"]) == (20, 400_000, 600_000)
    half = expected.NINE_TENTHS * (40_000 / 2 / expected.NINE_TENTHS) * 20**0.5
    assert gold.detail["high"] == round(600_000 + half), "chance evens out"
    run.draws = [{**run.parameters, "a": run.parameters["a"] * by} for by in (0.3, 1.0, 3.0)]
    run.save()
    wider = next(row for row in expected.tally_expected(timezone.localdate()) if row.label == "tier:gold")
    assert wider.detail["high"] > gold.detail["high"] + 50_000, "what the parameters stray does not"
    page = client.get("/insights/reports/worth/").content.decode().replace("\xa0", " ")
    assert "Gold: each of 20 people brought €200 so far and is expected to bring €300 more in three years" in page
    assert "by BG/NBD as of" in page
    csv = client.get("/insights/reports/worth/?csv=expected-tiers").content.decode()
    assert "Gold,20,200.00,300.00" in csv
    assert "Expected, by tier" not in client.get("/insights/reports/worth/?tier=gold").content.decode()


def test_how_long_they_stay_is_foretold_from_the_first_year_and_held_against_the_rest(
    client: Client, nora: User
) -> None:
    _keep(staying.CURVE, staying.tally_staying_curve(timezone.localdate()))
    page = client.get("/insights/reports/retention/").content.decode()
    assert "Not enough data yet: 0 of about 100 people whose first purchase is 18 months ago." in page

    _customers()
    _keep(staying.CURVE, staying.tally_staying_curve(timezone.localdate()))
    detail = Tally.objects.get(subject="sbg").detail
    assert detail["risk"][0] == PEOPLE
    whole = sbg.fit(np.array([PEOPLE, *(PEOPLE - np.cumsum(detail["lost"][:4]))]))
    assert detail["parameters"] == pytest.approx(whole.parameters, rel=1e-3), "of one age it is the fit of the paper"
    assert detail["low"][12] < detail["curve"][12] < detail["high"][12]
    page = client.get("/insights/reports/retention/").content.decode()
    assert "still buy after a year" in page
    assert "After 12 quarters the model said" in page
    assert client.get("/insights/reports/retention/?csv=staying").content.decode().count("\n") == 14
