"""Bytes to text, whatever wrote them: UTF-8 and UTF-16 with or without BOM, Windows-1252, and mixtures."""

import codecs
import io
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from regulars.quality.files.problems import FileProblem

SAMPLE_BYTES = 256 * 1024
MIXED = "regulars_mixed"
CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1b\x1a"))


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are no UTF-8 as Windows-1252; the five it lacks become lone surrogates, found later."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(
        bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(0xDC00 + byte)
        for byte in wrong
    ), error.end


codecs.register_error(MIXED, _as_windows_1252)


def is_readable(text: str) -> bool:
    """Whether `text` is free of NULs and of bytes that no encoding explained."""
    if "\0" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def encoding_of(sample: bytes) -> str:
    """Return the encoding of a file that begins with `sample`. Raises FileProblem for an empty or binary one."""
    if not sample.removeprefix(codecs.BOM_UTF8).strip(b"\xff\xfe\0 \t\r\n"):
        raise FileProblem(_("This file is empty."))
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    evens, odds = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if half >= 2 and max(evens, odds) > half * 0.4:
        if min(evens, odds) > half * 0.1:
            raise FileProblem(_("This is not a text file: it holds binary data."))
        return "utf-16-le" if odds > evens else "utf-16-be"
    if len(sample.translate(None, CONTROL)) < len(sample) * 0.95:
        raise FileProblem(_("This is not a text file: it holds binary data."))
    return "cp1252" if _more_windows_than_utf8(sample) else "utf-8"


def _more_windows_than_utf8(sample: bytes) -> bool:
    if len(sample) == SAMPLE_BYTES:
        sample = sample[: sample.rfind(b"\n") + 1] or sample  # do not judge a character that the sample cut in two
    read = sample.decode("utf-8", errors="replace")
    wrong = read.count("�")
    if not wrong:
        return False
    right = sum(1 for char in read if ord(char) > 127) - wrong
    return wrong > right


def open_text(path: Path) -> io.TextIOWrapper:
    """Open `path` for reading lines with their endings kept. Raises FileProblem for an empty or binary file."""
    stream = path.open("rb")
    try:
        return decode_stream(stream)
    except BaseException:
        stream.close()
        raise


def decode_stream(stream: BinaryIO) -> io.TextIOWrapper:
    """Wrap a binary stream at its beginning as text, after a look at its first bytes."""
    encoding = encoding_of(stream.read(SAMPLE_BYTES))
    stream.seek(0)
    errors = "replace" if encoding.startswith("utf-16") else MIXED
    return io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")
