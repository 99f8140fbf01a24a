"""Who everybody is, read once for all months: whose customers they are, where from, which tier, when they first bought.

Joined to each order by the database, twelve times for each month, this took most of the time.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from regulars.contacts.models import Company, Contact, Profile
from regulars.insights.tables.standing import Standing, Tier
from regulars.insights.value.reading import DayNumber, stream, table
from regulars.orders.models import CustomerFacts

if TYPE_CHECKING:
    from numpy.typing import NDArray

TIERS = ("", *Tier.values)  # a tier's number is its place


@dataclass(frozen=True)
class People:
    """All people or all companies by id: ids of owner, team and source, the number of the tier, and the day of the
    first purchase (date.toordinal()); 0 for none."""

    rows: "NDArray[Any]"

    def of(self, ids: "NDArray[Any]") -> "NDArray[Any]":
        """The rows of these ids; an empty one for who is not there."""
        import numpy as np

        found = np.zeros(len(ids), dtype=self.rows.dtype)
        if len(self.rows):
            place = np.minimum(np.searchsorted(self.rows["id"], ids), len(self.rows) - 1)
            there = self.rows["id"][place] == ids
            found[there] = self.rows[place[there]]
        return found


class Crowd:
    """Everybody, read when first asked for."""

    @cached_property
    def contacts(self) -> People:
        """All people."""
        return _read("contact", Contact, Profile.objects.filter(source__isnull=False))

    @cached_property
    def companies(self) -> People:
        """All companies."""
        return _read("company", Company, None)


def _read(kind: str, model: Any, profiles: "QuerySet[Any, Any] | None") -> People:
    import numpy as np

    everybody = model._base_manager.order_by("pk")
    owners = everybody.values_list("pk", Coalesce("owner_id", Value(0)), Coalesce("team_id", Value(0)))
    read = table(stream(owners), ("id", "i8"), ("owner", "i8"), ("team", "i8"))
    rows = np.zeros(
        len(read),
        dtype=[("id", "i8"), ("owner", "i8"), ("team", "i8"), ("source", "i8"), ("tier", "i1"), ("first", "i4")],
    )
    for name in ("id", "owner", "team"):
        rows[name] = read[name]
    whose, theirs = f"{kind}_id", {f"{kind}__isnull": False}
    _fill(rows, "first", CustomerFacts.objects.filter(**theirs).values_list(whose, DayNumber(F("first_on"))))
    for number, tier in enumerate(TIERS[1:], start=1):
        standing = Standing.objects.filter(tier=tier, **theirs)
        _fill(rows, "tier", standing.values_list(whose, Value(number)))
    if profiles is not None:
        _fill(rows, "source", profiles.values_list("contact_id", "source_id"))
    return People(rows)


def _fill(rows: "NDArray[Any]", name: str, found: "QuerySet[Any, Any]") -> None:
    """Set one column from a query of ids and numbers."""
    import numpy as np

    read = table(stream(found.order_by()), ("id", "i8"), ("value", "i8"))
    place = np.searchsorted(rows["id"], read["id"])
    there = place < len(rows)
    there[there] = rows["id"][place[there]] == read["id"][there]
    rows[name][place[there]] = read["value"][there]
