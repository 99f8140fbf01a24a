"""Today says whose season comes and who is about to buy something again: of one's own people, and only in time."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from regulars.access.models import Organisation, User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Contact
from regulars.contacts.tests.factories import make_contact
from regulars.desk.today.habits import worth_a_word
from regulars.desk.today.sections import Look
from regulars.insights.tables import Habit
from regulars.orders.models import CustomerFacts, Product

pytestmark = pytest.mark.django_db


def _habit(who: Contact, *, due: int = 0, bought: int = 50, **fields: Any) -> Habit:
    today = timezone.localdate()
    product, _new = Product.objects.get_or_create(name="Filter papers", folded="filter papers")
    last = today - timedelta(days=bought)
    CustomerFacts.objects.get_or_create(
        contact=who, defaults={"orders": 9, "days": 9, "first_on": last - timedelta(days=400), "last_on": last}
    )
    given = {"kind": Habit.Kind.REPEAT, "gap": 56.0, "count": 9, "q": 0.01} | fields
    made: Habit = Habit.objects.create(
        contact=who, product=product, last_on=today - timedelta(days=50), due_on=today - timedelta(days=due),
        until=today + timedelta(days=30), found_on=today, **given,
    )  # fmt: skip
    return made


def _said(user: User) -> dict[str, str]:
    found = worth_a_word(Look(user, Organisation.objects.get()))
    return {one.contact.display_name: one.sentence for one in found.shown}


@pytest.mark.parametrize("few", [0, 1_000])
def test_a_word_is_in_time_for_ones_own_people(owner: User, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.desk.today.habits.FEW", few)
    ann, ben, cleo, dora, emil = (make_contact(name, by=owner) for name in ("Ann", "Ben", "Cleo", "Dora", "Emil"))
    _habit(ann)
    _habit(ben, due=3, kind=Habit.Kind.SEASON, at=12, length=1, years=3)
    _habit(cleo, due=-2)
    _habit(dora, bought=0)
    _habit(emil, q=1.0)
    make_user("Rui")

    assert _said(owner) == {
        "Ann": "Offer Filter papers: bought every 8 weeks, last 7 weeks ago.",
        "Ben": "Mention Filter papers: bought in December in 3 years.",
    }, "not yet due, bought since the count, and carried by the season of the product are left out"
    Contact.objects.filter(pk=ann.pk).update(owner=User.objects.get(name="Rui"))
    assert list(_said(owner)) == ["Ben"]
    assert list(_said(User.objects.get(name="Rui"))) == ["Ann"]
    Contact.objects.filter(pk=ben.pk).update(binned_at=timezone.now())
    assert _said(owner) == {}
