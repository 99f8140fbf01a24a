"""The events of a connection that an address describes, and one event as its page shows it."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from regulars.lib.keyset import Page, by, read_page
from regulars.orders.models import Connection, HookEvent

SIZE = 30
LONGEST_SHOWN = 100_000  # characters of a body
TONES = {"processed": "good", "failed": "risk", "unknown": "warm", "waiting": "secondary", "ignored": "outline"}


class EventList:
    """The events of `connection`, newest first; `status` narrows it. What makes no sense is left out."""

    def __init__(self, data: QueryDict, connection: Connection) -> None:
        self.data, self.connection = data, connection
        asked = data.get("status", "")
        self.status = asked if asked in HookEvent.Status.values else ""

    @property
    def events(self) -> QuerySet[HookEvent]:
        """All of them, in no order."""
        found: QuerySet[HookEvent] = HookEvent.objects.filter(connection=self.connection)
        return found.filter(status=self.status) if self.status else found

    @cached_property
    def page(self) -> Page:
        """The ids of the page and its neighbours."""
        return read_page(self.events, by("received_at", descending=True), self.data.get("after", "")[:2000], SIZE)

    @property
    def rows(self) -> list[HookEvent]:
        """The events of the page in its order. One query more."""
        found = HookEvent.objects.filter(pk__in=self.page.ids).defer("body", "headers").in_bulk()
        return [toned(found[pk]) for pk in self.page.ids if pk in found]

    @property
    def next_query(self) -> str:
        """The query of the next page; "" on the last."""
        if not self.page.next:
            return ""
        data = self.data.copy()
        data["after"] = self.page.next
        return data.urlencode()

    @property
    def tabs(self) -> list[tuple[Any, str]]:
        """What it can be narrowed to: label and status."""
        return [(_("All"), ""), *((label, status) for status, label in HookEvent.Status.choices)]


def toned(event: HookEvent) -> HookEvent:
    """Return `event` with the tone of its badge."""
    event.tone = TONES[event.status]  # type: ignore[attr-defined]
    return event


@dataclass(frozen=True)
class Shown:
    """The body of an event to be read: JSON laid out, or its text; whether there is more of it."""

    text: str
    is_cut: bool


def shown(event: HookEvent) -> Shown:
    """Return the body of `event` as its page shows it."""
    words = words_of(event, indent=2)
    return Shown(words[:LONGEST_SHOWN], len(words) > LONGEST_SHOWN)


def words_of(event: HookEvent, indent: int | None = None) -> str:
    """Return what the body of `event` says: JSON with its letters as people write them, other bytes as text."""
    raw = bytes(event.body)
    try:
        return json.dumps(json.loads(raw), indent=indent, ensure_ascii=False)
    except (ValueError, RecursionError):
        return raw.decode("utf-8", "replace")
