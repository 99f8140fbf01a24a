"""BG/BB by months: the same as the paper's, agrees with its own futures, and scores everybody where it wins."""

from datetime import date, timedelta

import numpy as np
import pytest
from django.utils import timezone

from regulars.contacts.models import Contact
from regulars.insights.models import backtest, bgbb, months
from regulars.insights.models.families import FAMILIES
from regulars.insights.predicting import job
from regulars.insights.tables import Prediction
from regulars.lib import fast
from regulars.orders.models import CustomerFacts, Order

DONORS = {"alpha": 1.204, "beta": 0.750, "gamma": 0.657, "delta": 2.783, "days": 2.0}
X, LAST, N = (np.array(column, dtype=float) for column in ((0, 3, 6, 6, 1), (0, 5, 6, 6, 1), (6, 6, 6, 9, 12)))
YEARS = 5 * months.WEEKS


def test_days_are_counted_into_months_back_from_the_end() -> None:
    """Somebody came 100, 99, 70 and 5 days ago: in the months 3, 2 and 0 back, twice in the oldest."""
    end = date(2026, 3, 1).toordinal()
    who = np.array([0, 0, 0, 0, 1])
    x, t_x, T, days = months.count(who, end - np.array([100, 99, 70, 5, 40]), 2, end)
    assert (x.tolist(), t_x.tolist(), T.tolist(), days) == ([2, 0], [3, 0], [3, 1], 5 / 4)


def test_it_says_what_the_paper_says_and_what_its_futures_do() -> None:
    """Who gave in all of six years is expected to give in 3.75 of the next five."""
    alive = months.p_alive(DONORS, X, LAST, N)
    ahead = alive * months.expected_if_alive(DONORS, X, N, YEARS) / 2
    assert ahead == pytest.approx(bgbb.expected(DONORS, X, LAST, N, 5))
    assert ahead[2] == pytest.approx(3.75, abs=0.01)
    assert months.p_buys(DONORS, X, LAST, N, months.WEEKS) == pytest.approx(bgbb.expected(DONORS, X, LAST, N, 1))

    random = np.random.default_rng(2)
    futures = np.array([months.simulate(DONORS, X, N, YEARS, random) for _ in range(4000)])
    assert futures.mean(axis=0) == pytest.approx(months.expected_if_alive(DONORS, X, N, YEARS), rel=0.06, abs=0.05)
    came = months.p_buys(DONORS, X, LAST, N, YEARS) / alive
    assert (futures > 0).mean(axis=0) == pytest.approx(came, abs=0.03)
    half = months.expected_if_alive(DONORS, X, N, YEARS * 0.9)
    assert (half < months.expected_if_alive(DONORS, X, N, YEARS)).all()
    assert (months.next_purchase(DONORS, X, N, 0.25) < months.next_purchase(DONORS, X, N, 0.75)).all()


@pytest.mark.django_db
def test_where_it_wins_it_scores_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Members who come once in most months until they leave, and nobody else to choose from."""
    monkeypatch.setattr(backtest, "FAMILIES", {"bgbb": FAMILIES["bgbb"]})
    random, today, now = np.random.default_rng(7), timezone.localdate(), timezone.now()
    people = Contact.objects.bulk_create(
        Contact(display_name=f"Guest {n}", sort_name=f"guest {n}", touched_at=now, created_at=now) for n in range(150)
    )
    rows, facts = [], []
    for person in people:
        comes, stays, age = random.beta(4, 1.5), int(random.geometric(random.beta(1, 8))), int(random.integers(8, 24))
        ago = [age - n for n in range(min(age, stays) + 1) if n == 0 or random.random() < comes]
        days = sorted(today - timedelta(days=30 * back + int(random.integers(0, 28))) for back in ago)
        facts.append(
            CustomerFacts(contact=person, orders=len(days), days=len(days), first_on=days[0], last_on=days[-1],
                          value=1500 * len(days))
        )  # fmt: skip
        rows += [{"contact_id": person.pk, "placed_on": day, "currency": "EUR", "subtotal": 1500, "total": 1500,
                  "value": 1500, "rate": 1} for day in days]  # fmt: skip
    CustomerFacts.objects.bulk_create(facts)
    fast.insert(Order, rows)

    run = job.predict_all(today)["contact"]

    assert (run.model, run.beats, run.converged) == ("bgbb", True, True)
    assert set(run.ranges) == {"alpha", "beta", "gamma", "delta"}
    assert run.parameters["days"] == run.draws[0]["days"] >= 1
    found = Prediction.objects.filter(run=run)
    assert found.count() == len(people)
    best = found.order_by("-p_buys")[0]
    assert best.low <= best.expected <= best.high
    assert best.clv_low < best.clv < best.clv_high
    assert best.next_from < best.next_to
