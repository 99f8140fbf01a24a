"""How many people a rule finds: exactly where that is cheap, else in a word that is true."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from regulars.contacts.filters import Condition
from regulars.contacts.filters.base import Scope
from regulars.contacts.lists.listing import PeopleList
from regulars.contacts.segments.reading import NOBODY, read_rule


class RuleList(PeopleList):
    """The list of a rule that is not kept yet."""

    def __init__(self, rule: Any, scope: Scope) -> None:
        super().__init__(QueryDict(), scope)
        self.group = read_rule(rule, scope)
        self.tests = list(self.group.parts)
        self.conditions = [Condition("", "", self.group.words, NOBODY, parts=self.group.parts)]


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
    count, words = people.size()
    return Size(count, words, people.group.sentence, people.group.problems)
