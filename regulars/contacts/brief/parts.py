"""What upper contexts say in the Brief: parts of their own, and reasons for the next best step.

    register_part(BriefPart("we_promised", _("We promised"), order=20, sentences=we_promised))
    register_step(late_promises)  # in apps.ready()

The page, the print, the card and `bin/regulars brief` show them; `bin/regulars brief --json` has them by `key`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise as LazyText

from regulars.access.models import Organisation, User
from regulars.contacts.brief.words import Sentence

if TYPE_CHECKING:
    from regulars.contacts.models import Contact
    from regulars.contacts.page import ContactPage
    from regulars.contacts.pronouns import Pronouns


@dataclass(frozen=True)
class BriefPart:
    """One part. `sentences(contact, user, page)` says what there is, most important first; none hides the part.

    `order` is its place among the Brief's own: 10 ask about, 30 likes and limits, 50 last time, 70 who they are,
    90 next best step. `column` is the column of the card: 1, 2 or 3. `module` must be switched on. `title` may be a
    function of the person's pronouns.
    """

    key: str
    title: "str | LazyText | Callable[[Pronouns], str]"
    order: int
    sentences: "Callable[[Contact, User, ContactPage], Iterable[Sentence]]"
    column: int = 2
    module: str = ""

    def title_for(self, pronouns: "Pronouns") -> str:
        """Its heading."""
        return str(self.title(pronouns) if callable(self.title) else self.title)


@dataclass(frozen=True)
class Step:
    """A reason for the next best step; lower `order` comes first. The Brief's own: 20 requests, 40 rhythm."""

    say: "Callable[[Contact, User, ContactPage], Iterable[Sentence]]"
    order: int
    module: str = ""


_who: list[Step] = []
_parts: dict[str, BriefPart] = {}
_steps: list[Step] = []


def register_part(part: BriefPart) -> None:
    """Make `part` known; called in `apps.ready()`. One with the same key replaces the first."""
    _parts[part.key] = part


def register_step(
    say: "Callable[[Contact, User, ContactPage], Iterable[Sentence]]", order: int = 30, module: str = ""
) -> None:
    """Let `say(contact, user, page)` name next steps; called in `apps.ready()`."""
    if say not in [step.say for step in _steps]:
        _steps.append(Step(say, order, module))


def register_who(
    say: "Callable[[Contact, User, ContactPage], Iterable[Sentence]]", order: int = 30, module: str = ""
) -> None:
    """Let `say(contact, user, page)` add to "who they are to us", after the stage; called in `apps.ready()`."""
    if say not in [step.say for step in _who]:
        _who.append(Step(say, order, module))


def any_known() -> bool:
    """Whether anybody registered anything; else nobody has to ask which modules are on."""
    return bool(_parts or _steps or _who)


def who_on(organisation: Organisation | None) -> list[Step]:
    """Return what adds to "who they are to us" and whose module is switched on, in order."""
    return sorted((step for step in _who if _is_on(step, organisation)), key=lambda step: step.order)


def parts_on(organisation: Organisation | None) -> list[BriefPart]:
    """Return the parts whose module is switched on, in order."""
    return sorted((part for part in _parts.values() if _is_on(part, organisation)), key=lambda part: part.order)


def steps_on(organisation: Organisation | None) -> list[Step]:
    """Return the steps whose module is switched on, in order."""
    return sorted((step for step in _steps if _is_on(step, organisation)), key=lambda step: step.order)


def _is_on(item: BriefPart | Step, organisation: Organisation | None) -> bool:
    return not item.module or organisation is None or organisation.has_module(item.module)
