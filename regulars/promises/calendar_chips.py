"""The chips of a month: drawn in Python, because a full month has more than a hundred of them."""

from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from regulars.lib.templatetags.regulars import draw_icon

if TYPE_CHECKING:
    from regulars.promises.calendar_page import Block

NOTHING = mark_safe("")
CHIP = (
    '<{} class="cal-event" data-tone="{}" draggable="false"{}>'
    '<span class="cal-time">{}</span> <b dir="auto">{}{}</b>{}{}</{}>'
)
MOVABLE = ' data-move="{}" data-start="{}" data-label="{}" aria-describedby="calendar-help"'


@lru_cache(maxsize=64)
def _icon(name: str, classes: str, label: str) -> SafeString:
    return draw_icon(name, classes, label)


def draw_chip(block: "Block", *, may_move: bool, is_shared: bool) -> SafeString:
    """Return the same as `calendar_block.html` for a month: time, title, whose; a link unless it is hidden."""
    one = block.occurrence
    name = "a" if one.url else "div"
    team = ", ".join(colleague.first_name for colleague in block.colleagues) if is_shared else ""
    return format_html(
        CHIP,
        name,
        block.tone,
        _link(block, may_move) if one.url else NOTHING,
        f"{block.start:%H:%M}",
        _mark(block.tone),
        one.title,
        _icon("repeat", "size-3 cal-repeats", _("repeats")) if one.repeats else NOTHING,
        format_html(' <span class="cal-team">{}</span>', team) if team else NOTHING,
        name,
    )


def _link(block: "Block", may_move: bool) -> SafeString:
    one = block.occurrence
    key = one.key if block.begins_here else f"{one.key}-{block.day:%m%d}"
    link = format_html(' id="occ-{}" href="{}"', key, one.url)
    if not (may_move and block.movable):
        return link
    return link + format_html(MOVABLE, one.move_url, block.iso, one.title)


def _mark(tone: str) -> SafeString:
    if tone == "no_show":
        return format_html("{} ", _icon("user-round-x", "size-3", _("No-show")))
    return format_html("{} ", _icon("check", "size-3", _("Held"))) if tone == "held" else NOTHING
