"""The European Central Bank's history of reference rates: a CSV with a day a row and a currency a column, base EUR.

Its numbers say what one euro was worth; ours say what one unit was worth in the business's currency.
"""

import csv
import io
import zipfile
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import IO

from django.utils.translation import gettext as _

from regulars.lib.money import is_known

MOST_BYTES = 30 * 1024 * 1024
EURO = "EUR"
ONE = Decimal(1)
PLACES = Decimal("1E-10")
LARGEST = Decimal(10**9)


class NoHistory(ValueError):
    """The file holds no rates; str() says why in a sentence."""


def read_history(source: IO[bytes], home: str, wanted: Collection[str]) -> Iterator[tuple[date, str, Decimal]]:
    """Yield (day, currency, rate) for each wanted currency of each day that the file knows.

    `rate` is what one unit of the currency was worth in `home`. Days on which the bank said nothing of `home` or the
    currency are left out. Raises NoHistory for something else than such a file.
    """
    rows = csv.reader(io.StringIO(_text(source)))
    header = [cell.strip().upper() for cell in next(rows, [])]
    if not header or header[0] != "DATE" or sum(is_known(name) for name in header[1:] if name) < 2:
        raise NoHistory(_("This is not the history of the European Central Bank: a column Date, then one a currency."))
    if home != EURO and home not in header:
        raise NoHistory(_("The file doesn’t know %(currency)s, your own currency.") % {"currency": home})
    at = {name: index for index, name in enumerate(header)}
    for cells in rows:
        if cells and cells[0].strip():
            yield from _of_day(cells, at, home, wanted)


def _text(source: IO[bytes]) -> str:
    data = source.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise NoHistory(_("This file is too large to be the bank’s history."))
    if data[:4] == b"PK\x03\x04":
        data = _unpacked(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NoHistory(_("This is not a text file. The bank offers the history as CSV.")) from None


def _unpacked(data: bytes) -> bytes:
    """The CSV in the zip file that the bank offers."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = next(info for info in archive.infolist() if info.filename.lower().endswith(".csv"))
            with archive.open(inside) as stream:
                unpacked = stream.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, StopIteration, RuntimeError, NotImplementedError, EOFError, OSError):
        raise NoHistory(_("This zip file holds no CSV that can be read.")) from None
    if len(unpacked) > MOST_BYTES:
        raise NoHistory(_("This file is too large to be the bank’s history."))
    return unpacked


def _of_day(
    cells: list[str], at: dict[str, int], home: str, wanted: Collection[str]
) -> Iterator[tuple[date, str, Decimal]]:
    try:
        day = date.fromisoformat(cells[0].strip())
    except ValueError:
        raise NoHistory(_("“%(text)s” is not a day as the bank writes it.") % {"text": cells[0][:40]}) from None
    own = ONE if home == EURO else _number(cells, at[home])
    if own is None:
        return
    for currency in wanted:
        theirs = ONE if currency == EURO else _number(cells, at.get(currency, -1))
        if theirs and currency != home:
            rate = (own / theirs).quantize(PLACES)
            if 0 < rate < LARGEST:
                yield day, currency, rate


def _number(cells: list[str], index: int) -> Decimal | None:
    if not 0 <= index < len(cells):
        return None
    try:
        number = Decimal(cells[index].strip())
    except InvalidOperation:  # "N/A"
        return None
    return number if number.is_finite() and number > 0 else None
