"""Two tills at the same moment, with two real connections on whatever database the tests run on: one wins, and what is
left is never below zero."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from regulars.access.tests.factories import make_user
from regulars.contacts.tests.factories import make_contact
from regulars.orders.loyalty.spending import NotPossible, redeem
from regulars.orders.loyalty.vouchers import pay_with, sell_gift_card, use_coupon
from regulars.orders.models import CouponUse, GiftCard, GiftMove, LoyaltyCard, LoyaltyMove
from regulars.orders.tests.loyalty_world import balance, make_card, make_coupon, make_programme, make_reward

MANY = 6
Try = Callable[[int], Any]


def at_once(act: Try) -> Counter[str]:
    """Let many tills do it at the same moment; returns how many were told what."""
    line, told = threading.Barrier(MANY), []

    def till(number: int) -> None:
        line.wait()
        try:
            act(number)
            told.append("done")
        except NotPossible:
            told.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=till, args=(number,)) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(told)


@pytest.mark.django_db(transaction=True)
def test_exactly_as_many_tills_win_as_there_is_for() -> None:
    ines = make_user("Inês Duarte", role="owner")
    make_programme()
    maya, rui = make_contact("Maya", by=ines), make_contact("Rui", by=ines)
    coffee = make_reward(10)
    make_card(maya, by=ines, stamps=25)
    told = at_once(lambda number: redeem(maya, coffee, by=ines, act=f"till:{number}"))
    assert (told, balance(maya)) == ({"done": 2, "refused": MANY - 2}, 5)
    make_card(rui, by=ines, stamps=25)
    assert at_once(lambda number: redeem(rui, coffee, by=ines, act="the same")) == {"done": MANY}
    assert (balance(rui), LoyaltyMove.objects.filter(act="the same").count()) == (15, 1)
    assert not LoyaltyCard.objects.filter(balance__lt=0).exists()

    gift = sell_gift_card(2500, "EUR", by=ines, act="sold")
    told = at_once(lambda number: pay_with(gift_again(gift), 1000, by=ines, act=f"pay:{number}"))
    gift.refresh_from_db()
    assert (told, gift.balance) == ({"done": 2, "refused": MANY - 2}, 500)
    assert sum(GiftMove.objects.values_list("amount", flat=True)) == 500

    one = make_coupon(ines, uses_total=1)
    told = at_once(lambda number: use_coupon(one, None, spent=None, currency="EUR", by=ines, act=f"one:{number}"))
    assert told == {"done": 1, "refused": MANY - 1}
    each = make_coupon(ines, uses_each=1)
    told = at_once(lambda number: use_coupon(each, maya, spent=None, currency="EUR", by=ines, act=f"each:{number}"))
    one.refresh_from_db()
    each.refresh_from_db()
    assert (told, one.used, each.used) == ({"done": 1, "refused": MANY - 1}, 1, 1)
    assert CouponUse.objects.count() == 2

    assert at_once(lambda _: sell_gift_card(900, "EUR", by=ines, act="same sale")) == {"done": MANY}
    assert at_once(lambda _: pay_with(gift_again(gift), 500, by=ines, act="same pay")) == {"done": MANY}
    last = make_coupon(ines, uses_total=1)
    told = at_once(lambda _: use_coupon(last, None, spent=None, currency="EUR", by=ines, act="same use"))
    assert told == {"done": MANY}
    gift.refresh_from_db()
    last.refresh_from_db()
    assert (gift.balance, last.used, GiftCard.objects.filter(value=900).count()) == (0, 1, 1)


def gift_again(gift: GiftCard) -> GiftCard:
    """The card as each till reads it for itself."""
    found: GiftCard = GiftCard.objects.get(pk=gift.pk)
    return found
