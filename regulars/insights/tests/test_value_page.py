"""What customers are worth, on pages: the finding first, tiers with reasons, badge, Brief, columns, settings."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from regulars.access.models import User
from regulars.access.tests.factories import make_organisation, make_user
from regulars.contacts.models import Contact, Tag
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.insights import tiers
from regulars.insights.tables import Standing, TierChange, TierSettings
from regulars.insights.tests.customers import give_orders
from regulars.lib.tests.queries import assert_query_count
from regulars.promises.ledger.jobs import important
from regulars.promises.models import Promise
from regulars.promises.tests.promises import make_promise

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> list[Contact]:
    make_organisation(modules=["insights", "winback", "promises"], currency="EUR")
    user, today = make_user("Ines Duarte", role="owner"), timezone.localdate()
    found = [make_contact(f"Guest {n:02}", by=user) for n in range(20)]
    for n, contact in enumerate(found):
        give_orders(contact, {today - timedelta(days=2): 90_000 - 1_000 * n})
    tiers.recount(today)
    return found


@pytest.fixture
def signed_in(client: Client, people: list[Contact]) -> Client:
    client.force_login(User.objects.get(name="Ines Duarte"))
    return client


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_the_page_says_the_finding_first_and_everybody_with_their_reason(
    signed_in: Client, people: list[Contact]
) -> None:
    page = shown(signed_in, "/value/")
    assert "brought 11 % of the revenue in 12 months, the best fifth 22 %." in page
    assert "€900 in 12 months, rank 1 of 20" in page
    assert "Guest 04" not in page
    assert "Guest 02" not in shown(signed_in, "/value/?tier=gold")
    assert "Best 10 %" in signed_in.get("/value/?format=csv").content.decode()
    assert "too few" not in page
    assert "Nothing to rank yet" in shown(signed_in, "/value/?kind=company")
    with assert_query_count("value"):
        signed_in.get("/value/")
    today = timezone.localdate()
    moved = {"before": "none", "after": "silver", "changed_on": today, "value": 1, "rank": 3, "of": 20}
    TierChange.objects.create(contact=people[5], **moved)
    assert "Guest 05" in shown(signed_in, "/value/")


def test_figures_of_the_whole_business_are_for_roles_with_insights(signed_in: Client) -> None:
    signed_in.force_login(make_user("Rui Tavares", role="front_desk"))
    page = shown(signed_in, "/value/")
    assert "rank 1 of 20" in page
    assert "of the revenue" not in page
    assert signed_in.get("/value/?format=csv").headers["Content-Type"].startswith("text/html")
    signed_in.force_login(make_user("Marcus Webb", role="manager"))
    assert "of the revenue" in shown(signed_in, "/value/")


def test_badge_brief_columns_and_conditions_say_the_same(signed_in: Client, people: list[Contact]) -> None:
    page = shown(signed_in, f"/contacts/{people[0].pk}/")
    assert "Gold · top 5 %" in page
    assert "€900 in 12 months, rank 1 of 20" in page
    assert "Gold ·" not in shown(signed_in, f"/contacts/{people[9].pk}/")
    listed = shown(signed_in, "/contacts/?columns=name,tier,worth,rank&tier.tier=gold")
    assert "€900" in listed
    assert "Guest 02" not in listed
    assert "Guest 02" in shown(signed_in, "/contacts/?tier.tier=silver")
    assert "Guest 19" in shown(signed_in, "/contacts/?tier.tier=none")
    assert "Guest 03" not in shown(signed_in, "/contacts/?best.best=3")
    segment = Standing.objects.get(contact=people[0]).segment
    assert "Guest 00" in shown(signed_in, f"/contacts/?rfm.segment={segment}&rfm.r=5")


def test_managers_hear_of_promises_to_gold_customers(people: list[Contact]) -> None:
    gold, none = make_promise(to=people[0]), make_promise(to=people[9])
    assert list(Promise.objects.filter(important()).distinct()) == [gold]
    vip = Tag.objects.create(name="VIP")
    people[9].tags.add(vip)
    assert set(Promise.objects.filter(important()).distinct()) == {gold, none}


def test_settings_are_saved_counted_anew_and_refused_when_they_make_no_sense(signed_in: Client) -> None:
    make_company("Silent Ltd")
    bad = signed_in.post("/settings/tiers/", {"measure": "revenue", "months": 12, "gold": 0, "silver": 99})
    assert bad.status_code == 422
    said = {"measure": "visits", "months": 3, "gold": 20, "silver": 0}
    answer = signed_in.post("/settings/tiers/", said)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/operations/")
    assert TierSettings.current().gold == 20
    assert signed_in.post("/value/count/").status_code == 302
    signed_in.force_login(make_user(role="member"))
    assert signed_in.get("/settings/tiers/").status_code == 403
    assert signed_in.post("/value/count/").status_code == 403
