"""What the timeline says of a promise: one entry for each thing that became of it."""

from typing import Any

from regulars.access.models import User
from regulars.contacts.actions.moments import Moment, log_moment
from regulars.promises.models.promise import Promise
from regulars.timeline.models import Entry

KIND = "promise"


def record(promise: Promise, verb: str, *, by: User, outcome: str = "", was: Promise | None = None) -> Entry:
    """Write "kept", "broken", "moved" or "withdrawn" on the timelines of whom it was promised to.

    `was` is the promise before it was moved. The entry's snapshot is enough to draw it.
    """
    snapshot: dict[str, Any] = {"verb": verb, "promise": promise.pk, **due_of(promise, "due")}
    if was is not None:
        snapshot |= due_of(was, "was")
    people = [promise.contact] if promise.contact else []
    companies = [promise.company] if promise.company and not promise.contact else []
    moment = Moment(
        promise.what, kind=KIND, contacts=people, companies=companies, outcome=outcome.strip()[:300],
        snapshot=snapshot, subject=(KIND, promise.pk),
    )  # fmt: skip
    return log_moment(moment, by=by)


def due_of(promise: Promise, name: str) -> dict[str, Any]:
    """When it is due, as a snapshot keeps it: {"due": "2026-11-27"} or with its time of day."""
    return {name: promise.due_at.isoformat() if promise.has_time else promise.due_on.isoformat()}
