"""The pages of an import: bring, map, look through, run, get bad rows back, undo. And who may not."""

# ruff: noqa: E501 (files as long as they come)

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regulars.access.models import Operation
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Contact, CustomField
from regulars.contacts.tests.factories import make_contact
from regulars.contacts.tests.pages import sign_in
from regulars.quality.models import Import
from regulars.quality.tests.factories import make_import, run_import

pytestmark = pytest.mark.django_db

CSV = "Name,Email,Shoe size,Joined on\nAna Silva,ana@a.pt,38,1/2/2020\nRui Costa,rui@,41,\n"
GOOGLE = "First Name,Last Name,Labels,Organization Name,E-mail 1 - Value\nAna,Silva,* myContacts,Acme,ana@a.pt\n"


def bring(client: Client, content: str | bytes, name: str = "people.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post("/import/", {"file": SimpleUploadedFile(name, data)})


def test_a_known_export_goes_straight_to_the_preview_and_in() -> None:
    make_contact("Ana Silva", email="ana@a.pt")
    owner = make_user(role="member")
    client = sign_in(owner)
    answer = bring(client, GOOGLE + "Rui,Costa,,Acme,rui@a.pt\n")
    imported = Import.objects.get()
    assert answer["Location"] == f"/import/{imported.pk}/"
    page = client.get(answer["Location"]).content.decode()
    assert "Nothing has been written yet" in page
    assert imported.counts == {"rows": 2, "created": 1, "skipped": 1}
    assert Contact.objects.count() == 1
    answer = client.post(f"/import/{imported.pk}/run/", {"policy": "fill", "tags": "market, vip", "owner": owner.pk})
    assert answer.status_code == 302
    rui = Contact.objects.get(given_name="Rui")
    assert [str(tag) for tag in rui.tags.all()] == ["market", "vip"]
    assert "All 2 rows are through" in client.get(answer["Location"]).content.decode()


def test_other_files_ask_what_the_columns_mean_and_remember_it() -> None:
    client = sign_in(make_user(role="owner"))
    answer = bring(client, CSV)
    imported = Import.objects.get()
    answer = client.get(answer["Location"])
    assert answer["Location"] == f"/import/{imported.pk}/columns/"
    page = client.get(answer["Location"]).content.decode()
    assert "38 · 41" in page
    data = {
        "kind": "contact",
        "order": "dmy",
        "column-0": "display",
        "column-1": "email",
        "column-2": "new:number",
        "column-3": "new:date",
    }
    answer = client.post(f"/import/{imported.pk}/columns/", data)
    assert answer["Location"] == f"/import/{imported.pk}/"
    assert set(CustomField.objects.values_list("key", "kind")) == {("shoe_size", "number"), ("joined_on", "date")}
    page = client.get(answer["Location"]).content.decode()
    assert "is not an email address" in page
    assert client.get(bring(client, CSV)["Location"]).status_code == 200
    client.post(f"/import/{imported.pk}/run/", {"policy": "skip"})
    ana = Contact.objects.get()
    assert ana.custom == {"shoe_size": 38, "joined_on": "2020-02-01"}
    assert ana.owner is None


def test_a_mapping_without_anybodys_name_is_refused() -> None:
    client = sign_in(make_user(role="owner"))
    imported = make_import(CSV)
    answer = client.post(f"/import/{imported.pk}/columns/", {"kind": "contact", "column-0": "note"})
    assert answer.status_code == 422
    assert "Say which column holds a name" in answer.content.decode()


def test_members_map_but_make_no_fields() -> None:
    member = make_user(role="member")
    imported = make_import(CSV, by=member)
    client = sign_in(member)
    assert "new:number" not in client.get(f"/import/{imported.pk}/columns/").content.decode()
    answer = client.post(
        f"/import/{imported.pk}/columns/", {"kind": "contact", "column-0": "display", "column-2": "new:number"}
    )
    assert answer.status_code == 422
    assert not CustomField.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [(b"", "people.csv", "empty"), (bytes(range(256)) * 9, "people.csv", "not a text file"), (b"Name,Email\n", "people.csv", "no rows"),
     (b"PK\x03\x04 nothing", "people.xlsx", "zip"), (b"BEGIN:VCARD\nFN:A", "a.csv", None)],
)  # fmt: skip
def test_a_file_that_can_not_be_used_is_refused_in_a_sentence(content: bytes, name: str, words: str | None) -> None:
    answer = bring(sign_in(make_user(role="owner")), content, name)
    if words is None:
        assert answer.status_code == 302
    else:
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_a_file_over_the_limit_is_refused(settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 1024
    answer = bring(sign_in(make_user(role="owner")), "Name,Email\n" + "Ana,a@a.pt\n" * 500)
    assert answer.status_code == 422
    assert "at most 1 kB" in answer.content.decode()


def test_bad_rows_come_back_as_a_file_with_the_reason_and_no_formulas() -> None:
    owner = make_user(role="owner")
    imported = run_import("Name,Email,Note\nAna,=cmd(),x\nRui,rui@a.pt,\n", by=owner)
    answer = sign_in(owner).get(f"/import/{imported.pk}/not-imported.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "Name,Email,Note,Row,Why it was not imported"
    assert lines[1] == "Ana,'=cmd(),x,2,Email: “=cmd()” is not an email address."
    assert len(lines) == 2
    assert 'filename="people-not-imported.csv"' in answer["Content-Disposition"]


def test_an_import_is_undone_from_its_page() -> None:
    owner = make_user(role="owner")
    imported = run_import(GOOGLE, by=owner)
    client = sign_in(owner)
    assert "Undo the import" in client.get(f"/import/{imported.pk}/").content.decode()
    answer = client.post(f"/operations/{imported.operation_id}/undoing/", follow=True)
    assert "The import is undone." in answer.content.decode()
    assert not Contact.objects.exists()


def test_choices_change_the_counts_before_anything_is_written() -> None:
    make_contact("Ana Silva", email="ana@a.pt")
    owner = make_user(role="owner")
    client = sign_in(owner)
    bring(client, GOOGLE)
    imported = Import.objects.get()
    answer = client.post(
        f"/import/{imported.pk}/preview/", {"policy": "create", "owner": owner.pk}, headers={"HX-Request": "true"}
    )
    assert b'id="counts"' in answer.content
    imported.refresh_from_db()
    assert (imported.policy, imported.counts["created"]) == ("create", 1)
    assert Contact.objects.count() == 1


def test_a_file_can_be_put_aside() -> None:
    owner = make_user(role="owner")
    imported = make_import(CSV, by=owner)
    path = imported.path
    assert sign_in(owner).post(f"/import/{imported.pk}/discard/")["Location"] == "/import/"
    assert not path.exists()
    assert not Import.objects.exists()


def test_starting_twice_imports_once() -> None:
    owner = make_user(role="owner")
    imported = make_import(GOOGLE, by=owner)
    client = sign_in(owner)
    for _time in range(2):
        client.post(f"/import/{imported.pk}/run/", {"policy": "create"})
    assert Contact.objects.count() == 1
    assert Operation.objects.filter(kind="import").count() == 1


PAGES = ["", "columns/", "progress/", "not-imported.csv", "preview/"]


@pytest.mark.parametrize("role", ["front_desk", "reader"])
def test_front_desk_and_readers_may_not_import(role: str) -> None:
    imported = make_import(CSV)
    client = sign_in(make_user(role=role))
    assert client.get("/import/").status_code == 403
    assert bring(client, GOOGLE).status_code == 403
    for page in PAGES:
        assert client.get(f"/import/{imported.pk}/{page}").status_code == 403
    assert client.post(f"/import/{imported.pk}/run/", {"policy": "skip"}).status_code == 403


def test_a_colleagues_import_is_as_if_it_did_not_exist() -> None:
    imported = make_import(CSV, by=make_user(role="member"))
    client = sign_in(make_user(role="member"))
    for page in PAGES:
        assert client.get(f"/import/{imported.pk}/{page}").status_code == 404
    assert client.post(f"/import/{imported.pk}/run/").status_code == 404
    assert "people.csv" not in client.get("/import/").content.decode()
    assert sign_in(make_user(role="manager")).get(f"/import/{imported.pk}/columns/").status_code == 200


def test_strangers_sign_in_first_and_wrong_methods_are_refused() -> None:
    imported = make_import(CSV)
    assert Client().get(f"/import/{imported.pk}/").status_code == 302
    assert sign_in(make_user(role="owner")).get(f"/import/{imported.pk}/run/").status_code == 405


def test_every_mistake_of_a_row_is_told_at_once() -> None:
    CustomField.objects.create(key="visits", label="Visits", kind="number")
    imported = make_import("Name,Email,Visits\nAna,ana@,often\n")
    mapping = imported.mapping
    mapping["columns"][2]["target"] = "custom:visits"
    imported.save()
    from regulars.quality.tests.factories import finish

    assert [problem.field for problem in finish(imported).problems.all()] == ["Email", "Visits"]
