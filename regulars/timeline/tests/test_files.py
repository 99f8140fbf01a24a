"""Files on moments: what is taken, what is refused with which words, and to whom they are served."""

import io
import struct
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.utils import timezone
from PIL import Image

from regulars.access.tests.factories import make_user
from regulars.timeline.files import BadFile, attach, clean_name, preview_path
from regulars.timeline.models import Attachment, Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def image(kind: str = "PNG", size: tuple[int, int] = (900, 300), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def put(name: str, content: bytes) -> Attachment:
    entry = Entry.objects.create(kind="note", occurred_at=timezone.now(), text="x")
    (made,) = attach(entry, [SimpleUploadedFile(name, content)], by=make_user())
    return made


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("sign.png", image(), "image/png"),
        ("sign.jpeg", image("JPEG"), "image/jpeg"),
        ("sign.webp", image("WEBP"), "image/webp"),
        ("offer.pdf", b"%PDF-1.7\n...", "application/pdf"),
        ("list.csv", "name;Inês".encode(), "text/csv"),
        ("note.txt", b"#! not a program but a note", "text/plain"),
        ("page.html", b"<script>alert(1)</script>", "application/octet-stream"),
        ("mark.svg", b"<svg onload='alert(1)'/>", "application/octet-stream"),
        ("mystery", b"\x00\x01\x02", "application/octet-stream"),
    ],
)
def test_what_a_file_is_its_bytes_say(name: str, content: bytes, kind: str) -> None:
    made = put(name, content)
    assert (made.name, made.content_type, made.size) == (name, kind, len(content))
    assert name.split(".")[0] not in made.file.name


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.txt", b"", "is empty"),
        ("photo.jpg", b"not an image at all", "is not an image"),
        ("photo.png", image()[:60], "is not an image"),
        ("photo.png", image("JPEG"), "is not an image"),
        ("offer.pdf", b"<html>", "is not a PDF"),
        ("setup.exe", b"MZ\x90\x00", "is a program"),
        ("run", b"\x7fELF\x02", "is a program"),
        ("photo.pdf.sh", b"#!/bin/sh\nrm", "is a program"),
    ],
)
def test_what_is_refused(name: str, content: bytes, says: str) -> None:
    with pytest.raises(BadFile, match=says):
        put(name, content)
    assert not Attachment.objects.exists()


def test_an_image_that_would_fill_the_memory_is_refused() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    chunk += struct.pack(">I", 100) + b"IDAT"
    with pytest.raises(BadFile, match="too many pixels"):
        put("bomb.png", b"\x89PNG\r\n\x1a\n" + chunk + b"\x00" * 100)


@override_settings(ATTACHMENT_MAX_BYTES=1024 * 1024)
def test_too_big_and_too_many() -> None:
    with pytest.raises(BadFile, match="bigger than 1 MB"):
        put("big.bin", b"x" * (1024 * 1024 + 1))
    entry = Entry.objects.create(kind="note", occurred_at=timezone.now(), text="x")
    files: list[Any] = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(11)]
    with pytest.raises(BadFile, match="At most 10"):
        attach(entry, files, by=make_user())


def test_all_or_none() -> None:
    entry = Entry.objects.create(kind="note", occurred_at=timezone.now(), text="x")
    files: list[Any] = [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.jpg", b"b")]
    with pytest.raises(BadFile):
        attach(entry, files, by=make_user())
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\dog.jpg", "dog.jpg"),
        ("a\u202egpj.exe", "agpj.exe"),
        ('we"ird:na?me.txt', "we_ird_na_me.txt"),
        ("  .hidden ", "hidden"),
        ("", "file"),
        ("..", "file"),
        ("Inês 😀.png", "Inês 😀.png"),
        ("x" * 400 + ".pdf", "x" * 109 + ".pdf"),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_previews_are_small_and_made_anew_without_what_the_camera_wrote() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    made = put("photo.jpg", image("JPEG", (2000, 1000), exif=exif))
    path = preview_path(made)
    assert path is not None
    with Image.open(path) as preview:
        assert (preview.format, preview.size) == ("WEBP", (640, 320))
        assert b"taken at home" not in path.read_bytes()
    assert preview_path(made) == path
    assert preview_path(put("offer.pdf", b"%PDF-1.7")) is None


def test_a_preview_of_a_file_that_is_gone_is_none() -> None:
    made = put("photo.png", image())
    made.file.delete(save=False)
    made.file.name = "attachments/nowhere.png"
    assert preview_path(made) is None
