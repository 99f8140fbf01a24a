"""Badges beside a name: what upper contexts show in the head of a contact's or company's page.

    register_badge(tier_badge, order=10, module="insights")  # in apps.ready()

`tier_badge(page)` returns a Badge or None from the page of a contact or company, by one prepared read at most.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from regulars.access.models import Organisation

if TYPE_CHECKING:
    from regulars.contacts.page import HolderPage


@dataclass(frozen=True)
class Badge:
    """`text` in one of the badge's tones ("gold", "risk"), with a Lucide icon; `url` where it comes from."""

    text: str
    tone: str = "secondary"
    icon: str = ""
    url: str = ""


@dataclass(frozen=True)
class _Source:
    badge: "Callable[[HolderPage], Badge | None]"
    order: int
    module: str


_sources: list[_Source] = []


def register_badge(badge: "Callable[[HolderPage], Badge | None]", order: int = 50, module: str = "") -> None:
    """Let `badge(page)` say what stands beside a name; called in `apps.ready()`."""
    if badge not in [source.badge for source in _sources]:
        _sources.append(_Source(badge, order, module))
        _sources.sort(key=lambda source: source.order)


def badges_of(page: "HolderPage", organisation: Organisation | None) -> list[Badge]:
    """Return the badges of a page whose module is switched on."""
    on = [one for one in _sources if not one.module or (organisation and organisation.has_module(one.module))]
    return [badge for source in on if (badge := source.badge(page))]
