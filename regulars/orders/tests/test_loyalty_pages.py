"""Loyalty over HTTP: the till, the card in somebody's hand, coupons, gift cards, the settings."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from regulars.access.models import AuditEvent, Organisation, User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Contact, Segment
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.contacts.tests.pages import sign_in
from regulars.lib.tests.queries import assert_query_count
from regulars.orders.loyalty import guard, vouchers
from regulars.orders.loyalty.lapsing import let_gift_cards_lapse
from regulars.orders.models import Coupon, CouponUse, GiftCard, LoyaltyCard, LoyaltyMove, Programme, Reward
from regulars.orders.tests.loyalty_world import balance, make_card, make_coupon, make_programme, make_reward
from regulars.timeline.models import Entry

pytestmark = pytest.mark.django_db
TILL = "/loyalty/till/"
HTMX: Any = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "till"}


@pytest.fixture
def ines() -> User:
    return make_user("Inês Duarte", role="owner")


@pytest.fixture
def joana() -> User:
    return make_user("Joana Dias", role="front_desk")


@pytest.fixture
def maya(ines: User) -> Contact:
    make_programme()
    make_reward()
    return make_contact("Maya Okafor", by=ines, email="maya@lumen.example", phone="+351912345678")


def find(user: User, text: str, **more: Any) -> str:
    return sign_in(user).get(TILL, {"q": text, **more}, **HTMX).content.decode()


def undo_of(answer: Any) -> str:
    """The address that the Undo of a toast asks."""
    toasts = json.loads(answer.headers["HX-Trigger"])["toast"]["toasts"]
    return str(toasts[0]["undo"])


def test_the_right_card_by_scan_digits_or_name(maya: Contact, ines: User, joana: User) -> None:
    card = make_card(maya, by=ines, stamps=4)
    make_contact("Maya Silva", by=ines, phone="+351911111111")
    hidden = make_contact("Maya Secret", by=ines, visibility="owner")
    secret = make_card(hidden, by=ines)
    for text in (card.number, f"http://x/card/{card.token}/", "5678", "okafor"):
        shown = find(joana, text, go=1)
        assert "6 more for: Free coffee" in shown, text
        assert f'id="till-contact" value="{maya.pk}"' in shown
    several = find(joana, "maya")
    assert ("Maya Silva" in several, "Maya Okafor" in several, "Maya Secret" in several) == (True, True, False)
    assert "Maya Secret" not in find(joana, secret.number, go=1)
    client = sign_in(joana)
    page = client.get(TILL, {"contact": maya.pk}).content.decode()
    assert "4 stamps" in page
    with assert_query_count("loyalty till"):
        client.get(TILL, {"contact": maya.pk})
    with assert_query_count("loyalty panel"):
        client.get(f"/contacts/{maya.pk}/loyalty/")


def test_stamps_and_rewards_in_one_key_each_with_undo(maya: Contact, ines: User, joana: User) -> None:
    client = sign_in(joana)
    give, redeem = (f"/contacts/{maya.pk}/loyalty/{part}/" for part in ("giving", f"rewards/{Reward.objects.get().pk}"))
    assert client.post(give, {"act": "a"}, **HTMX).status_code == 422, "there is no card yet"
    issued = client.post(f"/contacts/{maya.pk}/card/", **HTMX)
    assert client.delete(undo_of(issued)).status_code == 204
    client.post(f"/contacts/{maya.pk}/card/", **HTMX)
    for act in ("a", "a", "b"):
        answer = client.post(give, {"act": act, "amount": 6}, **HTMX)
    assert balance(maya) == 12, "what was sent twice was done once"
    assert client.delete(undo_of(answer)).status_code == 204
    assert client.post(redeem, {"act": "c"}, **HTMX).status_code == 422
    client.post(give, {"act": "d", "amount": 5}, **HTMX)
    answer = client.post(redeem, {"act": "e"}, **HTMX)
    assert "9 more for: Free coffee" in answer.content.decode()
    assert client.delete(undo_of(answer)).status_code == 204
    assert balance(maya) == 11
    wrong = client.post(f"/contacts/{maya.pk}/loyalty/adjusting/", {"amount": -20, "note": "x", "act": "f"}, **HTMX)
    assert (wrong.status_code, balance(maya)) == (422, 11)
    client.post(f"/contacts/{maya.pk}/loyalty/adjusting/", {"amount": -1, "note": "Counted wrongly", "act": "f"})
    panel = client.get(f"/contacts/{maya.pk}/loyalty/").content.decode()
    assert "Counted wrongly" in panel
    assert "Free coffee is theirs now" in panel
    assert client.post(f"/loyalty/cards/{LoyaltyCard.objects.get().pk}/blocking/").status_code == 302
    assert "No card yet" in find(joana, "okafor", go=1)
    assert AuditEvent.objects.filter(verb="blocked", kind="loyalty card").exists()


def test_the_card_in_somebodys_hand(maya: Contact, ines: User) -> None:
    cache.clear()
    card = make_card(maya, by=ines, stamps=7)
    answer = Client().get(card.get_absolute_url())
    shown = answer.content.decode()
    assert all(words in shown for words in ("7 stamps", "3 more for: Free coffee", "Maya", card.shown_number, "<svg"))
    assert "Okafor" not in shown
    assert "style=" not in shown
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "private, no-store"
    card.block(by=ines)
    assert Client().get(card.get_absolute_url()).status_code == 404
    card.unblock()
    Organisation.objects.update(modules=[])
    assert Client().get(card.get_absolute_url()).status_code == 404
    for _turn in range(20):
        last = Client().get("/card/guessed/")
    assert last.status_code == 429


def test_a_coupon_says_what_it_gives_to_whom_and_how_often(maya: Contact, ines: User, joana: User) -> None:
    tomas = make_contact("Tomás Reis", by=ines)
    regulars = Segment.objects.create(owner=ines, name="Friends", is_list=True)
    regulars.add([maya.pk], by=ines)
    coupon = make_coupon(ines, minimum=500, uses_each=1, segment=regulars, is_for_some=True)
    client, use = sign_in(joana), f"/loyalty/coupons/{coupon.pk}/using/"
    assert "Find the person first" in find(joana, coupon.code.lower(), go=1)
    assert "It is not for this person." in find(joana, coupon.code, go=1, contact=tomas.pk)
    assert "10 % off" in find(joana, coupon.code, go=1, contact=maya.pk)
    assert coupon.code not in find(joana, coupon.code), "not while somebody is still typing"
    small = client.post(use, {"act": "a", "contact": maya.pk, "spent": "4"}, **HTMX)
    assert (small.status_code, CouponUse.objects.count()) == (422, 0)
    done = client.post(use, {"act": "b", "contact": maya.pk, "spent": "12.50"}, **HTMX)
    assert CouponUse.objects.get().saved == 125
    assert Entry.objects.present().filter(text="Used a coupon: Autumn (10 % off)").exists()
    assert "has used it already" in client.post(use, {"act": "c", "contact": maya.pk}, **HTMX).content.decode()
    assert client.delete(undo_of(done)).status_code == 204
    coupon.refresh_from_db()
    assert (coupon.used, "10 % off" in find(joana, coupon.code, go=1, contact=maya.pk)) == (0, True)
    coupon.stop()
    assert "was stopped" in find(joana, coupon.code, go=1, contact=maya.pk)
    yesterday = timezone.localdate() - timedelta(days=1)
    for fields, state in (({"ends_on": yesterday}, "over"), ({"uses_total": 1, "used": 1}, "used")):
        assert make_coupon(ines, **fields).state == state
    rows = sign_in(ines).get("/loyalty/coupons/").content.decode()
    assert all(word in rows for word in ("Stopped", "Over", "Used up"))


def test_coupons_are_made_with_rules_that_make_sense(maya: Contact, ines: User) -> None:
    client, values = sign_in(ines), {"name": "Birthday", "kind": "amount", "amount": "5", "uses_total": "1"}
    days = {"starts_on": "2030-02-01", "ends_on": "2030-01-01"}
    for wrong in ({"amount": ""}, days, {"code": "A"}, {"code": "é?!x"}):
        assert client.post("/loyalty/coupons/new/", {**values, **wrong}).status_code == 422
    made = client.post("/loyalty/coupons/new/", {**values, "contact": maya.pk})
    coupon = Coupon.objects.get()
    assert (made.headers["Location"], len(coupon.code), coupon.amount) == (coupon.get_absolute_url(), 10, 500)
    assert "only for Maya Okafor" in client.get(coupon.get_absolute_url()).content.decode()
    assert "It is for somebody else." in find(ines, coupon.code, go=1, contact=make_contact("Rui", by=ines).pk)


def test_a_gift_card_is_sold_paid_with_in_part_and_taken_back(maya: Contact, ines: User, joana: User) -> None:
    client = sign_in(joana)
    said = {"value": "25,00", "buyer": maya.pk, "for_name": "Ana", "months": 36, "act": "a"}
    assert client.post("/loyalty/gift-cards/new/", {**said, "value": "0"}).status_code == 422
    page = client.post("/loyalty/gift-cards/new/", said).headers["Location"]
    client.post("/loyalty/gift-cards/new/", said)
    card = GiftCard.objects.get()
    assert card.shown_code in client.get(page).content.decode()
    assert sign_in(make_user(role="front_desk")).get(page).status_code == 404, "who did not sell it learns no code"
    pay = f"/loyalty/gift-cards/{card.pk}/paying/"
    assert client.post(pay, {"act": "b", "amount": "5"}, **HTMX).status_code == 404, "nobody pays without the code"
    assert "€25.00 of €25.00 left" in find(joana, card.shown_code, go=1)
    done = client.post(pay, {"act": "b", "amount": "10", "code": card.code}, **HTMX)
    too_much = client.post(pay, {"act": "c", "amount": "15.01", "code": card.code}, **HTMX)
    assert (too_much.status_code, "only €15.00 left" in too_much.content.decode()) == (422, True)
    assert "Used in part" in sign_in(ines).get("/loyalty/gift-cards/").content.decode()
    assert client.delete(undo_of(done)).status_code == 204
    card.refresh_from_db()
    assert card.balance == 2500 == sum(card.moves.values_list("amount", flat=True))
    sign_in(ines).post(f"/loyalty/gift-cards/{card.pk}/blocking/")
    assert client.post(pay, {"act": "d", "amount": "1", "code": card.code}, **HTMX).status_code == 422
    GiftCard.objects.update(blocked_at=None, expires_on=timezone.localdate() - timedelta(days=1))
    assert "has lapsed" in find(joana, card.code, go=1)


def test_guessing_codes_ends_soon(maya: Contact, ines: User, joana: User) -> None:
    cache.clear()
    coupon = make_coupon(ines)
    client = sign_in(joana)
    for number in range(guard.WRONG):
        client.get(f"{TILL}?q=WRONG{number}CODE&go=1", **HTMX)
    assert "Too many wrong codes" in find(joana, coupon.code, go=1)
    assert "Maya Okafor" in find(joana, "okafor", go=1), "people are found all the same"
    assert "10 % off" in find(ines, coupon.code, go=1)
    cache.clear()


def test_the_settings_say_in_a_sentence_what_they_mean(ines: User) -> None:
    client = sign_in(ines)
    assert "Say first how loyalty works" in client.get(TILL).content.decode()
    said = {"kind": "stamps", "rate": "1", "earn": "order", "minimum": "3", "welcome": "0", "is_on": "on"}
    preview = client.post("/settings/loyalty/preview/", said).content.decode()
    assert "1 stamp for every order from €3.00 on." in preview
    assert not Programme.objects.exists()
    assert client.post("/settings/loyalty/", {**said, "rate": "0.5"}).status_code == 422
    client.post("/settings/loyalty/", said)
    since = Programme.current().rules_since
    client.post("/settings/loyalty/", {**said, "welcome": "2"})
    assert (Programme.current().rules_since, Programme.current().welcome) == (since, 2)
    client.post("/settings/loyalty/", {**said, "welcome": "2", "minimum": "4"})
    assert Programme.current().rules_since > since
    assert client.post("/settings/loyalty/rewards/", {"name": "Free coffee", "cost": "0"}).status_code == 422
    client.post("/settings/loyalty/rewards/", {"name": "Free coffee", "cost": "10"})
    reward = Reward.objects.get()
    client.post(f"/settings/loyalty/rewards/{reward.pk}/", {"name": "Free coffee", "cost": "9"})
    assert "9 stamps: Free coffee." in client.get("/settings/loyalty/").content.decode()
    client.post(reverse("reward-withdraw", args=[reward.pk]))
    assert not Reward.objects.filter(is_active=True).exists()
    assert AuditEvent.objects.filter(title="Loyalty").count() == 3
    assert LoyaltyMove.objects.count() == 0


def test_what_lapses_with_a_gift_card_leaves_by_its_ledger_and_comes_back_when_it_is_extended(ines: User) -> None:
    card = vouchers.sell_gift_card(2500, "EUR", by=ines, act="g", months=12)
    vouchers.pay_with(card, 500, by=ines, act="p")
    GiftCard.objects.filter(pk=card.pk).update(expires_on=timezone.localdate() - timedelta(days=1))

    def now() -> tuple[str, int]:
        card.refresh_from_db()
        assert card.balance == sum(card.moves.values_list("amount", flat=True))
        return card.state, card.balance

    let_gift_cards_lapse()
    let_gift_cards_lapse()
    assert (now(), card.moves.count()) == (("over", 0), 3)
    page, address = sign_in(ines), f"/loyalty/gift-cards/{card.pk}/extending/"
    assert page.post(address, {"until": "2020-01-01"}).status_code == 422
    page.post(address, {"until": timezone.localdate() + timedelta(days=30)})
    assert now() == ("partly", 2000)
    page.post(address, {"until": ""})
    assert (now(), card.expires_on, card.moves.count()) == (("partly", 2000), None, 4)


def test_a_gift_card_is_good_to_the_end_of_its_day_where_the_business_is(ines: User) -> None:
    Organisation.objects.update(time_zone="America/Los_Angeles")
    card = vouchers.sell_gift_card(2500, "EUR", by=ines, act="g")
    GiftCard.objects.filter(pk=card.pk).update(expires_on="2026-05-01")
    for hour, left in ((6, 2500), (8, 0)):  # ten to midnight and ten past in California
        with patch("django.utils.timezone.now", return_value=datetime(2026, 5, 2, hour, 50, tzinfo=UTC)):
            let_gift_cards_lapse()
        card.refresh_from_db()
        assert card.balance == left


def test_a_coupon_names_nobody_to_a_colleague_who_may_not_know_of_them(ines: User, joana: User, maya: Contact) -> None:
    hidden = make_contact("Cora Secret", by=ines, visibility="owner")
    mine = Segment.objects.create(name="My favourites", owner=ines)
    for_one, for_some = make_coupon(ines, contact=hidden), make_coupon(ines, segment=mine)
    assert "only for Cora Secret" in find(ines, for_one.code, go=1)
    shown = find(joana, for_one.code, go=1)
    assert "only for one person" in shown
    assert "Cora" not in shown
    assert "only for some people" in find(joana, for_some.code, go=1)


def test_coupons_and_gift_cards_are_exported_by_those_who_lead(maya: Contact, ines: User, joana: User) -> None:
    make_coupon(ines, name="=Autumn", contact=maya)
    vouchers.sell_gift_card(2500, "EUR", by=ines, act="g", buyer=maya, for_name="Rui")
    for address, words in (("coupons", ("'=Autumn", "Maya Okafor")), ("gift-cards", ("25.00", "unused", "Rui"))):
        told: Any = sign_in(ines).get(f"/loyalty/{address}/export/?format=csv")
        text = b"".join(told).decode()
        assert all(word in text for word in words), text
        assert sign_in(ines).get(f"/loyalty/{address}/export/?format=pdf").status_code == 404
        assert sign_in(joana).get(f"/loyalty/{address}/export/").status_code == 403
    assert AuditEvent.objects.filter(verb="exported").count() == 2


def test_the_page_of_a_company_shows_the_cards_of_its_people(maya: Contact, ines: User) -> None:
    lumen = make_company("Lumen", by=ines)
    page = sign_in(ines)
    assert "None of its" in page.get(f"/companies/{lumen.pk}/loyalty/").content.decode()
    Contact.objects.filter(pk=maya.pk).update(company=lumen)
    make_card(maya, by=ines, stamps=3)
    shown = page.get(f"/companies/{lumen.pk}/loyalty/").content.decode()
    assert "Maya Okafor" in shown
    assert "3 stamps" in shown
