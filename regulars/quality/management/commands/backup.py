"""`bin/regulars backup`."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from regulars.access.models.audit import audit
from regulars.lib.commands import BadUse, Failure, ProductCommand
from regulars.quality import archive


class Command(ProductCommand):
    help = "Write everything into one file, while people work, and read it back before saying that it is done."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the archive to write; a folder gets one named by date and time")

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        began = time.monotonic()
        target = Path(options["file"]).expanduser().absolute()
        if target.is_dir():
            target /= f"regulars-{timezone.now():%Y-%m-%d-%H%M%S}.zip"
        if target.exists():
            raise BadUse(f"{target} exists already.")
        try:
            manifest = archive.write(target)
        except archive.ArchiveError as error:
            raise Failure(str(error)) from error
        except OSError as error:
            raise Failure(f"{target} can't be written: {error.strerror or error}") from error
        audit("backed up", by=None, kind="backup", title=target.name)
        return {
            "file": str(target),
            "rows": manifest.rows,
            "tables": len(manifest.tables),
            "files": len(manifest.files),
            "bytes": target.stat().st_size,
            "seconds": round(time.monotonic() - began, 1),
        }

    def tell(self, answer: dict[str, Any]) -> Iterable[str]:
        size = answer["bytes"] / 1024**2
        yield (
            f"{answer['file']}: {answer['rows']:,} rows and {answer['files']:,} files in {size:,.1f} MB, "
            f"read back and whole ({answer['seconds']} s)."
        )
