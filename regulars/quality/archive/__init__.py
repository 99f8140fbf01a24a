"""One file that holds everything: backups, and moving to another installation or another database.

An archive is a ZIP with `manifest.json`, `tables/NAME.jsonl` (one JSON object for each row) and `files/…`, the same
from SQLite and from PostgreSQL. The manifest says which migrations the rows belong to, and the number of rows and
the SHA-256 of every table and the size and SHA-256 of every file.
"""

from regulars.quality.archive.layout import ArchiveError
from regulars.quality.archive.reading import verify
from regulars.quality.archive.restoring import restore
from regulars.quality.archive.writing import write

__all__ = ["ArchiveError", "restore", "verify", "write"]
