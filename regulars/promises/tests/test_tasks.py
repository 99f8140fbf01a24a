"""Tasks: made in a line or a form, done in place, come round again, and stay out of sight of strangers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from regulars.access.models import Notification, Organisation, User
from regulars.access.tests.factories import make_user
from regulars.contacts.actions.erasing import erase_contact
from regulars.contacts.actions.merging import merge
from regulars.contacts.models import Contact
from regulars.contacts.tests.factories import make_contact, make_entry
from regulars.lib.tests.queries import assert_query_count
from regulars.promises.actions.tasks import TaskDraft, add_task, restore_task
from regulars.promises.models import Task
from regulars.promises.models.task import TaskDone
from regulars.promises.times.due import business_zone, days_ahead, end_of_day
from regulars.timeline.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> User:
    return make_user("Inês Duarte")


@pytest.fixture
def client(ines: User) -> Client:
    client = Client()
    client.force_login(ines)
    return client


def make_task(by: User, what: str = "Order beans", **fields: object) -> Task:
    return add_task(TaskDraft(what=what, **{"assignee": by, **fields}), by=by)  # type: ignore[arg-type]


def form(by: User, **fields: object) -> dict[str, object]:
    return {"what": "Order beans", "assignee": by.pk, "priority": 2, **fields}


def tomorrow() -> str:
    return f"{timezone.localdate() + timedelta(days=1):%Y-%m-%d}"


def test_a_line_says_the_day_the_colleague_and_whom_it_is_for(client: Client, ines: User) -> None:
    rui, maya = make_user("Rui Costa"), make_contact("Maya Okafor", by=ines)
    client.post(reverse("task-line"), {"line": "call Maya Okafor tomorrow 10:00 @rui !!"})
    task = Task.objects.get()
    assert (task.what, task.assignee, task.contact, task.priority) == ("call Maya Okafor", rui, maya, 1)
    assert task.due_at
    assert task.has_time
    assert task.due_at.astimezone(business_zone()).hour == 10
    assert Notification.objects.get(user=rui).text == "Inês gave you a task for Maya Okafor: call Maya Okafor"
    client.post(reverse("task-line"), {"line": "send the menu", "on": f"contact-{maya.pk}"})
    assert Task.objects.latest("pk").contact == maya
    client.post(reverse("task-line"), {"line": "  "})
    assert Task.objects.count() == 2


def test_a_form_makes_a_task_from_a_moment_and_refuses_what_makes_no_sense(client: Client, ines: User) -> None:
    maya = make_contact("Maya Okafor", by=ines)
    entry = make_entry(maya, by=ines, text="Asked for the menu")
    page = client.get(reverse("task-add"), {"entry": entry.pk})
    assert b"Asked for the menu" in page.content
    assert b"Maya Okafor" in page.content
    good = form(ines, due_on=tomorrow(), repeat="weekly", items="Print\nFold", contact=maya.pk, entry=entry.pk)
    client.post(reverse("task-add"), good)
    task = Task.objects.get()
    assert task.entry == entry
    assert task.repeat.startswith("FREQ=WEEKLY;BYDAY=")
    assert [item.text for item in task.items.all()] == ["Print", "Fold"]
    for wrong in (
        {"due_on": "2020-01-01"},
        {"due_on": "2030-02-30"},
        {"due_time": "10:00"},
        {"repeat": "weekly"},
        {"due_on": tomorrow(), "repeat": "own", "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"},
        {"due_on": tomorrow(), "repeat": "own", "rule": "FREQ=SECONDLY"},
        {"due_on": tomorrow(), "repeat": "daily", "until": "2020-01-01"},
        {"assignee": make_user(is_active=False).pk},
    ):
        answer = client.post(reverse("task-add"), form(ines) | wrong)
        assert answer.status_code == 422, wrong
    assert Task.objects.count() == 1


def test_an_hour_that_a_clock_change_leaves_out_is_not_a_time(client: Client, ines: User) -> None:
    Organisation.objects.update(time_zone="Europe/Lisbon")
    year = timezone.localdate().year + 1
    last = max(day for day in range(25, 32) if datetime(year, 3, day, tzinfo=UTC).weekday() == 6)
    answer = client.post(reverse("task-add"), form(ines, due_on=f"{year}-03-{last}", due_time="01:30"))
    assert answer.status_code == 422
    assert b"clocks go forward" in answer.content


def test_done_makes_the_next_one_and_undo_takes_it_back(client: Client, ines: User) -> None:
    Organisation.objects.update(time_zone="Europe/Lisbon")
    maya = make_contact("Maya Okafor", by=ines)
    monday = end_of_day(datetime(2026, 3, 23, tzinfo=UTC).date())  # the clocks change on the Sunday after
    task = make_task(ines, due_at=monday, repeat="FREQ=WEEKLY;BYDAY=MO;COUNT=60", contact=maya, items=["Weigh"])
    task.items.get().tick()
    following = task.done(by=ines)
    assert following
    assert following.due_at
    assert following.due_at > timezone.now()
    local = following.due_at.astimezone(business_zone())
    assert (local.weekday(), local.hour) == (0, 23)
    assert following.repeat.endswith("COUNT=59")
    assert following.items.get().done_at is None
    assert Entry.objects.get(kind="task", removed_at=None).text == "Order beans"
    with pytest.raises(TaskDone):
        Task.objects.get(pk=task.pk).done(by=make_user())
    client.delete(reverse("task-complete", args=[task.pk]))
    assert list(Task.objects.open()) == [task]
    assert not Entry.objects.filter(kind="task", removed_at=None).exists()


def test_the_last_of_a_repeat_has_no_next(ines: User) -> None:
    soon = timezone.now() + timedelta(hours=1)
    assert make_task(ines, due_at=soon, repeat="FREQ=DAILY;COUNT=1").done(by=ines) is None
    assert make_task(ines, due_at=soon, repeat=f"FREQ=DAILY;UNTIL={soon:%Y%m%dT%H%M%SZ}").done(by=ines) is None


def test_what_went_on_from_the_next_one_does_not_go_on_twice(ines: User) -> None:
    task = make_task(ines, due_at=timezone.now(), repeat="FREQ=DAILY")
    following = task.done(by=ines)
    assert following
    following.done(by=ines)
    task.reopen(by=ines)
    task.refresh_from_db()
    assert task.repeat == ""
    assert task.done(by=ines) is None


def test_lists_show_mine_by_their_time_and_what_the_filters_say(client: Client, ines: User) -> None:
    rui = make_user("Rui Costa")
    for what, assignee, due in (
        ("Water plants", ines, timezone.now() - timedelta(days=2)),
        ("Count the till", ines, days_ahead(0)),
        ("Some day", ines, None),
        ("His own", rui, days_ahead(3)),
    ):
        make_task(ines, what, assignee=assignee, due_at=due)
    text = client.get(reverse("tasks")).content.decode()
    assert text.index("Water plants") < text.index("Count the till") < text.index("Some day")
    assert "His own" not in text
    expected = {
        "?who=all": 4,
        "?show=late": 1,
        "?show=today": 1,
        "?show=someday": 1,
        f"?who={rui.pk}": 1,
        "?show=done": 0,
        "?priority=high": 0,
        "?who=all&show=week": 2,
        "?after=nonsense&show=nonsense": 3,
    }
    for query, count in expected.items():
        assert client.get(reverse("tasks") + query).content.decode().count('id="task-check-') == count, query
    assert [task.what for task in Task.objects.visible_to(ines).due_for(ines)] == ["Water plants", "Count the till"]


def test_the_list_takes_the_same_queries_for_2_and_for_60(client: Client, ines: User) -> None:
    maya = make_contact("Maya Okafor", by=ines)
    for number in range(2):
        make_task(ines, f"Task {number}", contact=maya, due_at=days_ahead(number), items=["One"])
    with assert_query_count("task list"):
        client.get(reverse("tasks") + "?show=week")
    Task.objects.bulk_create(
        Task(what=f"More {n}", assignee=ines, contact=maya, due_at=days_ahead(1)) for n in range(58)
    )
    with assert_query_count("task list"):
        page = client.get(reverse("tasks") + "?show=week")
    second = client.get(reverse("tasks") + page.context["next_url"], headers={"HX-Request": "true"})
    assert second.content.decode().count('id="task-check-') == 20
    assert b"Next 7 days" not in second.content


def test_strangers_and_readers(client: Client, ines: User) -> None:
    owner, reader = make_user("Olga Owner", role="owner"), make_user("Rosa Reader", role="reader")
    hidden = make_contact("Secret Guest", by=owner, visibility="owner")
    task = make_task(owner, "Secret thing", contact=hidden)
    for name in ("task", "task-edit", "task-complete", "task-remove", "task-put-off"):
        method = client.get if name in ("task", "task-edit") else client.post
        assert method(reverse(name, args=[task.pk])).status_code == 404
    assert b"Secret" not in client.get(reverse("tasks") + "?who=all").content
    with pytest.raises(ValueError, match="may not see"):
        make_task(owner, assignee=ines, contact=hidden)
    mine = make_task(ines)
    client.force_login(reader)
    assert client.get(reverse("task", args=[mine.pk])).status_code == 200
    assert client.post(reverse("task-complete", args=[mine.pk])).status_code == 403
    assert client.post(reverse("task-line"), {"line": "hello"}).status_code == 403


def test_two_who_change_it_at_once_are_told(client: Client, ines: User) -> None:
    task = make_task(ines)
    seen = {"version": task.version}
    assert client.post(reverse("task-edit", args=[task.pk]), form(ines, what="First") | seen).status_code == 302
    answer = client.post(reverse("task-edit", args=[task.pk]), form(ines, what="Second") | seen)
    assert answer.status_code == 422
    assert b"changed this meanwhile" in answer.content
    task.refresh_from_db()
    assert task.what == "First"


def test_lines_are_ticked_and_a_removed_task_comes_back_with_them(client: Client, ines: User) -> None:
    task = make_task(ines, items=["Weigh", "Label"])
    item = task.items.first()
    assert item
    client.post(reverse("task-tick", args=[task.pk, item.pk]))
    client.post(reverse("task-put-off", args=[task.pk]), {"days": "7"})
    client.post(reverse("task-remove", args=[task.pk]))
    assert not Task.objects.exists()
    assert client.delete(reverse("task-remove", args=[task.pk])).status_code == 204
    back = Task.objects.get()
    assert back.due_at == days_ahead(7)
    assert [line.done_at is not None for line in back.items.all()] == [True, False]
    assert restore_task(task.pk, by=make_user()) is None


def test_tasks_follow_a_merge_and_go_with_an_erasure(client: Client, ines: User) -> None:
    maya, double = make_contact("Maya Okafor", by=ines), make_contact("M. Okafor", by=ines)
    task = make_task(ines, "Call her", contact=double)
    assert b"Call her" in client.get(reverse("contact-tasks", args=[double.pk])).content
    merge(maya, double, {}, by=ines)
    task.refresh_from_db()
    assert task.contact == maya
    Contact.objects.filter(pk=maya.pk).update(binned_at=timezone.now())
    assert client.get(reverse("task", args=[task.pk])).status_code == 404
    Contact.objects.filter(pk=maya.pk).update(binned_at=None)
    other = make_task(ines, "Ask about Maya Okafor", contact=make_contact("Rui", by=ines), assignee=ines)
    Task.objects.filter(pk=other.pk).update(entry=make_entry(maya, by=ines))
    erase_contact(maya, by=ines)
    other.refresh_from_db()
    assert other.what == "Ask about [erased]"
    assert list(Task.objects.all()) == [other]


def test_people_are_chosen_by_what_is_to_be_done_for_them(client: Client, ines: User) -> None:
    maya, rui = make_contact("Maya Okafor", by=ines), make_contact("Rui Prado", by=ines)
    make_task(ines, contact=maya, due_at=timezone.now() + timedelta(days=1))
    for choice, seen, unseen in (("open", maya, rui), ("none", rui, maya)):
        page = client.get(reverse("contacts"), {"task.tasks": choice}).text
        assert f">{seen}<" in page
        assert f">{unseen}<" not in page
    assert ">Maya Okafor<" not in client.get(reverse("contacts"), {"task.tasks": "late"}).text
