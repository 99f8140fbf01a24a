"""What an archive looks like: its manifest, its tables and how a value is written in them."""

import base64
import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.duration import duration_iso_string

FORMAT = "regulars-archive"
VERSION = 1
MANIFEST = "manifest.json"
CHUNK = 1024 * 1024  # bytes read at a time

# Made anew by every installation, or of no use in another one. Sessions are left out so that a restore signs
# everybody out; the secret key is no part of the database and so never in an archive.
LEFT_OUT = {
    "access.scheduledrun",
    "auth.group",
    "auth.group_permissions",
    "auth.permission",
    "contenttypes.contenttype",
    "sessions.session",
    "usersessions.usersession",
}


class ArchiveError(Exception):
    """The archive can't be written, read or restored; the message is one sentence for the person who asked."""


@dataclass(frozen=True)
class Part:
    """One member of the archive: its name, SHA-256, size in bytes and, for a table, its number of rows."""

    name: str
    sha256: str
    size: int
    rows: int = 0


@dataclass
class Manifest:
    """What stands in the archive, so that it can be checked before anything is touched."""

    made_at: str
    database: str
    migrations: list[tuple[str, str]]
    tables: list[Part] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)

    def to_json(self) -> str:
        """Return the text of `manifest.json`."""
        return json.dumps({"format": FORMAT, "version": VERSION, **asdict(self)}, indent=1, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """Read `manifest.json`. Raises ArchiveError when it is none or from a newer version."""
        try:
            found = json.loads(text)
            known = found.pop("format") == FORMAT
            version = found.pop("version")
        except (ValueError, KeyError, TypeError, AttributeError):
            known, version, found = False, 0, {}
        if not known:
            raise ArchiveError("This is no archive of Regulars.")
        if version != VERSION:
            raise ArchiveError("This archive was made by a newer Regulars. Update this one first.")
        try:
            tables, files = ([Part(**part) for part in found.pop(name)] for name in ("tables", "files"))
            migrations = [(str(app), str(name)) for app, name in found.pop("migrations")]
            return cls(migrations=migrations, tables=tables, files=files, **found)
        except (TypeError, ValueError, KeyError):
            raise ArchiveError("The archive's list of contents is damaged.") from None

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(part.rows for part in self.tables)


def to_plain(value: Any) -> Any:
    """Return what stands for `value` in JSON: for `json.dumps(default=…)`, so JSON's own types never get here."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    raise TypeError(f"no way to write {type(value).__name__} into an archive")


def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Return the fields of `model` that are columns of its table and not computed by the database."""
    return [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]


def is_kept(model: type[models.Model]) -> bool:
    """Whether the rows of `model` belong into an archive."""
    return model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT
