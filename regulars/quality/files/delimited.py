"""Reading CSV and its relatives, one row at a time, whatever is wrong with some of them."""

import csv
import io
import itertools
import re
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from regulars.quality.files.known import header_row, recognise
from regulars.quality.files.problems import FileProblem, shorten
from regulars.quality.files.rows import MAX_COLUMNS, MAX_ROW_CHARS, Row, unique_headers
from regulars.quality.files.text import is_readable, open_text

DELIMITERS = ",;\t|"
PREVIEW_ROWS = 30
# A doubled quote inside a quoted cell; not an empty cell, and not a quote after an escaped one.
_DOUBLED = {quote: re.compile(rf"(?<![\\,;\t|\n]){quote}{quote}(?![,;\t|\r\n])") for quote in "'\""}


class TooLong(Exception):
    """A record has grown past MAX_ROW_CHARS."""


class Dialect(csv.Dialect):
    """How one file separates and quotes."""

    lineterminator = "\n"
    quoting = csv.QUOTE_MINIMAL
    strict = False

    def __init__(self, delimiter: str = ",", quotechar: str = '"', escapechar: str | None = None) -> None:
        self.delimiter, self.quotechar, self.escapechar = delimiter, quotechar, escapechar
        self.doublequote = escapechar is None
        super().__init__()


class Lines:
    """Feeds lines to the csv module, remembers those of the current record, and can take some back.

    A broken quote makes the csv module swallow what follows it. With the lines at hand the first one is set aside
    as a bad row and the others are read again.
    """

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self.stream = stream
        self.record: list[str] = []
        self.size = 0
        self.again: deque[str] = deque()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.again:
            line = self.again.popleft()
        else:
            line = self.stream.readline(MAX_ROW_CHARS)
            if not line:
                raise StopIteration
            if len(line) == MAX_ROW_CHARS and not line.endswith(("\n", "\r")):
                self._skip_rest_of_line()
                self.record.append(line)
                raise TooLong
        self.record.append(line)
        self.size += len(line)
        if self.size > MAX_ROW_CHARS:
            raise TooLong
        return line

    def begin(self) -> None:
        """Forget the record read before."""
        self.record, self.size = [], 0

    def take_back_all_but_first(self) -> str:
        """Put the record's lines back, to be read again, except the first, which is returned."""
        first, *rest = self.record
        self.again.extendleft(reversed(rest))
        return first

    def _skip_rest_of_line(self) -> None:
        while (line := self.stream.readline(MAX_ROW_CHARS)) and not line.endswith(("\n", "\r")):
            pass


def records(stream: io.TextIOWrapper, dialect: Dialect, width: int | None = None) -> Iterator[tuple[list[str], str]]:
    """Yield (cells, problem) for each record; blank lines come as no cells.

    `width` is the number of columns expected; a record over several lines that has another number, or an odd
    number of quotes, had a quote that was never closed.
    """
    csv.field_size_limit(2 * MAX_ROW_CHARS)
    lines = Lines(stream)
    reader = csv.reader(lines, dialect)
    while True:
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except TooLong:
            if len(lines.record) == 1:
                yield [lines.record[0][:200]], _("This row is longer than 1 MB, so it was left out.")
                continue
            yield _broken(lines), _("A quote in this row is never closed.")
            continue
        except csv.Error as error:
            yield (
                [shorten("".join(lines.record), 200)],
                _("This row can't be read: %(reason)s.") % {"reason": error},
            )
            continue
        if len(lines.record) > 1 and _swallowed(lines.record, cells, dialect, width):
            yield _broken(lines), _("A quote in this row is never closed.")
        else:
            yield cells, ""


def _swallowed(record: list[str], cells: list[str], dialect: Dialect, width: int | None) -> bool:
    if width is not None and len(cells) != width:
        return True
    quote = dialect.quotechar or '"'
    if sum(line.count(quote) for line in record) % 2 == 1:
        return True
    return width is not None and not _is_well_quoted(record, dialect) and _holds_a_row(record[1:], dialect, width)


def _is_well_quoted(record: list[str], dialect: Dialect) -> bool:
    """Whether each quoted cell ends where a delimiter or the row's end follows."""
    strict = Dialect(dialect.delimiter, dialect.quotechar or '"', dialect.escapechar)
    strict.strict = True
    try:
        next(csv.reader(record, strict))
    except (csv.Error, StopIteration):
        return False
    return True


