"""How a line of win-back reads on a timeline."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from regulars.insights.tables.winback import Cause, Play

register = template.Library()


@register.filter
def winback_words(said: dict[str, Any]) -> str:
    """What happened: tried, answered, came back."""
    verb = said.get("verb")
    if verb == "tried":
        play = said.get("play", "")
        label = Play(play).label if play in Play.values else ""
        return _("Tried to win them back: %(play)s") % {"play": label}
    if verb == "back":
        return _("Came back")
    cause = said.get("cause") or ""
    if cause in Cause.values and cause:
        return _("Why they stayed away: %(cause)s") % {"cause": Cause(cause).label}
    return _("Why they stayed away")
