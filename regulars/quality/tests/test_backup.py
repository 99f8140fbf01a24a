"""A backup is whole or it is not said to be done; a restore gives all of it back, or changes nothing."""

import hashlib
import json
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from regulars.access.models import AuditEvent, User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Contact
from regulars.contacts.tests.factories import make_company, make_contact, make_entry
from regulars.contacts.tests.rows import make_row
from regulars.lib import pending
from regulars.orders.models import Connection
from regulars.quality import archive
from regulars.quality.archive import writing
from regulars.quality.archive.layout import is_kept
from regulars.quality.archive.restoring import finish_pending
from regulars.quality.management.commands.backup import Command as Backup
from regulars.quality.management.commands.restore import Command as Restore
from regulars.timeline import words

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "what-the-shop-signs-with"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MEDIA_ROOT.mkdir()
    return tmp_path / "files"


@pytest.fixture
def business() -> User:
    """A small business with a row in every table about it, and two files."""
    owner = make_user("Nora Pine", role="owner")
    maya = make_contact("Maya Okafor", email="maya@example.com", phone="+351912345678", owner=owner)
    make_entry(maya, make_company("Okafor Studio", owner=owner), text="Ordered the Huila roast, ürgent 🙂")
    Connection.make("shopify", "Shop", by=owner, secret=SECRET)
    problems = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in ("orders", "insights") and not model._base_manager.exists():
            try:
                with transaction.atomic():
                    make_row(model, owner)
            except IntegrityError as problem:
                problems.append(f"{model._meta.label_lower}: {problem}")
    assert not problems, "say in VALUES of contacts/tests/rows.py what these need"
    default_storage.save("photos/maya.jpg", ContentFile(b"\xff\xd8 a picture"))
    default_storage.save("attachments/2026/11/offer.txt", ContentFile(b"An offer"))
    return owner


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row that a backup holds, by table; the audit lines of backup and restore themselves aside."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if is_kept(model):
            rows = model._base_manager.order_by("pk")
            if model is AuditEvent:
                rows = rows.exclude(kind="backup")
            found[model._meta.db_table] = [tuple(map(repr, row)) for row in rows.values_list()]
    return found


def test_what_is_restored_is_what_was_backed_up(business: User, tmp_path: Path, media: Path) -> None:
    before = everything()
    manifest = archive.write(tmp_path / "backup.zip")
    assert manifest.rows == sum(len(rows) for rows in before.values())
    empty = [table for table, rows in before.items() if not rows and table.startswith(("orders_", "insights_"))]
    assert empty == []
    with zipfile.ZipFile(tmp_path / "backup.zip") as written:
        assert not any(SECRET.encode() in written.read(name) for name in written.namelist())
    assert (tmp_path / "backup.zip").stat().st_mode & 0o077 == 0
    make_contact("Added Later")
    Contact.objects.filter(display_name="Maya Okafor").update(display_name="Spoiled")
    default_storage.save("photos/later.jpg", ContentFile(b"later"))
    (media / "photos" / "maya.jpg").write_bytes(b"spoiled")

    archive.restore(tmp_path / "backup.zip", replace=True)

    assert everything() == before
    assert (media / "photos" / "maya.jpg").read_bytes() == b"\xff\xd8 a picture"
    assert not (media / "photos" / "later.jpg").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name not in {"backup.zip", "files"}] == []
    assert AuditEvent.objects.filter(verb="restored", kind="backup").exists()


def test_after_a_restore_people_go_on_working(business: User, tmp_path: Path) -> None:
    archive.write(tmp_path / "backup.zip")
    archive.restore(tmp_path / "backup.zip", replace=True)
    newcomer = make_contact("Quite New")
    assert newcomer.pk > Contact.objects.get(display_name="Maya Okafor").pk
    entry = make_entry(newcomer, text="Liked the tasting")
    assert words.newest_ids("tasting") == [entry.pk]
    assert len(words.newest_ids("huila")) == 1
    connection.check_constraints()


