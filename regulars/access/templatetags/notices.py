"""How kinds of notifications are called and drawn."""

from django import template

from regulars.access import notices

register = template.Library()


@register.filter
def notice_icon(kind: str) -> str:
    """The Lucide name of a kind."""
    return notices.icon_of(kind)


@register.filter
def notice_label(kind: str) -> str:
    """What a kind is called, or ""."""
    return str(notices.label_of(kind))


@register.filter
def notice_text(kind: str) -> str:
    """When news of a kind comes, or ""."""
    return notices.text_of(kind)
