"""Loyalty: points follow the orders, balances are sums, rewards are redeemed once, cards follow their people."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.contacts.actions.erasing import erase_contact
from regulars.contacts.actions.merging import merge
from regulars.contacts.brief.parts import parts_on
from regulars.contacts.conditions import Condition
from regulars.contacts.exporting import everything_about
from regulars.contacts.models import Contact
from regulars.contacts.records.removals import undo_now
from regulars.contacts.tests.factories import make_contact
from regulars.orders.actions.changing import refund
from regulars.orders.drafts import Buyer, LineDraft
from regulars.orders.loyalty.conditions import Balance, HasCard
from regulars.orders.loyalty.finding import card_for
from regulars.orders.loyalty.lapsing import let_points_lapse
from regulars.orders.loyalty.spending import (
    NotEnough,
    NotPossible,
    block_card,
    give,
    issue_card,
    redeem,
    take_back,
    unblock_card,
    withdraw_card,
)
from regulars.orders.loyalty.standing import standing_of
from regulars.orders.loyalty.words import said, sentences_of
from regulars.orders.models import LoyaltyCard, LoyaltyMove, Order, Product, Programme
from regulars.orders.models.loyalty import check_digit, new_number
from regulars.orders.recording import remove
from regulars.orders.tests.loyalty_world import balance, make_card, make_programme, make_reward, order
from regulars.timeline.models import Entry

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def ines() -> User:
    return make_user("Inês Duarte", role="owner")


@pytest.fixture
def maya(ines: User) -> Contact:
    make_programme(minimum=300)
    make_reward()
    return make_contact("Maya Okafor", by=ines, email="maya@lumen.example", phone="+351912345678")


def test_an_order_earns_once_and_gives_back_with_its_refund(maya: Contact, ines: User) -> None:
    order(maya, "8.00", "before the card", by=ines)
    card = issue_card(maya, by=ines)
    order(maya, "4.50", "1", by=ines)
    order(maya, "4.50", "1", by=ines)
    order(maya, "2.50", "2", by=ines)
    order(maya, "9.00", "3", by=ines)
    order(maya, "9.00", "old", by=ines, placed_at=timezone.now() - timedelta(days=3))
    assert balance(maya) == 2, "the second is too small, the old one was before the card"
    order(maya, "9.00", "3", by=ines, status="cancelled")
    assert balance(maya) == 1
    order(maya, "9.00", "3", by=ines)
    order(maya, "4.50", "1", by=ines, status="partly", refunded=Decimal("2.00"))
    assert balance(maya) == 1, "what is left of the first is too small"
    kinds = LoyaltyMove.objects.filter(card=card).order_by("pk").values_list("kind", "amount")
    assert list(kinds) == [("earned", 1), ("earned", 1), ("reversed", -1), ("earned", 1), ("reversed", -1)]


def test_orders_that_an_undone_import_takes_away_take_their_points_along(maya: Contact, ines: User) -> None:
    issue_card(maya, by=ines)
    brought = [order(maya, "4.50", "1", by=ines), order(maya, "9.00", "2", by=ines)]
    order(maya, "5.00", "3", by=ines)
    remove(brought)
    assert balance(maya) == 1


def test_points_are_reckoned_by_the_rule_they_were_earned_by(maya: Contact, ines: User) -> None:
    make_programme(kind="points", earn="amount", rate=Decimal(2))
    issue_card(maya, by=ines)
    order(maya, "10.40", "1", by=ines)
    assert balance(maya) == 20
    make_programme(kind="points", earn="amount", rate=Decimal(5), rules_since=timezone.now() + timedelta(minutes=1))
    order(maya, "10.40", "1", by=ines, status="partly", refunded=Decimal("5.20"))
    assert balance(maya) == 10
    order(maya, "10.00", "2", by=ines)
    assert balance(maya) == 10, "the new rule does not count yet"


def test_units_of_a_category_count_and_what_is_spent_is_not_owed(maya: Contact, ines: User) -> None:
    make_programme(earn="unit", category="Coffee", rate=Decimal(1))
    Product.objects.create(name="Flat white", folded="flat white", category="coffee", sku="FW")
    card = make_card(maya, by=ines, stamps=8)
    lines = [LineDraft("Flat white", Decimal(4), Decimal(3), sku="FW"), LineDraft("Croissant", Decimal(2), Decimal(2))]
    order(maya, "0", "1", by=ines, lines=lines)
    assert balance(maya) == 12
    bought = Order.objects.get()
    refund(bought, 400, by=ines)
    assert balance(maya) == 11, "nobody said what came back: a quarter of all"
    refund(bought, -400, by=ines)
    croissants = bought.lines.get(name="Croissant").pk
    refund(bought, 400, by=ines, returned={croissants: Decimal(2)})
    assert balance(maya) == 12, "the croissants gave no stamps"
    refund(bought, -400, by=ines, returned={croissants: Decimal(2)})
    redeem(maya, make_reward(10), by=ines, act="a")
    order(maya, "0", "1", by=ines, lines=lines, status="refunded", refunded=Decimal(16))
    assert balance(maya) == 0, "two of the four were there to take back"
    assert LoyaltyMove.objects.filter(card=card).latest("pk").note == "2 of them had been spent."


def test_stamps_move_with_an_order_that_was_somebody_elses(maya: Contact, ines: User) -> None:
    tomas = make_contact("Tomás Reis", by=ines)
    make_card(tomas, by=ines)
    number = make_card(maya, by=ines).number
    found = order(None, "5.00", "1", by=ines, buyer=Buyer(loyalty_number=number))
    assert (found.contact, balance(maya)) == (maya, 1), "found by the number of the card"
    from regulars.orders.loyalty.earning import follow_orders

    found.contact = tomas
    found.save()
    follow_orders([found])
    assert (balance(maya), balance(tomas)) == (0, 1)


def test_a_reward_is_redeemed_once_told_on_the_timeline_and_taken_back_once(maya: Contact, ines: User) -> None:
    make_card(maya, by=ines, stamps=12)
    coffee = make_reward(10)
    first, again = (redeem(maya, coffee, by=ines, act="x") for _turn in range(2))
    assert (balance(maya), first[0].pk) == (2, again[0].pk)
    assert Entry.objects.present().filter(kind="loyalty", text="Redeemed Free coffee for 10").count() == 1
    with pytest.raises(NotEnough):
        redeem(maya, coffee, by=ines, act="y")
    assert (take_back("x", by=ines), take_back("x", by=ines), balance(maya)) == (True, False, 12)
    assert not Entry.objects.present().filter(text__startswith="Redeemed").exists()
    give(maya, -12, by=ines, act="z", note="Counted wrongly")
    with pytest.raises(NotEnough):
        take_back(LoyaltyMove.objects.earliest("pk").act, by=ines)
    with pytest.raises(IntegrityError), transaction.atomic():
        LoyaltyCard.objects.filter(contact=maya).update(balance=-1)


def test_the_welcome_comes_once_and_a_lost_card_costs_nobody_anything(maya: Contact, ines: User) -> None:
    make_programme(welcome=3)
    card = issue_card(maya, by=ines)
    assert (issue_card(maya, by=ines), balance(maya)) == (card, 3)
    assert block_card(card, by=ines)
    with pytest.raises(NotPossible):
        give(maya, 1, by=ines, act="a")
    order(maya, "9.00", "1", by=ines)
    new = issue_card(maya, by=ines)
    assert (balance(maya), new == card) == (3, False)
    give(maya, 7, by=ines, act="b")
    assert len(redeem(maya, make_reward(10), by=ines, act="c")) == 2, "paid with what is on both"
    assert (balance(maya), take_back("c", by=ines), balance(maya)) == (0, True, 10)
    assert (withdraw_card(new, by=ines), unblock_card(card, by=ines)) == (False, True)


def test_merging_joins_cards_and_undo_parts_them(maya: Contact, ines: User) -> None:
    double = make_contact("Maya O.", by=ines)
    make_card(maya, by=ines, stamps=6)
    make_card(double, by=ines, stamps=5)
    operation = merge(maya, double, {}, by=ines)
    assert (balance(maya), standing_of(maya).balance) == (11, 11)
    redeem(maya, make_reward(10), by=ines, act="a")
    assert balance(maya) == 1
    take_back("a", by=ines)
    assert undo_now(operation, by=ines)
    assert (balance(maya), balance(double)) == (6, 5)


def test_erasing_forgets_the_card_and_the_export_tells_all_of_it(maya: Contact, ines: User) -> None:
    make_card(maya, by=ines, stamps=2)
    told = everything_about(maya, ines, [])["loyalty"][0]
    assert (told["balance"], [move["amount"] for move in told["moves"]]) == (2, [2])
    erase_contact(maya, by=ines)
    assert (LoyaltyCard.objects.count(), LoyaltyMove.objects.count()) == (0, 0)


def test_points_lapse_for_those_who_stay_away(maya: Contact, ines: User) -> None:
    card, other = make_card(maya, by=ines, stamps=4), make_card(make_contact("Rui", by=ines), by=ines, stamps=4)
    let_points_lapse()
    assert balance(maya) == 4
    make_programme(expiry_months=12)
    LoyaltyCard.objects.filter(pk=card.pk).update(active_at=timezone.now() - timedelta(days=400))
    let_points_lapse()
    let_points_lapse()
    assert (balance(maya), balance(other.contact)) == (0, 4)
    assert LoyaltyMove.objects.filter(kind="expired").count() == 1


def test_the_brief_and_the_conditions_know_it(maya: Contact, ines: User) -> None:
    part = next(part for part in parts_on(None) if part.key == "loyalty")
    rui = make_contact("Rui Alves", by=ines)

    def brief() -> list[str]:
        return [sentence.text for sentence in part.sentences(maya, ines, None)]  # type: ignore[arg-type]

    assert brief() == []
    make_card(maya, by=ines, stamps=7)
    assert brief() == ["7 of 10 stamps: Free coffee in 3."]
    give(maya, 4, by=ines, act="a")
    assert brief() == ["11 stamps: Free coffee is theirs now."]
    for condition, value, who in (
        (HasCard(), {"has": "yes"}, {maya}), (HasCard(), {"has": "no"}, {rui}),
        (Balance(), {"least": 11}, {maya}), (Balance(), {"least": 12}, set()),
    ):  # fmt: skip
        assert chosen(condition, value, ines) == who


def chosen(condition: Condition, value: dict[str, Any], user: User) -> set[Contact]:
    found = Contact.objects.filter(condition.q(value, user, TODAY))
    members = condition.members(value, user, TODAY)
    return set(found if members is None else found.filter(pk__in=members))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"minimum": 300}, "1 stamp for every order from €3.00 on. 10 stamps: Free coffee."),
        ({"kind": "points", "earn": "amount", "rate": Decimal("0.1")},
         "1 point for every €10. 10 points: Free coffee."),
        ({"earn": "unit", "category": "Coffee", "welcome": 2, "expiry_months": 12},
         "1 stamp for each thing from “Coffee”. 10 stamps: Free coffee. A new card begins with 2 stamps. "
         "What is not used lapses after 12 months without a visit."),
    ],
)  # fmt: skip
def test_the_programme_reads_like_a_sentence(fields: dict[str, Any], words: str) -> None:
    assert said(sentences_of(Programme(pk=1, **fields), [make_reward()], "EUR")) == words


def test_numbers_prove_themselves(maya: Contact, ines: User) -> None:
    number = make_card(maya, by=ines).number
    assert check_digit("7992739871") == "3", "the example of the standard"
    assert all(check_digit(one[:-1]) == one[-1] for one in (new_number() for _turn in range(50)))
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert card_for(wrong) is None
    card = LoyaltyCard.objects.get()
    assert card_for(f" {number[:3]} {number[3:6]} {number[6:]} ") == card
    assert card_for(f"HTTP://TILL.EXAMPLE/CARD/{card.token.upper()}/") == card, "however the scanner types it"
