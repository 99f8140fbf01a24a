"""Who else matters so much that managers hear of a late promise to them: upper contexts say so.

register_important(gold_customers)  # in apps.ready(); returns a Q over Promise, an empty Q for nobody
"""

from collections.abc import Callable

from django.db.models import Q

_rules: list[Callable[[], Q]] = []


def register_important(rule: Callable[[], Q]) -> None:
    """Let `rule()` say which promises are to important customers; called in `apps.ready()`."""
    if rule not in _rules:
        _rules.append(rule)


def also_important() -> Q:
    """The condition of all rules together: true for what any of them says, never for all promises."""
    found = Q(pk__in=[])
    for rule in _rules:
        if condition := rule():
            found |= condition
    return found
