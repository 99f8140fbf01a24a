"""How thanks and their cost read in templates."""

from datetime import datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from regulars.lib import moments
from regulars.promises.models import Thanks
from regulars.promises.thanks import words

register = template.Library()


@register.simple_tag
def money(amount: Decimal, currency: str) -> str:
    """Return "12.50 EUR"."""
    return words.money(amount, currency)


@register.simple_tag
def thanks_words(thanks: Thanks) -> str:
    """Return "With a card for kind words: a note from all of us"."""
    entry = thanks.entry
    said = entry.text if entry and entry.kind == "thanks" and entry.text else words.sentence(thanks)
    return said[:1].upper() + said[1:]


@register.simple_tag
def days_ago(moment: datetime) -> str:
    """Return "today", "3 days ago": an occasion has a day, no hour."""
    return str(moments.ago(timezone.localtime(moment).date()))
