"""What upper contexts add to the panel *Worth*: lines beside the usual order.

register(habits_of)  # in apps.ready(): habits_of(holder, worth) -> [WorthLine(_("Season"), "…"), …]
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise as LazyText

from regulars.access.models import Organisation
from regulars.contacts.actions.adding import Holder

if TYPE_CHECKING:
    from regulars.orders.worth import Worth


@dataclass(frozen=True)
class WorthLine:
    """One line: what it is about, and a sentence. `is_due` is for what is worth a word now."""

    title: str | LazyText
    text: str
    is_due: bool = False


Say = Callable[[Holder, "Worth"], Iterable[WorthLine]]
_known: dict[str, tuple[Say, str]] = {}


def register(say: Say, module: str = "") -> None:
    """Let `say(holder, worth)` add lines where `module` is on; called in `apps.ready()`."""
    _known[say.__qualname__] = (say, module)


def lines_of(holder: Holder, worth: "Worth", organisation: Organisation) -> list[WorthLine]:
    """Return the lines of everybody who registered, none for who never bought."""
    if worth.facts is None:
        return []
    on = (say for say, module in _known.values() if not module or organisation.has_module(module))
    return [line for say in on for line in say(holder, worth)]
