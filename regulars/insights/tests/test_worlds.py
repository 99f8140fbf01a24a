"""Every page that counts says something sensible whatever the orders are like: none, one, all alike, one giant."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from regulars.access.operations import run
from regulars.access.tests.factories import make_organisation, make_user
from regulars.contacts.tests.factories import make_contact
from regulars.insights.churn.keeping import look_at_all
from regulars.insights.cubes.running import count_all
from regulars.insights.demand.running import start_counting
from regulars.insights.predicting.job import start_predicting
from regulars.insights.reports.base import all_reports
from regulars.insights.tiers import start_recount
from regulars.orders.models import Product
from regulars.orders.recording import record_many
from regulars.orders.tests.factories import make_draft, make_line, make_order

pytestmark = pytest.mark.django_db
NONSENSE = re.compile(r">\s*(None|nan|inf)\b|[:,\[] ?(NaN|Infinity|nan)\b|\b(nan|inf) ?[%€]")


def nobody() -> None:
    """A business on its first day."""


def one_customer() -> None:
    person = make_contact("Only One")
    record_many([make_draft(lines=[make_line("Mug", "12.00")], days=days) for days in (2, 30, 61)], holder=person)


def one_giant_order() -> None:
    make_order(make_contact("Big Buyer"), "9999999999.99", days=3)
    for number in range(4):
        make_order(make_contact(f"Small {number}"), "1.00", days=10 + number)


def all_on_one_day_with_ties() -> None:
    for number in range(12):
        make_order(make_contact(f"Twin {number}"), None, lines=[make_line("Mug", "12.00")], days=40)


def everybody_once() -> None:
    for number in range(12):
        make_order(make_contact(f"Once {number}"), f"{10 + number}.00", days=5 + 30 * number)


def everybody_daily() -> None:
    for number in range(2):
        drafts = [make_draft(lines=[make_line("Espresso", "1.30")], days=day) for day in range(20)]
        record_many(drafts, holder=make_contact(f"Daily {number}"))


def all_given_back() -> None:
    make_order(make_contact("Never Mind"), "20.00", days=3, status="refunded")
    make_order(None, "5.00", days=2)


WORLDS = [nobody, one_customer, one_giant_order, all_on_one_day_with_ties, everybody_once, everybody_daily,
          all_given_back]  # fmt: skip


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.__name__)
def test_every_page_answers(client: Client, world: Callable[[], None]) -> None:
    make_organisation()
    owner = make_user(role="owner")
    client.force_login(owner)
    world()
    for start in (start_recount, start_predicting, start_counting):
        operation = run(start(by=owner))
        assert operation.status == "done", (start.__name__, operation.problem)
    look_at_all()
    count_all()
    for address in [*addresses(), *([] if world is nobody else reports())]:  # of nothing they are tested by themselves
        answer = client.get(address)
        text = answer.content.decode()
        assert answer.status_code == 200, address
        assert not NONSENSE.search(text), address


def addresses() -> list[str]:
    """The pages of insights, products, win-back, value, goals and the backtest."""
    names = ("insights", "backtest", "demand", "goals", "goal-add", "value", "tier-settings", "winback",
             "winback-tried", "winback-reasons", "products", "orders", "unclaimed", "products-demand",
             "today")  # fmt: skip
    found = [reverse(name) for name in names]
    if product := Product.objects.order_by("pk").first():
        found += [product.get_absolute_url(), f"{reverse('orders')}?product={product.pk}"]
    return found


def reports() -> list[str]:
    """The pages of the reports."""
    return [reverse("report", args=[report.name]) for report in all_reports()]
