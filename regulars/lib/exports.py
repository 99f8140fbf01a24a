"""The formats that a list can be exported in: a registry, with CSV and XLSX in it from the start.

A list hands over a `Table`; a format turns it into pieces of a file. Upper contexts register formats that need to
know what the rows are (vCard):

    exports.register(Format("vcard", "vCard", "vcf", "text/vcard; charset=utf-8", write_vcards, hosts=("contact",)))
"""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
PIECE = 64 * 1024  # bytes
CELL_LENGTH = 32_767  # what a cell of XLSX holds


@dataclass(frozen=True)
class Table:
    """What is exported: the heads and rows of a list, as text, and the records' ids for formats that read more.

    `rows` and `ids` may be read once each and come in pieces, so that a million rows need no memory. `user` is who
    exports: a format that reads more shows nothing that they may not know of.
    """

    name: str
    host: str
    heads: Sequence[str]
    rows: Iterable[Sequence[str]]
    ids: Iterable[int] = ()
    user: Any = None


@dataclass(frozen=True)
class Format:
    """A file format. `write` yields the file in pieces; `hosts` are the lists it makes sense for (empty: all)."""

    name: str
    label: str | Promise
    extension: str
    content_type: str
    write: Callable[[Table], Iterator[bytes]] = field(compare=False)
    hosts: Sequence[str] = ()


_formats: dict[str, Format] = {}


def register(format: Format) -> None:
    """Make a format known; called in `apps.ready()`. A second one of the same name replaces the first."""
    _formats[format.name] = format


def formats_for(host: str) -> list[Format]:
    """Return the formats in which a list of `host` can be exported."""
    return [format for format in _formats.values() if not format.hosts or host in format.hosts]


def format_named(name: str, host: str) -> Format | None:
    """Return the format called `name`, or None when there is none for `host`."""
    return next((format for format in formats_for(host) if format.name == name), None)


def harmless(text: str) -> str:
    """Return `text` so that no spreadsheet runs it as a formula: an apostrophe before what could be one.

    Plain numbers and phone numbers ("-12.5", "+351 912 345 678") stay as they are.
    """
    if not text.startswith(FORMULA_STARTS):
        return text
    if text[0] in "+-" and all(c.isdigit() or c in " .,()/-" for c in text[1:]):
        return text
    return f"'{text}"


def write_csv(table: Table) -> Iterator[bytes]:
    """Write UTF-8 with BOM (spreadsheets then read accents), commas, CRLF; safe against formulas."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([harmless(str(head)) for head in table.heads])
    for row in table.rows:
        writer.writerow([harmless(cell) for cell in row])
        if buffer.tell() > PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_xlsx(table: Table) -> Iterator[bytes]:
    """Write one sheet with a frozen head; every cell is text, so nothing is run as a formula."""
    import xlsxwriter

    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(
            file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        sheet = book.add_worksheet(table.name[:31].translate(str.maketrans("[]:*?/\\", "       ")).strip() or "List")
        bold = book.add_format({"bold": True})
        for column, head in enumerate(table.heads):
            sheet.write_string(0, column, str(head), bold)
            sheet.set_column(column, column, 22)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(table.rows, 1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell[:CELL_LENGTH])
        book.close()
        file.seek(0)
        yield from _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


register(Format("csv", gettext_lazy("Spreadsheet (CSV)"), "csv", "text/csv; charset=utf-8", write_csv))
register(
    Format(
        "xlsx",
        gettext_lazy("Excel (XLSX)"),
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        write_xlsx,
    )
)
