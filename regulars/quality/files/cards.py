"""vCards 2.1, 3.0 and 4.0 as properties: lenient about everything that programs get wrong.

One reader for all versions, since real files mix their rules: soft line breaks of quoted-printable, base64 that ends
at an empty line, doubled carriage returns, bare types of 2.1 in 3.0 cards.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from regulars.quality.files.problems import in_words, shorten
from regulars.quality.files.text import open_text

MAX_CARD_CHARS = 20_000_000
MAX_LINE = 1_000_000
_ENCODINGS = {"quoted-printable", "base64", "b", "8bit", "7bit"}
_PARAMETER = re.compile(r';([^=;:"]+)(?:=("[^"]*"(?:,"[^"]*")*|[^;:"]*))?')
_BASE64_LINE = re.compile(r"^[A-Za-z0-9+/=]{4,}$")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CARET = {"^n": "\n", "^'": '"', "^^": "^"}


@dataclass(slots=True)
class Property:
    """One line of a card, unfolded: its name in upper case, group, parameters in lower case, and raw value."""

    name: str
    value: str
    group: str = ""
    params: dict[str, list[str]] = field(default_factory=dict)

    @property
    def types(self) -> list[str]:
        """The TYPE parameter, whichever way it is written."""
        return [kind.casefold() for kind in self.params.get("type", [])]

    def param(self, name: str) -> str:
        """The first value of a parameter, or ""."""
        return next(iter(self.params.get(name, [])), "")

    @property
    def encoding(self) -> str:
        """The encoding of the value in lower case, or ""."""
        return self.param("encoding").casefold()

    def text(self) -> str:
        """The value as plain text."""
        return unescape(self._decoded(self.value)).strip()

    def parts(self, separator: str = ";") -> list[str]:
        """The value's components ("Doe;John;…" → ["Doe", "John", …]), each as plain text."""
        return [unescape(self._decoded(part)).strip() for part in _split(self.value, separator)]

    def binary(self) -> bytes | None:
        """The value's bytes when it is base64, bare or as a data: URI; None otherwise."""
        value = self.value
        if value[:5].casefold() == "data:":
            value = value.partition(",")[2]
        elif self.encoding not in {"b", "base64"}:
            return None
        try:
            return base64.b64decode("".join(value.split())) or None
        except (binascii.Error, ValueError):
            return None

    def _decoded(self, value: str) -> str:
        if self.encoding != "quoted-printable":
            return value
        charset = self.param("charset") or "utf-8"
        raw = quopri.decodestring(value.encode("utf-8"))
        for attempt in (charset, "utf-8"):
            try:
                return raw.decode(attempt)
            except (LookupError, UnicodeDecodeError):
                continue
        return raw.decode("cp1252", "replace")


@dataclass(slots=True)
class Card:
    """One card: the number of it in the file, its properties, and what is wrong with it."""

    number: int
    properties: list[Property] = field(default_factory=list)
    problem: str = ""

    def all(self, *names: str) -> list[Property]:
        """The properties with one of these names, in their order, empty ones left out."""
        return [p for p in self.properties if p.name in names and p.value.strip()]

    def first(self, *names: str) -> Property | None:
        """The first property with one of these names."""
        return next(iter(self.all(*names)), None)

    @property
    def name(self) -> str:
        """Something to call the card by in a message."""
        found = self.first("FN", "N", "ORG", "EMAIL")
        return shorten(found.text().replace(";", " ")) if found else ""


def unescape(value: str) -> str:
    r"""Resolve backslashes: "\n" is a line break, "\," a comma."""
    if "\\" not in value:
        return value.replace("\r\n", "\n")
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).replace("\r\n", "\n")


def _split(value: str, separator: str) -> list[str]:
    """Split at separators that no backslash precedes."""
    if "\\" not in value:
        return value.split(separator)
    return re.split(rf"(?<!\\)(?:\\\\)*{re.escape(separator)}", value)


