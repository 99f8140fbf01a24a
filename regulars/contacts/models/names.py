"""The words of names, cut up so that search as you type costs the same at a thousand people and at a million."""

import re
from collections.abc import Iterable
from itertools import combinations, zip_longest
from typing import Any

from django.db import models
from django.db.models import Q

from regulars.contacts.models.company import Company
from regulars.contacts.models.contact import Contact
from regulars.contacts.models.points import one_holder
from regulars.lib.text import fold

WORDS_KEPT = 8
PAIRS_OF = 5  # words; the pairs of longer names would be many and nobody types the sixth word
WORD_LENGTH = 40
FULL_LENGTH = 200
VARIANTS_OF = 5  # letters; see `variants`

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´")


class NameWord(models.Model):
    """One folded word of a contact's or company's name; what search as you type reads.

    `start2` is its first two characters: with `touched_at` behind them an index gives the most recently touched
    people for a short prefix without reading the others. `pair` is the same for two words of one name ("mo" and "ok"
    of Okafor, Mona), so that two parts, however common each is, lead to few rows; names of more than three words have
    rows that are only a pair, with an empty `word`. `full` holds all words of the name with a space before each, to
    check the other parts without leaving the row, and of a pair without leaving the index: a common pair is walked,
    and its rows lie scattered over the table. `owner_id` repeats the point of contact ("mine first"); `touched_at`
    repeats the holder's.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="name_words")
    company = models.ForeignKey(Company, models.CASCADE, null=True, related_name="name_words", db_index=False)
    word = models.CharField(max_length=WORD_LENGTH)
    start2 = models.CharField(max_length=2)
    pair = models.CharField(max_length=5, null=True)
    full = models.CharField(max_length=FULL_LENGTH, default="")
    owner_id = models.BigIntegerField(null=True)
    touched_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["word"],
                name="name_word",
                opclasses=["varchar_pattern_ops"],
                condition=Q(contact__isnull=False),
            ),
            models.Index(fields=["start2", "-touched_at"], name="name_start", condition=Q(contact__isnull=False)),
            models.Index(
                fields=["owner_id", "start2", "-touched_at"],
                name="name_owner_start",
                condition=Q(contact__isnull=False),
            ),
            models.Index(
                fields=["pair", "-touched_at", "full", "contact", "owner_id"],
                name="name_pair",
                condition=Q(contact__isnull=False, pair__isnull=False),
            ),
            models.Index(
                fields=["word"],
                name="firm_word",
                opclasses=["varchar_pattern_ops"],
                condition=Q(company__isnull=False),
            ),
            models.Index(fields=["start2", "-touched_at"], name="firm_start", condition=Q(company__isnull=False)),
            models.Index(
                fields=["pair", "-touched_at", "full", "company", "owner_id"],
                name="firm_pair",
                condition=Q(company__isnull=False, pair__isnull=False),
            ),
            models.Index(fields=["company"], name="firm_company", condition=Q(company__isnull=False)),
        ]
        constraints = [one_holder("name_word_one_holder")]

    def __str__(self) -> str:
        return self.word or self.pair or ""


class NameVariant(models.Model):
    """A misspelling that leads to a word which occurs in a name: the first letters of `word` with one left out.

    Two words that are one wrong letter apart have a variant in common, whether the letter was changed, left out, put
    in or swapped with its neighbour. Kept for each distinct word once, however many people bear it.
    """

    variant = models.CharField(max_length=VARIANTS_OF)
    word = models.CharField(max_length=WORD_LENGTH)

    class Meta:
        indexes = [models.Index(fields=["word"], name="name_variant_word")]
        constraints = [models.UniqueConstraint(fields=["variant", "word"], name="name_variant_once")]

    def __str__(self) -> str:
        return f"{self.variant} ({self.word})"


def split_name(text: str) -> list[str]:
    """Return the folded words of a name in their order, each once: "Inês O'Brien-Sá" gives ines, obrien, sa."""
    found = (word[:WORD_LENGTH] for word in _WORD.findall(fold(text).translate(_APOSTROPHES)))
    return list(dict.fromkeys(found))


def pair_key(one: str, other: str) -> str:
    """Return what `NameWord.pair` holds for two words, whatever their order: "ma ok"."""
    return " ".join(sorted((one[:2], other[:2])))


def word_rows(names: str) -> list[tuple[str, str, str | None, str]]:
    """Return `(word, start2, pair, full)` of the rows that a holder called `names` has in NameWord.

    Every pair of its first words stands on one of the rows; rows without one have None.
    """
    found = split_name(names)[:WORDS_KEPT]
    full = "".join(f" {word}" for word in found)[:FULL_LENGTH]
    pairs = dict.fromkeys(pair_key(*two) for two in combinations(found[:PAIRS_OF], 2))
    return [(word or "", (word or "")[:2], pair, full) for word, pair in zip_longest(found, pairs)]


def variants(start: str) -> set[str]:
    """Return `start` with each of its letters left out in turn."""
    return {start[:i] + start[i + 1 :] for i in range(len(start))}


def variant_keys(word: str) -> set[str]:
    """Return the variants under which `word` is kept: of its first four and five letters."""
    keys: set[str] = set()
    for length in (VARIANTS_OF - 1, VARIANTS_OF):
        if len(word) >= length - 1:
            keys |= variants(word[:length]) | {word[: length - 1]}
    return keys


def all_names(holder: Contact | Company, extra: str = "") -> str:
    """Return every name of a holder as one text: displayed, given and family name, and `extra` (a nickname)."""
    parts: Iterable[str] = (
        holder.display_name,
        getattr(holder, "given_name", ""),
        getattr(holder, "family_name", ""),
        extra,
    )
    return " ".join(part for part in parts if part)


def name_words(holder: Contact | Company, extra: str = "") -> list[NameWord]:
    """Return the unsaved words of a contact's or company's name and of `extra` (a nickname), at most eight."""
    link: dict[str, Any] = {"contact": holder} if isinstance(holder, Contact) else {"company": holder}
    return [
        NameWord(
            word=word,
            start2=start2,
            pair=pair,
            full=full,
            owner_id=holder.owner_id,
            touched_at=holder.touched_at,
            **link,
        )
        for word, start2, pair, full in word_rows(all_names(holder, extra))
    ]
