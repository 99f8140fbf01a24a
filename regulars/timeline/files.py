"""Files on entries: what comes in, under which name, and the previews of images.

What a file is, its first bytes say; neither its name nor what the browser claims is believed. Files are stored under
random names and served only by a view that asks who is asking.
"""

import hashlib
import re
import unicodedata
import warnings
from collections.abc import Iterable
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from regulars.access.models import User
from regulars.timeline.models import Attachment, Entry

PREVIEW_SIDE = 640  # pixels
MAX_PIXELS = 60_000_000
FILES_AT_ONCE = 10

_IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa", b"\xca\xfe\xba\xbe")
_PROMISED = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "pdf": "application/pdf",
}  # fmt: skip
_ZIPPED = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
_OLE = {"doc": "application/msword", "xls": "application/vnd.ms-excel", "msg": "application/vnd.ms-outlook"}
_TEXTS = {"txt": "text/plain", "csv": "text/csv", "vcf": "text/vcard", "ics": "text/calendar"}


class BadFile(ValueError):
    """A file that is not taken; the message says why, for the person who sent it."""


def clean_name(name: str) -> str:
    """Return a file name without folders, control and direction characters, at most 120 characters long."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    name = re.sub(r'[<>:"|?*%#]+', "_", " ".join(name.split())).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{(stem or 'file')[:109]}.{ending}"
    return name[:120] or "file"


def content_type_of(file: "File[Any]", name: str) -> str:
    """Return what the bytes of `file` are. Raises BadFile for programs and for what isn't what its name promises."""
    file.seek(0)
    start = file.read(4096)
    file.seek(0)
    ending = name.rpartition(".")[2].lower()
    if start.startswith(_PROGRAMS) and not start.startswith(b"MZ ") and ending not in _TEXTS:
        raise BadFile(_("%(name)s is a program. Programs are not taken.") % {"name": name})
    found = _by_magic(start, ending)
    promised = _PROMISED.get(ending)
    if promised and promised != found:
        what = _("an image") if promised.startswith("image/") else _("a PDF")
        raise BadFile(_("%(name)s is not %(what)s.") % {"name": name, "what": what})
    if found.startswith("image/"):
        check_image(file, name)
    return found


def _by_magic(start: bytes, ending: str) -> str:
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "image/webp"
    for magic, kind in _MAGIC:
        if start.startswith(magic):
            inside = {"application/zip": _ZIPPED, "application/x-ole-storage": _OLE}.get(kind, {})
            return inside.get(ending, kind)
    if ending in _TEXTS and b"\x00" not in start:
        return _TEXTS[ending]
    return "application/octet-stream"


def check_image(file: "File[Any]", name: str) -> None:
    """Raise BadFile when `file` is no whole image, or one that would fill the memory when it is opened."""
    from PIL import Image  # where an image is, not in every process: it takes 5 MB

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=list(_IMAGES)) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise BadFile(_("%(name)s has too many pixels.") % {"name": name})
                image.verify()
    except BadFile:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise BadFile(_("%(name)s has too many pixels.") % {"name": name}) from None
    except Exception:  # Pillow raises whatever its decoders raise
        raise BadFile(_("%(name)s is not an image.") % {"name": name}) from None
    finally:
        file.seek(0)


@transaction.atomic
def attach(entry: Entry, files: "list[File[Any]]", *, by: User) -> list[Attachment]:
    """Put files on an entry, all or none, and return them.

    Raises BadFile for one that is empty, too big or not what it claims, and for too many at once. Writes to the
    storage; files of a transaction that fails later stay there unused.
    """
    if len(files) > FILES_AT_ONCE:
        raise BadFile(_("At most %(count)d files at once.") % {"count": FILES_AT_ONCE})
    checked = [(file, *_check(file)) for file in files]
    made = []
    for file, name, kind in checked:
        ending = re.sub(r"[^a-z0-9]", "", name.lower().partition(".")[2].rpartition(".")[2])[:10]
        row = Attachment(
            entry=entry, name=name, content_type=kind, size=file.size, sha256=_digest(file), uploaded_by=by
        )
        row.file.save(f"{uuid4().hex}.{ending}" if ending else uuid4().hex, file, save=False)
        row.save()
        made.append(row)
    return made


def _check(file: "File[Any]") -> tuple[str, str]:
    name = clean_name(file.name or "")
    if not file.size:
        raise BadFile(_("%(name)s is empty.") % {"name": name})
    if file.size > settings.ATTACHMENT_MAX_BYTES:
        limit = settings.ATTACHMENT_MAX_BYTES // 1024 // 1024
        raise BadFile(_("%(name)s is bigger than %(limit)d MB.") % {"name": name, "limit": limit})
    return name, content_type_of(file, name)


def _digest(file: "File[Any]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def delete_files(files: "Iterable[Attachment]") -> int:
    """Delete files for good and return how many; they and their previews leave the disk after commit."""
    rows = list(files)
    for row in rows:
        for name in (str(row.file.name), _preview_name(row)):
            transaction.on_commit(partial(default_storage.delete, name))
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _preview_name(attachment: Attachment) -> str:
    return f"previews/{attachment.pk}-{attachment.sha256[:16]}.webp"


def preview_path(attachment: Attachment) -> Path | None:
    """Return the preview of an image, made anew from its pixels once and kept; None when there can't be one."""
    if not attachment.is_image:
        return None
    name = _preview_name(attachment)
    if not default_storage.exists(name):
        content = _make_preview(attachment)
        if content is None:
            return None
        default_storage.save(name, ContentFile(content))
    return Path(default_storage.path(name))


def _make_preview(attachment: Attachment) -> bytes | None:
    from PIL import Image, ImageOps

    try:
        with attachment.file.open("rb") as file:
            check_image(file, attachment.name)
            with Image.open(file, formats=list(_IMAGES)) as image:
                image.draft("RGB", (PREVIEW_SIDE, PREVIEW_SIDE))
                upright = ImageOps.exif_transpose(image)
                upright.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
                out = BytesIO()
                upright.convert("RGBA" if "A" in upright.getbands() else "RGB").save(out, "WEBP", quality=80)
                return out.getvalue()
    except (BadFile, OSError, ValueError, SyntaxError):
        return None
