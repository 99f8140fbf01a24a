"""How many people a rule finds: exactly where that is cheap, else in a word that is true."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from regulars.contacts.filters.base import Scope
from regulars.contacts.lists import COUNTED, PeopleList, count_words
from regulars.contacts.segments import read_rule


class RuleList(PeopleList):
    """The list of a rule that is not kept yet."""

    def __init__(self, rule: Any, scope: Scope) -> None:
        super().__init__(QueryDict(), scope)
        self.group = read_rule(rule, scope)
        self.conditions = list(self.group.parts)
        self.tests = self.conditions


@dataclass(frozen=True)
class Size:
    """How many, in words; `problems` say why it is nobody."""

    count: int
    words: str
    sentence: str
    problems: list[str]


def size_of(rule: Any, scope: Scope) -> Size:
    """Count the people of a rule, as far as `scope.user` may know of them."""
    people = RuleList(rule, scope)
    count = people.count()
    return Size(count, count_words(count), people.group.sentence, people.group.problems)


def about(count: int) -> str:
    """Return an estimate with two digits that count: "about 4,200"."""
    digits = max(len(str(count)) - 2, 0)
    rounded = round(count, -digits)
    return _("about %s") % number_format(rounded, use_l10n=True, force_grouping=True)


__all__ = ["COUNTED", "RuleList", "Size", "about", "size_of"]
