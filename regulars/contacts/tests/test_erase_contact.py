"""Erased at their request: everywhere, at once, for good. And before that, everything in one file."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection

from regulars.access.models import AuditEvent, Operation
from regulars.access.tests.factories import make_user
from regulars.contacts.actions.merging import merge
from regulars.contacts.actions.photos import set_photo
from regulars.contacts.models import Contact, Fact, Opener, Relationship
from regulars.contacts.tests.factories import make_company, make_contact, make_entry
from regulars.contacts.tests.pages import sign_in
from regulars.contacts.tests.test_merge_contacts import photo
from regulars.timeline.models import Attachment, Entry

pytestmark = pytest.mark.django_db(transaction=True)


def attach(entry: Entry, by: Any, name: str = "passport.pdf") -> Attachment:
    return Attachment.objects.create(
        entry=entry,
        file=ContentFile(b"%PDF-1.7 secret", name=name.rsplit("/", 1)[-1]),
        name=name,
        content_type="application/pdf",
        size=15,
        sha256="0" * 64,
        uploaded_by=by,
    )


def everything_stored() -> str:
    """The text of every row of every table of ours, to look for traces."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label in ("access", "timeline", "contacts", "quality"):
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608
                found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def files_on_disk() -> set[str]:
    return {path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def somebody(owner: Any) -> tuple[Contact, Contact]:
    zelda = make_contact(
        "Zelda Quibble",
        owner=owner,
        given_name="Zelda",
        family_name="Quibble",
        email="zelda@quibble.example",
        phone="+351912777888",
        tags=["press"],
        profile={"nickname": "Zellie"},
        company=make_company("Lumen", by=owner),
    )
    rui = make_contact("Rui Reis", owner=owner)
    return Contact.objects.get(pk=zelda.pk), rui


def test_nothing_about_them_is_left_anywhere() -> None:
    owner, already = make_user("Nora Pine", role="owner"), files_on_disk()
    client = sign_in(owner)
    zelda, rui = somebody(owner)
    set_photo(zelda, photo(), by=owner)
    Fact.objects.create(contact=zelda, kind="like", text="Zelda likes tea")
    Opener.objects.create(contact=zelda, text="How is the cat of Quibble?")
    Relationship.objects.create(contact=zelda, other=rui, kind="spouse")
    Fact.objects.create(contact=rui, kind="family", text="Married to Zelda Quibble")
    alone = make_entry(zelda, by=owner, text="Zelda came alone")
    attach(alone, owner)
    shared = make_entry(zelda, rui, by=owner, text="ZELDA QUIBBLE (zelda@quibble.example) and Rui came; Zelda paid")
    shared.revise(text="Quibble and Rui came", kind="visit", occurred_at=shared.occurred_at, by=owner)
    zelda.revise({"family_name": "Quibble-Sá"}, expected_version=zelda.version, by=owner)
    twin = make_contact("Zelda Q", owner=owner)
    merge(Contact.objects.get(pk=zelda.pk), twin, {}, by=owner)
    client.delete(f"/contacts/{zelda.pk}/facts/{zelda.facts.get().pk}/")
    assert len(files_on_disk() - already) >= 2
    address = f"/contacts/{zelda.pk}/erasure/"
    name = Contact.objects.get(pk=zelda.pk).display_name
    assert client.post(address, {"name": "Somebody else"}).status_code == 422
    assert client.post(address, {"name": name.lower()}).status_code == 302
    left = everything_stored()
    for trace in ("Zelda", "zelda", "Quibble", "quibble", "912777888", "Zellie"):
        assert trace not in left, [line for line in left.splitlines() if trace in line]
    assert "Rui" in Entry.objects.get(pk=shared.pk).text
    assert "[erased]" in Entry.objects.get(pk=shared.pk).text
    assert not Entry.objects.filter(pk=alone.pk).exists()
    assert files_on_disk() == already
    tombstone = Contact.objects.get(pk=zelda.pk)
    assert tombstone.erased_at is not None
    assert client.get(f"/contacts/{zelda.pk}/").status_code == 404
    assert client.get(f"/contacts/{twin.pk}/").status_code == 404
    assert AuditEvent.objects.filter(verb="erased", object_id=zelda.pk, title="").exists()
    assert not Operation.objects.filter(kind__in=["merge", "removal"]).exists()


def test_words_of_others_stay() -> None:
    owner = make_user("Nora Pine", role="owner")
    will, rui = make_contact("Will Roe", owner=owner, given_name="Will"), make_contact("Rui", owner=owner)
    entry = make_entry(will, rui, by=owner, text="We will see Willow; Will agreed")
    sign_in(owner).post(f"/contacts/{will.pk}/erasure/", {"name": "Will Roe"})
    assert Entry.objects.get(pk=entry.pk).text == "We will see Willow; [erased] agreed"


def test_only_leads_may_erase_and_strangers_know_nothing() -> None:
    boss = make_user(role="owner")
    maya = make_contact("Maya", owner=boss)
    hidden = make_contact("Hidden", owner=boss, visibility="owner")
    for role in ("member", "front_desk", "reader"):
        client = sign_in(make_user(role=role))
        assert client.get(f"/contacts/{maya.pk}/erasure/").status_code == 403
        assert client.post(f"/contacts/{maya.pk}/erasure/", {"name": "Maya"}).status_code == 403
        assert client.get(f"/contacts/{hidden.pk}/erasure/").status_code == 404
    assert sign_in(make_user(role="manager")).get(f"/contacts/{maya.pk}/erasure/").status_code == 200
    assert Contact.objects.filter(pk=maya.pk, erased_at=None).exists()


def test_everything_about_one_person_in_one_file() -> None:
    owner = make_user("Nora Pine", role="owner")
    zelda, rui = somebody(owner)
    set_photo(zelda, photo(), by=owner)
    secret = make_contact("Secret Friend", owner=owner, visibility="owner")
    Relationship.objects.create(contact=zelda, other=secret, kind="friend")
    Relationship.objects.create(contact=zelda, other=rui, kind="spouse")
    Fact.objects.create(contact=zelda, kind="limit", text="No nuts")
    attach(make_entry(zelda, by=owner, text="Came in <b>late</b>"), owner, name="../../menu.pdf")
    answer = sign_in(make_user()).get(f"/contacts/{zelda.pk}/export/")
    assert answer.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    data = json.loads(archive.read("data.json"))
    assert data["record"]["given_name"] == "Zelda"
    assert [fact["text"] for fact in data["facts"]] == ["No nuts"]
    assert data["relationships"] == ["spouse of Rui Reis"]
    assert data["timeline"][0]["text"] == "Came in <b>late</b>"
    page = archive.read("index.html").decode()
    assert "No nuts" in page
    assert "<b>late</b>" not in page
    names = archive.namelist()
    assert "files/photo.webp" in names
    assert not [name for name in names if ".." in name.split("/")]
    assert archive.read(next(name for name in names if name.endswith(".pdf"))) == b"%PDF-1.7 secret"
    assert AuditEvent.objects.filter(verb="exported", object_id=zelda.pk).exists()
    for role in ("front_desk", "reader"):
        assert sign_in(make_user(role=role)).get(f"/contacts/{zelda.pk}/export/").status_code == 403
    assert sign_in(make_user()).get(f"/contacts/{secret.pk}/export/").status_code == 404
