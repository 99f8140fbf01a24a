"""Where one contact or company stands, read once for a page: for the badge, the Brief and the panel."""

from typing import Any

from django.db.models import QuerySet

from regulars.contacts.models import Contact
from regulars.contacts.page import HolderPage
from regulars.insights.tables.standing import Standing, TierRun
from regulars.lib.prepared import prepared


def standing_on(page: HolderPage) -> Standing | None:
    """Where the holder of a page stands; None for who never bought. One prepared read for a page."""
    known = page.__dict__.setdefault("value_known", {})
    if "standing" not in known:
        rows = _of_contact(page.holder.pk) if isinstance(page.holder, Contact) else _of_company(page.holder.pk)
        known["standing"] = rows[0] if rows else None
    found: Standing | None = known["standing"]
    return found


def run_on(page: HolderPage) -> TierRun | None:
    """The newest count, without its figures. One prepared read for a page."""
    known = page.__dict__.setdefault("value_known", {})
    if "run" not in known:
        known["run"] = newest_run(page.host)
    found: TierRun | None = known["run"]
    return found


def newest_run(kind: str) -> TierRun | None:
    """The newest count of people ("contact") or companies, without its figures. One prepared read."""
    rows = _runs(kind)
    return rows[0] if rows else None


@prepared
def _of_contact(contact: int) -> "QuerySet[Any, Any]":
    return Standing.objects.filter(contact=contact)


@prepared
def _of_company(company: int) -> "QuerySet[Any, Any]":
    return Standing.objects.filter(company=company)


@prepared
def _runs(kind: str) -> "QuerySet[Any, Any]":
    return TierRun.objects.filter(kind=kind).order_by("-counted_at").defer("figures")[:1]
