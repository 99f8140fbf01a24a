"""What the capture box understands of a line of text.

| written | understood |
|---|---|
| `Came for beans` | a note |
| `called about…`, `visit: …`, `she emailed…` | the kind |
| `? how is the leg` at the start of a line or inside it | something to ask next time |
| `@ines` | a colleague, who is told |
| `#wholesale` | a tag |
| `yesterday`, `last Friday at 3pm`, `on 28 October` | when it happened: see `capture.dates` |
| `Maya Okafor` | whom it concerns: see `capture.people` |
| `! send the quote by friday`, … | what upper contexts understand: see `capture.signs` |

Pure functions: text in, spans out. Each finding has a key that stays the same while somebody goes on typing, so that
one that was taken away stays away.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import zip_longest

from django.utils.translation import gettext as _

from regulars.contacts.capture.dates import find_date
from regulars.contacts.capture.signs import Found as Found
from regulars.contacts.capture.signs import Hearing, Sign, find_signs
from regulars.lib.text import fold

TEXT_LIMIT = 20_000
OPENERS_LIMIT, TAGS_LIMIT = 10, 10

_OPENER = re.compile(r"(?:^|(?<=\s))\?[ \t]*(?=[\w“\"'’])")
_MENTION = re.compile(r"(?<![\w@.])@(?P<name>[^\W\d_][\w’'-]*)")
_TAG = re.compile(r"(?<![\w&#/])#(?P<name>(?=[\w-]*[^\W\d_])\w[\w-]{0,59})")
_LEAD = re.compile(
    r"^\s*(?:(?:i|we|she|he|they|ich|wir|sie|er|ela|ele)\s+)?(?P<word>stopped by|came by|came in|dropped in|dropped by"
    r"|walked in|job done|asked for|asks for|asks if|asked if|kam vorbei|war da|fragt nach|fragte nach|fragt ob"
    r"|passou por|e-mail|[^\W\d_]+)(?P<colon>\s*:)?(?=\W|$)",
    re.IGNORECASE,
)
_KIND_WORDS = {
    "call": "call called phoned rang phone anruf angerufen telefonat telefoniert ligou liguei telefonou chamada",
    "visit": "visit visited besuch besucht visita visitou|stopped by|came by|came in|dropped in|dropped by|walked in"
    "|kam vorbei|war da|passou por",
    "meeting": "meeting met treffen getroffen reunião",
    "email": "email emailed mailed e-mail mail gemailt",
    "message": "message messaged texted whatsapp whatsapped sms nachricht mensagem",
    "job": "job auftrag trabalho|job done",
    "request": "request requested anfrage pedido pediu|asked for|asks for|asked if|asks if"
    "|fragt nach|fragte nach|fragt ob",
    "thought": "thought idea gedanke idee ideia",
    "note": "note notiz nota",
}
_KIND_OF = {
    word: kind
    for kind, said in _KIND_WORDS.items()
    for part, *more in [said.split("|")]
    for word in [*part.split(), *more]
}
# Nouns that begin a sentence as often as they name a kind count only with a colon.
_NEEDS_COLON = {
    *("phone", "job", "idea", "thought", "note", "message", "sms", "whatsapp", "email", "meeting", "request", "mail"),
    *("besuch", "treffen", "e-mail", "nachricht", "auftrag", "anfrage", "gedanke", "idee", "notiz"),
    *("visita", "chamada", "mensagem", "trabalho", "pedido", "nota", "ideia", "reunião"),
}


@dataclass(frozen=True)
class Reading:
    """A line as understood. `text` is what is kept of it; `found` what was understood, in reading order.

    `signs` are those of it that upper contexts understood.
    """

    text: str
    kind: str = ""
    occurred_at: datetime | None = None
    openers: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    mentions: list[int] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    signs: list[Found] = field(default_factory=list)


def read(
    text: str,
    now: datetime,
    colleagues: Iterable[tuple[int, str]] = (),
    *,
    ignored: Collection[str] = (),
    languages: Collection[str] = (),
    day_first: bool = True,
    signs: Iterable[Sign] = (),
    answers: dict[str, str] | None = None,
    zone: tzinfo | None = None,
) -> Reading:
    """Return what `text` says. `now` is aware, in the zone of the business; `colleagues` are id and name.

    `ignored` are keys of findings that somebody took away: those stay plain text. `languages` are those whose words
    for days are understood beside English. `signs` are those of upper contexts, `answers` what they were answered,
    `zone` the zone of the business.
    """
    text, colleagues = text[:TEXT_LIMIT], list(colleagues)
    found = [*_mentions(text, colleagues), *_tags(text)]
    found = [item for item in found if item.key not in ignored]
    signs = list(signs)
    hearing = Hearing(now, colleagues, languages, day_first, found, ignored, answers or {}, zone)
    signed = find_signs(text, hearing, signs)
    cut = {sign.name for sign in signs if not sign.keeps_text}
    taken = [item for item in signed if item.what in cut]
    found = [item for item in found if not any(sign.start <= item.start < sign.end for sign in taken)]
    untaken = _blank(text, taken)
    openers = [item for item in _openers(untaken, found) if item.key not in ignored][:OPENERS_LIMIT]
    plain = _blank(untaken, [*openers, *found])
    kind = next((item for item in _kind(plain) if item.key not in ignored), None)
    date = _date(plain, now, languages, day_first, vague=kind is not None)
    if date is not None and date.key in ignored:
        date = None
    found += [*openers, *signed, *([kind] if kind else []), *([date] if date else [])]
    found.sort(key=lambda item: item.start)
    questions = [item.value for item in openers]
    return Reading(
        text=_keep(text, found, plain, cut) or (_("To ask: %s") % " ".join(questions) if questions else ""),
        kind=kind.value if kind else "",
        occurred_at=date.value if date else None,
        openers=questions,
        tags=list(dict.fromkeys(item.value for item in found if item.what == "tag"))[:TAGS_LIMIT],
        mentions=list(dict.fromkeys(item.value for item in found if item.what == "mention")),
        found=found,
        signs=signed,
    )


def _openers(text: str, found: list[Found]) -> Iterator[Found]:
    """A "?" before words, up to the end of the line, the next one, or the tags and colleagues at its end."""
    ends_at = {item.end: item.start for item in found}
    starts = list(_OPENER.finditer(text))
    for match, following in zip_longest(starts, starts[1:]):
        line_end = text.find("\n", match.end())
        ends = [len(text) if line_end < 0 else line_end]
        if following:
            ends.append(following.start())
        end = _trimmed(text, match.end(), min(ends))
        while end in ends_at:
            end = _trimmed(text, match.end(), ends_at[end])
        said = " ".join(text[match.end() : end].split())
        if said:
            yield Found("opener", match.start(), end, said, as_question(said))


def _trimmed(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())


def as_question(text: str) -> str:
    """The text as a question: a capital at its start, a question mark at its end."""
    text = text[:1].upper() + text[1:].rstrip(" .,;")
    return (text if text.endswith(("?", "!", "…")) else f"{text}?")[:500]


def _mentions(text: str, colleagues: list[tuple[int, str]]) -> Iterator[Found]:
    """An "@" before a colleague's whole name, or a first name that only one of them has."""
    for match in _MENTION.finditer(text):
        longer = fold(text[match.start("name") : match.end() + 60])
        whole = [(pk, name) for pk, name in colleagues if re.match(rf"{re.escape(fold(name))}(?!\w)", longer)]
        first = [(pk, name) for pk, name in colleagues if fold(name).split()[:1] == [fold(match["name"])]]
        chosen = max(whole, key=lambda item: len(item[1])) if whole else first[0] if len(first) == 1 else None
        if chosen:
            end = match.start("name") + len(chosen[1]) if whole else match.end()
            yield Found("mention", match.start(), min(end, len(text)), chosen[1], chosen[0])


