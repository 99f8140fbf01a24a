"""Tags and filters that every template has without loading anything. How to use each: `docs/interface.md`.

Tags in rows of long lists build their text in Python: fifty nested includes would cost more than the page.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.html import conditional_escape, escape, format_html, format_html_join, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import normalize_newlines
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.lib import moments
from regulars.lib.fields import draw_field
from regulars.lib.panels import panels_for
from regulars.lib.text import in_sentence as name_in_sentence
from regulars.lib.text import initials
from regulars.lib.toast import read_toasts

register = template.Library()

_ADDRESS = re.compile(r"://|www\.|@|[\w)]\.\w")


class FixedNode(template.Node):
    """Draws what is between its tags once for each language."""

    def __init__(self, nodes: template.NodeList) -> None:
        self.nodes = nodes
        self._drawn: dict[str | None, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        """The text; drawn without anything that the page knows, so that nothing of it can stay."""
        language = get_language()
        if language not in self._drawn:
            self._drawn[language] = self.nodes.render(context.new({}))
        return self._drawn[language]


@register.tag
def fixed(parser: template.base.Parser, token: template.base.Token) -> FixedNode:
    """Draw what is the same on every page for everybody once for each language: {% fixed %}…{% endfixed %}.

    No variable of the page can be seen inside.
    """
    nodes = parser.parse(("endfixed",))
    parser.delete_first_token()
    return FixedNode(nodes)


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("dist/icons.svg")


@lru_cache(maxsize=512)
def draw_icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """Return the SVG of a Lucide icon from the sprite; decoration unless it has a `label`."""
    return format_html(
        '<svg class="{}"{}><use href="{}#{}"></use></svg>',
        f"icon {classes}".strip(),
        format_html(' role="img" aria-label="{}"', label) if label else mark_safe(' aria-hidden="true"'),
        _sprite(),
        name,
    )


@register.simple_tag
def icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """Draw a Lucide icon; `classes` such as "size-5"; give a `label` only when the icon stands alone."""
    return draw_icon(name, classes, str(label))


@register.simple_tag
def avatar(subject: Any, size: str = "", shape: str = "") -> SafeString:
    """Draw a photo or the initials. `size` is "sm", "", "lg" or "xl"; `shape` "square" for companies.

    Reads `photo_url`, `initials` and `pk` of the subject where it has them, else its text.
    """
    photo = getattr(subject, "photo_url", "") or ""
    letters = "" if photo else getattr(subject, "initials", "") or initials(str(subject))
    return _draw_avatar(photo, letters, hue(subject), size, shape)


@lru_cache(maxsize=4_000)
def _draw_avatar(photo: str, letters: str, tint: int, size: str, shape: str) -> SafeString:
    """The same letters come again and again in lists, and drawing them takes longer than looking them up."""
    return format_html(
        '<span class="avatar" aria-hidden="true" data-hue="{}"{}{}>{}</span>',
        tint,
        format_html(' data-size="{}"', size) if size else "",
        format_html(' data-shape="{}"', shape) if shape else "",
        format_html('<img src="{}" alt="" loading="lazy" decoding="async">', photo)
        if photo
        else format_html("<span>{}</span>", letters),
    )


@register.filter
def in_sentence(name: Any) -> str:
    """Write a name as it stands in the middle of a sentence: "Referral" gives "referral"."""
    return name_in_sentence(str(name))


@register.filter
def hue(subject: Any) -> int:
    """Return the number of the tint (1 to 8) that always goes with this person or text."""
    key = getattr(subject, "pk", None)
    number = key if isinstance(key, int) else sum(map(ord, str(subject)))
    return number % 8 + 1


@register.simple_tag
def badge(text: Any, tone: str = "secondary", icon: str = "", title: str = "") -> SafeString:
    """Draw a badge. `tone`: secondary, outline, accent, gold, risk, good, warm."""
    return format_html(
        '<span class="badge" data-variant="{}"{}>{}{}</span>',
        tone,
        format_html(' title="{}"', title) if title else "",
        draw_icon(icon) if icon else "",
        text,
    )


@register.simple_tag
def chip(text: Any, tone: str = "", icon: str = "", href: str = "") -> SafeString:
    """Draw a chip: a tag, a filter, something that was understood. With `href` it is a link."""
    inner = format_html("{}<span>{}</span>", draw_icon(icon) if icon else "", text)
    if href:
        return format_html('<a class="chip" data-tone="{}" href="{}">{}</a>', tone, href, inner)
    return format_html('<span class="chip" data-tone="{}">{}</span>', tone, inner)


@register.simple_tag
def when(moment: datetime | date | None, empty: str = "") -> SafeString:
    """Draw a short time: "14:05" today, "yesterday", "18 Nov", "18 Nov 2025"; the full one is its title."""
    if moment is None:
        return format_html("{}", empty)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        moments.full(moment),
        moments.short(moment),
    )


@register.simple_tag
def ago(moment: datetime | date | None, empty: str = "") -> SafeString:
    """Draw how long ago: "just now", "12 minutes ago", "26 days ago", "in 3 days"."""
    if moment is None:
        return format_html("{}", empty)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        moments.full(moment),
        moments.ago(moment),
    )


@register.simple_tag
def field(bound: BoundField, label: Any = None, hint: Any = None, **attrs: Any) -> SafeString:
    """Draw label, control, help and errors of a form field. Other arguments become attributes."""
    return draw_field(bound, label=label, hint=hint, attrs=attrs)


@register.simple_tag
def form_errors(form: forms.BaseForm) -> SafeString:
    """Draw the errors that belong to no single field, or nothing."""
    found = form.non_field_errors()
    if not found:
        return mark_safe("")
    lines = format_html_join("", "<p>{}</p>", ((error,) for error in found))
    return format_html(
        '<div class="notice" data-tone="risk" role="alert">{}<div>{}</div></div>',
        draw_icon("circle-alert"),
        lines,
    )


@register.simple_block_tag
def emptystate(content: str, icon: str, title: Any, text: Any = "") -> SafeString:
    """Draw an empty place: what will be here, and the first step as the block's content (buttons)."""
    inner = content.strip()
    return format_html(
        '<div class="emptystate">{}<p class="title">{}</p>{}{}</div>',
        draw_icon(icon),
        title,
        format_html("<p>{}</p>", text) if text else "",
        format_html('<div class="actions">{}</div>', conditional_escape(mark_safe(inner))) if inner else "",  # noqa: S308
    )


