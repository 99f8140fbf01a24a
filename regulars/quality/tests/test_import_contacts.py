"""Rows become people and companies; known people are handled as asked; everything can be undone."""

# ruff: noqa: E501 (files as long as they come)

import base64
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from regulars.access.models import AuditEvent, Operation, UndoStep
from regulars.access.tests.factories import make_user
from regulars.contacts.actions import Moment, log_moment
from regulars.contacts.models import (
    Company,
    Contact,
    CustomField,
    ImportantDate,
    IntroducerTotal,
    NameWord,
    Profile,
    Referral,
    Tag,
)
from regulars.contacts.tests.factories import make_company, make_contact, make_history
from regulars.quality.importing.people import references_for
from regulars.quality.importing.planning import Seen, plan
from regulars.quality.importing.source import items
from regulars.quality.models import Import, ImportProblem
from regulars.quality.tests.factories import make_import, run_import, undo
from regulars.timeline.models import Entry

pytestmark = pytest.mark.django_db

CSV = (
    "First name,Last name,Email,Mobile,Company,Job title,Street,City,Birthday,Tags,Notes,Lifecycle stage\n"
    "Maya,Okafor,maya@lumen.example,+351912555014,Lumen Studios,Head of events,Rua A 1,Lisbon,9/2/1990,vip;coffee,Oat milk,customer\n"
    "Tomás,Reis,tomas@atelier.example,+351912555015,Atelier 9,,,,,vip,,\n"
    "Inês,Duarte,,+351912555016,Lumen Studios,,,,,,,\n"
)


def counts(imported: Import) -> tuple[int, int, int, int]:
    found = imported.counts
    return tuple(found.get(name, 0) for name in ("created", "updated", "skipped", "failed"))  # type: ignore[return-value]


def test_people_arrive_with_all_that_the_file_says() -> None:
    imported = run_import(CSV)
    assert counts(imported) == (3, 0, 0, 0)
    assert imported.counts["companies"] == 2
    maya = Contact.objects.get(given_name="Maya")
    assert (maya.display_name, maya.email, maya.phone, maya.job_title) == (
        "Maya Okafor", "maya@lumen.example", "+351912555014", "Head of events",
    )  # fmt: skip
    assert str(maya.company) == "Lumen Studios"
    assert maya.owner == imported.by
    assert [str(tag) for tag in maya.tags.all()] == ["coffee", "vip"]
    assert str(maya.addresses.get()) == "Rua A 1, Lisbon"
    birthday = maya.dates.get()
    assert (birthday.kind, birthday.day, birthday.month, birthday.year) == ("birthday", 9, 2, 1990)
    assert maya.involvements.get().entry.text == "Oat milk"
    assert maya.employments.get(is_main=True).role == "Head of events"
    assert NameWord.objects.filter(contact=maya, word="okafor").exists()
    assert AuditEvent.objects.filter(verb="imported", title="people.csv").exists()


def test_companies_are_matched_and_made_once() -> None:
    known = make_company("Lumen studios")
    run_import(CSV)
    assert Company.objects.count() == 2
    assert known.main_people.count() == 2


def test_importing_the_same_file_twice_adds_nobody() -> None:
    run_import(CSV)
    assert counts(run_import(CSV)) == (0, 0, 3, 0)
    assert counts(run_import(CSV, policy="fill")) == (0, 0, 3, 0)
    assert Contact.objects.count() == 3
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    "row",
    ["Maya Okafor,MAYA@lumen.example,,", "M. Okafor,,+351 912 555 014,", "Maya Okafor,,,Lumen Studios"],
    ids=["email", "phone", "name and company"],
)
def test_people_are_recognised(row: str) -> None:
    run_import(CSV)
    assert counts(run_import(f"Name,Email,Phone,Company\n{row}\n")) == (0, 0, 1, 0)


def test_people_are_recognised_by_their_number_in_the_other_system() -> None:
    text = "Record ID,First Name,Last Name,Email,Lifecycle Stage\n51,Ana,Silva,{},\n"
    run_import(text.format("ana@a.pt"))
    imported = run_import(text.format("ana@new.pt"), policy="fill")
    assert counts(imported) == (0, 1, 0, 0)
    assert Contact.objects.count() == 1


def test_two_people_who_share_a_phone_or_an_office_address_stay_two() -> None:
    make_contact("Ana Silva", phone="+351212555000", email="info@silva.example")
    run_import("Name,Email,Phone\nRui Silva,info@silva.example,+351212555000\n")
    assert Contact.objects.count() == 2


def test_people_that_one_may_not_know_of_are_not_recognised() -> None:
    owner = make_user(role="owner")
    make_contact("Ana Silva", email="ana@a.pt", by=owner, visibility="owner")
    stranger = make_user(role="member")
    assert counts(run_import("Name,Email\nAna Silva,ana@a.pt\n", by=stranger)) == (1, 0, 0, 0)


