"""How a referral reads on a timeline: each reader sees the names that they may know of."""

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from regulars.contacts.referrals.drawing import brought_words

if TYPE_CHECKING:
    from regulars.contacts.timeline import Line

register = template.Library()


@register.simple_tag
def referral_line(line: "Line") -> SafeString:
    """Say "Brought Maya" on the introducer's timeline, "Came through Tomás" on the newcomer's, both elsewhere."""
    snapshot = line.entry.snapshot
    newcomer = next((person for person in line.people if person.key == snapshot.get("newcomer")), None)
    others = [person for person in line.people if person is not newcomer]
    link = '<a class="link" href="{}" dir="auto">{}</a>'
    brought = format_html(link, newcomer.url, newcomer.name) if newcomer else None
    by = format_html(link, others[0].url, others[0].name) if others else snapshot.get("by")
    if brought and by:
        return format_html(_("<b>{by}</b> brought {newcomer}"), by=by, newcomer=brought)
    if brought:
        return format_html(_("<b>Brought</b> {newcomer}"), newcomer=brought)
    if by:
        return format_html(_("<b>Came through</b> {by}"), by=by)
    return format_html("<b>{}</b>", _("Came through a recommendation"))


register.simple_tag(brought_words)
