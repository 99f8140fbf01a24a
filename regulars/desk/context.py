"""What every page of the shell needs."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest

from regulars.lib import navigation


class Shell:
    """The frame around a page: places and side sections, worked out only when a whole page is drawn."""

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


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates the organisation, its words and the frame of the page."""
    organisation = getattr(request, "organisation", None)
    words = organisation.words if organisation else {}
    return {"organisation": organisation, "words": words, "shell": Shell(request)}
