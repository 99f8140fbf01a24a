"""The kinds of entries and how each looks on a timeline."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class EntryKind:
    """How one kind of entry looks and counts.

    `is_contact`: both sides were in touch, so it moves "last contact" and the rhythm.
    `by_hand`: people choose it in the capture box; other kinds are recorded by the system.
    `template` draws its line; upper contexts bring their own.
    """

    name: str
    label: str | Promise
    icon: str
    is_contact: bool = False
    by_hand: bool = True
    template: str = "timeline/entry.html"


_kinds: dict[str, EntryKind] = {}


def register(kind: EntryKind) -> None:
    """Make `kind` known; called in `apps.ready()`."""
    _kinds[kind.name] = kind


def get(name: str) -> EntryKind:
    """Return the kind called `name`, or a plain one for a kind whose context is gone."""
    return _kinds.get(name) or EntryKind(name, name.replace("_", " ").capitalize(), "circle", by_hand=False)


def is_known(name: str) -> bool:
    """Whether a context registered a kind called `name`."""
    return name in _kinds


def all_kinds() -> list[EntryKind]:
    """Return every kind in the order of registration."""
    return list(_kinds.values())


def by_hand() -> list[EntryKind]:
    """Return the kinds that people log themselves."""
    return [kind for kind in _kinds.values() if kind.by_hand]


def contact_kinds() -> list[str]:
    """Return the names of kinds that count as being in touch."""
    return [kind.name for kind in _kinds.values() if kind.is_contact]


for _kind in (
    EntryKind("note", _("Note"), "sticky-note"),
    EntryKind("call", _("Call"), "phone", is_contact=True),
    EntryKind("meeting", _("Meeting"), "users", is_contact=True),
    EntryKind("visit", _("Visit"), "store", is_contact=True),
    EntryKind("message", _("Message"), "message-circle", is_contact=True),
    EntryKind("email", _("Email"), "mail", is_contact=True),
    EntryKind("job", _("Job done"), "wrench", is_contact=True),
    EntryKind("request", _("Request"), "circle-help", is_contact=True),
    EntryKind("thought", _("Thought"), "lightbulb"),
    EntryKind("milestone", _("Milestone"), "flag", by_hand=False),
):
    register(_kind)
