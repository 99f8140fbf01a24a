"""The small numbers beside places of the side navigation, all of them from one query.

A context says what it counts with a query that is bounded and runs along an index:

    counts.register("today", lambda user, business: Promise.objects.due_for(user).values("pk")[:counts.AT_MOST])

Several may count for the same place; their numbers are added up.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import IntegerField, QuerySet, Subquery

AT_MOST = 100  # more than this is not told apart

Counted = Callable[[Any, Any], "QuerySet[Any, Any] | None"]


class CountOf(Subquery):
    """How many rows a query has, as a column of another query; the query may be cut off with a slice."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


_counted: dict[str, list[Counted]] = {}


def register(place: str, counted: Counted) -> None:
    """Count the rows of `counted(user, business)` for the place with this URL name; None counts nothing."""
    known = _counted.setdefault(place, [])
    if counted not in known:
        known.append(counted)


def read(user: Any, business: Any) -> dict[str, int]:
    """Return the count of each place for `user`. One query, from which only numbers come back."""
    found = [
        (place, rows) for place, many in _counted.items() for one in many if (rows := one(user, business)) is not None
    ]
    places = dict.fromkeys(_counted, 0)
    if not found:
        return places
    one_row = get_user_model()._default_manager.filter(pk=user.pk)
    numbers = one_row.values_list(*(CountOf(rows) for _place, rows in found)).first() or [0] * len(found)
    for (place, _rows), number in zip(found, numbers, strict=True):
        places[place] = min(places[place] + number, AT_MOST)
    return places


def of_request(request: Any) -> dict[str, int]:
    """Return the counts for the colleague behind `request`, asked once for a page; {} for nobody."""
    if not getattr(request.user, "is_authenticated", False):
        return {}
    if "place_counts" not in request.__dict__:
        request.__dict__["place_counts"] = read(request.user, getattr(request, "organisation", None))
    found: dict[str, int] = request.__dict__["place_counts"]
    return found


def at(place: str) -> Callable[[Any], int]:
    """Return the `count` of a `NavItem` for the place with this URL name."""
    return lambda request: of_request(request).get(place, 0)
