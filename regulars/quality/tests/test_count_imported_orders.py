"""The customers of a file of orders are counted exactly, whatever becomes of the import: killed, stopped, failed."""

from typing import Any

import pytest

from regulars.access import operations
from regulars.access.models import Operation
from regulars.access.operations import OperationError
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.orders.facts import LINKS
from regulars.orders.facts_check import differing
from regulars.orders.models import CustomerFacts, Order
from regulars.quality.actions import start_import
from regulars.quality.importing import running
from regulars.quality.importing_orders import counting
from regulars.quality.importing_orders.orders import Orders
from regulars.quality.tests.factories import make_import, undo

pytestmark = pytest.mark.django_db

PEOPLE, ORDERS = 7, 20


class Killed(BaseException):
    """Ends the process at once, as `kill -9` would."""


@pytest.fixture
def operation(monkeypatch: pytest.MonkeyPatch) -> Operation:
    """An import that has not begun: twenty orders of seven people, four of whom work for the same company."""
    studio = make_company("Lumen Studios")
    for n in range(PEOPLE):
        make_contact(f"Person {n}", email=f"p{n}@a.pt", company=studio if n < 4 else None)
    rows = (f"A{n},2026-0{n % 9 + 1}-11,p{n % PEOPLE}@a.pt,{n + 1}.50\n" for n in range(ORDERS))
    imported = make_import("Order,Date,Email,Total\n" + "".join(rows), "orders.csv", what="orders")
    monkeypatch.setattr(Orders, "batch", 5)
    monkeypatch.setattr(counting, "SOME", 3)
    made = start_import(imported, queue=False)
    assert made is not None
    return made


def forget_the_process() -> None:
    running._readings.clear()
    counting._paces.clear()


def wrong() -> list[int]:
    return [pk for link in LINKS for pk in differing(link, 0, Order.objects.count() + 10_000)]


def run(operation: Operation) -> str:
    Operation.objects.filter(pk=operation.pk).update(worker="")
    return operations.run(Operation.objects.get(pk=operation.pk)).status


def test_killed_in_any_step_it_ends_with_everybody_counted(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "EVERY", 0.0)  # a count after each batch
    monkeypatch.setattr(counting, "SHARE", 0)
    step, kills = counting.step, 0

    def step_and_die(operation: Operation) -> bool:
        nonlocal kills
        kills += 1
        more = step(operation)
        if kills % 2:
            raise Killed
        return more

    monkeypatch.setattr(counting, "step", step_and_die)
    status = ""
    while status != "done":
        try:
            status = run(operation)
        except Killed:
            forget_the_process()
    assert kills > 10
    assert (Order.objects.count(), wrong()) == (ORDERS, [])
    assert CustomerFacts.objects.count() == PEOPLE + 1


def test_nobody_is_counted_with_each_batch_but_all_before_it_is_done(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    write = Orders.write

    def write_and_look(self: Orders, *args: Any) -> Any:
        seen.append(CustomerFacts.objects.count())
        return write(self, *args)

    monkeypatch.setattr(Orders, "write", write_and_look)
    assert run(operation) == "done"
    assert set(seen[:-1]) == {0}
    assert wrong() == []
    operation.refresh_from_db()
    assert undo(operation.imported).status == "undone"
    assert not CustomerFacts.objects.exists()


@pytest.mark.parametrize("end", ["cancelled", "failed"])
def test_stopped_or_failed_those_whose_orders_are_in_are_counted(
    operation: Operation, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    write = Orders.write

    def write_some(self: Orders, operation: Operation, *args: Any) -> Any:
        if operation.done == 10:
            if end == "failed":
                raise OperationError("The disk is full.")
            assert operations.request_cancel(operation)
        return write(self, operation, *args)

    monkeypatch.setattr(Orders, "write", write_some)
    assert run(operation) == end
    assert (Order.objects.count(), wrong()) == (15 if end == "cancelled" else 10, [])
    assert CustomerFacts.objects.count() == PEOPLE + 1
