"""When and how one person is best reached, read once for a page."""

from typing import Any

from django.db.models import QuerySet

from regulars.contacts.page import ContactPage
from regulars.insights.tables.besttime import BestTime, Pattern
from regulars.lib.prepared import prepared


def best_time_on(page: ContactPage) -> BestTime | None:
    """What was counted of the person of a page; None for who never answered. One prepared read for a page."""
    known = page.__dict__.setdefault("besttime_known", {})
    if "row" not in known:
        rows = _of_contact(page.holder.pk)
        known["row"] = rows[0] if rows else None
    found: BestTime | None = known["row"]
    return found


def newest_pattern() -> Pattern | None:
    """Everybody's pattern as last counted. One prepared read."""
    rows = _patterns()
    return rows[0] if rows else None


@prepared
def _of_contact(contact: int) -> "QuerySet[Any, Any]":
    rows: QuerySet[Any, Any] = BestTime.objects.filter(contact=contact)
    return rows


@prepared
def _patterns() -> "QuerySet[Any, Any]":
    rows: QuerySet[Any, Any] = Pattern.objects.exclude(finished_at=None).order_by("-made_at")[:1]
    return rows
