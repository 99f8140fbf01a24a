"""Building a rule by clicking: small changes of the tree, each from one tree to a new one.

A place in the tree is a path of positions: "" is the whole, "1" its second child, "1.0" the first child of that.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from regulars.contacts.filters.base import Scope
from regulars.contacts.segments.reading import ALL, DEEPEST, MODES, MOST, NONE_OF, Group, Leaf, data_of, read_rule

Rule = dict[str, Any]
LONGEST = 20_000  # characters of a rule as it travels


@dataclass
class Node:
    """A part of the rule as the builder shows it."""

    path: str
    mode: str = ""
    words: str = ""
    query: str = ""
    key: str = ""
    problem: str = ""
    depth: int = 0
    children: "list[Node]" = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        """Whether it holds others."""
        return bool(self.mode)

    @property
    def slug(self) -> str:
        """The path as part of an id."""
        return self.path.replace(".", "-") or "root"

    @property
    def may_nest(self) -> bool:
        """Whether another group fits into it."""
        return self.depth < DEEPEST - 1


def clean(text: str) -> Rule:
    """Return the rule that a form sent, with nothing in it but groups and conditions; an empty one for nonsense."""
    try:
        found = json.loads(text[:LONGEST]) if text else {}
    except (ValueError, RecursionError):
        found = {}
    return _group(found, 0) if isinstance(found, Mapping) else {ALL: []}


def _group(found: Mapping[str, Any], depth: int) -> Rule:
    mode = next((name for name in MODES if isinstance(found.get(name), list)), ALL)
    children = []
    for one in found.get(mode, [])[:MOST] if isinstance(found.get(mode), list) else []:
        if isinstance(one, Mapping):
            if "if" in one:
                children.append(_leaf(one))
            elif depth < DEEPEST - 1:
                children.append(_group(one, depth + 1))
    return {mode: children}


def _leaf(one: Mapping[str, Any]) -> Rule:
    said = one.get("with")
    values = said.items() if isinstance(said, Mapping) else ()
    kept = {
        str(name)[:100]: [str(value)[:300] for value in (given if isinstance(given, list) else [given])][:200]
        for name, given in values
    }
    return {"if": str(one["if"])[:100], "with": kept}


def count(rule: Rule) -> int:
    """How many conditions there are."""
    return sum(1 if "if" in one else count(one) for one in _inner(rule))


def _inner(rule: Rule) -> list[Rule]:
    found: list[Rule] = rule.get(_mode(rule), [])
    return found


def _mode(rule: Rule) -> str:
    return next((name for name in MODES if name in rule), ALL)


def at(rule: Rule, path: str) -> Rule | None:
    """Return what stands at `path`, or None."""
    here: Rule = rule
    for step in path.split(".") if path else ():
        inner = _inner(here) if "if" not in here else []
        if not step.isdecimal() or int(step[:4]) >= len(inner):
            return None
        here = inner[int(step[:4])]
    return here


def put(rule: Rule, path: str, leaf: Rule) -> Rule:
    """Return the rule with `leaf` at the end of the group at `path`, or instead of the condition that stands there."""
    made = deepcopy(rule)
    here = at(made, path)
    if here is None:
        return made
    if "if" in here:
        here.clear()
        here.update(leaf)
    elif count(made) < MOST:
        _inner(here).append(leaf)
    return made


def add_group(rule: Rule, path: str) -> Rule:
    """Return the rule with a new group in the group at `path`: any of, or all of inside an any-of."""
    made = deepcopy(rule)
    here = at(made, path)
    if here is not None and "if" not in here and len(path.split(".")) < DEEPEST and len(_inner(here)) < MOST:
        _inner(here).append({"any" if _mode(here) == ALL else ALL: []})
    return made


def set_mode(rule: Rule, path: str, mode: str) -> Rule:
    """Return the rule with another sort of group at `path`."""
    made = deepcopy(rule)
    here = at(made, path)
    if here is not None and "if" not in here and mode in MODES:
        inner = _inner(here)
        here.clear()
        here[mode] = inner
    return made


def without(rule: Rule, path: str) -> Rule:
    """Return the rule without what stands at `path`."""
    made = deepcopy(rule)
    above, _dot, last = path.rpartition(".")
    here = at(made, above)
    if here is not None and "if" not in here and last.isdecimal() and int(last[:4]) < len(_inner(here)):
        del _inner(here)[int(last[:4])]
    return made


def without_empty(rule: Rule) -> Rule:
    """Return the rule without groups that hold nothing."""
    kept = []
    for one in _inner(rule):
        inner = one if "if" in one else without_empty(one)
        if "if" in inner or _inner(inner):
            kept.append(inner)
    return {_mode(rule): kept}


def draw(rule: Rule, scope: Scope) -> tuple[Node, Group]:
    """Return the tree for the template, and the rule as it was read."""
    group = read_rule(rule, scope)
    return _node(group, "", 0, rule), group


def _node(part: Group | Leaf, path: str, depth: int, rule: Any) -> Node:
    if isinstance(part, Leaf):
        said = data_of(at(rule, path) or {}).urlencode()
        return Node(path, words=part.words, query=said, key=part.key, problem=part.problem, depth=depth)
    node = Node(path, mode=part.mode, depth=depth)
    node.children = [
        _node(child, f"{path}.{number}" if path else str(number), depth + 1, rule)
        for number, child in enumerate(part.children)
    ]
    return node


def mode_names() -> list[tuple[str, str]]:
    """The sorts of groups and their words."""
    return [(ALL, _("All of these")), ("any", _("Any of these")), (NONE_OF, _("None of these"))]
