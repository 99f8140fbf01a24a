"""The side navigation: each context registers its places, the shell shows those that apply."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class NavItem:
    """One place of the side navigation.

    `name` is what people read, or a function of the request that says it; `url_name` where it leads;
    `icon` a Lucide name; lower `order` stands higher.
    `module` names the module that must be switched on ("" for always), `key` the letter pressed after `G`.
    `permission` is a capability of the role; `count` gives the number at the end of the line, or None.
    `phone` is "bar" for the bottom bar of a phone, "more" for its sheet.
    `where` is "main" for the side navigation, "own" for the colleague's own menu at its foot.
    `under` are beginnings of other addresses that belong to it.
    """

    name: str | Promise | Callable[[HttpRequest], str]
    url_name: str
    icon: str
    order: int = 50
    module: str = ""
    key: str = ""
    permission: str = ""
    phone: str = "more"
    where: str = "main"
    count: Callable[[HttpRequest], int | None] | None = None
    under: Sequence[str] = ()


@dataclass(frozen=True)
class NavLink:
    """A navigation item as one request sees it; also a line of a side section such as a saved view."""

    name: str
    url: str
    icon: str = ""
    tone: str = ""
    key: str = ""
    count: str = ""
    phone: str = "more"
    current: bool = False


@dataclass(frozen=True)
class SideSection:
    """A titled group below the places, such as the saved views of a colleague. Empty ones are not shown."""

    title: str | Promise
    links: Callable[[HttpRequest], Iterable[NavLink]] = field(compare=False)
    order: int = 50


_items: dict[str, NavItem] = {}
_sections: dict[str, SideSection] = {}


def register(item: NavItem) -> None:
    """Make a place known; called in `apps.ready()`. One with the same `url_name` replaces the first."""
    _items[item.url_name] = item


def register_section(name: str, section: SideSection) -> None:
    """Make a side section known under `name`; called in `apps.ready()`."""
    _sections[name] = section


def items_for(request: HttpRequest, where: str = "main", *, counted: bool = True) -> list[NavLink]:
    """Return the places this colleague can go to, in order; `counted` asks for the numbers beside them.

    Modules that are switched off and places without an address are left out.
    """
    found = []
    prefix = get_script_prefix()
    for item in sorted(_items.values(), key=lambda item: item.order):
        if item.where != where or not _is_open(item, request):
            continue
        if (url := _address(item.url_name, prefix)) is None:
            continue
        count = item.count(request) if item.count and counted else None
        found.append(
            NavLink(
                str(item.name(request) if callable(item.name) else item.name),
                url,
                item.icon,
                "",
                item.key.lower(),
                bounded(count),
                item.phone,
                any(_is_current(place, request) for place in (url, *item.under)),
            )
        )
    return found


@cache
def _address(url_name: str, prefix: str) -> str | None:
    """Where the place is, under the prefix of the installation; worked out once, as every page has all of them."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def sections_for(request: HttpRequest) -> list[tuple[str, list[NavLink]]]:
    """Return title and links of each side section that has any for this colleague."""
    ordered = sorted(_sections.values(), key=lambda section: section.order)
    return [(str(section.title), links) for section in ordered if (links := list(section.links(request)))]


def bounded(count: int | None, limit: int = 99) -> str:
    """Return a count as it stands in the navigation: "" for none, "99+" above `limit`."""
    if not count:
        return ""
    return f"{limit}+" if count > limit else str(count)


def _is_open(item: NavItem, request: HttpRequest) -> bool:
    organisation = getattr(request, "organisation", None)
    if item.module and not (organisation and organisation.has_module(item.module)):
        return False
    can = getattr(request.user, "can", None)
    return not item.permission or bool(can and can(item.permission))


def _is_current(url: str, request: HttpRequest) -> bool:
    return request.path == url if url == "/" else request.path.startswith(url)
