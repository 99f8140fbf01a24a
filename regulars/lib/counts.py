"""The small numbers beside places of the side navigation, all of them from one prepared query.

A context says what it counts with a query that is bounded and runs along an index:

    def late(user: int, sees_all: bool, tomorrow: datetime) -> QuerySet[Any]:
        return Promise.objects.visible_to(viewer(user, sees_all)).filter(…).values("pk")[: counts.AT_MOST]

    counts.register("today", late, module="promises")

`tomorrow` is when today is over where the business is. Several may count for one place; their numbers are added up.
"""

import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import IntegerField, QuerySet, Subquery
from django.utils import timezone

from regulars.lib.prepared import prepared

AT_MOST = 100  # more than this is not told apart


@dataclass(frozen=True)
class Counted:
    """What is counted for a place, while its module is on ("" for always)."""

    place: str
    rows: "Callable[[int, bool, datetime], QuerySet[Any, Any]]"
    module: str = ""

    @property
    def key(self) -> str:
        """A name that no other has."""
        return f"{self.place} {self.rows.__module__}.{self.rows.__qualname__}"


class CountOf(Subquery):
    """How many rows a query has, as a column of another query; the query may be cut off with a slice."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


_counted: dict[str, Counted] = {}


def register(place: str, rows: "Callable[[int, bool, datetime], QuerySet[Any, Any]]", module: str = "") -> None:
    """Count `rows(user, sees_all, tomorrow)` for the place with this URL name; called in `apps.ready()`."""
    counted = Counted(place, rows, module)
    _counted[counted.key] = counted


def read(user: Any, business: Any) -> dict[str, int]:
    """Return the count of each place for `user`. One query, from which only numbers come back."""
    active = [one for one in _counted.values() if not one.module or (business and business.has_module(one.module))]
    places = {one.place: 0 for one in _counted.values()}
    if not active:
        return places
    rows = _numbers(user.pk, user.sees_all, _tomorrow(business), frozenset(one.key for one in active))
    for one, number in zip(sorted(active, key=lambda one: one.key), rows[0] if rows else (), strict=False):
        places[one.place] = min(places[one.place] + number, AT_MOST)
    return places


@prepared
def _numbers(user: int, sees_all: bool, tomorrow: datetime, keys: frozenset[str]) -> "QuerySet[Any, Any]":
    numbers = [CountOf(_counted[key].rows(user, sees_all, tomorrow)) for key in sorted(keys)]
    return get_user_model()._default_manager.filter(pk=user).values_list(*numbers)


def _tomorrow(business: Any) -> datetime:
    zone = zoneinfo.ZoneInfo(business.time_zone if business else "UTC")
    day = timezone.now().astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time(), zone).astimezone(UTC)


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
