"""Parts of the rows on a contact's page, built in Python because a page has dozens of them."""

from functools import lru_cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from regulars.lib.templatetags.regulars import draw_icon

register = template.Library()


@lru_cache(maxsize=64)
def _address(kind: str) -> tuple[str, str]:
    """What stands before and after the contact's id in the address of rows of `kind`."""
    before, _zero, after = reverse("contact-row-add", args=[0, kind]).removesuffix("new/").partition("/0/")
    return f"{before}/", f"/{after}"


@register.simple_tag(takes_context=True)
def row_edit(context: template.Context, kind: str, row: Any, what: Any) -> SafeString | str:
    """Draw the button that edits a row in place; nothing for those who may not edit."""
    if not context.get("may_edit"):
        return ""
    before, after = _address(kind)
    return format_html(
        '<button type="button" class="part-edit" hx-get="{}{}{}{}/" hx-target="closest li" aria-label="{}">{}</button>',
        before,
        context["contact"].pk,
        after,
        row.pk,
        _("Edit %(what)s") % {"what": what},
        draw_icon("pencil", "size-3.5"),
    )


@register.simple_tag(takes_context=True)
def part_head(context: template.Context, title: str, kind: str, adds: str) -> SafeString:
    """Draw the heading of a part with the button that adds a row of `kind`."""
    button: SafeString | str = ""
    if context.get("may_edit"):
        before, after = _address(kind)
        button = format_html(
            '<button type="button" class="btn" data-variant="ghost" data-size="icon-sm" hx-get="{}{}{}new/" '
            'hx-target="#slot-{}" aria-label="{}" title="{}">{}</button>',
            before,
            context["contact"].pk,
            after,
            kind,
            adds,
            adds,
            draw_icon("plus"),
        )
    return format_html('<div class="part-head"><h2 class="eyebrow">{}</h2>{}</div>', title, button)
