"""Putting files on moments over HTTP, and serving them safely to those who may see the moment."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.contacts.actions.binning import empty_bins
from regulars.contacts.models import Contact
from regulars.contacts.moments import remove_moment
from regulars.contacts.tests.factories import make_contact, make_entry
from regulars.timeline.files import attach, preview_path
from regulars.timeline.models import Attachment, Entry

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def rui(client: Client) -> User:
    user = make_user("Rui Matos")
    client.force_login(user)
    return user


def photo(name: str = "dog.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (80, 40), "brown").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


def url_of(file: Attachment) -> str:
    return reverse("attachment", args=[file.pk, file.name])


def test_several_files_are_put_on_a_moment_and_shown_on_the_timeline(client: Client, rui: User) -> None:
    maya = make_contact(owner=rui)
    entry = make_entry(maya)
    files = [photo(), SimpleUploadedFile("offer.pdf", b"%PDF-1.7")]
    answer = client.post(reverse("moment-files", args=[entry.pk]), {"files": files}, headers=HTMX)
    assert answer.status_code == 200, answer.content.decode()
    page = client.get(reverse("timeline", args=[maya.pk])).content.decode()
    image, pdf = Attachment.objects.order_by("pk")
    assert reverse("attachment-preview", args=[image.pk]) in page
    assert url_of(pdf) in page


def test_a_file_comes_with_the_moment_in_the_capture_box(client: Client, rui: User) -> None:
    maya = make_contact(owner=rui)
    data = {"text": "Her dog", "on": f"contact-{maya.pk}", "files": [photo()]}
    assert client.post(reverse("capture"), data, headers=HTMX).status_code == 200
    assert Entry.objects.get().attachments.get().name == "dog.png"


def test_a_bad_file_in_the_capture_box_does_not_lose_the_moment(client: Client, rui: User) -> None:
    maya = make_contact(owner=rui)
    data = {"text": "Her dog", "on": f"contact-{maya.pk}", "files": [SimpleUploadedFile("dog.jpg", b"no")]}
    answer = client.post(reverse("capture"), data, headers=HTMX)
    assert "dog.jpg is not an image" in answer.headers["HX-Trigger"]
    assert Entry.objects.get().text == "Her dog"
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("files", "says"),
    [([], "required"), ([("dog.jpg", b"no")], "dog.jpg is not an image"), ([("e.txt", b"")], "e.txt is empty")],
)
def test_bad_files_come_back_with_a_reason(client: Client, rui: User, files: list[Any], says: str) -> None:
    files = [SimpleUploadedFile(*file) for file in files]
    entry = make_entry(make_contact(owner=rui))
    answer = client.post(reverse("moment-files", args=[entry.pk]), {"files": files}, headers=HTMX)
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_files_are_served_as_downloads_in_a_sandbox(client: Client, rui: User) -> None:
    entry = make_entry(make_contact(owner=rui))
    page, pdf, image = attach(
        entry, [SimpleUploadedFile("p.html", b"<b>"), SimpleUploadedFile("o.pdf", b"%PDF-"), photo()], by=rui
    )
    for file in (page, pdf, image):
        answer = client.get(url_of(file))
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "script" not in answer.headers["Content-Security-Policy"]
        assert b"".join(answer.streaming_content)
    assert client.get(url_of(pdf) + "?inline").headers["Content-Disposition"].startswith("inline")
    assert client.get(url_of(page) + "?inline").headers["Content-Disposition"].startswith("attachment")
    preview = client.get(reverse("attachment-preview", args=[image.pk]))
    assert preview.headers["Content-Type"] == "image/webp"
    assert client.get(reverse("attachment-preview", args=[pdf.pk])).status_code == 404


def test_who_gets_a_file(client: Client, rui: User) -> None:
    maya = make_contact(owner=rui)
    entry = make_entry(maya)
    (file,) = attach(entry, [photo()], by=rui)
    urls = [url_of(file), reverse("attachment-preview", args=[file.pk])]
    client.force_login(make_user(role="reader"))
    assert [client.get(url).status_code for url in urls] == [200, 200]
    Contact.objects.filter(pk=maya.pk).update(visibility="owner")
    assert [client.get(url).status_code for url in urls] == [404, 404]
    client.logout()
    assert [client.get(url).status_code for url in urls] == [302, 302]
    client.force_login(rui)
    assert client.post(urls[0]).status_code == 405
    assert client.get(reverse("attachment", args=[999999, "x"])).status_code == 404
    remove_moment(entry, by=rui)
    assert [client.get(url).status_code for url in urls] == [404, 404]


def test_a_file_is_taken_off_and_put_back(client: Client, rui: User) -> None:
    maya = make_contact(owner=rui)
    entry = make_entry(maya, by=rui)
    file, other = attach(entry, [photo(), photo("cat.png")], by=rui)
    url = reverse("file-remove", args=[file.pk])
    dialog = client.get(reverse("moment-files", args=[entry.pk]), headers=HTMX).content.decode()
    assert url in dialog
    answer = client.post(url, headers=HTMX)
    assert "moment-changed" in answer.headers["HX-Trigger"]
    timeline = client.get(reverse("timeline", args=[maya.pk])).content.decode()
    assert url_of(file) not in timeline
    assert url_of(other) in timeline
    assert client.get(url_of(file)).status_code == 404
    assert client.delete(url, headers=HTMX).status_code == 200
    assert client.get(url_of(file)).status_code == 200


def test_who_takes_a_file_off(client: Client, rui: User) -> None:
    entry = make_entry(make_contact(owner=rui), by=rui)
    desk = make_user("Dora Desk", "front_desk")
    (file,) = attach(entry, [photo()], by=desk)
    (of_rui,) = attach(entry, [photo()], by=rui)
    url = reverse("file-remove", args=[of_rui.pk])
    client.force_login(make_user(role="reader"))
    assert client.post(url).status_code == 403
    client.force_login(desk)
    assert client.post(url).status_code == 403
    assert client.get(url).status_code == 405
    assert client.post(reverse("file-remove", args=[file.pk])).status_code == 302
    assert client.post(reverse("file-remove", args=[999999])).status_code == 404
    Contact.objects.update(visibility="owner")
    assert client.post(url).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_file_that_was_taken_off_is_deleted_after_thirty_days_with_its_preview(client: Client, rui: User) -> None:
    (file,) = attach(make_entry(make_contact(owner=rui), by=rui), [photo()], by=rui)
    on_disk, preview = Path(file.file.path), preview_path(file)
    assert preview is not None
    file.remove()
    empty_bins()
    assert on_disk.exists()
    empty_bins(timezone.now() + timedelta(days=31))
    assert not Attachment.objects.exists()
    assert not on_disk.exists()
    assert not preview.exists()
