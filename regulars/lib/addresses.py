"""Addresses of lists: the same list with something else asked of it."""

from django.http import QueryDict


def query_with(data: QueryDict, *dropped: str, **changes: str) -> str:
    """Return the query of an address with `changes`, without the parameters `dropped` and without empty ones."""
    asked = data.copy()
    for name in dropped:
        asked.pop(name, None)
    for name, value in changes.items():
        asked[name] = value
    for name in [name for name in asked if not asked[name]]:
        asked.pop(name)
    return asked.urlencode()
