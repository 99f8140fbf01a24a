"""The pages of insights: who sees them, what they say with much, with little and with nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import ImportantDate, Segment, Source
from regulars.contacts.tests.factories import make_contact, make_entry
from regulars.insights.cubes.counting import shift
from regulars.insights.cubes.running import count_all
from regulars.insights.reports.base import all_reports
from regulars.insights.tables import Tally
from regulars.lib.tests.queries import assert_query_count
from regulars.orders.tests.factories import make_line, make_order
from regulars.promises.actions.thanking import thank

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(client: Client) -> User:
    """A manager, signed in."""
    nora = make_user("Nora Pine", role="manager")
    client.force_login(nora)
    return nora


def shop() -> None:
    """Twenty-four people who bought a year ago, half of them again last month; everything is counted."""
    now = timezone.now()
    source = Source.objects.create(name="Window")
    for number in range(24):
        person = make_contact(f"Person {number}")
        person.profile_or_blank.source = source
        profile = person.profile_or_blank
        profile.source = source
        profile.save()
        make_order(person, None, placed_at=now - timedelta(days=400), lines=[make_line("Beans", "20.00")])
        if number % 2:
            make_order(person, None, placed_at=now - timedelta(days=35), lines=[make_line("Mug", "8.00")])
    count_all()


def test_before_the_first_order_every_page_says_what_will_be_there(client: Client, nora: User) -> None:
    assert b"No orders yet" in client.get("/insights/").content
    for report in all_reports():
        page = client.get(f"/insights/reports/{report.name}/").content.decode()
        assert "No orders yet" in page, report.name
    assert client.get("/insights/reports/nonsense/").status_code == 404


def test_every_page_says_its_finding_with_numbers_and_gives_its_table(client: Client, nora: User) -> None:
    shop()
    two_years = shift(timezone.localdate(), -24).strftime("%Y-%m")

    for report in all_reports():
        answer = client.get(f"/insights/reports/{report.name}/?from={two_years}")
        assert 'class="finding"' in answer.content.decode(), report.name
    page = client.get(f"/insights/reports/revenue/?from={two_years}").content.decode().replace("\xa0", " ")
    assert "You earned €576 from 36 purchases" in page
    flow = client.get(f"/insights/reports/flow/?from={two_years}").content.decode()
    assert "24 bought for the first time" in flow
    assert "12 came back after 6 months or more" in flow
    sources = client.get("/insights/reports/sources/").content.decode()
    assert "Window" in sources
    overview = client.get("/insights/").content.decode()
    assert "What the last twelve months say" in overview

    answer = client.get("/insights/reports/products/?csv=products")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "Mug" in answer.content.decode()
    assert client.get("/insights/reports/products/?csv=nonsense").status_code == 404
    client.get("/insights/reports/revenue/")
    with assert_query_count("insights: revenue"):
        client.get("/insights/reports/revenue/")


def test_a_segment_is_counted_when_asked_for(client: Client, nora: User) -> None:
    make_order(make_contact("Ana Reis"))
    count_all()
    segment = Segment.objects.create(owner=nora, name="Everybody", rule={"all": []})
    address = f"/insights/reports/revenue/?segment={segment.pk}"

    assert b"Counting" in client.get(address).content
    assert "HX-Refresh" in client.post(f"/insights/figures/choice/?segment={segment.pk}").headers
    assert b"You earned" in client.get(address).content
    private = Segment.objects.create(owner=make_user("Rui Matos", role="owner"), name="Mine", rule={"all": []})
    shown = client.get(f"/insights/reports/revenue/?segment={private.pk}").status_code
    assert shown == (200 if Segment.objects.visible_to(nora).filter(pk=private.pk).exists() else 404)


def test_a_member_does_not_see_the_figures_of_the_whole_business(client: Client) -> None:
    client.force_login(make_user("Rui Matos", role="member"))
    for address in ("/insights/", "/insights/reports/revenue/"):
        assert client.get(address).status_code == 403
    assert client.post("/insights/figures/count/").status_code == 403


def test_thanks_and_greetings_are_compared_with_customers_alike(nora: User) -> None:
    """Ten were thanked in the window and came again; of ten alike who were not, none did."""
    this = timezone.localdate().replace(day=1)
    before, within, after = (timezone.now().replace(hour=12) - timedelta(days=back) for back in (0, 0, 0))
    before = before.replace(year=shift(this, -8).year, month=shift(this, -8).month, day=5)
    within = within.replace(year=shift(this, -5).year, month=shift(this, -5).month, day=5)
    after = after.replace(year=shift(this, -2).year, month=shift(this, -2).month, day=5)
    for number in range(20):
        person = make_contact(f"Person {number}")
        make_order(person, placed_at=before)
        if number % 2:
            thank(person, by=nora, at=within)
            make_order(person, placed_at=after)
        ImportantDate.objects.create(contact=person, kind="birthday", day=6, month=within.month)
        if number < 10:
            make_entry(person, kind="message", occurred_at=within)
    count_all()

    thanks, birthday = (Tally.objects.get(subject="activities", label=name) for name in ("thanks", "birthday"))
    assert (thanks.count, thanks.total) == (10, 10)
    assert thanks.detail["strata"] == [[10, 10, 0, 10]]
    assert birthday.total == 15, "a word or thanks on the day, or the day before"
