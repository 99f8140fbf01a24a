"""Filters of the lists: each is a small class in a registry, read from the address, shown as a chip.

    conditions = read_conditions(request.GET, scope)      # unknown and nonsensical ones are left out
    queryset = apply(Contact.objects.visible_to(user), conditions)

A filter called `last_contact` owns the parameters `last_contact` and `last_contact.…`; custom fields are `cf.KEY`.
An upper context adds its own with `register`.
"""

from regulars.contacts.filters import dates, labels, texts  # noqa: F401  (they register themselves)
from regulars.contacts.filters.base import (
    Condition,
    Filter,
    Scope,
    apply,
    filter_named,
    filters_for,
    read_conditions,
    register,
)

__all__ = [
    "Condition",
    "Filter",
    "Scope",
    "apply",
    "filter_named",
    "filters_for",
    "read_conditions",
    "register",
]
