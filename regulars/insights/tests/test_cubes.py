"""Kept figures are what a count over all orders says, whatever was chosen."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from regulars.access.models import Operation
from regulars.access.operations import run
from regulars.access.tests.factories import make_user
from regulars.contacts.actions.merging import merge
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.insights.cubes.choice import ALL, Choice
from regulars.insights.cubes.counting import count_month, shift
from regulars.insights.cubes.reading import period_of
from regulars.insights.cubes.running import ask_for, count_again, count_changes, count_news, slice_of
from regulars.insights.tables import CohortFigure, MonthFigure, ProductMonth, Slice, StaleMonth, Standing
from regulars.orders.actions.changing import refund
from regulars.orders.models import Order
from regulars.orders.tests.factories import make_line, make_order

pytestmark = pytest.mark.django_db
SEEN = [  # who, when, channel
    ("ana", (2025, 1, 5), "till"), ("ana", (2025, 1, 20), "web"), ("ana", (2025, 2, 3), "till"),
    ("ana", (2025, 11, 9), "till"), ("ben", (2025, 1, 31), "web"), ("ben", (2025, 3, 1), "web"),
    ("cafe", (2025, 2, 28), "till"), (None, (2025, 2, 14), "till"),
]  # fmt: skip


@pytest.fixture
def world() -> dict[str, Any]:
    """Two people, a company without people, and a sale to nobody."""
    rui = make_user("Rui Matos")
    people: dict[Any, Any] = {
        "ana": make_contact("Ana Reis", owner=rui),
        "ben": make_contact("Ben Sol"),
        "cafe": make_company("Café Lux"),
    }
    for who, day, channel in SEEN:
        at = datetime(*day, 12, tzinfo=UTC)
        lines = [make_line("Beans", "10.00", quantity="2")]
        make_order(people.get(who), None, placed_at=at, channel=channel, lines=lines)
    make_order(people["ben"], "99.00", placed_at=datetime(2025, 3, 9, 12, tzinfo=UTC), status="cancelled")
    return {**people, "rui": rui}


def count() -> None:
    for month in (1, 2, 3, 8, 9, 11):
        count_month(date(2025, month, 1))


def month_of(key: str, month: int) -> MonthFigure:
    return MonthFigure.objects.get(slice__key=key, month=date(2025, month, 1))


def test_a_month_counts_purchases_people_and_what_became_of_them(world: dict[str, Any]) -> None:
    count()

    january, february, november = (month_of("", month) for month in (1, 2, 11))
    assert (january.orders, january.customers, january.new, january.value) == (3, 2, 2, 6000)
    assert (february.orders, february.customers, february.new) == (3, 2, 1), "nobody's sale counts, but not as a person"
    assert (november.customers, november.new, november.back) == (1, 0, 1)
    assert month_of("", 8).lost == 1, "Ana bought in February and not in the half year since"
    assert month_of("", 9).lost == 1
    assert month_of("channel=web", 1).customers == 2
    assert month_of(f"owner={world['rui'].pk}", 1).orders == 2


def test_cohorts_and_products_add_up_to_the_same(world: dict[str, Any]) -> None:
    count()

    rows = CohortFigure.objects.filter(slice__key="").order_by("first", "month")
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for row in rows:
        found[row.first.month][row.month.month] = row.customers
    assert found == {1: {1: 2, 2: 1, 3: 1, 11: 1}, 2: {2: 1}}
    products = ProductMonth.objects.all()
    assert sum(row.units for row in products) == len(SEEN) * 2000
    assert sum(row.value for row in products) == sum(order.value or 0 for order in Order.objects.counted())


def test_counting_twice_changes_nothing_and_follows_a_refund(world: dict[str, Any]) -> None:
    count()
    order = Order.objects.filter(contact=world["ben"], placed_on=date(2025, 3, 1)).get()
    Order.objects.filter(pk=order.pk).update(status="refunded", refunded=order.total, value=0)
    count()

    march = month_of("", 3)
    assert (march.orders, march.refunds, march.value) == (0, 1, 0)
    assert MonthFigure.objects.filter(slice__key="").count() == Slice.objects.get(key="").months.count()


def test_a_choice_of_two_is_counted_when_asked_for() -> None:
    rui = make_user("Rui Matos")
    make_order(make_contact("Ana Reis", owner=rui), channel="web")
    make_order(make_contact("Ben Sol"), channel="web")
    choice = Choice(channel="web", owner=rui.pk)
    assert Choice.of_key(choice.key) == choice
    assert not choice.is_standing

    ask_for(choice)

    assert slice_of(choice).counted_at is not None
    assert [row.orders for row in MonthFigure.objects.filter(slice__key=choice.key)] == [1]


def test_new_orders_are_counted_soon_and_everything_again_on_demand() -> None:
    make_order(make_contact("Ben Sol"), "5.00")
    count_news()
    assert slice_of(ALL).last_order == Order.objects.latest("pk").pk
    make_order(make_contact("Ana Reis"), "5.00")
    count_news()
    this = MonthFigure.objects.get(slice__key="")
    assert (this.month, this.orders) == (timezone.localdate().replace(day=1), 2)

    operation = count_again(by=make_user("Nora Pine", role="manager"))

    assert run(operation).status == Operation.Status.DONE
    assert MonthFigure.objects.get(slice__key="").orders == 2


def test_what_changes_late_is_marked_with_the_order_and_counted_within_a_minute() -> None:
    """A refund of January, and two customers who turn out to be one; new orders go the way of new orders."""
    nora = make_user("Nora Pine", role="manager")
    ana, anna = make_contact("Ana Reis"), make_contact("Anna Reis")
    sold = make_order(ana, "30.00", placed_at=datetime(2025, 1, 5, 12, tzinfo=UTC))
    make_order(anna, "20.00", placed_at=datetime(2025, 1, 9, 12, tzinfo=UTC))
    assert not StaleMonth.objects.exists(), "nothing is counted, so nothing is stale"
    count_news()
    count_changes()
    assert slice_of(ALL).whole_at is not None
    new = make_order(ana, "5.00")
    assert not StaleMonth.objects.exists()

    refund(sold, 3000, by=nora)
    assert [mark.month for mark in StaleMonth.objects.all()] == [date(2025, 1, 1)]
    count_changes()
    assert (month_of("", 1).refunds, month_of("", 1).value, month_of("", 1).customers) == (1, 2000, 1)
    assert not StaleMonth.objects.exists()
    assert slice_of(ALL).last_order == new.pk
    assert MonthFigure.objects.get(slice__key="", month=new.placed_on.replace(day=1)).orders == 1

    make_order(ana, "30.00", placed_at=datetime(2025, 1, 6, 12, tzinfo=UTC))
    count_news()
    assert month_of("", 1).customers == 2
    merge(ana, anna, {}, by=nora)
    count_changes()
    assert month_of("", 1).customers == 1


def test_everything_is_counted_each_night_however_busy_the_day_was() -> None:
    """New orders keep the figures young; that must not put off the count of the whole."""
    ben = make_contact("Ben Sol")
    make_order(ben, "5.00", placed_at=datetime(2025, 1, 5, 12, tzinfo=UTC))
    count_news()
    MonthFigure.objects.update(value=1)
    Slice.objects.update(whole_at=timezone.now() - timedelta(hours=21))
    make_order(ben, "5.00")
    count_news()
    assert month_of("", 1).value == 500


def test_a_tier_is_a_choice_as_any_other() -> None:
    gold, other = make_contact("Ana Reis"), make_contact("Ben Sol")
    for who, tier, worth in ((gold, "gold", 5000), (other, "none", 500)):
        make_order(who, f"{worth / 100:.2f}", placed_at=datetime(2025, 1, 5, 12, tzinfo=UTC))
        Standing.objects.create(contact=who, tier=tier, tier_since=date(2025, 1, 1), value=worth)
    count_news()
    choice = Choice.read({"tier": "gold", "channel": "nonsense"})
    assert (choice.key, choice.is_standing, Choice.of_key("tier=gold")) == ("tier=gold", True, choice)
    assert (month_of("tier=gold", 1).value, month_of("tier=gold", 1).customers) == (5000, 1)
    assert month_of("tier=none", 1).value == 500
    assert Choice.read({"tier": "platinum"}).key == ""


def test_a_period_is_always_whole_months_that_make_sense() -> None:
    today = date(2026, 3, 9)
    assert period_of({}, today).months[0] == date(2025, 4, 1)
    assert len(period_of({"from": "2020-01", "to": "nonsense"}, today).months) == 75
    assert period_of({"from": "2031-01"}, today).months == [date(2026, 3, 1)]
    assert shift(date(2026, 1, 1), -13) == date(2024, 12, 1)
