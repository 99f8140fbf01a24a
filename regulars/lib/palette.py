"""Commands of the palette: each context registers what can be done from anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from regulars.lib import navigation
from regulars.lib.text import words


@dataclass(frozen=True)
class Command:
    """Something to do from the palette.

    `url_name` (or a ready `address`) is where it leads; or `act` is what the page does itself: "theme", "log", "keys"
    or "#id" to click. `also` are other words it is found by; `permission` is a capability of the role; `module` must be
    switched on.
    """

    name: str
    label: str | Promise
    icon: str
    url_name: str = ""
    act: str = ""
    also: str | Promise = ""
    permission: str = ""
    module: str = ""
    order: int = 50
    address: str = ""

    @property
    def url(self) -> str:
        """Where it leads; "" when the page acts itself or the address does not exist here."""
        try:
            return reverse(self.url_name) if self.url_name else self.address
        except NoReverseMatch:
            return ""


_commands: dict[str, Command] = {}


def register(command: Command) -> None:
    """Make a command known; called in `apps.ready()`. A second one with the same name replaces the first."""
    _commands[command.name] = command


def commands_for(request: HttpRequest, parts: Sequence[str] = ()) -> list[Command]:
    """Return the commands and places this colleague may use whose words begin with all of `parts`, in order."""
    found = [command for command in [*_commands.values(), *_places(request)] if _is_open(command, request)]
    return sorted((c for c in found if _fits(c, parts)), key=lambda command: command.order)


def _places(request: HttpRequest) -> list[Command]:
    known = {command.url for command in _commands.values()}
    return [
        Command(f"go-{place.url}", _("Go to %s") % place.name, place.icon or "arrow-right", address=place.url, order=80)
        for where in ("main", "own")
        for place in navigation.items_for(request, where, counted=False)
        if place.url not in known
    ]


def _is_open(command: Command, request: HttpRequest) -> bool:
    organisation: Any = getattr(request, "organisation", None)
    if command.module and not (organisation and organisation.has_module(command.module)):
        return False
    can = getattr(request.user, "can", None)
    if command.permission and not (can and can(command.permission)):
        return False
    return bool(command.act or command.url)


def _fits(command: Command, parts: Sequence[str]) -> bool:
    known = words(f"{command.label} {command.also}")
    return all(any(word.startswith(part) for word in known) for part in parts)