def test_nobody_waits_for_a_backup_and_it_shows_one_moment(
    business: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = writing._table
    went_on: list[str] = []

    def one_works() -> None:
        make_entry(make_contact("In Between", by=business), by=business)
        went_on.append("yes")
        connection.close()

    def and_meanwhile(*args: Any) -> Any:
        part = usual(*args)
        if not went_on:
            thread = threading.Thread(target=one_works)
            thread.start()
            thread.join(10)
        return part

    monkeypatch.setattr(writing, "_table", and_meanwhile)
    archive.write(tmp_path / "backup.zip")
    assert went_on == ["yes"]
    with zipfile.ZipFile(tmp_path / "backup.zip") as made:
        for name in made.namelist():
            assert b"In Between" not in made.read(name)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _flip(path: Path) -> None:
    with zipfile.ZipFile(path) as made:
        info = made.getinfo("files/photos/maya.jpg")
    data = bytearray(path.read_bytes())
    at = data.index(b"a picture", info.header_offset)
    data[at] ^= 1
    path.write_bytes(data)


def _rewrite(change: Callable[[dict[str, bytes], dict[str, Any]], None]) -> Callable[[Path], None]:
    """Make the archive anew with some parts changed, and hashes that fit."""

    def apply(path: Path) -> None:
        with zipfile.ZipFile(path) as made:
            parts = {name: made.read(name) for name in made.namelist()}
        manifest = json.loads(parts.pop("manifest.json"))
        change(parts, manifest)
        for part in manifest["tables"] + manifest["files"]:
            if (data := parts.get(part["name"])) is not None and not part.pop("keep", False):
                part |= {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
                part["rows"] = data.count(b"\n") if part["name"].startswith("tables/") else 0
        with zipfile.ZipFile(path, "w") as made:
            for name, data in parts.items():
                made.writestr(name, data)
            made.writestr("manifest.json", json.dumps(manifest))

    return apply


def _climb(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    parts["files/../../escaped"] = b"x"
    manifest["files"].append({"name": "files/../../escaped", "sha256": "", "size": 1})


def _lose(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    del parts["tables/contacts_contact.jsonl"]


def _swap(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    parts["files/photos/maya.jpg"] = b"something else"
    for part in manifest["files"]:
        part["keep"] = True


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "an empty file": (lambda path: path.write_bytes(b""), "damaged"),
    "no archive": (lambda path: path.write_bytes(b"Dear diary" * 100), "damaged"),
    "another zip": (lambda path: zipfile.ZipFile(path, "w").writestr("a", "b"), "damaged|no archive"),
    "cut off": (_cut, "damaged"),
    "one bit": (_flip, "damaged"),
    "a part lost": (_rewrite(_lose), "does not fit"),
    "a part exchanged": (_rewrite(_swap), "not as it was written"),
    "a path out of the folder": (_rewrite(_climb), "does not belong"),
    "of the future": (_rewrite(lambda parts, manifest: manifest.update(version=2)), "newer"),
    "a migration of the future": (
        _rewrite(lambda parts, manifest: manifest["migrations"].append(["contacts", "9999_later"])),
        "newer",
    ),
    "a list of contents that is none": (_rewrite(lambda parts, manifest: manifest.pop("made_at")), "damaged"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_archive_is_refused_before_anything_is_touched(business: User, tmp_path: Path, fault: str) -> None:
    path = tmp_path / "backup.zip"
    archive.write(path)
    spoil, says = FAULTS[fault]
    spoil(path)
    before = everything()
    with pytest.raises(archive.ArchiveError, match=says):
        archive.restore(path, replace=True)
    assert everything() == before
    assert default_storage.open("photos/maya.jpg").read() == b"\xff\xd8 a picture"


def _orphan(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    name = "tables/contacts_contactpoint.jsonl"
    first, _, rest = parts[name].partition(b"\n")
    row = json.loads(first)
    row["contact_id"] = 424242
    parts[name] = json.dumps(row).encode() + b"\n" + rest


def _nonsense(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    name = "tables/contacts_contact.jsonl"
    row = json.loads(parts[name].partition(b"\n")[0])
    row["created_at"] = "the day before yesterday"
    parts[name] = json.dumps(row).encode() + b"\n"


@pytest.mark.parametrize(("change", "says"), [(_orphan, "refused|FOREIGN|foreign"), (_nonsense, "can't be read")])
def test_rows_that_the_database_refuses_leave_everything_as_it_was(
    business: User, tmp_path: Path, media: Path, change: Any, says: str
) -> None:
    path = tmp_path / "backup.zip"
    archive.write(path)
    _rewrite(change)(path)
    before = everything()
    with pytest.raises(archive.ArchiveError, match=says):
        archive.restore(path, replace=True)
    assert everything() == before
    assert (media / "photos" / "maya.jpg").exists()
    assert not list(Path(settings.DATA_DIR).glob("files.restoring*"))
    assert not list(Path(settings.DATA_DIR).glob("*.restoring*"))


def test_a_business_is_not_replaced_unasked(business: User, tmp_path: Path) -> None:
    archive.write(tmp_path / "backup.zip")
    with pytest.raises(archive.ArchiveError, match="--replace"):
        archive.restore(tmp_path / "backup.zip", replace=False)


def test_nothing_is_restored_while_regulars_is_served(business: User, tmp_path: Path) -> None:
    archive.write(tmp_path / "backup.zip")
    with pending.hold(Path(settings.DATA_DIR)), pytest.raises(archive.ArchiveError, match="Stop it first"):
        archive.restore(tmp_path / "backup.zip", replace=True)


def test_a_full_disk_is_noticed_first(business: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.write(tmp_path / "backup.zip")
    usage = type("Usage", (), {"free": 10})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    with pytest.raises(archive.ArchiveError, match="The disk has 0 MB left"):
        archive.restore(tmp_path / "backup.zip", replace=True)


def test_a_backup_that_fails_leaves_no_file(business: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> None:
        raise archive.ArchiveError("damaged on the way")

    monkeypatch.setattr(writing, "verify", fail)
    with pytest.raises(archive.ArchiveError):
        archive.write(tmp_path / "backup.zip")
    assert not [path for path in tmp_path.iterdir() if path.name != "files"]


@pytest.mark.postgresql
@pytest.mark.parametrize("committed", [True, False])
def test_a_kill_around_the_commit_is_made_good_by_the_next_start(
    business: User, tmp_path: Path, media: Path, committed: bool
) -> None:
    from regulars.access.models import ScheduledRun
    from regulars.quality.archive.restoring import RESTORED

    new = tmp_path / "new-files"
    new.mkdir()
    (new / "restored.txt").write_text("new")
    pending.decide(Path(settings.DATA_DIR), pending.Plan(str(new), str(media), token="t0"))
    if committed:
        ScheduledRun.objects.create(name=RESTORED + "t0", last_run_at="2026-11-21T00:00Z")
    assert finish_pending() is committed
    assert (media / "restored.txt").exists() is committed
    assert (media / "photos").exists() is not committed
    assert finish_pending() is False


def test_the_commands_tell_what_they_did(business: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Backup().run_from_argv(["bin/regulars", "backup", str(tmp_path), "--json"])
    made = json.loads(capsys.readouterr().out)
    assert made["files"] == 2
    assert Path(made["file"]).name.startswith("regulars-2")
    Restore().run_from_argv(["bin/regulars", "restore", made["file"], "--replace"])
    assert "Everybody signs in again" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "arguments", "code", "says"),
    [
        (Backup, ["missing/folder/backup.zip"], 1, "can't be written: No such file or directory"),
        (Backup, ["files/there"], 2, "exists already"),
        (Restore, ["nothing.zip"], 1, "No such file or directory"),
    ],
)
def test_what_the_commands_cant_do_is_one_line(
    business: User,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: Any,
    arguments: list[str],
    code: int,
    says: str,
) -> None:
    (tmp_path / "files" / "there").touch()
    with pytest.raises(SystemExit) as left:
        command().run_from_argv(["bin/regulars", "x", str(tmp_path / arguments[0])])
    assert left.value.code == code
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert says in lines[0]
