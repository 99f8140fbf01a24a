"""Small words of Today: numbers as they stand in a sentence, days as they stand at the end of a line."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from regulars.desk.today.sections import Found
from regulars.lib import moments


def number_word(count: int, at_least: bool = False) -> str:
    """Return a number as it stands inside a sentence: "three", "14", "at least 200"."""
    if at_least:
        return _("at least %d") % count
    words = (
        _("none"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"),
    )  # fmt: skip
    return str(words[count]) if count < len(words) else str(count)


def begin(sentence: str) -> str:
    """Return it with a capital at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def count_word(found: Found[Any]) -> str:
    """Return how many were found, as it stands inside a sentence."""
    return number_word(found.count, found.at_least)


def weekday(day: date) -> str:
    """Today, tomorrow, Mon, then 30 Nov."""
    ahead = (day - timezone.localdate()).days
    if ahead == 0:
        return _("today")
    return date_format(day, "D") if 1 < ahead < 7 else moments.short(day)
