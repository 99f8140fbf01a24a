"""How a change of tier reads on a timeline."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from regulars.insights.tables.standing import Tier
from regulars.insights.value.words import reason_of_entry
from regulars.lib.text import in_sentence

register = template.Library()
ORDER = (Tier.NONE, Tier.SILVER, Tier.GOLD)


@register.filter
def tier_words(said: dict[str, Any]) -> str:
    """Gold now; no longer gold."""
    before, after = Tier(said["before"]), Tier(said["after"])
    if ORDER.index(after) > ORDER.index(before):
        return _("%(tier)s now") % {"tier": after.label}
    if after == Tier.NONE:
        return _("No longer %(tier)s") % {"tier": in_sentence(str(before.label))}
    return _("%(after)s, no longer %(before)s") % {"after": after.label, "before": in_sentence(str(before.label))}


@register.filter
def tier_reason(said: dict[str, Any]) -> str:
    """€6,240 in 12 months, rank 14 of 380."""
    return reason_of_entry(said)
