"""What best times add to the floors below: a sentence of the Brief, a condition, what is exported and erased."""

from typing import Any

from regulars.access.models import User
from regulars.contacts.actions.erasing import Traces, on_erase
from regulars.contacts.brief import parts
from regulars.contacts.exporting import also_export
from regulars.contacts.models import Contact
from regulars.insights.besttime import conditions
from regulars.insights.besttime.brief import when_best_reached
from regulars.insights.tables.besttime import BestTime

MODULE = "insights"


def register() -> None:
    """Make best times known; called in `apps.ready()`."""
    from regulars.insights.besttime import job  # noqa: F401  (its schedule)

    conditions.register()
    parts.register_who(when_best_reached, order=20, module=MODULE)
    on_erase(forget)
    also_export("best_time", everything_of)


def forget(traces: Traces) -> None:
    """Erase when a person is best reached."""
    BestTime.objects.filter(contact_id=traces.contact_id).delete()


def everything_of(contact: Contact, by: User) -> list[dict[str, Any]]:
    """What was counted of a person's answers, for the file that they can take with them."""
    names = ("moments", "day", "days", "part", "parts", "share", "low", "high", "ways", "way", "reach")
    return list(BestTime.objects.filter(contact=contact).values(*names))
