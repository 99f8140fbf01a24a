"""The numbers and chips of a month: drawn in Python, because a full month has more than a hundred of them."""

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regulars.lib.templatetags.regulars import draw_icon

if TYPE_CHECKING:
    from regulars.promises.appointments.calendar_page import Block, Day

NOTHING = SafeString("")
DAY = '<a class="cal-number" href="{}{}" aria-label="{}"{}>{}</a>'
MOVABLE = ' data-move="{}" data-start="{}" data-label="{}" aria-describedby="calendar-help"'


@lru_cache(maxsize=64)
def _icon(name: str, classes: str, label: str) -> SafeString:
    return draw_icon(name, classes, label)


@lru_cache(maxsize=512)
def _day_in_words(day: date, language: str | None) -> str:
    return date_format(day, "l j F")


def draw_number(day: "Day", day_address: str, *, is_today: bool) -> SafeString:
    """Return the number of a day of a month: a link to the day that says how much there is."""
    words = _day_in_words(day.date, get_language())
    if day.blocks:
        count = day.count
        agreed = ngettext("%(count)s appointment", "%(count)s appointments", count) % {"count": count}
        words = f"{words}: {agreed}"
    mark = SafeString(' aria-current="date"') if is_today else NOTHING
    return format_html(DAY, day_address, day.iso, words, mark, day.date.day)


def draw_chips(day: "Day", *, may_move: bool, is_shared: bool) -> SafeString:
    """Return what a day of a month has room for, each the same as `calendar_block.html`: time, title, whose."""
    return SafeString("".join(f"<li>{_chip(block, may_move, is_shared)}</li>" for block in day.blocks))


def _chip(block: "Block", may_move: bool, is_shared: bool) -> str:
    one, tone, url = block.occurrence, block.tone, block.occurrence.url
    name = "a" if url else "div"
    repeats = _icon("repeat", "size-3 cal-repeats", _("repeats")) if one.repeats else ""
    team = escape(", ".join(colleague.first_name for colleague in block.colleagues)) if is_shared else ""
    whose = f' <span class="cal-team">{team}</span>' if team else ""
    # Pieces that are safe: what people typed goes through `escape`, all else is ours.
    return (
        f'<{name} class="cal-event" data-tone="{escape(tone)}" draggable="false"{_link(block, url, may_move)}>'
        f'<span class="cal-time">{block.start:%H:%M}</span> <b dir="auto">{_mark(tone)}{escape(one.title)}</b>'
        f"{repeats}{whose}</{name}>"
    )


def _link(block: "Block", url: str, may_move: bool) -> str:
    if not url:
        return ""
    one = block.occurrence
    key = one.key if block.begins_here else f"{one.key}-{block.day:%m%d}"
    link = f' id="occ-{escape(key)}" href="{escape(url)}"'
    if not (may_move and block.movable):
        return link
    return link + format_html(MOVABLE, one.move_url, block.iso, one.title)


def _mark(tone: str) -> str:
    if tone == "no_show":
        return f"{_icon('user-round-x', 'size-3', _('No-show'))} "
    return f"{_icon('check', 'size-3', _('Held'))} " if tone == "held" else ""