def test_filling_gaps_leaves_what_is_there() -> None:
    ana = make_contact("Ana Silva", email="ana@a.pt", job_title="Chef")
    imported = run_import("Name,Email,Phone,Job title,Tags\nAna S.,ana@a.pt,+351912555014,Boss,vip\n", policy="fill")
    assert counts(imported) == (0, 1, 0, 0)
    ana.refresh_from_db()
    assert (ana.display_name, ana.job_title, ana.phone) == ("Ana Silva", "Chef", "+351912555014")
    assert ana.version == 2
    assert [str(tag) for tag in ana.tags.all()] == ["vip"]


def test_people_with_a_long_history_are_filled_like_others() -> None:
    ana = make_contact("Ana Silva", email="ana@a.pt")
    make_history(ana, 1100)
    imported = run_import("Name,Email,Job title,Notes\nAna,ana@a.pt,Chef,Moment 7\n", policy="fill")
    assert counts(imported) == (0, 1, 0, 0)
    assert Entry.objects.filter(text="Moment 7").count() == 1


def test_overwriting_lets_the_file_win_and_loses_nothing() -> None:
    ana = make_contact("Ana Silva", email="ana@a.pt", phone="+351912555014", job_title="Chef")
    run_import("Name,Email,Phone,Job title\nAna Sá,ana@a.pt,+351912555099,Boss\n", policy="overwrite")
    ana.refresh_from_db()
    assert (ana.display_name, ana.sort_name, ana.job_title, ana.phone) == ("Ana Sá", "ana sa", "Boss", "+351912555099")
    assert set(ana.points.filter(kind="phone").values_list("value", "is_preferred")) == {
        ("+351912555014", False),
        ("+351912555099", True),
    }
    assert NameWord.objects.filter(contact=ana, word="sa").exists()


def test_creating_adds_known_people_again() -> None:
    run_import(CSV)
    assert counts(run_import(CSV, policy="create")) == (3, 0, 0, 0)


@pytest.mark.parametrize(
    ("policy", "expected"), [("skip", (1, 0, 1, 0)), ("fill", (1, 1, 0, 0)), ("create", (2, 0, 0, 0))]
)
def test_somebody_twice_in_one_file(policy: str, expected: tuple[int, ...]) -> None:
    imported = run_import("Name,Email,Phone\nAna Silva,ana@a.pt,\nAna Silva,ana@a.pt,+351912555014\n", policy=policy)
    assert counts(imported) == expected
    if policy == "fill":
        assert Contact.objects.get().phone == "+351912555014"


def test_bad_rows_never_stop_the_import_and_say_why() -> None:
    text = "Name,Email,Birthday\nAna,ana@a.pt,31/02/1980\nRui,rui@,1/1/1980\nEva,eva@a.pt,1/1/0001\nBia,bia@a.pt,1/1/1980\n,,\n"
    imported = run_import(text)
    assert counts(imported) == (1, 0, 0, 3)
    problems = list(ImportProblem.objects.values_list("row", "field"))
    assert problems == [(2, "Birthday"), (3, "Email"), (4, "Birthday")]
    assert ImportProblem.objects.first().cells == ["Ana", "ana@a.pt", "31/02/1980"]  # type: ignore[union-attr]


def test_a_company_list_becomes_companies() -> None:
    imported = run_import(
        "Account Name,Billing Street,Billing City,Website,Industry,Phone\nAcme,Main 1,Porto,https://www.acme.example/x,Coffee,+351212555000\n"
    )
    company = Company.objects.get()
    assert counts(imported) == (1, 0, 0, 0)
    assert (company.display_name, company.domain, company.industry) == ("Acme", "acme.example", "Coffee")
    assert company.points.get().key == "351212555000"
    assert Contact.objects.count() == 0
    assert counts(run_import("Company,Industry\nACME,Tea\n", policy="fill"))[1:3] == (0, 1)


def test_custom_fields_are_stored_in_their_kind_and_bad_ones_fail_the_row() -> None:
    CustomField.objects.create(key="visits", label="Visits", kind="number")
    imported = make_import("Name,Visits\nAna,12\nRui,often\n")
    mapping = imported.mapping
    mapping["columns"][1]["target"] = "custom:visits"
    imported.save()
    from regulars.quality.tests.factories import finish

    assert counts(finish(imported)) == (1, 0, 0, 1)
    assert Contact.objects.get().custom == {"visits": 12}
    assert ImportProblem.objects.get().field == "Visits"


def photo_card(data: bytes) -> str:
    return f"BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nPHOTO;ENCODING=b:{base64.b64encode(data).decode()}\nEND:VCARD\n"


