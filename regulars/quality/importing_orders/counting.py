"""The facts of the customers whose orders a file brings: counted now and then, and when all of its rows are in.

Most customers of a file come in batch after batch, and each time all that they ever bought would be counted. So what an
import creates is counted later: after half a minute at the earliest, for a twentieth of the time, and before it ends,
be it stopped or failed. Where that stands is kept with the operation, together with what was counted, so whoever goes
on after a kill counts the rest: the orders of this import (`brought_by`) above `counted`.
"""

from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from django.db.models import Max

from regulars.access.models import Operation
from regulars.orders.facts import LINKS, Link, recount
from regulars.orders.models import Order

COUNTED, COUNTING = "counted", "counting"  # in the state of the operation
EVERY, SHARE = 30.0, 20  # seconds from one count to the next: at least, and how often what the last one took
SOME = 4000  # customers counted in one transaction


@dataclass(slots=True)
class _Pace:
    """What this process knows of one import: when it counted last and how long that took; whom it is counting."""

    ended: float = field(default_factory=monotonic)
    took: float = 0.0
    customers: dict[tuple[int, str], "array[int]"] = field(default_factory=dict)


_paces: dict[int, _Pace] = {}


def note(operation: Operation) -> None:
    """Begin to count when it is time to; called with each batch that was written, in its transaction."""
    pace = _paces.setdefault(operation.pk, _Pace())
    if monotonic() - pace.ended > max(EVERY, SHARE * pace.took):
        _begin(operation)


def is_going(operation: Operation) -> bool:
    """Whether a count is under way."""
    return COUNTING in operation.state


def step(operation: Operation) -> bool:
    """Count some of those who are not counted yet, in the caller's transaction; returns whether there were any."""
    if not is_going(operation) and not _begin(operation):
        _paces.pop(operation.pk, None)
        return False
    pace, began = _paces.setdefault(operation.pk, _Pace()), monotonic()
    going: dict[str, Any] = operation.state[COUNTING]
    ids = _customers(pace, operation, going)
    start = bisect_right(ids, going["after"])
    chosen = ids[start : start + SOME]
    recount(*((chosen, ()) if going["link"] == "contact" else ((), chosen)))
    if start + SOME < len(ids):
        operation.state = {**operation.state, COUNTING: {**going, "after": chosen[-1]}}
    else:
        _next(operation, going)
    operation.advance(0)
    pace.took += monotonic() - began
    pace.ended = monotonic()
    return True


def _begin(operation: Operation) -> bool:
    """Note up to which order customers are counted now; returns whether there is any to count."""
    counted = operation.state.get(COUNTED, 0)
    newest = Order.objects.filter(brought_by=operation, pk__gt=counted).aggregate(newest=Max("pk"))["newest"]
    if newest is None:
        return False
    operation.state = {**operation.state, COUNTING: {"to": newest, "link": LINKS[0], "after": 0}}
    _paces[operation.pk] = _Pace()
    return True


def _next(operation: Operation, going: dict[str, Any]) -> None:
    """Go on with companies after people, else note that all are counted."""
    rest = LINKS[LINKS.index(going["link"]) + 1 :]
    state = {name: value for name, value in operation.state.items() if name != COUNTING}
    operation.state = state | ({COUNTING: {**going, "link": rest[0], "after": 0}} if rest else {COUNTED: going["to"]})


def _customers(pace: _Pace, operation: Operation, going: dict[str, Any]) -> "array[int]":
    """The ids of those who got orders since the last count, in order. One query, kept in this process."""
    link: Link = going["link"]
    key = (going["to"], link)
    if key not in pace.customers:
        since = Order.objects.filter(
            brought_by=operation, pk__gt=operation.state.get(COUNTED, 0), pk__lte=going["to"]
        ).exclude(**{link: None})
        ids = since.order_by(f"{link}_id").values_list(f"{link}_id", flat=True).distinct()
        pace.customers = {key: array("q", ids.iterator())}
    return pace.customers[key]
