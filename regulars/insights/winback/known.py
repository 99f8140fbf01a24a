"""Whether one contact slips away and what was said and tried, read once for a page: for the Brief and the panel."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from regulars.contacts.models import Contact
from regulars.contacts.page import HolderPage
from regulars.insights.tables.risk import AtRisk, RiskWord
from regulars.insights.tables.winback import Attempt
from regulars.lib.prepared import prepared

LATELY = timedelta(days=30)


def spell_on(page: HolderPage) -> AtRisk | None:
    """The open spell of the holder of a page. One prepared read for a page."""
    last = _last_spell(page)
    return last if last is not None and last.ended_on is None else None


def _last_spell(page: HolderPage) -> AtRisk | None:
    known = page.__dict__.setdefault("winback_known", {})
    if "spell" not in known:
        rows = _of_contact(page.holder.pk) if isinstance(page.holder, Contact) else _of_company(page.holder.pk)
        known["spell"] = rows[0] if rows else None
    found: AtRisk | None = known["spell"]
    return found


def word_on(page: HolderPage) -> RiskWord | None:
    """What somebody said to the last warning of this contact, while it holds. Asked only where somebody did."""
    last = _last_spell(page)
    if last is None or last.ended != AtRisk.Ended.SAID:
        return None
    known = page.__dict__["winback_known"]
    if "word" not in known:
        rows = _words(page.holder.pk)
        today = timezone.localdate()
        known["word"] = next((row for row in rows if row.until is None or row.until >= today), None)
    found: RiskWord | None = known["word"]
    return found


def tried_lately(holder_id: int) -> bool:
    """Whether somebody tried to win this contact back within a month. One query."""
    since = timezone.localdate() - LATELY
    return bool(Attempt.objects.present().filter(contact=holder_id, tried_on__gte=since).exists())


@prepared
def _of_contact(contact: int) -> "QuerySet[Any, Any]":
    return AtRisk.objects.filter(contact=contact).order_by("-pk")[:1]


@prepared
def _of_company(company: int) -> "QuerySet[Any, Any]":
    return AtRisk.objects.filter(company=company, ended_on=None)


@prepared
def _words(contact: int) -> "QuerySet[Any, Any]":
    return RiskWord.objects.filter(contact=contact, withdrawn_at=None).order_by("-said_at")
