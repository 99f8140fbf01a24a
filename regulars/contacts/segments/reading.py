"""Reading segments: from the tree that is kept to one condition, its words and what is wrong with it.

    reading = read_rule(segment.rule, Scope("contact", user, organisation))
    reading.parts       # conditions that all must hold, for PeopleList and `filters.apply`
    reading.sentence    # "Stage: customer, tagged oat milk, and none of: in touch in the last 60 days."
    reading.problems    # ["The tag that this asks for is gone."]

A segment that refers to something that is gone matches nobody, whatever its other conditions say: an export or a
bulk edit must never reach more people because somebody removed a tag.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils.translation import gettext as _

from regulars.contacts.filters.base import CONTACT, Condition, Members, Scope, filter_named, found_by, key_of
from regulars.contacts.filters.labels import join_words
from regulars.contacts.models import Contact, Segment, SegmentMember
from regulars.lib.text import in_sentence

ALL, ANY, NONE_OF = "all", "any", "none"
MODES = (ALL, ANY, NONE_OF)
DEEPEST = 3  # groups inside groups
MOST = 30  # conditions of one segment
NESTED = 4  # segments that refer to segments
NOBODY = Q(pk__in=[])
OPPOSITES = {"lt": "gte", "lte": "gt", "gt": "lte", "gte": "lt"}
Rule = Mapping[str, Any]


@dataclass(frozen=True)
class Leaf:
    """One condition as it was read; `condition` is None where it makes no sense any more."""

    key: str
    label: str
    words: str
    condition: Condition | None
    problem: str = ""


@dataclass(frozen=True)
class Group:
    """Conditions and groups that all, any or none of must hold."""

    mode: str
    children: "Sequence[Leaf | Group]"

    @cached_property
    def problems(self) -> list[str]:
        """What is wrong with the conditions in it."""
        found: list[str] = []
        for child in self.children:
            found += child.problems if isinstance(child, Group) else [child.problem] if child.problem else []
        return found

    @property
    def count(self) -> int:
        """How many conditions there are in it, those of inner groups too."""
        return sum(child.count if isinstance(child, Group) else 1 for child in self.children)

    @property
    def words(self) -> str:
        """The group as a part of a sentence."""
        said = [_said(child) for child in self._counted]
        if not said:
            return ""
        joined = join_words(said, _("or") if self.mode != ALL else _("and"))
        if self.mode == NONE_OF:
            return _("none of: %(conditions)s") % {"conditions": joined} if len(said) > 1 else _("not: %s") % joined
        return joined

    @property
    def sentence(self) -> str:
        """The whole rule in one sentence."""
        if not self.count:
            return _("Everybody.")
        words = self.words
        return f"{words[:1].upper()}{words[1:]}."

    @cached_property
    def condition(self) -> Condition:
        """The group as one condition. Only of use where `problems` is empty."""
        tests = self._tests
        if self.mode == NONE_OF:
            tests = [opposite(one) for one in tests]
        q = Q()
        for one in tests:
            q = q | one.q if self.mode == ANY else q & one.q
        paths = tuple(dict.fromkeys(path for one in tests for path in one.paths))
        return Condition("", "", self.words, q, members=self._members(tests), paths=paths)

    @property
    def _tests(self) -> list[Condition]:
        return [one for child in self._counted if (one := child.condition) is not None]

    @property
    def _counted(self) -> "list[Leaf | Group]":
        return [child for child in self.children if not isinstance(child, Group) or child.count]

    def _members(self, tests: Sequence[Condition]) -> Members | None:
        known = [one.members for one in tests if one.members is not None]
        if not known or (self.mode == ANY and len(known) < len(tests)):
            return None
        return known[0] if self.mode != ANY or len(known) == 1 else lambda: _together(known)

    @property
    def parts(self) -> tuple[Condition, ...]:
        """The conditions that all must hold: a list looks among them for one that few people fulfil."""
        if self.problems:
            return (Condition("", "", self.words, NOBODY),)
        if self.mode == ANY:
            return (self.condition,)
        if self.mode == NONE_OF:
            return tuple(opposite(one) for one in self._tests)
        apart = (child.parts if isinstance(child, Group) else (child.condition,) for child in self._counted)
        return tuple(one for parts in apart for one in parts if one is not None)


def _together(members: Iterable[Members]) -> QuerySet[Any, Any]:
    first, *others = (one().order_by() for one in members)
    return first.union(*others, all=True)


def opposite(condition: Condition) -> Condition:
    """The condition that holds where this one does not: "in touch lately" for "quiet for long", if that can be said.

    Said so, an index serves it, which no negation can; a column that may be empty has no such opposite.
    """
    compared = condition.q.children
    if len(compared) == 1 and not condition.q.negated and isinstance(compared[0], tuple):
        name, _sep, lookup = compared[0][0].rpartition("__")
        if lookup in OPPOSITES and name == condition.column and not Contact._meta.get_field(name).null:
            q = Q(**{f"{name}__{OPPOSITES[lookup]}": compared[0][1]})
            return replace(condition, q=q, members=found_by(Contact, q), comparison=None)
    return Condition("", "", condition.words, none_of(condition.q))


def none_of(q: Q) -> Q:
    """True for those that `q` is not true for; a value that is not there (SQL's unknown) counts as not."""
    return Q(Case(When(q, then=Value(False)), default=Value(True), output_field=BooleanField()))


def _said(child: Leaf | Group) -> str:
    if isinstance(child, Group):
        if child.count < 2 or child.mode == NONE_OF:
            return child.words
        return _("either %s") % child.words if child.mode == ANY else f"({child.words})"
    return in_sentence(child.words)


def read_rule(rule: Rule, scope: Scope, depth: int = 0) -> Group:
    """Read a tree as it is kept. Never fails: what makes no sense becomes a condition with a problem."""
    mode = next((name for name in MODES if name in rule), ALL) if isinstance(rule, Mapping) else ALL
    inner = rule.get(mode, []) if isinstance(rule, Mapping) else []
    if not isinstance(inner, list) or depth > DEEPEST:
        return Group(ALL, [Leaf("", "", _("something unreadable"), None, _("A part of this can’t be read."))])
    return Group(mode, [_read(one, scope, depth) for one in inner[:MOST]])


def _read(one: Any, scope: Scope, depth: int) -> Leaf | Group:
    if not isinstance(one, Mapping):
        return Leaf("", "", _("something unreadable"), None, _("A part of this can’t be read."))
    if "if" not in one:
        return read_rule(one, scope, depth + 1)
    return read_leaf(one, scope)


def read_leaf(leaf: Mapping[str, Any], scope: Scope) -> Leaf:
    """Read one condition; it has a problem where its field, tag, person or segment is gone."""
    key = str(leaf.get("if", ""))
    filter = filter_named(key, scope)
    if filter is None:
        gone = _("a field that is gone") if key.startswith("cf.") else _("a condition that is gone")
        return Leaf(key, key, gone, None, _("It asks for %(what)s.") % {"what": gone})
    data = data_of(leaf)
    label = str(filter.label)
    missing = filter.missing(data, scope)
    condition = None if missing else filter.read(data, scope)
    if condition is None:
        what = missing or _("something that is gone")
        problem = _("“%(label)s” asks for %(what)s.") % {"label": label, "what": what}
        return Leaf(key, label, f"{label}: {what}", None, problem)
    if condition.problems:
        return Leaf(key, label, condition.words, None, " ".join(condition.problems))
    return Leaf(key, label, condition.words, condition)


def data_of(leaf: Mapping[str, Any]) -> QueryDict:
    """Return what a condition says, as parameters of an address."""
    data = QueryDict(mutable=True)
    said = leaf.get("with", {})
    for name, values in said.items() if isinstance(said, Mapping) else ():
        data.setlist(str(name), [str(value) for value in values] if isinstance(values, list) else [str(values)])
    return data


def leaf_of(key: str, data: QueryDict, scope: Scope) -> dict[str, Any] | None:
    """Return the condition `key` as `data` sets it, to be kept; None when it makes no sense."""
    filter = filter_named(key, scope)
    if filter is None or filter.read(data, scope) is None:
        return None
    said = {name: [value for value in data.getlist(name) if value.strip()] for name in data if filter.owns(name)}
    return {"if": key, "with": {name: values for name, values in said.items() if values}}


def rule_from_list(data: QueryDict, scope: Scope) -> dict[str, Any]:
    """Return the rule that a filtered list amounts to: all of its filters."""
    keys = dict.fromkeys(key_of(name) for name in data)
    return {ALL: [leaf for key in keys if (leaf := leaf_of(key, data, scope))]}


def refers_to(rule: Any) -> set[int]:
    """Return the ids of the segments that a rule names."""
    found: set[int] = set()
    if isinstance(rule, Mapping):
        if rule.get("if") == "segment":
            found |= {int(value) for value in data_of(rule).getlist("segment") if value.isdecimal() and len(value) < 19}
        for mode in MODES:
            for inner in rule.get(mode, []) if isinstance(rule.get(mode, []), list) else []:
                found |= refers_to(inner)
    return found


def leads_back(segment_id: int, rule: Any) -> bool:
    """Whether `rule`, were it the rule of the segment, would refer to that segment, directly or through others."""
    seen: set[int] = set()
    ahead = refers_to(rule)
    while ahead:
        if segment_id in ahead:
            return True
        seen |= ahead
        rules = Segment.objects.filter(pk__in=ahead, is_list=False).values_list("rule", flat=True)
        ahead = {pk for one in rules for pk in refers_to(one)} - seen
    return False


def segments_for(scope: Scope) -> Any:
    """The segments that a rule or a list may name: those the colleague may see, and inside a segment any."""
    return Segment.objects.all() if scope.path else Segment.objects.visible_to(scope.user)


def condition_of(segment: Segment, scope: Scope) -> Condition:
    """Return the condition "is in this segment", with its `parts` and `problems`."""
    words = _("In “%(name)s”") % {"name": segment.name}
    label = _("Segment")
    if segment.is_list:
        rows = SegmentMember.objects.filter(segment=segment)
        q = Q(Exists(rows.filter(contact=OuterRef("pk"))))
        return Condition("segment", label, words, q, members=lambda: rows.values_list("contact_id", flat=True))
    if segment.pk in scope.path or len(scope.path) >= NESTED:
        problem = _("“%(name)s” refers to itself.") % {"name": segment.name}
        return Condition("segment", label, words, NOBODY, problems=(problem,))
    group = read_rule(segment.rule, replace(scope, path=(*scope.path, segment.pk)))
    problems = tuple(group.problems)
    if problems:
        return Condition("segment", label, words, NOBODY, problems=problems)
    whole = group.condition
    return replace(whole, key="segment", label=label, words=words, parts=group.parts, sentence=group.sentence)


def people_in(segment: Segment, scope: Scope) -> QuerySet[Any]:
    """Return everybody in the segment that `scope.user` may know of, in no order: one statement."""
    from regulars.contacts.lists.listing import PeopleList

    data = QueryDict(mutable=True)
    data["segment"] = str(segment.pk)
    return PeopleList(data, scope).matching


def as_conditions(conditions: Iterable[Condition]) -> list[Condition]:
    """Return the conditions with segments taken apart, so that a list can start from the rarest."""
    found: list[Condition] = []
    for condition in conditions:
        found += condition.parts or (condition,)
    return found


__all__ = ["CONTACT", "Group", "Leaf", "as_conditions", "condition_of", "people_in", "read_rule"]
