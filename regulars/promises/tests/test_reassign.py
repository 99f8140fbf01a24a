"""The work of a colleague goes to another in one step, and comes back in one; whoever takes over is told."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from regulars.access import actions, operations
from regulars.access.models import AuditEvent, Notification, Operation, User
from regulars.access.tests.factories import make_user
from regulars.contacts.lists.bulk import Selection, start_bulk_edit
from regulars.contacts.lists.bulk_changes import CHANGES
from regulars.contacts.models import Contact
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.promises.actions.promises import give_promise
from regulars.promises.actions.reassigning import start_reassigning
from regulars.promises.actions.tasks import TaskDraft, add_task
from regulars.promises.appointments.calendar import make_appointment
from regulars.promises.models import Appointment, Promise, PromiseDay, Task
from regulars.promises.times.due import days_ahead

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> User:
    return make_user("Bea Boss", role="manager")


@pytest.fixture
def rui() -> User:
    return make_user("Rui Costa")


@pytest.fixture
def ines() -> User:
    return make_user("Inês Duarte")


def give_work(user: User, together_with: User) -> Contact:
    """A contact, a company, a promise, a task and two appointments of `user`."""
    maya = make_contact("Maya Okafor", by=user, owner=user, visibility="owner")
    make_company("Lumen Studios", by=user, owner=user)
    due = days_ahead(1)
    give_promise("Send the quote", contact=maya, due_at=due, due_on=due.date(), has_time=False, owner=user, by=user)
    add_task(TaskDraft("Call her", user, due_at=due, contact=maya), by=user)
    start = timezone.now() + timedelta(days=2)
    for title, people in (("Tasting", [user]), ("Both", [user, together_with])):
        make_appointment(
            title=title,
            starts_at=start,
            ends_at=start + timedelta(hours=1),
            by=user,
            colleagues=people,
            contacts=[maya],
        )
    return maya


def whose() -> list[set[str]]:
    """Who has the contact, the promise, the task and the appointments."""
    return [
        {Contact.objects.get().owner.first_name},  # type: ignore[union-attr]
        {Promise.objects.get().owner.first_name},
        {Task.objects.get().assignee.first_name},
        *({user.first_name for user in one.colleagues.all()} for one in Appointment.objects.order_by("pk")),
    ]


def test_everything_goes_in_one_step_and_comes_back_in_one(rui: User, ines: User, boss: User) -> None:
    maya = give_work(rui, together_with=ines)
    client = Client()
    client.force_login(boss)
    page = client.get(reverse("colleague-reassign", args=[rui.pk]))
    assert "Open promises · 1" in page.text
    parts = ["contacts", "companies", "promises", "tasks", "appointments"]
    client.post(reverse("colleague-reassign", args=[rui.pk]), {"to": ines.pk, "parts": parts})
    operation = Operation.objects.get(kind="reassign")
    assert whose() == [{"Inês"}, {"Inês"}, {"Inês"}, {"Inês"}, {"Inês"}]
    assert operation.result["sentence"] == ("Handed over: 1 guest, 1 company, 1 promise, 1 task, 2 appointments.")
    assert PromiseDay.objects.get(owner=ines).open == 1
    assert AuditEvent.objects.filter(verb="handed over the work of", object_id=rui.pk).exists()
    told = Notification.objects.get(user=ines)
    assert told.text.startswith("Bea handed you what was Rui Costa’s: 1 guest, 1 company, 1 promise")
    client.force_login(ines)
    seen = client.get(told.url).text
    assert "Send the quote" in seen
    assert "Call her" in seen
    assert maya.get_absolute_url() in seen
    client.force_login(rui)
    assert client.get(told.url).status_code == 404
    client.force_login(boss)
    client.post(reverse("operation-undo", args=[operation.pk]))
    assert whose() == [{"Rui"}, {"Rui"}, {"Rui"}, {"Rui"}, {"Rui", "Inês"}]
    assert PromiseDay.objects.get(owner=rui).open == 1


def test_undo_leaves_alone_what_was_given_away_since(rui: User, ines: User, boss: User) -> None:
    give_work(rui, together_with=ines)
    operation = start_reassigning(rui, ines, by=boss)
    assert operation
    Task.objects.update(assignee=boss)
    Promise.objects.get().keep(by=ines)
    operations.request_undo(operation, by=boss)
    operations.run(operation)
    assert Task.objects.get().assignee == boss
    assert Promise.objects.get().owner == ines
    assert operation.result["sentence"].startswith("4 given back. 2 left as they are")


def test_only_some_parts_and_nothing_that_the_other_may_not_know(rui: User, ines: User, boss: User) -> None:
    give_work(rui, together_with=ines)
    operation = start_reassigning(rui, ines, by=boss, parts=["tasks", "promises"])
    assert operation
    assert [Task.objects.get().assignee, Promise.objects.get().owner] == [rui, rui]
    stay = "2 stay, because they may not know whom they are for."
    assert operation.result == {"promises": 0, "tasks": 0, "kept": 2, "sentence": stay}
    assert start_reassigning(ines, boss, by=boss, parts=["companies"]) is None
    with pytest.raises(actions.NotPossible):
        start_reassigning(rui, make_user(is_active=False), by=boss)


def test_who_leaves_hands_over_by_the_same_step(rui: User, ines: User, boss: User) -> None:
    give_work(rui, together_with=ines)
    assert actions.deactivate(rui, by=boss, successor=ines) >= 6
    assert whose() == [{"Inês"}, {"Inês"}, {"Inês"}, {"Inês"}, {"Inês"}]
    assert Operation.objects.get(kind="reassign").by == boss


def test_a_large_one_is_done_in_batches_and_by_a_worker(rui: User, ines: User, boss: User) -> None:
    Task.objects.bulk_create(Task(what=f"Task {number}", assignee=rui) for number in range(450))
    operation = start_reassigning(rui, ines, by=boss)
    assert operation
    assert operation.status == Operation.Status.WAITING
    operations.run(operation)
    assert Task.objects.filter(assignee=ines).count() == 450
    assert operation.result["tasks"] == 450


def test_a_new_point_of_contact_is_told_with_the_brief_and_what_is_open(rui: User, ines: User, boss: User) -> None:
    maya = give_work(rui, together_with=ines)
    Contact.objects.update(visibility="everyone")
    maya.refresh_from_db()
    maya.revise({"owner": ines.pk}, expected_version=maya.version, by=rui)
    told = Notification.objects.get(user=ines)
    assert told.text == "Rui handed you Maya Okafor, with 1 open promise."
    client = Client()
    client.force_login(ines)
    page = client.get(told.url).text
    assert "Maya Okafor is yours now" in page
    assert "Send the quote" in page
    assert 'id="brief"' in page
    maya.revise({"owner": rui.pk}, expected_version=maya.version, by=rui)
    assert not Notification.objects.filter(user=rui).exists(), "nobody is told of what they took themselves"
    others = [make_contact(by=rui).pk for _number in range(3)]
    start_bulk_edit(Selection("contact", others), CHANGES["owner"], ines.pk, by=boss)
    latest = Notification.objects.filter(user=ines).latest("pk")
    assert latest.text == "Bea handed you 3 guests."
    assert client.get(latest.url).status_code == 200
    assert client.get(reverse("company-handed-over", args=[make_company(by=rui).pk])).status_code == 200
