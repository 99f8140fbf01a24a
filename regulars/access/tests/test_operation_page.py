"""The progress page: for whoever started the work and for managers; it survives a closed tab."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from regulars.access import operations
from regulars.access.models import Operation, User
from regulars.access.tests.factories import make_user

pytestmark = pytest.mark.django_db


def step(operation: Operation) -> bool:
    operation.advance(1)
    return operation.done < (operation.total or 0)


def undo_step(operation: Operation) -> bool:
    operation.advance(-1)
    return operation.done > 0


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    operations.register(operations.OperationKind("testing", step, undo_step))
    operations.register(operations.OperationKind("one way", step))
    yield
    for name in ("testing", "one way"):
        operations._kinds.pop(name)


@pytest.fixture
def rui() -> User:
    return make_user("Rui Silva")


def enter(user: User, **headers: str) -> Client:
    client = Client(headers=headers)
    client.force_login(user)
    return client


def made(by: User, kind: str = "testing", **fields: Any) -> Operation:
    return Operation.objects.create(kind=kind, title="Count beans", by=by, **{"total": 3, **fields})


def test_its_starter_and_managers_see_it_and_nobody_else(rui: User) -> None:
    url = reverse("operation", args=[made(rui).pk])
    assert "Count beans" in enter(rui).get(url).content.decode()
    assert enter(make_user(role="manager")).get(url).status_code == 200
    assert enter(make_user()).get(url).status_code == 404
    assert Client().get(url).status_code == 302
    assert enter(rui).get(reverse("operation", args=[10**6])).status_code == 404
    assert enter(rui).post(url).status_code == 405


def test_it_asks_again_every_second_until_the_work_has_ended(rui: User) -> None:
    operation = made(rui, status="running", done=1, started_at=timezone.now() - timedelta(seconds=1))
    part = enter(rui, **{"HX-Request": "true"}).get(reverse("operation", args=[operation.pk])).content.decode()
    assert "<html" not in part
    assert "every 1s" in part
    assert "1 of 3" in part
    operations.run(operation)
    part = enter(rui, **{"HX-Request": "true"}).get(reverse("operation", args=[operation.pk])).content.decode()
    assert "every 1s" not in part
    assert "Undo" in part


def test_work_is_stopped_after_its_batch(rui: User) -> None:
    operation = made(rui)
    enter(rui).post(reverse("operation-cancel", args=[operation.pk]))
    operations.run(Operation.objects.get(pk=operation.pk))
    operation.refresh_from_db()
    assert operation.status == "cancelled"
    assert "Stopped after 0" in enter(rui).get(reverse("operation", args=[operation.pk])).content.decode()
    assert enter(make_user()).post(reverse("operation-cancel", args=[operation.pk])).status_code == 404
    assert enter(rui).get(reverse("operation-cancel", args=[operation.pk])).status_code == 405


def test_what_is_done_can_be_undone_for_thirty_days(rui: User) -> None:
    operation = operations.run(made(rui))
    url = reverse("operation-undo", args=[operation.pk])
    assert enter(make_user()).post(url).status_code == 404
    enter(rui).post(url)
    operation.refresh_from_db()
    assert (operation.status, operation.done) == ("undone", 0)
    old = operations.run(made(rui))
    Operation.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=31))
    enter(rui).post(reverse("operation-undo", args=[old.pk]))
    old.refresh_from_db()
    assert old.status == "done"
    forever = operations.run(made(rui, "one way"))
    page = enter(rui).get(reverse("operation", args=[forever.pk])).content.decode()
    assert reverse("operation-undo", args=[forever.pk]) not in page


def test_whoever_lost_the_right_to_edit_does_not_undo(rui: User) -> None:
    operation = operations.run(made(rui))
    User.objects.filter(pk=rui.pk).update(role="reader")
    assert enter(rui).post(reverse("operation-undo", args=[operation.pk])).status_code == 403


def test_a_failure_says_why_in_a_sentence(rui: User) -> None:
    operation = made(rui, status="failed", problem="The file is empty.", finished_at=timezone.now())
    assert "The file is empty." in enter(rui).get(reverse("operation", args=[operation.pk])).content.decode()


def test_work_whose_kind_is_gone_still_has_a_page(rui: User) -> None:
    operation = made(rui, "forgotten", status="done", finished_at=timezone.now(), done=3)
    assert enter(rui).get(reverse("operation", args=[operation.pk])).status_code == 200
