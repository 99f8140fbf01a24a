"""Any file of people: what it is, and its drafts."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from regulars.quality.files.build import Builder, Built, Habits
from regulars.quality.files.card_drafts import draft_of_card
from regulars.quality.files.cards import read_cards
from regulars.quality.files.delimited import DelimitedTable
from regulars.quality.files.mapping import Mapping
from regulars.quality.files.problems import FileProblem, in_words
from regulars.quality.files.text import SAMPLE_BYTES, encoding_of

CSV, XLSX, VCARD = "csv", "xlsx", "vcard"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of_file(path: Path, max_bytes: int) -> str:
    """Return what the file at `path` is, by its content: "csv", "xlsx" or "vcard".

    Raises FileProblem when it is empty, too big, or nothing that people are kept in.
    """
    size = path.stat().st_size
    if size > max_bytes:
        raise FileProblem(
            _("This file has %(size)s; at most %(limit)s can be imported at once. Split it, or raise the limit.")
            % {"size": in_words(size), "limit": in_words(max_bytes)}
        )
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE_BYTES)
    if sample.startswith(b"PK\x03\x04"):
        if b"[Content_Types].xml" not in sample and b"xl/" not in sample:
            raise FileProblem(_("This is a zip file. Unpack it and bring the CSV, XLSX or vCard file inside."))
        return XLSX
    if sample.startswith(_OLD_OFFICE):
        raise FileProblem(_("This is an old or password-protected Excel file. Save it as .xlsx or CSV and try again."))
    if sample.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"\x1f\x8b", b"\x7fELF", b"MZ\x90")):
        raise FileProblem(_("This is not a list of people. CSV, XLSX and vCard files can be imported."))
    encoding = encoding_of(sample)
    text = sample.decode(encoding, "replace").lstrip("\ufeff \r\n\t")
    if text.startswith(("{", "[{", "[[", "<")):
        raise FileProblem(
            _("This is JSON, XML or a web page, not a table. Save it as CSV or XLSX in the program it comes from.")
        )
    return VCARD if text[:11].upper() == "BEGIN:VCARD" else CSV


def drafts_of_table(table: DelimitedTable, mapping: Mapping, habits: Habits) -> Iterator[Built]:
    """Yield a draft for each row of a table."""
    builder = Builder(table.headers, mapping, habits)
    return (builder.build(row) for row in table.rows())


def drafts_of_cards(path: Path, habits: Habits) -> Iterator[Built]:
    """Yield a draft for each card of a vCard file."""
    return (draft_of_card(card, habits) for card in read_cards(path))
