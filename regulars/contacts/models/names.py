"""The words of names, cut up so that search as you type costs the same at a thousand people and at a million."""

from typing import Any

from django.db import models

from regulars.contacts.models.company import Company
from regulars.contacts.models.contact import Contact
from regulars.contacts.models.points import one_holder
from regulars.lib.text import words

WORDS_KEPT = 8
WORD_LENGTH = 40


class NameWord(models.Model):
    """One folded word of a contact's or company's name.

    `start2` and `start3` are its first two and three characters: with `touched_at` behind them an index gives the
    most recently touched people for a short prefix without reading the others. `owner_id` repeats the point of
    contact ("mine first"); `touched_at` repeats the holder's.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="name_words")
    company = models.ForeignKey(Company, models.CASCADE, null=True, related_name="name_words")
    word = models.CharField(max_length=WORD_LENGTH)
    start2 = models.CharField(max_length=2)
    start3 = models.CharField(max_length=3)
    position = models.PositiveSmallIntegerField(default=0)
    owner_id = models.BigIntegerField(null=True)
    touched_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["word"], name="name_word", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["start2", "-touched_at"], name="name_start2"),
            models.Index(fields=["start3", "-touched_at"], name="name_start3"),
            models.Index(fields=["owner_id", "start2", "-touched_at"], name="name_owner_start2"),
        ]
        constraints = [one_holder("name_word_one_holder")]

    def __str__(self) -> str:
        return self.word


def name_words(holder: Contact | Company, extra: str = "") -> list[NameWord]:
    """Return the unsaved words of a contact's or company's name and of `extra` (a nickname), at most eight."""
    names = f"{holder.display_name} {getattr(holder, 'given_name', '')} {getattr(holder, 'family_name', '')} {extra}"
    link: dict[str, Any] = {"contact": holder} if isinstance(holder, Contact) else {"company": holder}
    return [
        NameWord(
            word=word[:WORD_LENGTH],
            start2=word[:2],
            start3=word[:3],
            position=position,
            owner_id=holder.owner_id,
            touched_at=holder.touched_at,
            **link,
        )
        for position, word in enumerate(words(names)[:WORDS_KEPT])
    ]
