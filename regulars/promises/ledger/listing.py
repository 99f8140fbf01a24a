"""The ledger that an address describes, and promises as lines with their words.

A page walks one index: open ones by due time, settled ones the latest first. Whom somebody may not know of is left out
while it walks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise as LazyText
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from regulars.access.door import viewer
from regulars.access.models import User
from regulars.contacts.capture.box import holder_named
from regulars.contacts.models import Company, Contact
from regulars.lib.addresses import query_with
from regulars.lib.keyset import Page, Section, Walked, by, read_page, walked
from regulars.lib.prepared import prepared
from regulars.lib.text import number_in
from regulars.promises.ledger.words import full_due, say_chain, say_due
from regulars.promises.models.promise import Promise
from regulars.promises.times.due import business_zone, end_of_day

SIZE = 30
STATUSES: dict[str, str | LazyText] = {
    "open": _("Open"),
    "late": _("Late"),
    "kept": _("Kept"),
    "broken": _("Broken"),
    "renegotiated": _("Moved"),
    "withdrawn": _("Withdrawn"),
    "all": _("All"),
}
SPANS: dict[str, str | LazyText] = {
    "": _("Any day"),
    "today": _("Today"),
    "week": _("The next 7 days"),
    "month": _("This month"),
    "last_month": _("Last month"),
    "year": _("This year"),
}


@dataclass(frozen=True)
class PromiseRow:
    """A promise as a line shows it. `due` is short, `when` long; `tone` is that of the badge."""

    promise: Promise
    due: str
    when: str
    tone: str
    chain: str

    @property
    def url(self) -> str:
        """The address of the promise."""
        return _address("promise", self.promise.pk)

    @property
    def person_url(self) -> str:
        """The address of the person it was given to."""
        return _address("contact", self.promise.contact_id)

    @property
    def company_url(self) -> str:
        """The address of the company it was given to."""
        return _address("company", self.promise.company_id)

    @property
    def tick(self) -> SafeString:
        """The box that keeps it, or opens it again."""
        return self._drawn("tick", "")

    @property
    def panel_tick(self) -> SafeString:
        """The same where the line stands on the page of whom it was given to."""
        return self._drawn("tick", "?panel=1")

    @property
    def menu(self) -> SafeString:
        """What can be done with it."""
        return self._drawn("menu", "")

    @property
    def again(self) -> SafeString:
        """The button that agrees a new date for a late one, or opens a settled one again."""
        return self._drawn("again", "")

    def _drawn(self, part: str, query: str) -> SafeString:
        """One of a few texts that are drawn once, with this promise's number: drawing each cost more than the rest."""
        drawn = _draw(part, self.promise.status, query, get_language() or "")
        return mark_safe(drawn.replace(_ANY, str(self.promise.pk)))  # noqa: S308  (a template's own text and a number)


_ANY = "990099009900"


@lru_cache(maxsize=64)
def _draw(part: str, status: str, query: str, language: str) -> str:
    promise = {"pk": int(_ANY), "status": status, "is_open": status == "open"}
    return render_to_string(f"promises/promise_{part}.html", {"promise": promise, "query": query})


@lru_cache(maxsize=16)
def _around(name: str) -> tuple[str, str]:
    """What stands before and after the id in the address called `name`."""
    before, _number, after = reverse(name, args=[int(_ANY)]).partition(_ANY)
    return before, after


def _address(name: str, pk: int | None) -> str:
    before, after = _around(name)
    return f"{before}{pk}{after}"


def promise_rows(promises: Iterable[Promise]) -> list[PromiseRow]:
    """Return promises (loaded with `for_list`) as lines. No query."""
    return [promise_row(promise) for promise in promises]


def promise_row(promise: Promise) -> PromiseRow:
    """Return a promise as a line. No query when it was loaded with `for_list`."""
    tones = {"kept": "good", "broken": "risk", "open": "risk" if promise.is_late else "secondary"}
    return PromiseRow(
        promise, say_due(promise), full_due(promise), tones.get(promise.status, "outline"), say_chain(promise)
    )


