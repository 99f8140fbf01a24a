"""Says which browser a user agent is, roughly: enough to know one's own again."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@register.filter
def browser(agent: str) -> str:
    """Return "Firefox on Windows", or the beginning of the user agent when neither is known."""
    name = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    if name and system:
        return _("%(browser)s on %(system)s") % {"browser": name, "system": system}
    return name or system or agent[:60] or _("Unknown browser")


@register.filter
def device_icon(agent: str) -> str:
    """Return the name of an icon: a phone or a screen."""
    return "smartphone" if any(sign in agent for sign in ("iPhone", "Android", "Mobile")) else "monitor"
