"""Products and seasons of a choice of orders: counted when somebody asks for them, and only of these orders."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Contact
from regulars.contacts.tests.factories import make_contact
from regulars.insights.cubes.choice import Choice
from regulars.insights.cubes.counting import shift
from regulars.insights.cubes.goods import are_counted, count_goods, count_goods_later
from regulars.insights.tables import ChoiceProduct, Slice, Tally
from regulars.lib import fast
from regulars.orders.models import Line, Order, Product

pytestmark = pytest.mark.django_db
MONTHS = 25


def _order(who: Contact, month: date, channel: str) -> dict[str, Any]:
    return {"contact_id": who.pk, "placed_on": month, "currency": "EUR", "channel": channel, "subtotal": 900,
            "total": 900, "value": 900, "rate": 1}  # fmt: skip


@pytest.fixture
def sold(owner: User) -> User:
    """Two years: every guest takes coffee at the till each month; Joana's take coats in the web shop, each October, and
    mugs all year."""
    coffee, coat, mug = (
        Product.objects.create(name=name, folded=name.casefold()) for name in ("Coffee", "Coat", "Mug")
    )
    mine: list[Contact] = []
    joanas: list[Contact] = []
    for number in range(24):
        person = make_contact(f"Guest {number}", by=owner, owner=make_user("Joana") if not number else None)
        (joanas if number else mine).append(person)
    joana = User.objects.get(name="Joana")
    Contact.objects.filter(pk__in=[one.pk for one in joanas]).update(owner=joana)
    Contact.objects.filter(pk__in=[one.pk for one in mine]).update(owner=owner)
    this = timezone.localdate().replace(day=1)
    buys = []
    for month in (shift(this, -back) for back in range(1, MONTHS)):
        buys += [(coffee, _order(one, month, "till")) for one in mine]
        buys += [(mug, _order(one, month, "web")) for one in joanas[:8]]
        buys += [(coat, _order(one, month, "web")) for one in (joanas if month.month == 10 else joanas[:1])]
    ids = fast.reserve_ids(Order, len(buys))
    fast.insert(Order, [{"id": pk, **order} for pk, (_product, order) in zip(ids, buys, strict=True)])
    fast.insert(Line, [
        {"order_id": pk, "product_id": product.pk, "name": product.name, "unit_price": 900, "total": 900}
        for pk, (product, _order) in zip(ids, buys, strict=True)
    ])  # fmt: skip
    return owner


def test_products_and_seasons_follow_the_choice(sold: User, client: Client) -> None:
    client.force_login(sold)
    joana, now = User.objects.get(name="Joana"), timezone.now()
    tried: tuple[dict[str, Any], ...] = ({"channel": "web"}, {"owner": joana.pk}, {"channel": "web", "owner": sold.pk})
    for data in tried:
        choice = Choice.read(data)
        Slice.objects.create(key=choice.key, is_standing=choice.is_standing, counted_at=now)
        waiting = client.get(reverse("report", args=["products"]), data).content.decode()
        assert "Counting…" in waiting
        assert "goods=1" in waiting
        asked = client.post(f"{reverse('figures-choice')}?{choice.key}&goods=1")
        if not are_counted(choice):
            assert "HX-Refresh" not in asked.headers
            count_goods_later.func(choice.key)
        assert are_counted(choice)
        assert client.post(f"{reverse('figures-choice')}?{choice.key}&goods=1").headers["HX-Refresh"] == "true"
        page = client.get(reverse("report", args=["products"]), data).content.decode()
        if data == {"channel": "web", "owner": sold.pk}:
            assert "No product was sold" in page, "the web shop sold to Joana's people only"
        else:
            assert "Mug brought most" in page
            assert "Coffee" not in page

    assert set(ChoiceProduct.objects.values_list("product__name", flat=True)) == {"Mug", "Coat"}
    web = Slice.objects.get(key="channel=web")
    season = Tally.objects.get(subject=f"seasons-{web.pk}")
    assert int(season.label) == Product.objects.get(name="Coat").pk
    assert season.detail["years"] == 2
    assert count_goods(Choice(channel="web")), "counting again is as good as once"
    assert Tally.objects.filter(subject=f"seasons-{web.pk}").count() == 1