class PromiseList:
    """The promises that an address describes. Reading it never fails: what makes no sense is left out.

    | parameter | means |
    |---|---|
    | status | a key of STATUSES; open at first |
    | who | "me", or the id of the colleague who answers |
    | to | "contact-5" or "company-7" |
    | due | a key of SPANS |
    | from, until | days, instead of `due` |
    """

    def __init__(self, data: QueryDict, user: User) -> None:
        self.data, self.user = data, user
        status = data.get("status", "")
        self.status = status if status in STATUSES else "open"
        due = data.get("due", "")
        self.due = due if due in SPANS else ""
        self.who = data.get("who", "")

    @property
    def owner_id(self) -> int | None:
        """Who answers; None for anybody."""
        if self.who == "me":
            return self.user.pk
        return number_in(self.who)

    @cached_property
    def holder(self) -> Contact | Company | None:
        """To whom; None for anybody, and for somebody the colleague may not know of."""
        for kind in ("contact", "company"):
            if key := self.data.get(kind, ""):
                return holder_named(f"{kind}-{key}", self.user)
        return holder_named(self.data.get("to", ""), self.user)

    @property
    def is_ascending(self) -> bool:
        """Whether what is due first comes first."""
        return self.status in ("open", "late")

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and last day on which it is due."""
        today = timezone.localdate()
        first = today.replace(day=1)
        spans = {
            "today": (today, today),
            "week": (today, today + timedelta(days=6)),
            "month": (first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)),
            "last_month": ((first - timedelta(days=1)).replace(day=1), first - timedelta(days=1)),
            "year": (first.replace(month=1), first.replace(month=12, day=31)),
        }
        since, until = (_day(self.data.get(name, "")) for name in ("from", "until"))
        return (since, until) if since or until else spans.get(self.due, (None, None))

    @property
    def promises(self) -> QuerySet[Promise]:
        """All promises of the ledger that the colleague may know of, in no order."""
        found: Any = Promise.objects.visible_to(self.user)
        if self.status == "late":
            found = found.late()
        elif self.status != "all":
            found = found.filter(status=self.status)
        if self.owner_id is not None:
            found = found.filter(owner=self.owner_id)
        if self.holder is not None:
            found = found.of(self.holder)
        narrowed: QuerySet[Promise] = found.filter(**self._of_days())
        return narrowed

    def _of_days(self) -> dict[str, datetime]:
        since, until = self.days
        if since is None and until is None:
            return {}
        zone = business_zone()
        limits: dict[str, datetime] = {}
        if since:
            limits["due_at__gt"] = end_of_day(since - timedelta(days=1), zone)
        if until:
            limits["due_at__lte"] = end_of_day(until, zone)
        return limits

    @property
    def sections(self) -> list[Section]:
        """The order."""
        return by("due_at", descending=not self.is_ascending)

    def page(self, cursor: str | None = None, size: int = SIZE) -> Page:
        """Return the ids of one page and its neighbours."""
        rows = self._walked or self.promises
        return read_page(rows, self.sections, (cursor or self.data.get("after", ""))[:2000], size)

    @property
    def _walked(self) -> Walked | None:
        """The open promises of everybody or of one colleague, which is how the ledger is opened; else None."""
        if self.status != "open" or self.holder is not None or self._of_days():
            return None
        return _open_promises(self.user.pk, self.user.sees_all, *([] if self.owner_id is None else [self.owner_id]))

    def rows(self, ids: list[int]) -> list[PromiseRow]:
        """Return the lines of a page in its order. One query."""
        found = {promise.pk: promise for promise in _lines(ids)}
        return promise_rows(found[pk] for pk in ids if pk in found)

    def address(self, **changes: str) -> str:
        """Return the query of this ledger with other parameters; the position is dropped."""
        return query_with(self.data, "after", **changes)

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the status narrows it."""
        return bool(self.owner_id or self.holder or self._of_days())

    def words(self) -> dict[str, Any]:
        """What is asked for, for the audit log."""
        return {
            name: value for name in ("status", "who", "to", "due", "from", "until") if (value := self.data.get(name))
        }


@walked
def _open_promises(user: int, sees_all: bool, owner: int | None = None) -> QuerySet[Promise]:
    found: QuerySet[Promise] = Promise.objects.visible_to(viewer(user, sees_all)).open()
    return found if owner is None else found.filter(owner=owner)


@prepared
def _lines(ids: list[int]) -> QuerySet[Promise]:
    found: QuerySet[Promise] = Promise.objects.filter(pk__in=ids).for_list()
    return found


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 < found.year < 9000 else None
