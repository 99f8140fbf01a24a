"""Search: contexts register what they can find, faces show what all of them found.

A context registers a source in `apps.ready()`; `search(user, text)` asks each of them. A source makes a fixed number of
queries and starts from what the user may know of, so that hidden things neither show nor count.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from regulars.lib.text import digits, fold, words

LONGEST = 200  # characters of a question that are read


@dataclass(frozen=True)
class Hit:
    """One thing found. `kind` names its group, `id` is unique in it, `detail` tells two alike apart.

    `icon` is a Lucide name; `subject` is what an avatar is drawn from, for people and companies.
    """

    kind: str
    id: int
    title: str
    detail: str
    url: str
    icon: str = "search"
    subject: Any = field(default=None, compare=False)

    def as_json(self) -> dict[str, Any]:
        """What `bin/regulars search --json` prints."""
        return {"kind": self.kind, "id": self.id, "title": self.title, "detail": self.detail, "url": self.url}


@dataclass(frozen=True)
class Query:
    """What somebody typed, taken apart once for all sources."""

    text: str

    @cached_property
    def folded(self) -> str:
        """The text in lower case without accents."""
        return fold(self.text)

    @cached_property
    def parts(self) -> list[str]:
        """The folded words, each once; the last may be unfinished."""
        return words(self.text)

    @cached_property
    def digits(self) -> str:
        """Its decimal digits."""
        return digits(self.text)

    @property
    def is_number(self) -> bool:
        """Whether it is made of digits and what people write between them."""
        return bool(self.digits) and not set(self.text) - set("0123456789 +-/().")


Find = Callable[[Any, Query, int], list[Hit]]


@dataclass(frozen=True)
class Kind:
    """A sort of things that can be found: its group's heading, its icon, and its place in the order of groups."""

    name: str
    label: str | Promise
    icon: str
    order: int = 50


@dataclass(frozen=True)
class SearchSource:
    """One way to find things. `find(user, query, limit)` returns at most `limit` hits of each of its kinds."""

    name: str
    find: Find
    order: int = 50


_kinds: dict[str, Kind] = {}
_sources: dict[str, SearchSource] = {}
_recents: list[Callable[[Any, int], list[Hit]]] = []


def register(source: SearchSource, *kinds: Kind) -> None:
    """Make a source known with the kinds of hits it gives; called in `apps.ready()`."""
    _sources[source.name] = source
    _kinds.update({kind.name: kind for kind in kinds})


def register_recent(find: Callable[[Any, int], list[Hit]]) -> None:
    """Make known who gives the hits that are offered before anything is typed."""
    if find not in _recents:
        _recents.append(find)


def all_kinds() -> list[Kind]:
    """Return every kind that can be found, in the order of the groups."""
    return sorted(_kinds.values(), key=lambda kind: kind.order)


@dataclass(frozen=True)
class Group:
    """The hits of one kind. `has_more` says that there were more than asked for."""

    kind: Kind
    hits: Sequence[Hit]
    has_more: bool = False


def search(user: Any, text: str, limit: int = 6, only: str = "") -> list[Group]:
    """Return what `user` may see that `text` finds, at most `limit` of each kind, empty groups left out.

    `only` keeps one kind.
    """
    query = Query(" ".join(text[:LONGEST].replace("\x00", " ").split()))
    if not query.text:
        return []
    found: list[Hit] = []
    for source in sorted(_sources.values(), key=lambda source: source.order):
        found += source.find(user, query, limit + 1)
    return _grouped([hit for hit in found if not only or hit.kind == only], limit)


def recent(user: Any, limit: int = 6) -> list[Group]:
    """Return what `user` probably wants before typing anything: whom the business dealt with last, their own first."""
    return _grouped([hit for find in _recents for hit in find(user, limit)], limit)


def _grouped(hits: Iterable[Hit], limit: int) -> list[Group]:
    groups: dict[str, dict[int, Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.kind, {}).setdefault(hit.id, hit)
    return [
        Group(kind, list(groups[kind.name].values())[:limit], len(groups[kind.name]) > limit)
        for kind in all_kinds()
        if kind.name in groups
    ]


def mark(title: str, parts: Sequence[str]) -> SafeString:
    """Return `title` with the beginnings of its words that `parts` (folded) match in `<mark>`, everything escaped."""
    if not parts:
        return conditional_escape(title)
    pieces, at = [], 0
    while at < len(title):
        starts = title[at].isalnum() and (at == 0 or not title[at - 1].isalnum())
        length = _matched(title[at:], parts) if starts else 0
        step = length or 1
        piece = title[at : at + step]
        pieces.append(format_html("<mark>{}</mark>", piece) if length else conditional_escape(piece))
        at += step
    return mark_safe("".join(pieces))  # noqa: S308  (every piece is escaped)


def _matched(rest: str, parts: Sequence[str]) -> int:
    """Return how many characters of `rest` the longest part covers, 0 for none."""
    for part in sorted(parts, key=len, reverse=True):
        for length in range(1, min(len(rest), len(part)) + 1):
            folded = fold(rest[:length])
            if folded == part:
                return length
            if not part.startswith(folded):
                break
    return 0
