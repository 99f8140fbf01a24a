"""Writing an archive while people go on working, and reading it back before saying that it is done."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from regulars.quality.archive.layout import CHUNK, MANIFEST, Manifest, Part, columns, is_kept, to_plain
from regulars.quality.archive.reading import verify

ROWS_AT_A_TIME = 2000
PACKED_ALREADY = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".pdf", ".zip", ".xlsx", ".docx", ".mp4", ".gz"}


def write(target: Path) -> Manifest:
    """Write everything into the archive `target`, verify it and return its manifest.

    All tables are read in one transaction, so they agree with each other; nobody waits for it. The file appears
    under its name, readable by its owner only, once it has been read back. Raises ArchiveError when that finds
    a fault, OSError when it can't be written.
    """
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with open(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                _fill(archive)
            file.flush()
            os.fsync(file.fileno())
        manifest = verify(unfinished)
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _fill(archive: zipfile.ZipFile) -> None:
    with snapshot():
        manifest = Manifest(
            made_at=timezone.now().isoformat(timespec="seconds"),
            database=connection.vendor,
            migrations=sorted(MigrationRecorder(connection).applied_migrations()),
        )
        for model in apps.get_models(include_auto_created=True):
            if is_kept(model):
                manifest.tables.append(_table(archive, model))
        for path in _files(Path(settings.MEDIA_ROOT)):
            if part := _file(archive, path):
                manifest.files.append(part)
    archive.writestr(MANIFEST, manifest.to_json())


@contextmanager
def snapshot() -> Iterator[None]:
    """Run the block in one reading transaction that sees a single moment and keeps nobody from writing."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        # The settings begin every transaction as a writing one, which here would stop all others.
        database: Any = connection
        usual, database.transaction_mode = database.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            database.transaction_mode = usual
    else:
        with transaction.atomic():
            if not connection.savepoint_ids:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


class _Measured:
    """Writes into a member of the archive and keeps its size and hash."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.size, self.hash = file, 0, hashlib.sha256()

    def write(self, data: bytes) -> None:
        self.file.write(data)
        self.size += len(data)
        self.hash.update(data)


def _table(archive: zipfile.ZipFile, model: type[models.Model]) -> Part:
    fields = columns(model)
    names = [field.column for field in fields]
    encode = json.JSONEncoder(default=to_plain, ensure_ascii=False, separators=(",", ":")).encode
    rows = 0
    name = f"tables/{model._meta.db_table}.jsonl"
    with archive.open(name, "w", force_zip64=True) as member:
        out = _Measured(member)
        lines: list[str] = []
        for values in _rows(model, fields):
            lines.append(encode(dict(zip(names, values, strict=True))) + "\n")
            rows += 1
            if len(lines) >= ROWS_AT_A_TIME:
                out.write("".join(lines).encode())
                lines.clear()
        out.write("".join(lines).encode())
    return Part(name, out.hash.hexdigest(), out.size, rows)


def _rows(model: type[models.Model], fields: list[models.Field[Any, Any]]) -> Iterator[tuple[Any, ...]]:
    query = model._base_manager.order_by("pk")
    if model._meta.label_lower == "django_tasks_database.dbtaskresult":
        query = query.filter(status__in=["READY", "RUNNING"])  # what is finished is no work for anybody
    attributes = [field.attname for field in fields]
    yield from query.values_list(*attributes).iterator(chunk_size=ROWS_AT_A_TIME)


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _file(archive: zipfile.ZipFile, path: Path) -> Part | None:
    name = "files/" + path.relative_to(settings.MEDIA_ROOT).as_posix()
    try:
        source = path.open("rb")
    except FileNotFoundError:  # somebody removed it just now
        return None
    info = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    info.compress_type = zipfile.ZIP_STORED if path.suffix.lower() in PACKED_ALREADY else zipfile.ZIP_DEFLATED
    with source, archive.open(info, "w", force_zip64=True) as member:
        out = _Measured(member)
        while chunk := source.read(CHUNK):
            out.write(chunk)
    return Part(name, out.hash.hexdigest(), out.size)