def read_cards(path: Path) -> Iterator[Card]:
    """Yield the cards of a file; one that is cut off or too big comes with its problem. Raises FileProblem."""
    number = 0
    card: Card | None = None
    nested = 0
    with open_text(path) as stream:
        for line in _unfolded(stream):
            name = line.strip().upper() if len(line) < 40 else ""
            if name == "BEGIN:VCARD":
                if card is not None and _is_agent(card):
                    nested += 1
                    continue
                if card is not None:
                    yield _cut_off(card)
                number, nested = number + 1, 0
                card = Card(number)
            elif card is None:
                continue
            elif name == "END:VCARD":
                if nested:
                    nested -= 1
                    continue
                yield card
                card = None
            elif not nested and not card.problem:
                _add_line(card, line)
    if card is not None:
        yield _cut_off(card)


def _is_agent(card: Card) -> bool:
    return bool(card.properties) and card.properties[-1].name == "AGENT" and not card.properties[-1].value.strip()


def _cut_off(card: Card) -> Card:
    card.problem = _("The file ends or breaks off in the middle of this card (%(name)s).") % {"name": card.name or "?"}
    return card


def _add_line(card: Card, line: str) -> None:
    if len(line) > MAX_CARD_CHARS:
        card.problem = _("This card is bigger than %(limit)s.") % {"limit": in_words(MAX_CARD_CHARS)}
        return
    found = parse_line(line)
    if found:
        card.properties.append(found)


def _unfolded(stream: Iterator[str]) -> Iterator[str]:
    """Yield logical lines: folded ones, soft breaks and bare base64 joined."""
    parts: list[str] = []
    size, soft, encoded = 0, False, False
    for raw in stream:
        line = raw.rstrip("\r\n")
        if not line.strip():
            soft = False
            continue
        if parts and soft:
            parts[-1] = parts[-1].rstrip()[:-1]
            parts.append(line)
            soft = line.rstrip().endswith("=")
        elif parts and line[0] in " \t":
            parts.append(line.strip() if encoded else line[1:])
            soft = _is_soft(parts[0], line)
        elif parts and encoded and _BASE64_LINE.match(line):
            parts.append(line)
        else:
            if parts:
                yield "".join(parts)
            parts, size = [line], 0
            encoded = _says_base64(line)
            soft = _is_soft(line, line)
        size += len(line)
        if size > MAX_CARD_CHARS:
            parts = ["".join(parts)[: MAX_CARD_CHARS + 1]]
    if parts:
        yield "".join(parts)


def _is_soft(first: str, line: str) -> bool:
    return line.endswith("=") and "QUOTED-PRINTABLE" in first[:200].upper().partition(":")[0]


def _says_base64(line: str) -> bool:
    head = line[:300].partition(":")[0].upper()
    return "BASE64" in head or "ENCODING=B" in head or ":DATA:" in line[:300].upper()


def parse_line(line: str) -> Property | None:
    """Return the property that a logical line holds, or None for one without a colon."""
    head_end = re.match(r'[^;:"]+', line)
    if head_end is None:
        return None
    group, _dot, name = head_end[0].rpartition(".")
    params: dict[str, list[str]] = {}
    at = head_end.end()
    while found := _PARAMETER.match(line, at):
        _add_parameter(params, found[1].strip().casefold(), found[2])
        at = found.end()
    if at >= len(line) or line[at] != ":":
        at = line.find(":", at)
        if at < 0:
            return None
    return Property(name.strip().upper(), line[at + 1 :], group.casefold(), params)


def _add_parameter(params: dict[str, list[str]], name: str, value: str | None) -> None:
    if value is None:  # 2.1 writes the value alone: ";WORK;QUOTED-PRINTABLE"
        value, name = name, "encoding" if name in _ENCODINGS else "type"
    plain = re.sub(r"\^[n'^]", lambda found: _CARET[found[0]], value.replace('"', ""))
    values = plain.split(",") if name == "type" else [plain]
    params.setdefault(name, []).extend(part.strip() for part in values)
