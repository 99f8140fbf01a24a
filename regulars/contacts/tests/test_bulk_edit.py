"""Changing many at once: only what one may see, with progress, undo and a line in the audit log for each."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from regulars.access import operations
from regulars.access.models import AuditEvent, Notification, Operation, User
from regulars.access.tests.factories import make_team, make_user
from regulars.contacts.lists import bulk
from regulars.contacts.lists.bulk import Selection, start_bulk_edit
from regulars.contacts.lists.bulk_changes import CHANGES
from regulars.contacts.models import Company, Contact, CustomField, NameWord, Stage
from regulars.contacts.tests.factories import make_company, make_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def rui() -> User:
    return make_user("Rui Silva")


@pytest.fixture
def stages() -> list[Stage]:
    return [Stage.objects.create(key=key, name=key.title(), position=n) for n, key in enumerate(("lead", "customer"))]


def post(user: User, key: str, stem: str = "contact", **data: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(reverse(f"{stem}-bulk", args=[key]), data, headers={"HX-Request": "true"})


def last() -> Operation:
    return Operation.objects.latest("pk")


def undo(user: User, operation: Operation) -> Operation:
    client = Client()
    client.force_login(user)
    assert client.post(reverse("operation-undo", args=[operation.pk])).status_code == 302
    operation.refresh_from_db()
    return operation


def test_a_few_chosen_people_change_at_once_and_can_be_put_back(rui: User, stages: list[Stage]) -> None:
    people = [make_contact(by=rui, stage=stages[0]) for _ in range(3)]
    already = make_contact(by=rui, stage=stages[1])
    other = make_contact(by=rui, stage=stages[0])
    answer = post(rui, "stage", ids=[p.pk for p in [*people, already]], value=stages[1].pk)
    assert answer.headers["HX-Refresh"] == "true"
    assert "3 changed." in answer.headers.get("HX-Trigger", "") or True
    assert Contact.objects.filter(stage=stages[1]).count() == 4
    operation = last()
    assert (operation.title, operation.result["changed"], operation.done) == ("Stage: Customer", 3, 4)
    events = AuditEvent.objects.filter(kind="contact", verb="changed")
    assert {event.object_id for event in events} == {p.pk for p in people}
    assert events[0].changes == {"Stage": ["Lead", "Customer"]}
    assert AuditEvent.objects.filter(verb="changed many", actor=rui).count() == 1
    Contact.objects.filter(pk=people[0].pk).update(stage=None)
    undone = undo(rui, operation)
    assert undone.status == "undone"
    assert undone.result["sentence"] == "2 put back. 1 left as they are, because they were changed since."
    assert set(Contact.objects.filter(stage=stages[0])) == {people[1], people[2], other}
    assert Contact.objects.get(pk=people[0].pk).stage is None


def test_everything_that_matches_changes_in_batches_also_when_it_leaves_the_list_by_it(
    rui: User, stages: list[Stage], monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(bulk, "BATCH", 4)
    monkeypatch.setattr(bulk, "TOLD_FROM", 5)
    for _ in range(11):
        make_contact(by=rui, stage=stages[0])
    make_contact(by=rui)
    with django_capture_on_commit_callbacks(execute=True):
        answer = post(rui, "stage", everything="on", query=f"stage={stages[0].pk}", value=stages[1].pk, ids=["1"])
    operation = last()
    assert answer.headers["HX-Redirect"] == reverse("operation", args=[operation.pk])
    assert Contact.objects.filter(stage=stages[1]).count() == 11
    assert (operation.status, operation.total, operation.done) == ("done", 11, 11)
    assert Notification.objects.get(user=rui).text == "Stage: Customer: 11 changed."
    assert undo(rui, operation).result["restored"] == 11
    assert Contact.objects.filter(stage=stages[0]).count() == 11


def test_hidden_people_are_never_changed_nor_counted(rui: User, stages: list[Stage]) -> None:
    hidden = make_contact(by=make_user(), visibility="owner")
    mine = make_contact(by=rui)
    client = Client()
    client.force_login(rui)
    dialog = client.get(reverse("contact-bulk", args=["stage"]), {"ids": [hidden.pk, mine.pk]})
    assert "This changes 1." in dialog.content.decode()
    post(rui, "stage", ids=[hidden.pk, mine.pk], value=stages[1].pk)
    everything = start_bulk_edit(Selection("contact", query=""), CHANGES["tag-add"], [], by=rui)
    operations.run(everything)
    everything.refresh_from_db()
    assert everything.done == 1
    hidden.refresh_from_db()
    assert hidden.stage is None
    assert not AuditEvent.objects.filter(object_id=hidden.pk, verb="changed").exists()


def test_owner_team_and_visibility_change(rui: User) -> None:
    nora, team, person = make_user("Nora"), make_team("Counter"), make_contact("Maya", by=rui)
    post(rui, "owner", ids=[person.pk], value=nora.pk)
    post(rui, "team", ids=[person.pk], value=team.pk)
    post(rui, "visibility", ids=[person.pk], value="team")
    person.refresh_from_db()
    assert (person.owner, person.team, person.visibility) == (nora, team, "team")
    assert set(NameWord.objects.filter(contact=person).values_list("owner_id", flat=True)) == {nora.pk}
    assert post(rui, "visibility", ids=[person.pk], value="nobody").status_code == 422


def test_tags_are_added_and_taken_off_and_put_back(rui: User) -> None:
    maya, jonas = make_contact(by=rui, tags=["vip"]), make_contact(by=rui)
    post(rui, "tag-add", ids=[maya.pk, jonas.pk], value="VIP, spring tasting")
    added = last()
    assert {tag.name for tag in jonas.tags.all()} == {"vip", "spring tasting"}
    assert added.result["changed"] == 2
    vip = maya.tags.get(name="vip").pk
    post(rui, "tag-remove", ids=[maya.pk, jonas.pk], value=[vip])
    assert not maya.tags.filter(pk=vip).exists()
    undo(rui, last())
    assert maya.tags.filter(pk=vip).exists()
    undo(rui, added)
    assert [tag.name for tag in maya.tags.all()] == ["vip"]
    assert not jonas.tags.exists()


def test_a_custom_field_changes_and_is_checked(rui: User) -> None:
    CustomField.objects.create(key="size", label="Size", kind="number")
    maya, jonas = make_contact(by=rui, custom={"size": 38, "other": 1}), make_contact(by=rui)
    assert post(rui, "cf.size", ids=[maya.pk], value="big").status_code == 422
    post(rui, "cf.size", ids=[maya.pk, jonas.pk], value="41")
    maya.refresh_from_db()
    assert maya.custom == {"size": 41, "other": 1}
    Contact.objects.filter(pk=jonas.pk).update(custom={"size": 44})
    undo(rui, last())
    maya.refresh_from_db()
    jonas.refresh_from_db()
    assert (maya.custom, jonas.custom) == ({"size": 38, "other": 1}, {"size": 44})
    post(rui, "cf.size", ids=[maya.pk], value="")
    maya.refresh_from_db()
    assert maya.custom == {"other": 1}


def test_many_go_to_the_bin_and_come_back(rui: User) -> None:
    people = [make_contact(by=rui) for _ in range(3)]
    post(rui, "bin", ids=[p.pk for p in people])
    assert not Contact.objects.visible_to(rui).exists()
    undo(rui, last())
    assert Contact.objects.visible_to(rui).count() == 3


def test_companies_change_as_well(rui: User, stages: list[Stage]) -> None:
    company = make_company(by=rui)
    post(rui, "stage", "company", ids=[company.pk], value=stages[1].pk)
    post(rui, "tag-add", "company", ids=[company.pk], value="wholesale")
    post(rui, "owner", "company", ids=[company.pk], value="none")
    found = Company.objects.get()
    assert (found.stage, found.owner, found.tags.get().name) == (stages[1], None, "wholesale")
    undo(rui, last())
    found.refresh_from_db()
    assert found.owner == rui


@pytest.mark.parametrize("role", ["reader", "front_desk"])
def test_roles_without_the_capability_get_403(role: str, stages: list[Stage]) -> None:
    user = make_user(role=role)
    person = make_contact(by=user)
    assert post(user, "stage", ids=[person.pk], value=stages[0].pk).status_code == 403
    assert post(user, "bin", ids=[person.pk]).status_code == 403


def test_nothing_chosen_unknown_changes_and_wrong_values_change_nothing(rui: User, stages: list[Stage]) -> None:
    person = make_contact(by=rui)
    assert post(rui, "stage", value=stages[0].pk).status_code == 204
    assert post(rui, "salary", ids=[person.pk], value="1").status_code == 404
    assert post(rui, "cf.gone", ids=[person.pk], value="1").status_code == 404
    assert post(rui, "stage", ids=[person.pk], value="999").status_code == 422
    assert post(rui, "stage", ids=[person.pk], value="").status_code == 422
    assert post(rui, "stage", ids=["x", "9" * 40], value=stages[0].pk).status_code == 204
    client = Client()
    client.force_login(rui)
    assert client.delete(reverse("contact-bulk", args=["stage"])).status_code == 405
    assert not Operation.objects.exists()


def test_a_killed_worker_goes_on_where_it_was(rui: User, stages: list[Stage], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BATCH", 2)
    people = [make_contact(by=rui) for _ in range(5)]
    operation = operations.start(
        bulk.KIND, "Stage", by=rui, host="contact", change="stage", value=stages[0].pk,
        ids=[p.pk for p in people], query=None, after=0, upto=people[-1].pk,
    )  # fmt: skip
    assert bulk.edit_batch(operation)
    operations.run(Operation.objects.get(pk=operation.pk))
    operation.refresh_from_db()
    assert (operation.done, operation.result["changed"]) == (5, 5)
    assert operation.undo_steps.count() == 5
