"""What upper contexts understand of a line in the capture box: the registry of signs.

A sign finds its span in what was typed (`! send the quote by friday`), is shown as chips before anything is saved, and
saves what it found in the transaction of the moment, once that is logged:

    class PromiseSign(Sign):
        name = "promise"
        def find(self, text, hearing): ...
        def save(self, found, entry, holders, by): ...

    register_sign(PromiseSign())  # in apps.ready()

What a sign found is cut out of the moment's text, and nobody else looks for days, tags or colleagues inside it; one
that `keeps_text` leaves everything where it stands. Values must be hashable.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise as LazyText

from regulars.access.models import User
from regulars.lib.text import fold

if TYPE_CHECKING:
    from regulars.contacts.actions.adding import Holder
    from regulars.timeline.models import Entry


@dataclass(frozen=True)
class Found:
    """One thing understood: `text[start:end]` says it, `value` is what it means; `covers` are spans naming nobody."""

    what: str
    start: int
    end: int
    said: str
    value: Any
    covers: tuple[tuple[int, int], ...] = ()

    @property
    def key(self) -> str:
        """What names it when somebody takes it away: "date:yesterday"."""
        return f"{self.what}:{fold(self.said)[:100]}"


@dataclass(frozen=True)
class Chip:
    """One thing understood, as it is shown. `drop` is what takes it away; `name` and `value` are sent on saving."""

    icon: str
    label: str
    drop: str
    tone: str = ""
    name: str = ""
    value: int | str = 0

    @property
    def vals(self) -> str:
        """What its cross sends."""
        return json.dumps({"drop": self.drop})


@dataclass(frozen=True)
class Ask:
    """A question that has to be answered before saving. `choices` are (answer, words); see `Hearing.answers`."""

    question: str
    choices: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Hearing:
    """What a sign may need to read a line.

    `now` is aware, in the zone of the one who types; `zone` is that of the business; `colleagues` are id and name;
    `others` are the colleagues ("mention") and tags found so far; `ignored` the keys that somebody took away; `answers`
    what was answered to an `Ask`, by the name of the sign.
    """

    now: datetime
    colleagues: Sequence[tuple[int, str]] = ()
    languages: Collection[str] = ()
    day_first: bool = True
    others: Sequence[Found] = ()
    ignored: Collection[str] = ()
    answers: dict[str, str] = field(default_factory=dict)
    zone: tzinfo | None = None

    @property
    def now_there(self) -> datetime:
        """Now, in the zone of the business: the customer's day."""
        return self.now.astimezone(self.zone or self.now.tzinfo)


@dataclass(frozen=True)
class Hung:
    """What a moment's line shows of something that was saved with it: a few words that lead to it."""

    text: str
    url: str


class Sign:
    """One sign. `name` names its findings; `module` must be switched on ("" for always).

    `kind` is the kind of entry that a line becomes which says nothing else. `button` and `sign` put a button into the
    box that types `sign` at the start of the line.
    """

    name = ""
    module = ""
    kind = ""
    button: "str | LazyText" = ""
    sign = ""
    keeps_text = False

    def find(self, text: str, hearing: Hearing) -> Iterable[Found]:
        """Return what it finds in `text`, none of it overlapping."""
        raise NotImplementedError

    def chips(self, found: Found) -> list[Chip]:
        """How it is shown before it is saved; the first chip takes all of it away."""
        raise NotImplementedError

    def note(self, found: Found, by: User) -> str:
        """A quiet line beside the chips, or ""."""
        return ""

    def ask(self, found: Found) -> Ask | None:
        """What somebody has to say before it can be saved, or None. Saving is refused while there is a question."""
        return None

    def alone(self, found: Sequence[Found]) -> str:
        """The text of the moment when nothing else was said."""
        return " ".join(item.said for item in found)

    def save(self, found: Found, entry: "Entry", holders: "Sequence[Holder]", by: User) -> Hung | None:
        """Save what was found, in the transaction that logged `entry` about `holders` (the first one counts most).

        Raises ValueError with a sentence for the person; then nothing is saved, the moment neither.
        """
        raise NotImplementedError


_signs: dict[str, Sign] = {}


def register_sign(sign: Sign) -> None:
    """Make `sign` known; called in `apps.ready()`."""
    _signs[sign.name] = sign


def signs_on(modules: Collection[str]) -> list[Sign]:
    """Return the signs whose module is switched on, in the order of registration."""
    return [sign for sign in _signs.values() if not sign.module or sign.module in modules]


def sign_of(found: Found) -> Sign | None:
    """Return the sign that found it; None for what the capture box understands by itself."""
    return _signs.get(found.what)


def find_signs(text: str, hearing: Hearing, signs: Iterable[Sign]) -> list[Found]:
    """Return what `signs` find that nobody took away; of two that overlap, the one that begins first."""
    found = [item for sign in signs for item in sign.find(text, hearing) if item.key not in hearing.ignored]
    kept: list[Found] = []
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return kept