@register.simple_block_tag
def menu(
    content: str, label: Any, icon: str = "ellipsis", text: Any = "", variant: str = "ghost", size: str = ""
) -> SafeString:
    """Draw a button that opens a menu; the block holds `role="menuitem"` links and buttons.

    `label` is read by screen readers; with `text` the button shows words instead of the icon alone.
    """
    size = size or ("" if text else "icon")
    return format_html(
        '<div class="contents" data-behaviour="menu"><button type="button" class="btn" data-variant="{}"{} '
        'aria-haspopup="menu" aria-expanded="false" aria-label="{}">{}{}</button>'
        '<div class="menu" role="menu" aria-label="{}" popover="auto">{}</div></div>',
        variant,
        format_html(' data-size="{}"', size) if size else "",
        label,
        draw_icon(icon) if icon else "",
        format_html("<span>{}</span>", text) if text else "",
        label,
        mark_safe(content),  # noqa: S308  (rendered by the template engine, already escaped)
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: Any, size: str = "") -> SafeString:
    """Draw a dialog that waits in the page; a button with `data-opens="ID"` opens it."""
    return format_html(
        '<dialog class="dialog" id="{0}" aria-labelledby="{0}-title" data-behaviour="dialog"{1}>'
        '<header class="dialog-head"><h2 id="{0}-title">{2}</h2>{3}</header>'
        '<div class="dialog-body">{4}</div></dialog>',
        id,
        format_html(' data-size="{}"', size) if size else "",
        title,
        close_button(),
        mark_safe(content),  # noqa: S308
    )


@register.simple_tag
def close_button(label: Any = "") -> SafeString:
    """Draw the cross that closes the dialog it stands in."""
    return format_html(
        '<button type="button" class="btn" data-variant="ghost" data-size="icon-sm" data-closes '
        'aria-label="{}">{}</button>',
        label or _("Close"),
        draw_icon("x"),
    )


@register.simple_tag
def progress(value: float, maximum: float = 100, label: Any = "", tone: str = "") -> SafeString:
    """Draw a progress line; `label` is read by screen readers."""
    return format_html(
        '<progress class="meter" value="{}" max="{}" data-tone="{}" aria-label="{}"></progress>',
        value,
        maximum or 1,
        tone,
        label or _("Progress"),
    )


