"""What templates of moments need."""

from django import template

from regulars.contacts.actions.adding import Holder
from regulars.contacts.timeline import holder_key
from regulars.timeline import kinds

register = template.Library()


@register.simple_tag
def capture_kinds() -> list[kinds.EntryKind]:
    """The kinds that people log by hand, in their order."""
    return kinds.by_hand()


@register.filter
def key_of(holder: Holder | None) -> str:
    """ "contact-5" or "company-7", or nothing for nobody."""
    return holder_key(holder) if holder else ""
