"""The lines of a referral tree as HTML.

They are drawn here and not by templates: the sixty lines of a first picture, each with an included template inside
another, took a third of the page's time.
"""

from html import escape
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.contacts.referrals.tree import BREADTH, Branch
from regulars.lib.templatetags.regulars import avatar, draw_icon, when

KEY = "contact-0"  # stands for a branch in an address that is reversed once


def draw_children(branch: Branch, key: str, level: int, start: int = 0) -> SafeString:
    """Return the lines of the children that are shown, with what is open below them, and the button for more of them.

    `key` is whose children they are ("contact-5", "user-2", …), `level` their generation from 1 on, `start` the number
    of the first one among its siblings.
    """
    address = reverse("referral-tree", args=[KEY])
    lines = [_line(child, level, address) for child in branch.children]
    if branch.more:
        lines.append(_more(branch.more, reverse("referral-tree", args=[key]), key, level, start + BREADTH))
    return mark_safe("".join(lines))  # noqa: S308  (each line escapes what it shows)


def brought_words(branch: Branch) -> str:
    """Say how many somebody brought: "brought 3, 12 in all"."""
    direct = ngettext("brought %(direct)d", "brought %(direct)d", branch.direct) % {"direct": branch.direct}
    if branch.people == branch.direct:
        return direct
    return _("%(brought)s, %(people)d in all") % {"brought": direct, "people": branch.people}


def _line(branch: Branch, level: int, address: str) -> str:
    key, has_below = branch.key, bool(branch.direct or branch.people)
    opened = "true" if branch.children else "false"
    owns = f' aria-expanded="{opened}" aria-owns="under-{key}"' if has_below else ""
    toggle = f'<button type="button" {_TOGGLE}>{draw_icon("chevron-right")}</button>' if has_below else _NO_TOGGLE
    came = f" · {when(branch.brought_at)}" if branch.brought_at else ""
    return (
        f'<li role="none" class="tree-item"><div role="treeitem" class="tree-line" id="at-{key}" tabindex="-1" '
        f'aria-level="{level}"{owns}>{toggle}{_picture(branch)}<span class="min-w-0 flex-1">{_name(branch)}'
        f"{_sums(branch)}</span>"
        f'<span class="quiet shrink-0 max-sm:hidden">{escape(branch.how_words)}{came}</span>'
        f"{_from_here(branch, address)}</div>{_below(branch, level + 1, address) if has_below else ''}</li>"
    )


_TOGGLE = 'class="tree-toggle" data-toggle tabindex="-1" aria-hidden="true"'
_NO_TOGGLE = '<span class="tree-toggle"></span>'


def _picture(branch: Branch) -> str:
    if branch.holder is None:
        return f'<span class="avatar" data-size="sm">{draw_icon("lock", "size-3")}</span>'
    return avatar(branch.holder, "sm", "square" if branch.is_company else "")


def _name(branch: Branch) -> str:
    if branch.holder is None:
        nobody = _("Somebody else")  # not inside the braces, where makemessages would not find it
        return f'<span class="text-muted-foreground">{escape(nobody)}</span>'
    return (
        f'<a class="font-medium hover:text-link" href="{branch.holder.get_absolute_url()}" tabindex="-1" dir="auto">'
        f"{escape(branch.holder.display_name)}</a>"
    )


def _sums(branch: Branch) -> str:
    people = f' <span class="quiet">{escape(brought_words(branch))}</span>' if branch.people else ""
    values = (f' <span class="quiet">· {escape(label)} {escape(value)}</span>' for label, value in branch.values)
    return people + "".join(values)


def _from_here(branch: Branch, address: str) -> str:
    if not branch.people or branch.holder is None:
        return ""
    label, title = _("The tree of %(name)s") % {"name": branch.holder.display_name}, _("Start from here")
    return (
        '<a class="btn max-sm:hidden" data-variant="ghost" data-size="icon-sm" tabindex="-1" '
        f'href="{address.replace(KEY, branch.key)}" aria-label="{escape(label)}" title="{escape(title)}">'
        f"{draw_icon('locate-fixed')}</a>"
    )


def _below(branch: Branch, level: int, address: str) -> str:
    key = branch.key
    group = f'<ul role="group" class="tree-group" id="under-{key}"'
    if branch.children:
        return f"{group}>{draw_children(branch, key, level)}</ul>"
    ask = f"{address.replace(KEY, key)}?under={key}&amp;level={level}"
    return f'{group} hidden data-waiting hx-get="{ask}" hx-trigger="branch once" hx-swap="innerHTML"></ul>'


def _more(more: int, address: str, key: str, level: int, start: int) -> str:
    words = ngettext("%(n)s more", "%(n)s more", more) % {"n": more}
    ask = f"{escape(address)}?under={quote(key)}&amp;from={start}&amp;level={level}"
    return (
        f'<li role="none"><button type="button" class="btn ms-6" data-variant="ghost" data-size="sm" hx-get="{ask}" '
        f'hx-target="closest li" hx-swap="outerHTML">{escape(words)}</button></li>'
    )