@register.simple_tag
def skeleton(lines: int = 3) -> SafeString:
    """Draw grey lines that stand for text on its way."""
    widths = ("w-3/4", "w-full", "w-1/2", "w-5/6")
    drawn = format_html_join("", '<span class="skeleton {}"></span>', ((widths[n % 4],) for n in range(lines)))
    return format_html('<div class="grid gap-2.5" aria-hidden="true">{}</div>', drawn)


@register.simple_tag
def more(url: str, tag: str = "li", text: Any = "") -> SafeString:
    """Draw the end of a part of a list: it loads `url` in its own place when scrolled to, or when pressed.

    `tag` is what the list is made of: "li", "tr" or "div". The answer: the next rows, the next `{% more %}`.
    """
    if not url:
        return mark_safe("")
    link = format_html(
        '<a class="btn" data-variant="ghost" data-size="sm" href="{0}" hx-get="{0}" '
        'hx-target="closest .sentinel" hx-swap="outerHTML">{1}</a>',
        url,
        text or _("Show more"),
    )
    if tag == "tr":
        link = format_html('<td colspan="99">{}</td>', link)
    return format_html(
        '<{0} class="sentinel" hx-get="{1}" hx-trigger="revealed" hx-swap="outerHTML">{2}</{0}>',
        tag,
        url,
        link,
    )


@register.simple_tag(takes_context=True)
def panels(context: RequestContext, host: str, subject: Any = None) -> SafeString:
    """Draw the panels that contexts registered for `host`; lazy ones load when they come into sight."""
    request: HttpRequest = context["request"]
    return mark_safe("".join(_draw_panel(panel, request, subject) for panel in panels_for(host, request)))  # noqa: S308


def _draw_panel(panel: Any, request: HttpRequest, subject: Any) -> SafeString:
    heading = format_html('<h2 class="eyebrow">{}</h2>', panel.title)
    if panel.render and not panel.lazy:
        inner = mark_safe(panel.render(request, subject))  # noqa: S308
        return format_html("<section>{}{}</section>", heading, inner)
    return format_html(
        '<section>{}<div class="mt-2" hx-get="{}" hx-trigger="{}" hx-swap="outerHTML">{}</div></section>',
        heading,
        panel.url(subject),
        "revealed" if panel.lazy else "load",
        skeleton(2),
    )


@register.simple_tag(takes_context=True)
def toasts(context: RequestContext) -> SafeString:
    """Draw the toasts that wait for this page, for the behaviour `toast` to show."""
    import json

    words = read_toasts(context["request"]) if "request" in context else []
    return format_html_join("", '<div data-toast="{}" hidden></div>', ((json.dumps(word),) for word in words))


@register.simple_tag(takes_context=True)
def crumbs(context: RequestContext, *steps: Any) -> SafeString:
    """Draw the way to this page from pairs of text and address, and the page's own name last."""
    parts = []
    for text, url in zip(steps[0:-1:2], steps[1::2], strict=False):
        parts.append(format_html('<a href="{}">{}</a><span class="sep" aria-hidden="true">/</span>', url, text))
    parts.append(format_html('<span aria-current="page">{}</span>', steps[-1]))
    return mark_safe("".join(parts))  # noqa: S308


@register.filter
def can(user: Any, capability: str) -> bool:
    """Whether the colleague's role has a capability: `{% if request.user|can:"edit" %}`."""
    ask = getattr(user, "can", None)
    return bool(ask and ask(capability))


@register.filter
def sentence_list(items: Iterable[Any]) -> str:
    """Join words as a sentence does: "a, b and c"."""
    words = [str(item) for item in items]
    if len(words) < 2:
        return "".join(words)
    return _("%(most)s and %(last)s") % {"most": ", ".join(words[:-1]), "last": words[-1]}


@register.filter
def linked(text: str) -> SafeString:
    """Return `text` escaped, with its line breaks, and its web and mail addresses as links.

    The same as `|urlize|linebreaksbr`, which costs as much as the rest of a timeline: most texts have no address.
    """
    inner = urlize(text, nofollow=True, autoescape=True) if _ADDRESS.search(text) else escape(text)
    return mark_safe(normalize_newlines(inner).replace("\n", "<br>"))  # noqa: S308  (escaped above)
