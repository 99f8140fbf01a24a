"""A worker that is killed while it works on messages loses none and does none twice, on both databases."""

import os
import signal
from typing import Any

import pytest
from django.db import connections

from regulars.contacts.models import Involvement
from regulars.contacts.tests.factories import make_contact
from regulars.orders.hooks import working
from regulars.orders.models import HookEvent, Order
from regulars.orders.tests.hooks_world import make_connection, send, shopify_order

MESSAGES = 8


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_nothing_and_does_nothing_twice() -> None:
    maya = make_contact("Maya Okafor", email="maya@lumen.example")
    shop = make_connection("shopify")
    for number in range(1, MESSAGES + 1):
        headers = {"X_Shopify_Topic": "orders/create", "X_Shopify_Webhook_Id": f"w-{number}"}
        assert send(shop, shopify_order(number), **headers) == 200
    for after in (2, 1):
        before = Order.objects.count()
        assert _work_until_killed(after) == signal.SIGKILL
        processed = HookEvent.objects.filter(status="processed").count()
        assert processed == Order.objects.count() == before + after, "what was begun and not ended left no trace"
    working.work_off()
    assert list(HookEvent.objects.values_list("status", flat=True).distinct()) == ["processed"]
    assert sorted(Order.objects.values_list("external_id", flat=True)) == sorted(map(str, range(1, MESSAGES + 1)))
    maya.refresh_from_db()
    assert (maya.worth.orders, Involvement.objects.filter(contact=maya, kind="order").count()) == (MESSAGES, MESSAGES)


def _work_until_killed(after: int) -> int:
    """Let a process of its own work on the messages and be killed within the transaction of the one after `after`."""
    connections.close_all()
    child = os.fork()
    if child == 0:  # pragma: no cover
        signal.alarm(30)
        _die_after(after)
        working.work_off()
        os._exit(1)
    _pid, status = os.waitpid(child, 0)
    return os.WTERMSIG(status)


def _die_after(after: int) -> None:
    told = {"settled": 0}
    settle = working.settle

    def deadly(*given: Any) -> Any:
        found = settle(*given)
        told["settled"] += 1
        if told["settled"] > after:
            os.kill(os.getpid(), signal.SIGKILL)  # everything is written, nothing committed
        return found

    working.settle = deadly
