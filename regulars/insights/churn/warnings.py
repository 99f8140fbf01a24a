"""Warnings: each is one small class that says how strong it is for everybody, with its numbers and its words.

    register_warning(Silence())  # in apps.ready()

A strength is between 0 (no warning) and 1. Together they make the score: 1 less the product of what each leaves.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.functional import Promise

from regulars.insights.churn.book import Book
from regulars.insights.tables.winback import Play

if TYPE_CHECKING:
    from numpy.typing import NDArray

Numbers = Mapping[str, Any]


class Warning:
    """One reason to think that somebody is slipping away. `play` is what helps best against it."""

    key: ClassVar[str]
    label: ClassVar[str | Promise]
    play: ClassVar[Play] = Play.CHECK_IN

    def strengths(self, book: Book) -> "NDArray[Any]":
        """Return a number from 0 to 1 for everybody in the book. It may keep what `numbers` needs on the book."""
        raise NotImplementedError

    def numbers(self, book: Book, place: int) -> dict[str, Any]:
        """Return the numbers behind the warning for one place of the book, as JSON keeps them."""
        raise NotImplementedError

    def say(self, numbers: Numbers, today: date) -> str:
        """Return the warning as it reads, with its number: "Buys every 9 days, silent for 26"."""
        raise NotImplementedError

    def url(self, numbers: Numbers) -> str:
        """Return where the warning comes from, or ""."""
        return ""


_warnings: dict[str, Warning] = {}


def register_warning(warning: Warning) -> None:
    """Make a warning known; called in `apps.ready()`. One with the same key replaces the first."""
    _warnings[warning.key] = warning


def all_warnings() -> list[Warning]:
    """Return every warning in the order of registration."""
    return list(_warnings.values())


def warning_named(key: str) -> Warning | None:
    """Return the warning with this key, or None for one that is gone."""
    return _warnings.get(key)
