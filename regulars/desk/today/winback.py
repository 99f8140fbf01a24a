"""Who is slipping away, on Today, for those who lead: the most valuable whom nobody has tried to win back."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import ngettext

from regulars.desk.today.sections import Found, Look
from regulars.desk.today.words import begin, count_word
from regulars.insights.tables.risk import AtRisk
from regulars.insights.tables.winback import Attempt
from regulars.insights.winback.winback_list import RiskRow, rows_for

SHOWN, LOOKED_AT = 3, 12


def slipping_away(look: Look) -> Found[RiskRow]:
    """The first few by value whom nobody tried to win back in this spell. Three queries along indexes."""
    spells = _untried(look)
    ids = list(spells.values_list("pk", flat=True)[:LOOKED_AT])
    rows = AtRisk.objects.filter(pk__in=ids[:SHOWN]).for_list().in_bulk()
    shown = rows_for([rows[pk] for pk in ids[:SHOWN] if pk in rows], look.organisation.currency)
    return Found(shown, len(ids), len(ids) >= LOOKED_AT)


def _untried(look: Look) -> "QuerySet[Any]":
    tried = Attempt.objects.present().filter(contact=OuterRef("contact"), tried_on__gte=OuterRef("since"))
    spells: QuerySet[Any] = AtRisk.objects.open().visible_to(look.user)
    return spells.filter(~Exists(tried), contact__isnull=False).order_by(F("worth").desc(), "-pk")


def say_slipping(found: Found[RiskRow]) -> Sequence[str]:
    """ "Somebody valuable is slipping away."."""
    line = ngettext("%(count)s person is slipping away.", "%(count)s people are slipping away.", found.count)
    return [begin(line % {"count": count_word(found)})]
