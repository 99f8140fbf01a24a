"""What every page of the shell needs."""

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.lib import navigation
from regulars.lib.templatetags.regulars import draw_icon


class Shell:
    """The frame around a page: places and side sections, worked out only when a whole page is drawn.

    The links are drawn here and not in a template, because every page of everybody pays for them.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def places(self) -> list[navigation.NavLink]:
        """The places of the side navigation."""
        return navigation.items_for(self.request)

    @cached_property
    def bar(self) -> list[navigation.NavLink]:
        """The first two places, which stand in the bottom bar of a phone."""
        return [place for place in self.places if place.phone == "bar"][:2]

    @cached_property
    def own(self) -> list[navigation.NavLink]:
        """The places of the colleague's own menu, such as settings."""
        return navigation.items_for(self.request, where="own")

    @cached_property
    def sections(self) -> list[tuple[str, list[navigation.NavLink]]]:
        """The titled groups below the places, such as saved views."""
        return navigation.sections_for(self.request)

    def side_places(self) -> SafeString:
        """The lines of the side navigation, with their keys."""
        return _draw(self.places, with_keys=True)

    def side_sections(self) -> list[tuple[str, SafeString]]:
        """The titled groups of the side navigation and their lines."""
        return [(title, _draw(links)) for title, links in self.sections]

    def sheet_places(self) -> SafeString:
        """The lines of the sheet that a phone opens with More."""
        return _draw([*self.places, *self.own], "side-link h-11")

    def sheet_sections(self) -> list[tuple[str, SafeString]]:
        """The titled groups of that sheet and their lines."""
        return [(title, _draw(links, "side-link h-11")) for title, links in self.sections]


def _draw(links: Iterable[navigation.NavLink], classes: str = "side-link", *, with_keys: bool = False) -> SafeString:
    language = get_language()
    drawn = (_draw_link(link, classes, with_keys, language) for link in links)
    return mark_safe("".join(drawn))  # noqa: S308  (escaped below)


@lru_cache(maxsize=4_000)
def _draw_link(link: navigation.NavLink, classes: str, with_keys: bool, language: str | None) -> SafeString:
    """A line; the same ones stand on every page of everybody. Some of its words are in `language`."""
    keys = ""
    if with_keys and link.key:
        label = _("Go to %(place)s") % {"place": link.name}
        keys = format_html(' data-shortcut="g {}" data-shortcut-label="{}"', link.key, label)
    return format_html(
        '<li><a class="{}" href="{}"{}{} title="{}">{}<span class="truncate">{}</span>{}</a></li>',
        classes,
        link.url,
        mark_safe(' aria-current="page"') if link.current else "",
        keys,
        link.name,
        draw_icon(link.icon) if link.icon else format_html('<span class="dot" data-tone="{}"></span>', link.tone),
        link.name,
        format_html('<span class="count">{}</span>', link.count) if link.count else "",
    )


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates the organisation, its words and the frame of the page."""
    organisation = getattr(request, "organisation", None)
    words = organisation.words if organisation else {}
    return {"organisation": organisation, "words": words, "shell": Shell(request)}
