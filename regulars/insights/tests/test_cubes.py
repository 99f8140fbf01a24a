"""Kept figures are what a count over all orders says, whatever was chosen."""

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from regulars.access.models import Operation
from regulars.access.operations import run
from regulars.access.tests.factories import make_user
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.insights.cubes.choice import ALL, Choice
from regulars.insights.cubes.counting import count_month, shift
from regulars.insights.cubes.reading import period_of
from regulars.insights.cubes.running import ask_for, count_again, count_news, slice_of
from regulars.insights.tables import CohortFigure, MonthFigure, ProductMonth, Slice
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


def test_a_period_is_always_whole_months_that_make_sense() -> None:
    today = date(2026, 3, 9)
    assert period_of({}, today).months[0] == date(2025, 4, 1)
    assert len(period_of({"from": "2020-01", "to": "nonsense"}, today).months) == 75
    assert period_of({"from": "2031-01"}, today).months == [date(2026, 3, 1)]
    assert shift(date(2026, 1, 1), -13) == date(2024, 12, 1)
