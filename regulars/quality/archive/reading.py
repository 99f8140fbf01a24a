"""Reading an archive: is every part of it there and whole?"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from regulars.quality.archive.layout import CHUNK, MANIFEST, ArchiveError, Manifest, Part

MANIFEST_AT_MOST = 256 * 1024 * 1024  # bytes; a million files take about 150 MB
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


def verify(path: Path) -> Manifest:
    """Read the whole archive and return its manifest.

    Raises ArchiveError when it is no archive, or when the size, hash or number of rows of any part is not what the
    manifest says, and OSError when the file can't be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive)
            _same_names(archive, manifest)
            for part in [*manifest.tables, *manifest.files]:
                _check(archive, part)
    except DAMAGED as error:
        raise ArchiveError(f"The archive is damaged or cut off: {error}") from None
    return manifest


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError:
        raise ArchiveError("This is no archive of Regulars.") from None
    if info.file_size > MANIFEST_AT_MOST:
        raise ArchiveError("The archive's list of contents is too long.")
    return Manifest.from_json(archive.read(info))


def _same_names(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    there = [name for name in archive.namelist() if name != MANIFEST]
    listed = [part.name for part in [*manifest.tables, *manifest.files]]
    if sorted(there) != sorted(listed):
        raise ArchiveError("The archive's list of contents does not fit what is in it.")
    for name in listed:
        parts = PurePosixPath(name).parts
        if (
            name.startswith("/")
            or "\\" in name
            or ".." in parts
            or parts[0] not in {"tables", "files"}
            or len(parts) < 2
        ):
            raise ArchiveError(f"The archive has a part that does not belong in it: {name[:80]}")


def _check(archive: zipfile.ZipFile, part: Part) -> None:
    total, size, lines = hashlib.sha256(), 0, 0
    with archive.open(part.name) as member:
        while size <= part.size and (chunk := member.read(CHUNK)):
            total.update(chunk)
            size += len(chunk)
            lines += chunk.count(b"\n")
    if size != part.size or total.hexdigest() != part.sha256:
        raise ArchiveError(f"The archive is damaged: {part.name} is not as it was written.")
    if part.name.startswith("tables/") and lines != part.rows:
        raise ArchiveError(f"The archive is damaged: {part.name} should have {part.rows} rows and has {lines}.")


def rows(archive: zipfile.ZipFile, part: Part) -> Iterator[dict[str, Any]]:
    """Return the rows of one table, each as column name to plain value."""
    with archive.open(part.name) as member:
        for line in member:
            yield json.loads(line)
