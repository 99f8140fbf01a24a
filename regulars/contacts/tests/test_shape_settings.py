"""Settings: custom fields, tags, stages and sources are shaped by those who may, and what is taken away comes back."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from regulars.access.models import AuditEvent, Operation, User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import CustomField, Profile, Source, Stage, Tag
from regulars.contacts.tests.factories import make_company, make_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora() -> User:
    return make_user("Nora Pine", role="manager")


def enter(user: User) -> Client:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(user)
    return client


PAGES = ["custom-fields", "tags", "stages", "sources"]


@pytest.mark.parametrize("page", PAGES)
def test_managers_shape_and_members_may_not(nora: User, page: str) -> None:
    Stage.objects.create(key="lead", name="Lead", position=1)
    Source.objects.create(name="Walk-in")
    Tag.objects.create(name="vip")
    CustomField.objects.create(key="size", label="Size", kind="choice", options=["S"])
    assert enter(nora).get(reverse(page)).status_code == 200
    for role in ("member", "front_desk", "reader"):
        assert enter(make_user(role=role)).get(reverse(page)).status_code == 403
    assert Client().get(reverse(page)).status_code == 302


def test_a_field_of_each_kind_is_added_behind_the_others(nora: User) -> None:
    client = enter(nora)
    for number, kind in enumerate(CustomField.Kind.values):
        data = {"label": f"Field {number}", "host": "contact", "kind": kind, "options": "vegan\n\n halal \nvegan"}
        answer = client.post(reverse("custom-field-add"), data)
        assert answer.headers["HX-Redirect"] == reverse("custom-fields"), kind
    fields = list(CustomField.objects.all())
    assert [field.kind for field in fields] == CustomField.Kind.values
    assert fields[6].options == ["vegan", "halal"]
    assert fields[0].key == "field_0"
    assert AuditEvent.objects.filter(kind="custom field", verb="added").count() == 10


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"label": "", "host": "contact", "kind": "text"}, "required"),
        ({"label": "size", "host": "contact", "kind": "text"}, "There is a field of this name already."),
        ({"label": "Diet", "host": "contact", "kind": "choice", "options": " \n "}, "Give at least one choice."),
        ({"label": "Diet", "host": "planet", "kind": "text"}, "Select a valid choice"),
    ],
)
def test_a_wrong_field_comes_back_with_the_reason(nora: User, data: dict[str, str], error: str) -> None:
    CustomField.objects.create(key="size", label="Size", kind="number")
    answer = enter(nora).post(reverse("custom-field-add"), data)
    assert answer.status_code == 422
    assert error in answer.content.decode()


def test_two_fields_whose_names_fold_alike_have_keys_of_their_own(nora: User) -> None:
    client = enter(nora)
    for label in ("Größe", "Große", "???"):
        client.post(reverse("custom-field-add"), {"label": label, "host": "contact", "kind": "text"})
    assert len(set(CustomField.objects.values_list("key", flat=True))) == 3


def test_a_field_is_renamed_archived_used_again_and_ordered(nora: User) -> None:
    client = enter(nora)
    first = CustomField.objects.create(key="a", label="A", kind="choice", options=["x"], position=1)
    second = CustomField.objects.create(key="b", label="B", kind="text", position=2)
    client.post(reverse("custom-field", args=[first.pk]), {"label": "Alpha", "options": "x\ny", "kind": "text"})
    first.refresh_from_db()
    assert (first.label, first.options, first.kind, first.key) == ("Alpha", ["x", "y"], "choice", "a")
    client.post(reverse("custom-field-archive", args=[first.pk]))
    assert list(CustomField.objects.filter(archived_at=None)) == [second]
    assert "Use again" in client.get(reverse("custom-fields")).content.decode()
    client.delete(reverse("custom-field-archive", args=[first.pk]))
    client.post(reverse("custom-fields-order"), {"order": [second.pk, "x", first.pk, 999]})
    assert list(CustomField.objects.all()) == [second, first]
    assert client.get(reverse("custom-field", args=[999])).status_code == 404
    assert client.get(reverse("custom-fields-order")).status_code == 405


def test_tags_are_added_renamed_and_never_doubled(nora: User) -> None:
    client = enter(nora)
    client.post(reverse("tags"), {"name": "#vip"})
    tag = Tag.objects.get(name="vip")
    assert client.post(reverse("tags"), {"name": "VIP"}).status_code == 422
    client.post(reverse("tag", args=[tag.pk]), {"name": "VIP"})
    tag.refresh_from_db()
    assert tag.name == "VIP"
    assert AuditEvent.objects.get(kind="tag", verb="changed").changes == {"name": ["vip", "VIP"]}


def test_two_tags_become_one_and_two_again(nora: User) -> None:
    both = make_contact(by=nora, tags=["vip", "important"])
    one = make_contact(by=nora, tags=["important"])
    firm = make_company(by=nora, tags=["important"])
    vip, important = Tag.objects.get(name="vip"), Tag.objects.get(name="important")
    client = enter(nora)
    assert client.post(reverse("tag-merge", args=[vip.pk]), {"into": vip.pk}).status_code == 422
    client.post(reverse("tag-merge", args=[important.pk]), {"into": vip.pk})
    assert [tag.name for holder in (both, one, firm) for tag in holder.tags.all()] == ["vip"] * 3
    assert not Tag.objects.filter(name="important").exists()
    client.post(reverse("operation-undo", args=[Operation.objects.get().pk]))
    assert {tag.name for tag in both.tags.all()} == {"vip", "important"}
    assert [tag.name for tag in one.tags.all()] == ["important"]
    assert [tag.name for tag in firm.tags.all()] == ["important"]


def test_a_removed_tag_comes_back_with_everybody_who_had_it(nora: User) -> None:
    maya = make_contact(by=nora, tags=["vip"])
    client = enter(nora)
    client.delete(reverse("tag", args=[Tag.objects.get().pk]))
    assert not Tag.objects.exists()
    operation = Operation.objects.get()
    client.post(reverse("operation-undo", args=[operation.pk]))
    operation.refresh_from_db()
    assert operation.status == "undone"
    assert [tag.name for tag in maya.tags.all()] == ["vip"]


def test_stages_and_sources_are_renamed_ordered_and_removed_when_nobody_has_them(nora: User) -> None:
    client = enter(nora)
    for page, model in (("stages", Stage), ("sources", Source)):
        one = page.removesuffix("s")
        before = list(model.objects.values_list("pk", flat=True))
        for name in ("First", "Second"):
            client.post(reverse(page), {"name": name})
        first, second = (model.objects.get(name=name) for name in ("First", "Second"))
        client.post(reverse(f"{page}-order"), {"order": [second.pk, first.pk, *before]})
        assert list(model.objects.all())[:2] == [second, first]
        client.post(reverse(one, args=[first.pk]), {"name": "Again"})
        assert model.objects.get(pk=first.pk).name == "Again"
        person = make_contact(by=nora, **({"stage": second} if model is Stage else {}))
        if model is Source:
            Profile.objects.create(contact=person, source=second)
        client.delete(reverse(one, args=[second.pk]))
        client.delete(reverse(one, args=[first.pk]))
        assert model.objects.filter(pk=second.pk).exists(), "somebody has it"
        assert not model.objects.filter(pk=first.pk).exists()


def test_whether_a_stage_means_customer_is_said_there(nora: User) -> None:
    stage = Stage.objects.create(key="won", name="Won", position=9)
    enter(nora).post(reverse("stage", args=[stage.pk]), {"name": "Won", "is_customer": "on"})
    stage.refresh_from_db()
    assert stage.is_customer


@pytest.mark.parametrize("name", ["tag", "stage", "source", "tag-merge", "custom-field"])
def test_what_does_not_exist_is_not_found(nora: User, name: str) -> None:
    answer: Any = enter(nora).get(reverse(name, args=[10**6]))
    assert answer.status_code == 404
