"""What is expected of one contact or company, read once for a page: for the Brief and the panel."""

from typing import Any

from django.db.models import QuerySet

from regulars.contacts.models import Company, Contact
from regulars.contacts.page import HolderPage
from regulars.insights.tables.prediction import Prediction
from regulars.insights.tables.run import Run
from regulars.lib.prepared import prepared

HEAVY = ("backtest", "draws", "ranges", "spend")


def prediction_of(holder: Contact | Company) -> Prediction | None:
    """What the newest run says of somebody; None where it says nothing. One prepared read."""
    rows = _of_contact(holder.pk) if isinstance(holder, Contact) else _of_company(holder.pk)
    return rows[0] if rows else None


def prediction_on(page: HolderPage) -> Prediction | None:
    """The same, once for a page."""
    known = page.__dict__.setdefault("predictions_known", {})
    if "prediction" not in known:
        known["prediction"] = prediction_of(page.holder)
    found: Prediction | None = known["prediction"]
    return found


def newest_run(kind: str) -> Run | None:
    """The newest run that ended, without what only the backtest page reads. One prepared read."""
    rows = _runs(kind)
    return rows[0] if rows else None


@prepared
def _of_contact(contact: int) -> "QuerySet[Any, Any]":
    return Prediction.objects.filter(contact=contact)


@prepared
def _of_company(company: int) -> "QuerySet[Any, Any]":
    return Prediction.objects.filter(company=company)


@prepared
def _runs(kind: str) -> "QuerySet[Any, Any]":
    ended = Run.objects.filter(kind=kind, status__in=(Run.Status.DONE, Run.Status.SHORT))
    return ended.order_by("-made_at", "-pk").defer(*HEAVY)[:1]
