"""`bin/regulars restore`."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from regulars.lib.commands import Failure, ProductCommand
from regulars.quality import archive


class Command(ProductCommand):
    help = "Put a backup in the place of what is here, all of it or nothing."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the archive to restore")
        parser.add_argument("--replace", action="store_true", help="even when there is a business here already")

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        began = time.monotonic()
        source = Path(options["file"]).expanduser().absolute()
        try:
            manifest = archive.restore(source, replace=options["replace"])
        except archive.ArchiveError as error:
            raise Failure(str(error)) from error
        except OSError as error:
            raise Failure(f"{error.filename or source}: {error.strerror or error}") from error
        return {
            "made_at": manifest.made_at,
            "rows": manifest.rows,
            "files": len(manifest.files),
            "seconds": round(time.monotonic() - began, 1),
        }

    def tell(self, answer: dict[str, Any]) -> Iterable[str]:
        yield (
            f"Restored the backup of {answer['made_at']}: {answer['rows']:,} rows and {answer['files']:,} files "
            f"({answer['seconds']} s). Everybody signs in again."
        )
