"""Modules: parts of Regulars that a business can switch on and off.

A context registers the modules it brings in `apps.ready()`; `Organisation.modules` holds the names of those that are
on; navigation items and panels name the module they belong to. Only what exists is registered.
"""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Module:
    """One part that can be switched.

    `label` and `text` say what it is for; `off_for` are the trades that start without it.
    """

    name: str
    label: str | Promise
    text: str | Promise
    icon: str
    order: int = 50
    off_for: tuple[str, ...] = ()


_modules: dict[str, Module] = {}


def register(module: Module) -> None:
    """Make `module` known; called in `apps.ready()`."""
    _modules[module.name] = module


def all_modules() -> list[Module]:
    """Return every module in order."""
    return sorted(_modules.values(), key=lambda module: module.order)


def start_for(trade: str) -> list[str]:
    """Return the names of the modules that a new business of `trade` starts with."""
    return [module.name for module in all_modules() if trade not in module.off_for]
