"""`bin/regulars import` and `export`: the figures they print, and files that come back as they went."""

# ruff: noqa: E501 (files as long as they come)

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from PIL import Image, ImageChops

from regulars.access.models import AuditEvent
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Company, Contact, ContactPoint
from regulars.contacts.tests.factories import make_contact, make_history
from regulars.quality.models import Import
from regulars.quality.tests.factories import run_import

pytestmark = pytest.mark.django_db

CSV = "Name,Email,Birthday\nAna Silva,ana@a.pt,1/2/1980\nRui Costa,rui@a.pt,31/2/1980\nMaya Okafor,maya@l.pt,\n"


@pytest.fixture(autouse=True)
def owner(db: None) -> Any:
    return make_user("Nora Pine", role="owner", email="nora@harbor.example")


def command(name: str, *arguments: object) -> Any:
    out = io.StringIO()
    call_command(name, *map(str, arguments), "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(CSV)
    return path


def test_import_prints_what_came_of_it(people: Path) -> None:
    make_contact("Maya Okafor", email="maya@l.pt")
    answer = command("import", "contacts", people)
    assert isinstance(answer.pop("seconds"), float)
    assert answer == {
        "import_id": Import.objects.get().pk,
        "rows": 3,
        "created": 1,
        "updated": 0,
        "skipped": 1,
        "failed": 1,
        "errors": [{"row": 3, "field": "Birthday", "message": "“31/2/1980” is not a day in the calendar."}],
    }


def test_a_dry_run_counts_and_writes_nothing(people: Path) -> None:
    answer = command("import", "contacts", people, "--dry-run")
    assert (answer["import_id"], answer["created"], answer["failed"], len(answer["errors"])) == (None, 2, 1, 1)
    assert not Contact.objects.exists()
    assert not Import.objects.exists()


def test_known_people_can_be_filled_overwritten_or_created(people: Path) -> None:
    make_contact("Ana Silva", email="ana@a.pt")
    assert command("import", "contacts", people, "--on-duplicate", "fill")["updated"] == 1
    assert command("import", "contacts", people, "--on-duplicate", "create")["created"] == 2


def test_a_tag_and_a_column_can_be_given(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Who,Where to write\nAna Silva,ana@a.pt\n")
    answer = command("import", "contacts", path, "--map", "Who=display", "--tag", "fair")
    assert answer["created"] == 1
    ana = Contact.objects.get()
    assert (ana.display_name, ana.email, str(ana.tags.get())) == ("Ana Silva", "ana@a.pt", "fair")


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "empty"), (bytes(range(256)) * 9, "not a text file"), (None, "can't be read")]
)
def test_a_file_that_can_not_be_used_is_one_line(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "x.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        call_command("import", "contacts", path)


def test_who_may_not_import_or_export_can_not_by_command_either(people: Path, tmp_path: Path) -> None:
    desk = make_user(role="front_desk")
    with pytest.raises(CommandError, match="may not import"):
        call_command("import", "contacts", people, "--by", desk.email)
    with pytest.raises(CommandError, match="may not export"):
        call_command("export", "contacts", tmp_path / "out.csv", "--by", desk.email)
    with pytest.raises(CommandError, match="No colleague"):
        call_command("import", "contacts", people, "--by", "nobody@x.example")


FULL = (
    "Full name,First name,Last name,Company,Job title,Birthday,Email,Phone,Street,City,Postcode,Country,Tags,Notes\n"
    "Maya Okafor,Maya,Okafor,Lumen Studios,Head of events,1990-02-09,maya@lumen.example,+351912555014,Rua A 1,Lisbon,"
    '1000-001,Portugal,"vip; coffee",Oat milk\n'
    "=SUM(A1),,,,,,x@y.example,+351912555015,,,,,,\n"
)


def picture() -> dict[str, Any]:
    maya = Contact.objects.get(display_name="Maya Okafor")
    return {
        "names": [maya.display_name, maya.given_name, maya.family_name, maya.job_title, str(maya.company)],
        "points": sorted(maya.points.values_list("kind", "value", "label", "is_preferred")),
        "addresses": [str(address) for address in maya.addresses.all()],
        "dates": list(maya.dates.values_list("kind", "label", "year", "month", "day")),
        "tags": [str(tag) for tag in maya.tags.all()],
        "notes": [involvement.entry.text for involvement in maya.involvements.all()],
        "handles": list(maya.points.filter(kind="handle").values_list("label", "value")),
    }


def forget_everybody() -> None:
    for imported in Import.objects.all():
        imported.delete()
    Contact.objects.all().delete()
    Company.objects.all().delete()


@pytest.mark.parametrize("ending", ["csv", "xlsx", "vcf"])
def test_what_is_exported_comes_back_the_same(tmp_path: Path, ending: str) -> None:
    run_import(FULL)
    before = picture()
    path = tmp_path / f"out.{ending}"
    assert command("export", "contacts", path)["rows"] == 2
    assert AuditEvent.objects.filter(verb="exported", kind="contact", title=path.name).exists()
    forget_everybody()
    answer = command("import", "contacts", path)
    assert (answer["created"], answer["failed"]) == (2, 0)
    assert picture() == before
    assert Contact.objects.filter(email="x@y.example").exists()


def test_csv_runs_no_formula_and_xlsx_holds_text(tmp_path: Path) -> None:
    run_import(FULL)
    command("export", "contacts", tmp_path / "out.csv")
    assert "'=SUM(A1)" in (tmp_path / "out.csv").read_text("utf-8-sig")
    command("export", "contacts", tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


CARD = "\r\n".join(
    [
        "BEGIN:VCARD", "VERSION:3.0", "N:Okafor;Maya;Ada;;", "FN:Maya Okafor", "NICKNAME:May", "ORG:Lumen Studios", "TITLE:Head",
        "TEL;TYPE=CELL;TYPE=pref:+351912555014", "TEL;TYPE=HOME,FAX:+351212555015", "item1.TEL:+351212555016",
        "item1.X-ABLabel:Atelier", "EMAIL;TYPE=WORK:maya@lumen.example", "ADR;TYPE=HOME:;;Rua A 1\\nLoja B;Lisbon;;1000-001;Portugal",
        "URL:https://lumen.example", "X-SOCIALPROFILE;type=instagram;x-user=maya:https://x", "BDAY:--0209",
        "item2.X-ABDATE:2011-05-06", "item2.X-ABLabel:_$!<Anniversary>!$_", "item3.X-ABDATE:2020-10-11",
        "item3.X-ABLabel:Opened the shop", "CATEGORIES:vip,coffee", "NOTE:Likes tea\\, not coffee;\\nnever milk 🐕", "PHOTO;ENCODING=b:{photo}",
        "END:VCARD", "",
    ]
)  # fmt: skip


def photo_of_maya() -> Image.Image:
    maya = Contact.objects.get(display_name="Maya Okafor")
    with Image.open(maya.profile.photo) as image:
        return image.convert("RGB")


def test_a_card_exported_and_imported_again_is_the_same_person_photo_included(tmp_path: Path) -> None:
    import base64

    out = io.BytesIO()
    Image.linear_gradient("L").resize((700, 500)).convert("RGB").save(out, "JPEG", quality=95)
    run_import(CARD.replace("{photo}", base64.b64encode(out.getvalue()).decode()), "maya.vcf")
    before, photo = picture(), photo_of_maya()
    assert before["notes"] == ["Likes tea, not coffee;\nnever milk 🐕"]
    assert before["dates"] == [
        ("birthday", "", None, 2, 9),
        ("anniversary", "", 2011, 5, 6),
        ("other", "Opened the shop", 2020, 10, 11),
    ]
    path = tmp_path / "maya.vcf"
    command("export", "contacts", path)
    raw = path.read_bytes()
    assert b"VERSION:4.0\r\n" in raw
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert command("import", "contacts", path, "--on-duplicate", "fill")["created"] == 0
    forget_everybody()
    command("import", "contacts", path)
    assert picture() == before
    again = photo_of_maya()
    assert again.size == photo.size == (512, 366)
    worst = max(high for _low, high in ImageChops.difference(again, photo).getextrema())
    assert worst < 24  # of 255: compressed twice, still the same picture


def test_companies_are_exported_too(tmp_path: Path) -> None:
    run_import("Company,Industry,Phone,City\nAcme,Coffee,+351212555000,Porto\n")
    for ending in ("csv", "xlsx", "vcf"):
        path = tmp_path / f"firms.{ending}"
        assert command("export", "companies", path)["rows"] == 1
        forget_everybody()
        assert command("import", "contacts", path)["created"] == 1
        assert Company.objects.get().display_name == "Acme"
        assert ContactPoint.objects.get(company__isnull=False).key == "351212555000"


def test_export_leaves_out_whom_one_may_not_know_of(tmp_path: Path) -> None:
    make_contact("Secret Person", by=make_user(role="owner"), visibility="owner")
    member = make_user(role="member")
    for ending in ("csv", "vcf"):
        assert command("export", "contacts", tmp_path / f"out.{ending}", "--by", member.email)["rows"] == 0
        assert "Secret" not in (tmp_path / f"out.{ending}").read_text("utf-8-sig")


def test_a_file_name_that_says_no_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"\.csv, \.xlsx or \.vcf"):
        call_command("export", "contacts", tmp_path / "out.doc")


@pytest.mark.django_db(transaction=True)
def test_everything_goes_into_one_archive_that_can_be_read_back(tmp_path: Path) -> None:
    from regulars.quality import archive

    run_import(FULL)
    path = tmp_path / "all.zip"
    assert command("export", "everything", path)["rows"] > 10
    assert archive.verify(path).rows > 10
    member = make_user(role="member")
    with pytest.raises(CommandError, match="only an owner"):
        call_command("export", "everything", tmp_path / "b.zip", "--by", member.email)


@pytest.mark.parametrize("name", ["people.csv", "people.xlsx", "people.vcf"])
def test_people_with_a_long_history_go_out_like_others(tmp_path: Path, name: str) -> None:
    make_history(make_contact("Ana Silva"), 1100)
    assert command("export", "contacts", tmp_path / name)["rows"] == 1
    assert b"Moment 7" not in (tmp_path / name).read_bytes()


@pytest.mark.parametrize("content", ['{"people": []}', '[{"name": "Ana"}]', "<html><table></table></html>"])
def test_what_is_no_table_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(content)
    with pytest.raises(CommandError, match="not a table"):
        command("import", "contacts", path)
    assert not Contact.objects.exists()
