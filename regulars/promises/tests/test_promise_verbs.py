"""A promise is kept, broken, moved or withdrawn once; the timeline and the counts say so."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from regulars.access.actions import deactivate
from regulars.access.models import Notification
from regulars.access.tests.factories import make_user
from regulars.contacts.actions.erasing import erase_contact
from regulars.contacts.actions.merging import merge
from regulars.contacts.actions.moments import Moment, log_moment
from regulars.contacts.models import Involvement
from regulars.contacts.moments import bring_back_moment, remove_moment
from regulars.contacts.records.removals import undo_now
from regulars.contacts.tests.factories import make_contact
from regulars.promises.actions.promises import give_promise
from regulars.promises.ledger.words import say_chain
from regulars.promises.models import AlreadySettled, Promise, PromiseDay
from regulars.promises.tests.promises import make_promise

pytestmark = pytest.mark.django_db


def due(days: float = 3) -> dict[str, Any]:
    at = timezone.now() + timedelta(days=days)
    return {"due_at": at, "due_on": timezone.localdate(at), "has_time": False}


def counts(promise: Promise) -> tuple[int, int, int]:
    row = PromiseDay.objects.filter(owner=promise.owner, day=promise.due_on).first()
    return (row.open, row.kept, row.broken) if row else (0, 0, 0)


def said(promise: Promise) -> list[str]:
    rows = Involvement.objects.filter(contact=promise.contact, kind="promise", entry__removed_at=None)
    return [row.entry.snapshot["verb"] for row in rows.select_related("entry").order_by("entry")]


def test_keeping_is_recorded_and_can_be_undone() -> None:
    promise = make_promise()
    promise.keep(by=promise.owner, evidence="Mail of Friday")
    promise.refresh_from_db()
    assert (promise.status, promise.settled_by, promise.evidence) == ("kept", promise.owner, "Mail of Friday")
    assert said(promise) == ["kept"]
    assert counts(promise) == (0, 1, 0)
    assert promise.reopen(by=promise.owner)
    assert not promise.reopen(by=promise.owner)
    assert promise.is_open
    assert said(promise) == []
    assert counts(promise) == (1, 0, 0)


def test_of_two_at_once_one_wins_and_the_other_sees_it() -> None:
    promise = make_promise()
    colleague = make_user()
    same = Promise.objects.get(pk=promise.pk)
    promise.keep(by=promise.owner)
    with pytest.raises(AlreadySettled) as refused:
        same.break_(by=colleague, why="Forgot it")
    assert refused.value.promise.status == "kept"
    assert refused.value.promise.settled_by == promise.owner
    assert counts(promise) == (0, 1, 0)
    assert said(promise) == ["kept"]


def test_breaking_needs_a_line() -> None:
    promise = make_promise()
    with pytest.raises(ValueError, match="why"):
        promise.break_(by=promise.owner, why=" ")
    promise.break_(by=promise.owner, why="The beans never came")
    assert counts(promise) == (0, 0, 1)
    assert said(promise) == ["broken"]


def test_moving_keeps_the_chain() -> None:
    first = make_promise(days=1)
    second = first.renegotiate(**due(3), by=first.owner)
    third = second.renegotiate(**due(5), by=first.owner, why="They asked")
    first.refresh_from_db()
    assert (first.status, third.previous, third.times_moved) == ("renegotiated", second, 2)
    assert third.first_due_at == first.due_at
    assert say_chain(third).endswith("moved twice.")
    assert counts(first) == (0, 0, 0)
    assert counts(third) == (1, 0, 0)
    assert said(third) == ["moved", "moved"]
    assert second.take_back_move(by=first.owner)
    second.refresh_from_db()
    assert second.is_open
    assert said(second) == ["moved"]
    assert not first.take_back_move(by=first.owner) or Promise.objects.open().count() == 1


def test_a_time_that_has_passed_is_refused() -> None:
    promise = make_promise()
    with pytest.raises(ValueError, match="passed"):
        promise.renegotiate(**due(-1), by=promise.owner)
    with pytest.raises(ValueError, match="already"):
        promise.renegotiate(due_at=promise.due_at, due_on=promise.due_on, has_time=False, by=promise.owner)
    with pytest.raises(ValueError, match="passed"):
        give_promise("x", **due(-1), owner=promise.owner, by=promise.owner, contact=promise.contact)
    assert Promise.objects.count() == 1


def test_a_colleague_who_left_can_not_answer_for_one() -> None:
    promise = make_promise()
    gone = make_user(is_active=False)
    with pytest.raises(ValueError, match="not here"):
        promise.hand_to(gone, by=promise.owner)
    with pytest.raises(ValueError, match="not here"):
        give_promise("x", **due(), owner=gone, by=promise.owner, contact=promise.contact)


def test_nobody_answers_for_somebody_they_may_not_know_of() -> None:
    boss, rui = make_user(), make_user()
    hidden = make_contact(by=boss, owner=boss, visibility="private")
    with pytest.raises(ValueError, match="may not see"):
        give_promise("x", **due(), owner=rui, by=boss, contact=hidden)
    kept_quiet = make_promise(to=hidden, by=boss)
    assert not Promise.objects.visible_to(rui).filter(pk=kept_quiet.pk).exists()


def test_who_is_to_answer_hears_of_it() -> None:
    promise, rui = make_promise(), make_user()
    give_promise("Call back", **due(), owner=rui, by=promise.owner, contact=promise.contact)
    assert "Call back" in Notification.objects.get(user=rui).text


def test_open_promises_go_to_the_successor_and_back() -> None:
    boss = make_user(role="owner")
    leaving, successor = make_user(), make_user()
    open_one, kept = make_promise(owner=leaving), make_promise(owner=leaving)
    kept.keep(by=leaving)
    assert open_one.hand_to(successor, by=boss)
    assert not kept.hand_to(successor, by=boss)
    assert open_one.hand_to(leaving, by=boss)
    deactivate(leaving, by=boss, successor=successor)
    open_one.refresh_from_db()
    kept.refresh_from_db()
    assert (open_one.owner, kept.owner) == (successor, leaving)
    assert PromiseDay.recount() == 0


def test_promises_follow_a_merge_and_come_back() -> None:
    promise = make_promise()
    into = make_contact(by=promise.owner)
    assert promise.contact
    operation = merge(into, promise.contact, {}, by=promise.owner)
    promise.refresh_from_db()
    assert promise.contact == into
    assert undo_now(operation, by=promise.owner)
    promise.refresh_from_db()
    assert promise.contact != into


def test_erasing_takes_promises_to_the_person_along() -> None:
    promise = make_promise()
    assert promise.contact
    rui, name = make_user(), promise.contact.display_name
    give_promise("Call back", **due(), owner=rui, by=promise.owner, contact=promise.contact)
    assert Notification.objects.filter(text__contains=name).exists()
    erase_contact(promise.contact, by=promise.owner)
    assert not Promise.objects.exists()
    assert not Notification.objects.filter(text__contains=name).exists()
    assert PromiseDay.recount() == 2
    assert counts(promise) == (0, 0, 0)


def test_undoing_the_moment_takes_its_promise_back() -> None:
    promise = make_promise()
    assert promise.contact
    entry = log_moment(Moment("Called", contacts=[promise.contact]), by=promise.owner)
    Promise.objects.filter(pk=promise.pk).update(entry=entry)
    remove_moment(entry, by=promise.owner)
    assert Promise.objects.get(pk=promise.pk).status == "withdrawn"
    bring_back_moment(entry)
    assert Promise.objects.get(pk=promise.pk).is_open
    assert PromiseDay.recount() == 0
