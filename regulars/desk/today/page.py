"""Today: what one colleague sees first, put together from its sections."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.models import Organisation, User
from regulars.desk.today.sections import ASIDE, MAIN, TOP, Found, Look, Section, sections_for

SENTENCES = 3  # more would not be read


@dataclass(frozen=True)
class Part:
    """A section with what it found."""

    section: Section
    found: Found[Any]

    @property
    def template(self) -> str:
        """What draws it."""
        return self.section.template


@dataclass(frozen=True)
class Today:
    """Everything the page shows, loaded with a number of queries that does not grow."""

    parts: list[Part] = field(default_factory=list)

    def _in(self, column: str) -> list[Part]:
        return [part for part in self.parts if part.section.column == column]

    @property
    def top(self) -> list[Part]:
        """What stands above the columns."""
        return self._in(TOP)

    @property
    def main(self) -> list[Part]:
        """What stands in the reading column."""
        return self._in(MAIN)

    @property
    def aside(self) -> list[Part]:
        """What stands in the quiet column."""
        return self._in(ASIDE)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not any(part.section.is_work for part in self.parts)

    @property
    def sentence(self) -> str:
        """What is true about the day, in three short sentences at most."""
        said = [line for part in self.parts if part.section.says for line in part.section.says(part.found)]
        if said:
            return " ".join(said[:SENTENCES])
        return _("Nothing is waiting for you.") if self.is_empty else _("Nothing is due today.")

    def found(self, key: str) -> Found[Any]:
        """What the section with this key found; empty when it shows nothing."""
        return next((part.found for part in self.parts if part.section.key == key), Found())


def load_today(user: User, organisation: Organisation, now: datetime | None = None) -> Today:
    """Return what `user` should see today; sections of modules that are off, and those without rows, are left out."""
    look = Look(user, organisation, now)
    parts = [Part(section, section.load(look)) for section in sections_for(look)]
    return Today([part for part in parts if part.found])


def greeting(user: User) -> str:
    """Return "Good morning, Inês" by the colleague's own clock."""
    hour = timezone.localtime().hour
    words = (
        _("Good morning, %s")
        if 4 <= hour < 12
        else _("Good afternoon, %s")
        if 12 <= hour < 18
        else _("Good evening, %s")
    )
    return words % user.first_name
