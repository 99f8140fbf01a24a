"""Who is slipping away: each warning with its number, strongest first; what people say to it; spells that end."""

from datetime import date, timedelta

import pytest

from regulars.access.models import User
from regulars.access.tests.factories import make_organisation, make_user
from regulars.contacts.models import Contact
from regulars.contacts.tests.factories import make_contact
from regulars.insights.churn.keeping import look_at, look_at_all
from regulars.insights.churn.words import reasons_of, say_word, withdraw_word
from regulars.insights.tables import AtRisk, RiskWord
from regulars.insights.tests.customers import give_orders, make_customer
from regulars.promises.models import Promise
from regulars.promises.tests.promises import make_promise

TODAY = date(2026, 11, 20)
pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    make_organisation(modules=["insights", "winback", "promises"], currency="EUR")
    return make_user("Ines Duarte")


def months_of(per_month: dict[int, tuple[int, int]]) -> dict[date, int]:
    """{months ago: (days, cents each)} as days of purchase."""
    bought: dict[date, int] = {}
    for ago, (days, each) in per_month.items():
        years, month = divmod(TODAY.year * 12 + TODAY.month - 1 - ago, 12)
        bought |= {date(years, month + 1, 2 + 3 * n): each for n in range(days)}
    return bought


def says(contact: Contact) -> list[str]:
    spell = AtRisk.objects.open().get(contact=contact)
    return [text for text, _url in reasons_of(spell, TODAY)]


def test_each_reason_is_shown_with_its_number_strongest_first(user: User) -> None:
    quiet, fine = (make_contact(name, by=user) for name in ("Quiet One", "Fine One"))
    make_customer(quiet, every=9, days=12, ago=80, today=TODAY)
    make_customer(fine, every=9, days=12, ago=12, today=TODAY)
    once = make_customer(make_contact("Once", by=user), days=1, ago=300, today=TODAY)
    fewer = make_contact("Fewer", by=user)
    give_orders(fewer, months_of({6: (4, 900), 5: (4, 900), 4: (4, 900), 3: (1, 900), 2: (1, 900), 1: (1, 900)}))
    smaller = make_contact("Smaller", by=user)
    give_orders(smaller, months_of({ago: (2, 5_000 if ago > 3 else 1_000) for ago in range(1, 13)}))
    assert look_at_all(TODAY) == 3
    assert says(quiet)[0] == "Buys every 9 days, silent for 3 months"
    assert "Came on 3 days in three months, 12 in the three before" in says(fewer)
    assert "Spends €10 each time, €50 before" in says(smaller)
    assert not AtRisk.objects.filter(contact__in=[fine.pk, once.pk]).exists()
    assert AtRisk.objects.get(contact=quiet).worth == 24_000


def test_a_broken_promise_counts_until_they_buy_again(user: User) -> None:
    anna = make_contact("Anna", by=user)
    make_customer(anna, every=30, days=6, ago=40, today=TODAY)
    broken = make_promise("Deliver on Friday", to=anna, owner=user)
    Promise.objects.filter(pk=broken.pk).update(
        status="broken", settled_at=f"{TODAY - timedelta(days=38)} 12:00+00:00", settled_by=user
    )
    look_at_all(TODAY)
    spell = AtRisk.objects.open().get(contact=anna)
    assert spell.reason == "promise"
    assert reasons_of(spell, TODAY)[0][0] == "We broke a promise on 13 October, nothing bought since"
    make_customer(anna, every=30, days=7, ago=1, today=TODAY)
    look_at_all(TODAY)
    spell.refresh_from_db()
    assert (spell.ended, spell.ended_on) == ("bought", TODAY)


def test_a_word_of_somebody_who_knows_better_is_kept_and_ends_the_warning(user: User) -> None:
    moved, busy = (make_contact(name, by=user) for name in ("Moved", "Busy"))
    for contact in (moved, busy):
        make_customer(contact, every=7, days=20, ago=90, today=TODAY)
    look_at_all(TODAY)
    for_good = say_word(moved, "moved", note="To Porto", by=user)
    a_while = say_word(busy, "fine", until=TODAY + timedelta(days=30), by=user)
    assert (for_good.until, for_good.reason) == (None, "silence")
    assert look_at_all(TODAY) == 0
    assert set(AtRisk.objects.values_list("ended", flat=True)) == {"said"}
    assert look_at_all(TODAY + timedelta(days=31)) == 1  # the word about Busy has run out
    assert look_at(moved, TODAY) is None
    assert withdraw_word(for_good)
    assert not withdraw_word(RiskWord.objects.get(pk=for_good.pk))
    assert look_at(moved, TODAY)
    assert a_while.by == user


def test_counting_again_writes_nothing_new_and_follows_what_changed(user: User) -> None:
    contact = make_contact("Quiet One", by=user)
    make_customer(contact, every=9, days=12, ago=40, today=TODAY)
    look_at_all(TODAY)
    first = AtRisk.objects.get()
    look_at_all(TODAY)
    assert AtRisk.objects.get().pk == first.pk
    look_at_all(TODAY + timedelta(days=200))
    later = AtRisk.objects.get()
    assert (later.pk, later.state, first.state) == (first.pk, "lost", "slipping")
    assert later.score > first.score
