"""Winning somebody back: the list, plays with ready words, asking why by a link, and what came of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from regulars.access.models import User
from regulars.access.tests.factories import make_organisation, make_user
from regulars.contacts.actions.erasing import erase_contact
from regulars.contacts.actions.merging import merge
from regulars.contacts.models import Contact
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.insights.churn.keeping import look_at_all
from regulars.insights.tables import AtRisk, Attempt, PlayWords, RiskWord, Why
from regulars.insights.tests.customers import make_customer
from regulars.insights.winback import results, trying
from regulars.lib.tests.queries import assert_query_count
from regulars.orders.models import Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    make_organisation(modules=["insights", "winback", "promises"], currency="EUR")
    return make_user("Ines Duarte", role="manager")


@pytest.fixture
def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def slipping(name: str, user: User, **fields: Any) -> Contact:
    contact = make_contact(name, by=user, **fields)
    make_customer(contact, every=9, days=12, ago=60)
    return contact


def text(client: Client, address: str, **headers: Any) -> str:
    answer = client.get(address, **headers)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_the_list_shows_reasons_and_narrows_and_takes_the_same_queries(signed_in: Client, user: User) -> None:
    anna = slipping("Anna", user)
    make_customer(make_company("Old Mill", by=user), every=9, days=12, ago=300, each=9_000)
    look_at_all()
    shown = text(signed_in, "/winback/")
    assert shown.index("Old Mill") < shown.index("Anna")  # by value
    assert "Buys every 9 days, silent for 2 months" in shown
    assert "Anna" not in text(signed_in, "/winback/?state=lost")
    assert "Old Mill" not in text(signed_in, "/winback/?state=slipping&who=me&reason=silence&tried=no")
    trying.attempt(anna, "check_in", by=user)
    assert "Anna" not in text(signed_in, "/winback/?tried=no")
    assert "Anna" in text(signed_in, "/winback/?tried=check_in&tier=&reason=nonsense&after=broken")
    assert "Anna" in text(signed_in, "/contacts/?at_risk.reason=silence")
    assert "Anna" in text(signed_in, "/contacts/?winback.outcome=open")
    with assert_query_count("win-back list"):
        signed_in.get("/winback/")
    for number in range(5):
        slipping(f"Guest {number}", user)
    look_at_all()
    with assert_query_count("win-back list"):
        signed_in.get("/winback/")
    other = make_user("Somebody Else", role="member")
    Contact.objects.filter(pk=anna.pk).update(visibility="owner", owner=user)
    signed_in.force_login(other)
    assert "Anna" not in text(signed_in, "/winback/")


def test_a_play_has_ready_words_is_written_down_and_can_be_undone(signed_in: Client, user: User) -> None:
    anna = slipping("Anna Berg", user, email="anna@example.org")
    look_at_all()
    address = f"/winback/with/contact-{anna.pk}/attempt/"
    assert "we have not seen you for 2 months" in text(signed_in, address)
    assert "I am sorry" in text(signed_in, f"{address}?play=apologise", headers={"HX-Request": "true"})
    assert signed_in.post(address, {"play": "bribe"}).status_code == 422
    assert (
        signed_in.post(address, {"play": "offer", "channel": "call", "text": "First one is on us"}).status_code == 302
    )
    made = Attempt.objects.get()
    assert (made.play, made.by, made.worth) == ("offer", user, 24_000)
    page = text(signed_in, f"/contacts/{anna.pk}/")
    assert "Tried to win them back: Make an offer" in page
    assert "Slipping away: Buys every 9 days" in page
    assert "First one" not in text(signed_in, f"/contacts/{anna.pk}/winback/")
    assert signed_in.delete(f"/winback/attempts/{made.pk}/").status_code == 204
    assert "Tried to win them back" not in text(signed_in, f"/contacts/{anna.pk}/")
    assert not Attempt.objects.present().exists()
    assert signed_in.get("/winback/with/contact-999999/attempt/").status_code == 404


def test_results_are_counted_from_orders_and_compared(signed_in: Client, user: User) -> None:
    back, away, left = (slipping(name, user) for name in ("Back", "Away", "Left"))
    today = timezone.localdate()
    look_at_all(today - timedelta(days=100))
    look_at_all(today - timedelta(days=50))
    AtRisk.objects.update(since=today - timedelta(days=110))
    for contact, play in ((back, "apologise"), (away, "offer")):
        made = trying.attempt(contact, play, by=user)
        then = timezone.now() - timedelta(days=100)
        Attempt.objects.filter(pk=made.pk).update(tried_at=then, tried_on=today - timedelta(days=100))
    trying.attempt(left, "let_go", by=user)
    for ago, cents in ((80, 1_500), (45, 2_500), (5, 9_999)):
        at = timezone.now() - timedelta(days=ago)
        Order.objects.create(contact=back, placed_at=at, placed_on=at.date(), currency="EUR", subtotal=cents,
                             total=cents, value=cents)  # fmt: skip
    assert results.count_results() == 1
    assert results.count_results() == 0
    row = Attempt.objects.get(contact=back)
    assert (row.outcome, row.value_30, row.value_60, row.value_90) == ("back", 1_500, 4_000, 4_000)
    assert row.back_on == today - timedelta(days=80)
    assert Attempt.objects.get(contact=away).outcome == "away"
    figures = results.figures()
    assert (figures.total.tried, figures.total.back, figures.total.left, figures.total.recovered) == (3, 1, 1, 4_000)
    shown = text(signed_in, "/winback/tried/")
    assert "€40" in shown
    assert "Left with thanks" in shown
    signed_in.force_login(make_user("Rui Tavares", role="front_desk"))
    assert "What each play came to" not in text(signed_in, "/winback/tried/")
    signed_in.force_login(user)
    assert "What each play came to" in text(signed_in, "/winback/tried/")
    assert "Came back" in text(signed_in, f"/contacts/{back.pk}/")
    look_at_all()
    assert not AtRisk.objects.open().filter(contact=left).exists()  # gone with thanks: nobody worries any more


def test_why_is_asked_by_a_link_once_and_kept_in_their_words(signed_in: Client, user: User) -> None:
    anna = slipping("Anna Berg", user)
    asking = f"/winback/with/contact-{anna.pk}/question/"
    assert "/why/" in signed_in.post(asking, {"link": "1"}).content.decode()
    signed_in.post(asking, {"link": "1"})
    why = Why.objects.get()
    visitor = Client()
    assert "We have missed you" in text(visitor, f"/why/{why.token}/")
    assert visitor.post(f"/why/{why.token}/", {}).status_code == 422
    said = {"cause": "promise", "words": "Nobody called back <b>"}
    assert visitor.post(f"/why/{why.token}/", said).status_code == 302
    assert "Thank you" in text(visitor, f"/why/{why.token}/")
    visitor.post(f"/why/{why.token}/", {"cause": "price"})
    why.refresh_from_db()
    assert (why.cause, why.words) == ("promise", "Nobody called back <b>")
    assert "Nobody called back &lt;b&gt;" in text(signed_in, "/winback/reasons/")
    assert "I am sorry" in text(signed_in, f"/winback/with/contact-{anna.pk}/attempt/")  # the play for that reason
    assert signed_in.post(f"/winback/reasons/{why.pk}/category/", {"cause": "service"}).status_code == 302
    why.refresh_from_db()
    assert (why.cause, why.sorted_by) == ("service", user)
    assert visitor.get("/why/guessed/").status_code == 404
    assert {visitor.get("/why/guessed/").status_code for _n in range(70)} == {404, 429}


def test_a_word_by_hand_ends_the_warning_and_stands_in_the_brief(signed_in: Client, user: User) -> None:
    anna = slipping("Anna Berg", user)
    look_at_all()
    address = f"/winback/with/contact-{anna.pk}/word/"
    assert signed_in.post(address, {"said": "fine", "until": "2001-01-01"}).status_code == 422
    assert signed_in.post(address, {"said": "moved", "note": "To Porto"}).status_code == 302
    assert not AtRisk.objects.open().exists()
    assert "They moved away: “To Porto”" in text(signed_in, f"/contacts/{anna.pk}/brief/")
    word = RiskWord.objects.get()
    assert signed_in.delete(f"/winback/words/{word.pk}/").status_code == 204
    assert AtRisk.objects.open().filter(contact=anna).exists()
    noted = signed_in.post(f"/winback/with/contact-{anna.pk}/question/", {"cause": "moved", "words": "Too far"})
    assert noted.status_code == 302
    assert Why.objects.get().entry


def test_all_of_it_follows_a_merge_and_goes_with_an_erasure(user: User) -> None:
    anna, double = slipping("Anna Berg", user), slipping("A. Berg", user)
    look_at_all()
    trying.attempt(double, "offer", by=user)
    trying.note_why(double, "Too far", "moved", by=user)
    merge(anna, double, {}, by=user)
    assert Attempt.objects.get().contact == anna
    assert Why.objects.get().contact == anna
    erase_contact(anna, by=user)
    for model in (Attempt, Why, AtRisk, RiskWord):
        assert not model.objects.filter(contact=anna).exists()


def test_the_words_of_a_play_can_be_our_own(client: Client) -> None:
    user, signed_in = make_user(role="owner"), client
    client.force_login(user)
    anna = make_contact("Anna Weiss", by=user)
    address = "/settings/winback/offer/en/"
    assert "Something for you" in signed_in.get(address).content.decode()
    assert signed_in.post(address, {"subject": "", "text": "{{ password }}"}).status_code == 422
    told = signed_in.post("/settings/winback/preview/", {"text": "Hey {{ first_name }}"}).content.decode()
    assert "Hey Maya" in told
    signed_in.post(address, {"subject": "Cake", "text": "Hey {{ first_name }}, cake is waiting."})
    dialog = f"/winback/with/contact-{anna.pk}/attempt/?play=offer"
    assert "cake is waiting." in signed_in.get(dialog).content.decode()
    assert "own words" in signed_in.get("/settings/winback/").content.decode()
    PlayWords.objects.update(text="{{ broken")
    assert "your first one is on us" in signed_in.get(dialog).content.decode()
    signed_in.delete(address)
    assert not PlayWords.objects.exists()
