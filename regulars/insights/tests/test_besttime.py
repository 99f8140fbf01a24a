"""When somebody is best reached: found again from what they did, drawn towards everybody, and said with its number."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from scipy.special import gammaln

from regulars.contacts.models import Contact, Involvement, Profile
from regulars.contacts.tests.factories import make_contact
from regulars.insights.besttime import job
from regulars.insights.besttime.moments import Reader
from regulars.insights.models import besttime
from regulars.insights.models.besttime import CELLS, PARTS, WINDOWS, Window
from regulars.insights.models.fitting import BadData, NotEnough
from regulars.insights.tables import BestTime, Pattern
from regulars.orders.models import Order
from regulars.timeline.models import Entry

# Boys among the first twelve children of 6,115 families in Saxony (A. Geissler, 1889), from none to twelve.
BOYS = (3, 24, 104, 286, 670, 1033, 1343, 1112, 829, 478, 181, 45, 7)
TODAY = date(2026, 3, 2)
TUESDAY = datetime(2026, 1, 6, 9, 20, tzinfo=UTC)


def test_the_prior_is_that_of_a_known_example() -> None:
    """Two cells make it the beta-binomial, whose fit to these families is printed in many places."""
    counts = np.array([[boys, 12 - boys] for boys, families in enumerate(BOYS) for _ in range(families)], float)
    prior = besttime.fit(counts)
    whole = sum(n * (gammaln(13) - gammaln(k + 1) - gammaln(13 - k)) for k, n in enumerate(BOYS))

    assert prior.converged
    assert prior.alpha == pytest.approx([34.09558, 31.5715], rel=5e-4)
    assert prior.log_likelihood + whole == pytest.approx(-12492.9, abs=0.05)


def test_the_prior_finds_again_what_made_the_data_and_says_no_well() -> None:
    random = np.random.default_rng(3)
    alpha = random.gamma(0.8, 1, CELLS) + 0.05
    shares, many = random.dirichlet(alpha, 8000), random.integers(1, 12, 8000)
    counts = np.array([random.multinomial(n, share) for n, share in zip(many, shares, strict=True)])
    found = besttime.fit(counts)
    assert found.alpha == pytest.approx(alpha, rel=0.25, abs=0.05)
    assert found.weight == pytest.approx(alpha.sum(), rel=0.05)

    same = random.multinomial(10, found.mean, 4000)
    assert besttime.fit(same.astype(float)).is_alike, "who never differ are all alike"
    one = besttime.fit(np.array([[0.0, 4], [0, 2]]))
    assert one.mean[1] > 0.98
    with pytest.raises(NotEnough):
        besttime.fit(np.zeros((5, 3)))
    with pytest.raises(BadData):
        besttime.fit(np.array([[0.5, 2], [1, 1]]))


def test_the_best_time_is_the_shortest_with_half_and_drawn_towards_the_others() -> None:
    """Worked by hand: 9 answers on Tuesday mornings, 1 on Saturday; everybody's pattern weighs 28 answers."""
    everybody = np.ones(CELLS)
    own = np.zeros((3, CELLS))
    own[0, 1 * PARTS], own[0, 5 * PARTS + 1] = 9, 1
    own[1, 1 * PARTS] = 90
    best = besttime.best_time(own, everybody)
    assert WINDOWS[best.place[1]] == Window(day=1, days=1, part=0, parts=1)
    assert best.share[1] == pytest.approx(91 / 118)
    assert best.low[1] < best.share[1] < best.high[1]
    assert best.place[2] == -1, "nothing stands out in a flat pattern"
    assert WINDOWS[best.place[0]].hours > WINDOWS[best.place[1]].hours, "ten answers are not ninety"

    ways = besttime.best_way(np.array([[9.0, 1, 0], [2, 2, 1]]), np.array([1.0, 1, 1]))
    assert ways.place.tolist() == [0, -1]
    assert ways.share[0] == pytest.approx(10 / 13)


def _visits(who: Contact, weeks: int, at: datetime = TUESDAY, kind: str = "call") -> None:
    moments = [at - timedelta(days=7 * week) for week in range(weeks)]
    entries = Entry.objects.bulk_create(Entry(kind=kind, occurred_at=moment) for moment in moments)
    rows = [Involvement(entry=one, contact=who, kind=kind, occurred_at=one.occurred_at) for one in entries]
    Involvement.objects.bulk_create(rows)


@pytest.mark.django_db
def test_everybody_is_counted_by_their_own_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call at 9:20 UTC is one at night in Auckland; a removed one is none, a day without a time has no hour."""
    monkeypatch.setattr(job, "BATCH", 3)
    crowd = [make_contact(f"Guest {number}") for number in range(6)]
    for number, guest in enumerate(crowd):
        _visits(guest, 6, TUESDAY + timedelta(days=number % 3, hours=5), "visit")
    ana, far, few, none = (make_contact(name) for name in ("Ana Reis", "Mere Tane", "Ben Sol", "No One"))
    Profile.objects.create(contact=far, time_zone="Pacific/Auckland")
    for who, weeks in ((ana, 14), (far, 14), (few, 3)):
        _visits(who, weeks)
    _visits(few, 1, datetime(2026, 1, 8, 12, tzinfo=UTC))  # a day without a time
    gone = Involvement.objects.filter(contact=few, kind="call").earliest("occurred_at").entry
    type(gone).objects.filter(pk=gone.pk).update(removed_at=TUESDAY)
    Order.objects.create(contact=few, placed_at=TUESDAY + timedelta(minutes=9), placed_on=TUESDAY.date(),
                         currency="EUR", channel="phone")  # fmt: skip

    pattern = job.count_all(TODAY)

    assert pattern.finished_at is not None
    assert (pattern.people, pattern.moments) == (9, 36 + 14 + 14 + 2)
    hers, theirs, his = (BestTime.objects.get(contact=who) for who in (ana, far, few))
    assert (hers.moments, hers.day, hers.part, hers.way, hers.reach) == (14, 1, 0, "phone", "phone")
    assert (theirs.day, theirs.part, theirs.is_own_zone) == (1, 3, True), "22:20 there"
    assert (his.moments, his.way_moments, his.ways, his.day) == (2, 3, {"phone": 3}, None)
    assert not BestTime.objects.filter(contact=none).exists()
    assert Pattern.objects.get().weight == pytest.approx(sum(pattern.time_alpha))
    job.count_all(TODAY)
    assert BestTime.objects.count() == 9


@pytest.mark.django_db
def test_a_count_goes_on_where_it_was_killed_and_ends_at_once_where_nobody_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert job.count_all(TODAY).finished_at is not None
    people = [make_contact(f"Guest {number}") for number in range(4)]
    for person in people:
        _visits(person, 6)
    monkeypatch.setattr(job, "BATCH", 2)
    write: Any = job._write
    monkeypatch.setattr(
        job, "_write", lambda pattern, until, rows: write(pattern, until, rows) and until < people[2].pk
    )
    half = job.count_all(TODAY)
    assert half.finished_at is None
    monkeypatch.setattr(job, "_write", write)
    assert job.count_all(TODAY).pk == half.pk
    assert BestTime.objects.count() == 4
    assert Reader(TODAY).counts(0, people[-1].pk).times.sum() == 24
