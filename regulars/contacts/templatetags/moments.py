"""What templates of moments need."""

from django import template

from regulars.contacts.actions.adding import Holder
from regulars.contacts.capture.signs import Sign, signs_on
from regulars.contacts.timeline import holder_key
from regulars.timeline import kinds

register = template.Library()


@register.simple_tag
def capture_kinds() -> list[kinds.EntryKind]:
    """The kinds that people log by hand, in their order."""
    return kinds.by_hand()


@register.simple_tag(takes_context=True)
def capture_signs(context: template.Context) -> list[Sign]:
    """The signs of upper contexts that have a button in the box."""
    organisation = context.get("organisation")
    return [sign for sign in signs_on(organisation.modules if organisation else ()) if sign.button]


@register.filter
def key_of(holder: Holder | None) -> str:
    """ "contact-5" or "company-7", or nothing for nobody."""
    return holder_key(holder) if holder else ""
