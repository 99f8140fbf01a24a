"""Finds whom a line of text is about: contacts and companies named in it, as far as the reader may know of them.

Whole names are looked up in the index of names as runs of two to four words, case and accents aside. A single name
counts when only one person has it; when several do, they are offered.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from regulars.access.door import viewer
from regulars.access.models import User
from regulars.contacts.actions.adding import Holder
from regulars.contacts.capture.line import Found, Reading
from regulars.contacts.models import Company, Contact
from regulars.lib.prepared import prepared
from regulars.lib.text import fold

LONGEST_NAME = 4  # words
SINGLE_NAMES = 6  # words of a line that may each be somebody's first or last name
OFFERED = 4
_WORD = re.compile(r"[^\W\d_][\w’'.-]*[\w]|[^\W\d_]")
_BEFORE_A_NAME = set("called phoned rang met visited emailed mailed messaged texted with from and for by to told saw".split())  # fmt: skip  # noqa: E501, SIM905
_NO_NAMES = _BEFORE_A_NAME | set("the a an i we she he they it his her their our my your about was is are will has had in on at of off as if so but not no yes ok call visit meeting email message job request note thought came asked wants wanted likes today yesterday last this that monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december".split())  # fmt: skip  # noqa: E501, SIM905


@dataclass(frozen=True)
class People:
    """Whom a line names: `sure` ones, and for a name that several have, those who may be meant."""

    sure: list[tuple[Found, Holder]] = field(default_factory=list)
    unsure: list[tuple[Found, list[Contact]]] = field(default_factory=list)

    @property
    def holders(self) -> list[Holder]:
        """Each of the sure ones once."""
        return list(dict.fromkeys(holder for _found, holder in self.sure))


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    said: str

    @property
    def folded(self) -> str:
        return fold(re.sub(r"[’']s$", "", self.said))


def recognise(text: str, reading: Reading, user: User, ignored: Collection[str] = ()) -> People:
    """Return the people and companies that `text` names and `user` may know of. At most eight queries, each by index.

    Questions, dates and tags inside it are not looked through.
    """
    covered = [(item.start, item.end) for item in reading.found if item.what in ("mention", "tag", "date")]
    covered += [span for item in reading.signs for span in item.covers]
    words = [
        _Word(*match.span(), match[0])
        for match in _WORD.finditer(text[:2000])
        if not any(start <= match.start() < end for start, end in covered)
    ]
    sure, taken = _whole_names(text, words, user, ignored)
    unsure: list[tuple[Found, list[Contact]]] = []
    for word in _single_names(words, taken):
        found = Found("person", word.start, word.end, word.said, word.folded)
        if found.key in ignored:
            continue
        people = _called(word.folded, user)
        if len(people) == 1:
            sure.append((found, people[0]))
        elif people and not any(_same_name(word.folded, holder) for _f, holder in sure):
            unsure.append((found, people))
    return People(sure, unsure)


def _whole_names(
    text: str, words: list[_Word], user: User, ignored: Collection[str]
) -> tuple[list[tuple[Found, Holder]], list[bool]]:
    """Names of two to four words that stand in the text as they stand in the index; the longest win."""
    taken = [False] * len(words)
    runs: dict[str, list[tuple[int, int]]] = {}
    for length in range(LONGEST_NAME, 0, -1):
        for first in range(len(words) - length + 1):
            run = words[first : first + length]
            if length == 1 and not _could_be_company(run[0], first):
                continue
            runs.setdefault(fold(" ".join(w.folded for w in run)), []).append((first, length))
    known: dict[str, Holder] = {}
    for model in (Company, Contact):
        several = [name for name in runs if model is Company or " " in name]
        for holder in _named(several[:400], model is Contact, user.pk, user.sees_all):
            known.setdefault(holder.sort_name, holder)
    sure: list[tuple[Found, Holder]] = []
    for name, places in runs.items():
        for first, length in places if name in known else []:
            start, end = words[first].start, words[first + length - 1].end
            found = Found("person", start, end, text[start:end], name)
            if any(taken[first : first + length]) or found.key in ignored:
                continue
            taken[first : first + length] = [True] * length
            sure.append((found, known[name]))
    return sure, taken


@prepared
def _named(names: list[str], is_person: bool, me: int, sees_all: bool) -> QuerySet[Any]:
    holders: Any = Contact.objects if is_person else Company.objects
    found: QuerySet[Any] = holders.visible_to(viewer(me, sees_all)).filter(sort_name__in=names)[:50]
    return found


def _could_be_company(word: _Word, position: int) -> bool:
    return word.said[0].isupper() and len(word.said) > 2 and word.folded not in _NO_NAMES


def _single_names(words: list[_Word], taken: list[bool]) -> list[_Word]:
    """Words that look like a name: a capital inside a sentence, or behind "called", "with"…"""
    found: dict[str, _Word] = {}
    for index, word in enumerate(words):
        before = words[index - 1].folded if index else ""
        looks = word.said[0].isupper() or before in _BEFORE_A_NAME
        if looks and not taken[index] and len(word.folded) > 1 and word.folded not in _NO_NAMES:
            found.setdefault(word.folded, word)
    return list(found.values())[:SINGLE_NAMES]


def _called(word: str, user: User) -> list[Contact]:
    return _with_word(word, user.pk, user.sees_all)[:OFFERED]


@prepared
def _with_word(word: str, me: int, sees_all: bool) -> QuerySet[Contact]:
    people: QuerySet[Contact] = Contact.objects.visible_to(viewer(me, sees_all)).filter(name_words__word=word)
    return people.order_by()[: OFFERED + 1]


def _same_name(word: str, holder: Holder) -> bool:
    return word in fold(holder.display_name).split()
