"""Reading XLSX workbooks: checked before they are opened, then turned into rows of text."""

import csv
import datetime
import itertools
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from regulars.quality.files.problems import FileProblem
from regulars.quality.files.rows import MAX_COLUMNS

MAX_RATIO = 200
RATIO_FROM = 10 * 1024 * 1024
MAX_UNPACKED = 1024 * 1024 * 1024
MAX_CELLS = 30_000_000
CHUNK = 1024 * 1024
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")


def check_workbook(path: Path) -> None:
    """Refuse a workbook that is none, is damaged, or grows out of proportion when unpacked.

    Every part that matters is unpacked once, counted and thrown away, since the sizes that a zip file declares can
    lie. Raises FileProblem.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive)
            if any(info.flag_bits & 1 for info in archive.infolist()):
                raise FileProblem(_("This workbook is protected by a password; save it without and try again."))
            for info in archive.infolist():
                if info.filename.startswith("xl/") and not info.filename.startswith("xl/media/"):
                    _check_part(archive, info)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        if isinstance(error, FileProblem):
            raise
        raise FileProblem(_("This workbook is damaged and can't be opened.")) from error


def _check_sizes(archive: zipfile.ZipFile) -> None:
    total = sum(info.file_size for info in archive.infolist())
    swollen = any(
        i.file_size > RATIO_FROM and i.file_size > MAX_RATIO * max(i.compress_size, 1) for i in archive.infolist()
    )
    if total > MAX_UNPACKED or swollen:
        raise FileProblem(_("This workbook grows out of proportion when unpacked, so it was not opened."))
    if len(archive.infolist()) > 10_000:
        raise FileProblem(_("This workbook has too many parts to be a list of people."))


def _check_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Unpack one part, which verifies its length and checksum; in a sheet, see how far its cells reach."""
    is_sheet = info.filename.startswith("xl/worksheets/")
    letters: set[bytes] = set()
    last_row, tail = 0, b""
    with archive.open(info) as part:
        while chunk := part.read(CHUNK):
            if is_sheet:
                found = _REFERENCE.findall(tail + chunk)
                letters.update(column for column, _row in found)
                last_row = max(last_row, max((int(row) for _column, row in found), default=0))
                tail = chunk[-24:]
    last_column = max((_column_number(column) for column in letters), default=0)
    if last_column > MAX_COLUMNS:
        raise FileProblem(
            _("This sheet has %(found)s columns; at most %(limit)s can be read. Remove those you don't need.")
            % {"found": f"{last_column:,}", "limit": MAX_COLUMNS}
        )
    if last_row * last_column > MAX_CELLS:
        raise FileProblem(_("This sheet reaches too far (%(rows)s rows); split it.") % {"rows": f"{last_row:,}"})


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def workbook_rows(path: Path) -> Iterator[list[str]]:
    """Yield the rows of the first visible sheet that has any, as text. Raises FileProblem."""
    check_workbook(path)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            for meta in workbook.sheets_metadata:
                if "Visible" not in str(meta.visible) or "WorkSheet" not in str(meta.typ):
                    continue
                rows = iter(workbook.get_sheet_by_name(meta.name).to_python(skip_empty_area=False))
                first = list(itertools.islice(rows, 1))
                if first:
                    yield from ([as_text(cell) for cell in row] for row in itertools.chain(first, rows))
                    return
    except (CalamineError, OSError, ValueError) as error:
        raise FileProblem(_("This workbook is damaged and can't be opened.")) from error
    raise FileProblem(_("This workbook has no rows."))


def as_text(cell: Any) -> str:
    """Return a cell as a person would type it: whole numbers without ".0", dates as 1980-03-22."""
    match cell:
        case str():
            return cell
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime.datetime() if cell.time() == datetime.time():
            return cell.date().isoformat()
        case datetime.datetime():
            return cell.isoformat(" ", "seconds")
        case None:
            return ""
    return str(cell)


def workbook_to_csv(path: Path, target: Path) -> None:
    """Write the rows of the workbook at `path` as CSV to `target`, so that all that follows reads one format.

    Raises FileProblem; `target` is then not left behind.
    """
    try:
        with target.open("w", encoding="utf-8", newline="", errors="replace") as out:
            writer = csv.writer(out)
            for row in workbook_rows(path):
                writer.writerow([cell.replace("\0", "") for cell in row] if any(row) else [])
    except FileProblem:
        target.unlink(missing_ok=True)
        raise