def _holds_a_row(lines: list[str], dialect: Dialect, width: int) -> bool:
    return any(len(next(csv.reader([line], dialect), [])) == width for line in lines)


def _broken(lines: Lines) -> list[str]:
    return [lines.take_back_all_but_first().rstrip("\r\n")[:2000]]


def sniff(sample: str) -> Dialect:
    """Return the dialect in which `sample`, the beginning of a file, makes the most even table."""
    quote = "'" if '"' not in sample and sample.lstrip().startswith("'") and sample.count("'") > 3 else '"'
    escape = "\\" if f"\\{quote}" in sample and not _DOUBLED[quote].search(sample) else None
    best, best_score = Dialect(",", quote, escape), 0.0
    for delimiter in DELIMITERS:
        dialect = Dialect(delimiter, quote, escape)
        score = _evenness(sample, dialect)
        if score > best_score:
            best, best_score = dialect, score
    return best


def _evenness(sample: str, dialect: Dialect) -> float:
    """How many columns the typical row has, weighted by how many rows have that many."""
    csv.field_size_limit(2 * MAX_ROW_CHARS)
    try:
        widths = [len(cells) for cells in itertools.islice(csv.reader(io.StringIO(sample), dialect), 100) if cells]
    except csv.Error:
        return 0.0
    if not widths:
        return 0.0
    typical = max(set(widths), key=lambda width: (widths.count(width), width))
    return (typical - 1) * widths.count(typical) / len(widths)


class DelimitedTable:
    """A CSV file as a table. Reads the beginning at once, the rows when asked, in constant memory.

    Raises FileProblem when the file is empty, binary, or has more than MAX_COLUMNS columns.
    """

    def __init__(
        self, path: Path, dialect: Dialect | None = None, known: Callable[[list[str]], object | None] = recognise
    ) -> None:
        self.path = path
        with open_text(path) as stream:
            sample = stream.read(64 * 1024)
        self._declared = _declared_delimiter(sample)
        self.dialect = dialect or (Dialect(self._declared) if self._declared else sniff(_whole_lines(sample)))
        with open_text(path) as stream:
            beginning = list(itertools.islice(records(stream, self.dialect), PREVIEW_ROWS))
        first = [cells for cells, _problem in beginning]
        if not any(any(cells) and not problem for cells, problem in beginning):
            raise FileProblem(next((problem for _cells, problem in beginning if problem), _("This file has no rows.")))
        self.preamble, cells = header_row(first, known)
        self.has_header = self.preamble >= 0
        _check_width(max(len(row) for row in first))
        self.headers = unique_headers(cells)

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header, those that can't be read with their problem; blank ones are left out."""
        width, skip = len(self.headers), self.preamble + 1
        with open_text(self.path) as stream:
            for number, (cells, problem) in enumerate(records(stream, self.dialect, width), start=1):
                if number <= skip or not (any(cells) or problem):
                    continue
                if len(cells) == width and not problem and is_readable("".join(cells)):
                    yield Row(number, cells)
                else:
                    yield _mend(number, cells, problem, width)


def _mend(number: int, cells: list[str], problem: str, width: int) -> Row:
    """Fill up a short row, drop empty cells at the end of a long one, or say what is wrong."""
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    if not problem and len(cells) > width:
        problem = _("This row has %(found)s columns, the header has %(expected)s.") % {
            "found": len(cells), "expected": width,
        }  # fmt: skip
    if not problem and not is_readable("".join(cells)):
        problem = _("This row holds characters that can't be read; it may be in another encoding.")
    if problem:
        cells = [cell.encode("utf-8", "replace").decode().replace("\0", "") for cell in cells[:width]]
    return Row(number, cells + [""] * (width - len(cells)), problem)


def _check_width(width: int) -> None:
    if width > MAX_COLUMNS:
        raise FileProblem(
            _("This file has %(found)s columns; at most %(limit)s can be read. Remove those you don't need.")
            % {"found": f"{width:,}", "limit": MAX_COLUMNS}
        )


def _declared_delimiter(sample: str) -> str:
    """Excel reads "sep=;" in the first line as the delimiter, so some programs write it."""
    first = sample.split("\n", 1)[0].strip().lstrip("\ufeff")
    return first[4] if len(first) == 5 and first.casefold().startswith("sep=") else ""


def _whole_lines(sample: str) -> str:
    end = sample.rfind("\n")
    return sample[: end + 1] if end > 0 else sample
