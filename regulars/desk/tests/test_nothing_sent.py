"""A form that is sent with nothing in it says what is missing; it does not pretend to be a new page."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from regulars.access.tests.factories import make_user
from regulars.contacts.models import CustomField, SavedView, Tag
from regulars.contacts.tests.factories import make_contact, make_entry
from regulars.quality.actions import bring_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client: Client) -> Any:
    user = make_user("Ana Own", "owner")
    client.force_login(user)
    return user


@pytest.mark.parametrize("path", ["/import/", "/settings/tags/", "/settings/stages/", "/settings/sources/"])
def test_a_page_with_a_form_says_what_is_missing(client: Client, owner: Any, path: str) -> None:
    answer = client.post(path)
    assert answer.status_code == 422
    assert "required" in answer.content.decode()


def test_a_dialog_says_what_is_missing(client: Client, owner: Any) -> None:
    entry = make_entry(make_contact("Maya Okafor", owner=owner), by=owner, text="Came in")
    field = CustomField.objects.create(host="contact", key="table", label="Table", kind="text")
    tag = Tag.objects.create(name="events")
    view = SavedView.objects.create(owner=owner, host="contact", name="Mine", query={})
    paths = (
        f"/moments/{entry.pk}/edit/",
        "/settings/fields/new/",
        f"/settings/fields/{field.pk}/",
        f"/settings/tags/{tag.pk}/",
        f"/settings/tags/{tag.pk}/merge/",
        f"/views/{view.pk}/",
    )
    answers = {path: client.post(path) for path in paths}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(paths, 422)


def test_a_mapping_without_choices_asks_for_a_name(client: Client, owner: Any, tmp_path: Any, settings: Any) -> None:

    settings.MEDIA_ROOT = tmp_path
    imported = bring_file(ContentFile(b"Wer,Was\nx,y\n"), "who.csv", by=owner)
    answer = client.post(f"/import/{imported.pk}/columns/")
    assert answer.status_code == 422
