"""What templates of promises need."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.promises.ledger.words import say_when

register = template.Library()


@register.filter
def promise_verb(verb: str) -> str:
    """What became of a promise, as its entry on the timeline begins."""
    words = {
        "kept": _("Kept our promise"),
        "broken": _("Could not keep it"),
        "moved": _("Moved"),
        "withdrawn": _("Withdrawn"),
    }
    return words.get(verb, _("Promised"))


@register.filter
def promise_day(text: str) -> str:
    """A due day as a snapshot keeps it, in words."""
    try:
        if len(text) == len("2026-11-27"):
            return say_when(date.fromisoformat(text))
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return ""
    return say_when(timezone.localtime(at).date(), at)