def _tags(text: str) -> Iterator[Found]:
    for match in _TAG.finditer(text):
        name = match["name"].rstrip("-")
        yield Found("tag", match.start(), match.start("name") + len(name), name, name)


def _kind(text: str) -> Iterator[Found]:
    match = _LEAD.match(text)
    word = match["word"].lower() if match else ""
    kind = _KIND_OF.get(word) or _KIND_OF.get(word.split(" ")[0], "") if word else ""
    if match and kind and (match["colon"] or word not in _NEEDS_COLON or " " in word):
        yield Found("kind", match.start("word"), match.end(), kind, kind)


def _date(text: str, now: datetime, languages: Collection[str], day_first: bool, *, vague: bool) -> Found | None:
    date = find_date(text, now, languages, day_first=day_first, vague_anywhere=vague)
    return Found("date", date.start, date.end, text[date.start : date.end], date.moment) if date else None


def _blank(text: str, found: Iterable[Found]) -> str:
    """The text with findings replaced by spaces of the same length, so that positions stay."""
    for item in found:
        text = text[: item.start] + " " * (item.end - item.start) + text[item.end :]
    return text


def _keep(text: str, found: list[Found], plain: str, cut: Collection[str]) -> str:
    """What is kept as the text: without questions and signs to `cut`, dates and tags at its edges, "visit:"."""
    cuts = [item for item in found if item.what == "opener" or item.what in cut or _is_label(item, text)]
    cuts += [item for item in found if item.what in ("date", "tag") and _at_edge(item, found, plain)]
    for item in sorted(set(cuts), key=lambda item: -item.start):
        text = text[: item.start] + text[item.end :]
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    kept = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(" \t\n,;:–—")
    return kept[:1].upper() + kept[1:] if cuts else kept


def _is_label(item: Found, text: str) -> bool:
    return item.what == "kind" and text[item.start : item.end].rstrip().endswith(":")


def _at_edge(item: Found, found: list[Found], plain: str) -> bool:
    """Whether nothing but other findings stands before it, or behind it."""
    date = [other for other in found if other.what == "date"]
    bare = _blank(plain, [item, *date])
    return not re.search(r"\w", bare[: item.start]) or not re.search(r"\w", bare[item.end :])