def test_photos_arrive_small_and_what_is_no_image_is_left_out() -> None:
    out = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(out, "JPEG")
    run_import(photo_card(out.getvalue()), "ana.vcf")
    with Image.open(Contact.objects.get().profile.photo) as image:
        assert image.size == (512, 341)
    imported = run_import(photo_card(b"no image at all").replace("Ana", "Rui"), "rui.vcf")
    assert counts(imported) == (1, 0, 0, 0)
    assert imported.operation is not None
    assert any("photo" in notice for notice in imported.operation.result["notices"])


def test_the_file_is_let_go_of_when_its_rows_are_in() -> None:
    imported = make_import(CSV)
    path = imported.path
    assert path.exists()
    from regulars.quality.tests.factories import finish

    assert not finish(imported).file
    assert not path.exists()


def snapshot() -> dict[str, Any]:
    return {
        "contacts": list(
            Contact.objects.order_by("pk").values(
                "pk", "display_name", "phone", "job_title", "company", "custom", "version"
            )
        ),
        "points": Contact.objects.count()
        and list(Contact.objects.values_list("points__key", "points__is_preferred").order_by("pk", "points__pk")),
        "companies": Company.objects.count(),
        "tags": list(Tag.objects.values_list("name", flat=True)),
        "entries": Entry.objects.count(),
        "dates": ImportantDate.objects.count(),
        "words": NameWord.objects.count(),
    }


@pytest.mark.parametrize("policy", ["skip", "fill", "overwrite", "create"])
def test_an_import_is_undone_as_a_whole(policy: str) -> None:
    make_contact("Maya O. Okafor", email="maya@lumen.example", phone="+351912555999")
    before = snapshot()
    imported = run_import(CSV, policy=policy)
    assert snapshot() != before
    assert undo(imported).status == Operation.Status.UNDONE
    assert snapshot() == before
    assert not UndoStep.objects.exists()


def test_people_whom_somebody_worked_with_since_go_to_the_bin() -> None:
    imported = run_import(CSV)
    maya = Contact.objects.get(given_name="Maya")
    log_moment(Moment(text="Came by", kind="visit", contacts=[maya]), by=imported.by)
    operation = undo(imported)
    assert operation.result["binned"] == 1
    maya.refresh_from_db()
    assert maya.binned_at is not None
    assert Contact.objects.count() == 1


def test_a_batch_asks_the_database_as_often_for_20_rows_as_for_200() -> None:
    def queries(rows: int) -> int:
        text = "Name,Email,Phone,Company\n"
        text += "".join(f"Ana{n} Silva,a{n}@a.pt,+35191255{n:04d},Firm {n % 7}\n" for n in range(rows))
        imported = make_import(text, policy="fill")
        batch = list(items(imported))
        with CaptureQueriesContext(connection) as captured:
            plan(batch, imported.by, "fill", references_for(imported, imported.by), Seen())
        return len(captured)

    run_import("Name,Email\nAna1 Silva,a1@a.pt\n")
    assert queries(20) == queries(200) <= 20


def test_a_big_import_tells_the_planner_how_many_people_there_are_now() -> None:
    run_import("Name\n" + "".join(f"Person {number}\n" for number in range(1000)))
    told = {
        "sqlite": "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'contacts_contact'",
        "postgresql": "SELECT reltuples FROM pg_class WHERE relname = 'contacts_contact'",
    }
    with connection.cursor() as cursor:
        cursor.execute(told[connection.vendor])
        assert cursor.fetchone()[0] > 0


def test_who_introduced_them_is_found_by_name_or_email_also_further_down_the_file() -> None:
    user = make_user("Nora Pine", role="owner")
    tomas = make_contact("Tomás Reis", by=user, email="tomas@reis.example")
    for _twin in range(2):
        make_contact("John Smith", by=user)
    known = make_contact("Known Before", by=user, email="known@people.example")
    sheet = (
        "Name,Email,Introduced by\n"
        "Maya Okafor,maya@lumen.example,tomas reis\n"
        "Norte,norte@people.example,maya@lumen.example\n"
        "Early Bird,early@people.example,Late Riser\n"
        "Late Riser,late@people.example,\n"
        "Lost Soul,lost@people.example,John Smith\n"
        "Known Before,known@people.example,TOMAS@reis.example\n"
        "Circle,circle@people.example,Circle\n"
    )
    imported = run_import(sheet, by=user, policy="overwrite")
    found = {r.contact.display_name: r.by_contact.display_name for r in Referral.objects.with_people()}
    assert found == {
        "Maya Okafor": "Tomás Reis",
        "Norte": "Maya Okafor",
        "Early Bird": "Late Riser",
        "Known Before": "Tomás Reis",
    }
    assert IntroducerTotal.objects.get(contact=tomas).people == 2
    assert Profile.objects.get(contact__display_name="Lost Soul").source_detail == "Introduced by John Smith"
    assert imported.operation is not None
    assert any("not in the book" in notice for notice in imported.operation.result["notices"])
    undo(imported)
    assert not Referral.objects.exists()
    assert Contact.objects.filter(pk=known.pk).exists()
