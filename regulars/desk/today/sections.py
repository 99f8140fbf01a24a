"""What Today is made of: a registry of sections, each with its own bounded look at the data.

    register_section(Section("promises", load=due_promises, template="desk/today_promises.html", order=20))

A section loads the few rows it shows, says a sentence of the greeting where it can, and lines for the daily mail. Its
`queries` are what it may cost; a test holds it to that, for two rows and for twenty.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.utils import timezone
from django.utils.functional import Promise as LazyText

from regulars.access.models import Organisation, User
from regulars.access.notices import Line
from regulars.contacts.models import Contact

T = TypeVar("T")
SHOWN = 5
MAIN, ASIDE, TOP = "main", "aside", "top"


@dataclass(frozen=True)
class Found(Generic[T]):
    """The first few of what was found, and how many there are: exactly, or at least that many; `late` is how many
    of these have passed their time."""

    shown: Sequence[T] = ()
    count: int = 0
    at_least: bool = False
    late: int = 0

    def __bool__(self) -> bool:
        return bool(self.shown)

    @classmethod
    def of(cls, rows: Sequence[T], shown: int = SHOWN, most: int = 0) -> "Found[T]":
        """The first `shown` of `rows`, of which there are more when they are `most`."""
        return cls(rows[:shown], len(rows), bool(most) and len(rows) >= most)

    @property
    def left(self) -> int:
        """How many are not shown."""
        return self.count - len(self.shown)


class Look:
    """One look of a colleague at their day; what several sections need is read once."""

    def __init__(self, user: User, organisation: Organisation, now: datetime | None = None) -> None:
        self.user, self.organisation = user, organisation
        self.now = now or timezone.now()

    @cached_property
    def today(self) -> date:
        """The day it is for the colleague."""
        return timezone.localdate(self.now)

    @cached_property
    def has_people(self) -> bool:
        """Whether the colleague is the point of contact of anybody; for one who isn't, everybody counts. One query."""
        return Contact.objects.filter(owner=self.user, binned_at=None, erased_at=None).exists()


@dataclass(frozen=True)
class Section:
    """One part of Today.

    `load(look)` returns what it shows; an empty Found hides it. `template` draws it from `section` and `found`.
    A lower `order` stands higher, `orders` has other places for some roles; `column` is "main", "aside" or "top".
    `roles` are those who see it (all when empty), `module` must be switched on, the role must allow `capability`.
    `says` returns sentences for the greeting, `lines` those of the daily mail, under `title`. `is_work` is for what one
    can do something about: a day without any of it is empty. `hears` is the event of the page on which it is drawn
    again ("promise-changed").
    """

    key: str
    load: Callable[[Look], Found[Any]]
    template: str
    order: int
    title: str | LazyText = ""
    column: str = MAIN
    orders: Mapping[str, int] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    module: str = ""
    capability: str = "view"
    says: Callable[[Found[Any]], Sequence[str]] | None = None
    lines: Callable[[Found[Any]], Sequence[Line]] | None = None
    queries: int = 2
    is_work: bool = True
    hears: str = ""

    def is_for(self, look: Look) -> bool:
        """Whether this colleague sees it."""
        role_fits = not self.roles or look.user.role in self.roles
        module_is_on = not self.module or look.organisation.has_module(self.module)
        return role_fits and module_is_on and look.user.can(self.capability)

    def order_for(self, look: Look) -> int:
        """Its place for the role of this colleague."""
        return self.orders.get(look.user.role, self.order)


_sections: dict[str, Section] = {}


def register_section(section: Section) -> None:
    """Make `section` known; called in `apps.ready()`. One with the same key replaces the first."""
    _sections[section.key] = section


def section_named(key: str) -> Section:
    """Return the section with this key. Raises KeyError for one that nobody registered."""
    return _sections[key]


def sections_for(look: Look) -> list[Section]:
    """Return the sections this colleague sees, in their order."""
    return sorted((one for one in _sections.values() if one.is_for(look)), key=lambda one: one.order_for(look))
