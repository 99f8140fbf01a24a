"""The timeline of a contact or company: pages that cost the same however long it is.

A page is one range scan of an index (`Involvement` by holder and time) and a fixed number of queries for what hangs on
its entries: people, files, openers, facts; the first page also asks for what is pinned.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet, Value
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from regulars.access.door import viewer
from regulars.access.models import User
from regulars.access.models.users import active_names
from regulars.contacts.actions.adding import Holder
from regulars.contacts.models import Contact, Fact, Involvement, Opener
from regulars.contacts.models.involvement import InvolvementQuerySet
from regulars.contacts.moments import may_change
from regulars.lib.keyset import RowBeyond
from regulars.lib.prepared import prepared
from regulars.lib.text import number_in
from regulars.timeline import kinds, words
from regulars.timeline.models import Attachment, Entry

PAGE_SIZE = 20
PINNED_SHOWN = 50
# Looking for words reads this many entries of the holder at most; "show more" goes on from there.
WORDS_BUDGET = 2000
_CHUNK = 500
# What a line shows: the other columns stay in the database.
_SHOWN = (
    "occurred_at",
    *(f"entry__{name}" for name in ("kind", "occurred_at", "text", "outcome", "snapshot", "edited_at", "pinned_at")),
    "entry__settled_at",
    "entry__author__name",
    "entry__author__email",
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Filters:
    """What a timeline is narrowed to. `author` is a colleague's id, `contact` that of somebody else it concerns."""

    kind: str = ""
    author: int | None = None
    contact: int | None = None
    words: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "Filters":
        """Read filters from an address; what makes no sense is left out."""
        who, _, key = query.get("who", "").partition("-")
        number = number_in(key)
        return cls(
            kind=query.get("kind", "") if kinds.is_known(query.get("kind", "")) else "",
            author=number if who == "user" else None,
            contact=number if who == "contact" else None,
            words=query.get("words", "").strip()[:200],
        )

    def __bool__(self) -> bool:
        return bool(self.kind or self.author or self.contact or self.words)

    @property
    def who(self) -> str:
        """The person as it stands in the address: "user-5" or "contact-7"."""
        return f"user-{self.author}" if self.author else f"contact-{self.contact}" if self.contact else ""

    def query(self, **more: str) -> str:
        """The address part that says the same."""
        parts = {"kind": self.kind, "who": self.who, "words": self.words, **more}
        return urlencode({key: value for key, value in parts.items() if value})


class Person(NamedTuple):
    """Somebody whom an entry concerns, as a line names them."""

    key: str
    name: str
    url: str


@dataclass
class Line:
    """One entry as a timeline shows it. `people` are the visible others whom it concerns."""

    entry: Entry
    can_log: bool = False
    can_change: bool = False
    people: list[Person] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    openers: list[Opener] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    @property
    def kind(self) -> kinds.EntryKind:
        """How its kind looks."""
        return self.entry.kind_info

    @property
    def template(self) -> str:
        """The template that draws it."""
        return self.kind.template

    @property
    def menu(self) -> SafeString:
        """What can be done with it: one of a few texts that are drawn once, with this entry's number."""
        entry = self.entry
        flags = (self.can_change, bool(entry.pinned_at), entry.kind == "request", bool(entry.settled_at))
        drawn = _draw_menu(*flags, get_language() or "")
        return mark_safe(drawn.replace(_ANY_ENTRY, str(entry.pk)))  # noqa: S308  (a template's own text and a number)

    @property
    def is_long(self) -> bool:
        """Whether the text is folded until somebody wants all of it."""
        return len(self.entry.text) > 420 or self.entry.text.count("\n") > 6


_ANY_ENTRY = "990099009900"


@lru_cache(maxsize=128)
def _draw_menu(can_change: bool, pinned: bool, is_request: bool, settled: bool, language: str) -> str:
    """Draw the menu of a line, once for each sort of line and language: on 25 lines it cost as much as the rest."""
    entry = {"pk": int(_ANY_ENTRY), "pinned_at": pinned, "kind": "request" if is_request else "", "settled_at": settled}
    return render_to_string("timeline/entry_menu.html", {"entry": entry, "line": {"can_change": can_change}})


@dataclass(frozen=True)
class Month:
    """The lines of one month. `title` is empty when the page before ended in the same month."""

    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Timeline:
    """A page of a timeline. `next_url` is empty at its end; `pinned` only stands on the first unfiltered page."""

    holder: Holder
    filters: Filters
    months: list[Month]
    pinned: list[Line] = field(default_factory=list)
    next_url: str = ""
    is_first: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self.months and not self.pinned

    @property
    def url(self) -> str:
        """The address of the first page without filters."""
        return timeline_url(self.holder)

    @property
    def on(self) -> str:
        """The holder in short, as verbs on a line want it: "contact-5"."""
        return holder_key(self.holder)


def holder_key(holder: Holder) -> str:
    """ "contact-5" or "company-7"."""
    return f"{'contact' if isinstance(holder, Contact) else 'company'}-{holder.pk}"


def timeline_url(holder: Holder) -> str:
    """The address of a holder's timeline."""
    return reverse("timeline" if isinstance(holder, Contact) else "company-timeline", args=[holder.pk])


def timeline_page(
    holder: Holder, user: User, after: str = "", filters: Filters | None = None, size: int = PAGE_SIZE
) -> Timeline:
    """Return one page of the timeline of `holder`, who is visible to `user`. `after` is a cursor or empty.

    Seven queries on the first page (six without pins), however much there is.
    """
    filters = filters or Filters()
    position = read_cursor(after)
    pinned: list[Involvement] = []
    if filters:
        rows = _narrow(Involvement.objects.of(holder).filter(entry__removed_at=None).newest_first(), filters)
        page, following = _read_words(rows, position, filters, size) if filters.words else _read(rows, position, size)
    else:
        of = (holder.pk, isinstance(holder, Contact))
        pinned = _pinned(*of) if position is None else []
        found = _first_page(*of) if position is None else _later_page(*of, *position)
        page, following = _cut(found, min(size, PAGE_SIZE))
    lines = draw_lines([row.entry for row in [*pinned, *page]], user, beside=holder)
    address = timeline_url(holder)
    return Timeline(
        holder=holder,
        filters=filters,
        months=_by_month(lines[len(pinned) :], position),
        pinned=lines[: len(pinned)],
        next_url=f"{address}?{filters.query(after=following)}" if following else "",
        is_first=position is None,
    )


def _narrow(rows: InvolvementQuerySet, filters: Filters) -> InvolvementQuerySet:
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.author:
        rows = rows.filter(entry__author_id=filters.author)
    if filters.contact:
        rows = rows.filter(entry__involvements__contact_id=filters.contact)
    return rows


Position = tuple[datetime, int]


def write_cursor(occurred_at: datetime, entry_id: int) -> str:
    """Where a page ended, as text for an address: microseconds since 1970 and the entry."""
    return f"{(occurred_at - _EPOCH) // timedelta(microseconds=1)}-{entry_id}"


def read_cursor(text: str) -> Position | None:
    """The position that `text` says; None for the first page, and for a cursor that is broken or made up."""
    moment, _, entry = text.rpartition("-")
    try:
        position = _EPOCH + timedelta(microseconds=int(moment)), int(entry)
    except (ValueError, OverflowError):
        return None
    return position if 0 <= position[1] < 2**63 else None


def _beyond(rows: InvolvementQuerySet, position: Position | None) -> InvolvementQuerySet:
    if position is None:
        return rows
    pair = (F("occurred_at"), F("entry_id"), Value(position[0]), Value(position[1]))
    return rows.filter(RowBeyond(*pair, operator="<"))


def _read(rows: InvolvementQuerySet, position: Position | None, size: int) -> tuple[list[Involvement], str]:
    return _cut(list(_beyond(rows, position).select_related("entry__author").only(*_SHOWN)[: size + 1]), size)


def _of(holder: int, is_contact: bool) -> InvolvementQuerySet:
    found = Involvement.objects.filter(contact=holder) if is_contact else Involvement.objects.filter(company=holder)
    there = found.filter(entry__removed_at=None).newest_first()
    return there.select_related("entry__author").only(*_SHOWN)


@prepared
def _pinned(holder: int, is_contact: bool) -> QuerySet[Involvement]:
    return _of(holder, is_contact).filter(is_pinned=True)[:PINNED_SHOWN]


@prepared
def _first_page(holder: int, is_contact: bool) -> QuerySet[Involvement]:
    return _of(holder, is_contact).filter(is_pinned=False)[: PAGE_SIZE + 1]


@prepared
def _later_page(holder: int, is_contact: bool, at: datetime, entry: int) -> QuerySet[Involvement]:
    return _beyond(_of(holder, is_contact).filter(is_pinned=False), (at, entry))[: PAGE_SIZE + 1]


def _cut(found: list[Involvement], size: int) -> tuple[list[Involvement], str]:
    following = write_cursor(found[size - 1].occurred_at, found[size - 1].entry_id) if len(found) > size else ""
    return found[:size], following


def _read_words(
    rows: InvolvementQuerySet, position: Position | None, filters: Filters, size: int
) -> tuple[list[Involvement], str]:
    """Look through the texts in their order: exact at any position, and bounded, which an index of words is not."""
    wanted = words.split(filters.words)
    if not wanted:
        return [], ""
    found: list[int] = []
    for _ in range(WORDS_BUDGET // _CHUNK):
        texts = _beyond(rows, position).values_list("occurred_at", "entry_id", "entry__text", "entry__outcome")
        chunk = list(texts[:_CHUNK])
        for occurred_at, entry_id, text, outcome in chunk:
            position = (occurred_at, entry_id)
            if words.matches(f"{text} {outcome}", wanted):
                found.append(entry_id)
            if len(found) == size:
                return _load(rows, found), write_cursor(*position)
        if len(chunk) < _CHUNK:
            return _load(rows, found), ""
    return _load(rows, found), write_cursor(*position) if position else ""


def _load(rows: InvolvementQuerySet, entry_ids: list[int]) -> list[Involvement]:
    return list(rows.filter(entry_id__in=entry_ids).select_related("entry__author"))


def draw_lines(entries: Iterable[Entry], user: User, beside: Holder | None = None) -> list[Line]:
    """Return the entries as lines, with what hangs on them that `user` may know of. Four queries.

    `beside` is the holder whose page it is: not named again among the people.
    """
    lines = {entry.pk: Line(entry, user.can("log"), may_change(entry, user)) for entry in entries}
    ids = list(lines)
    people: dict[int, set[int]] = defaultdict(set)
    own = holder_key(beside) if beside else ""
    for entry_id, contact_id, is_implied, holder, name in people_on(ids, user):
        if contact_id:
            people[entry_id].add(contact_id)
        if not is_implied and holder != own:
            kind, _dash, key = holder.partition("-")
            lines[entry_id].people.append(Person(holder, name, reverse(kind, args=[key])))
    for file in _files_of(ids):
        lines[file.entry_id].files.append(file)
    known = list(set().union(*people.values()))
    for opener in _openers_of(known, ids):
        if opener.entry_id and opener.contact_id in people[opener.entry_id]:
            lines[opener.entry_id].openers.append(opener)
    for fact in _facts_of(known, ids):
        if fact.entry_id and fact.contact_id in people[fact.entry_id]:
            lines[fact.entry_id].facts.append(fact)
    return list(lines.values())


@prepared
def _files_of(entries: list[int]) -> QuerySet[Attachment]:
    return Attachment.objects.present().filter(entry_id__in=entries).order_by("pk")


# By contact as well: most facts have no entry, which makes an index by entry look useless to the database.
@prepared
def _openers_of(contacts: list[int], entries: list[int]) -> QuerySet[Opener]:
    return Opener.objects.filter(contact_id__in=contacts, entry_id__in=entries).order_by("noted_at", "pk")


@prepared
def _facts_of(contacts: list[int], entries: list[int]) -> QuerySet[Fact]:
    return Fact.objects.filter(contact_id__in=contacts, entry_id__in=entries, retired_at=None).order_by("pk")


@prepared
def _involved(entries: list[int], me: int, sees_all: bool) -> QuerySet[Involvement, Any]:
    rows = Involvement.objects.filter(entry_id__in=entries).visible_to(viewer(me, sees_all)).order_by("pk")
    names = ("contact__display_name", "company__display_name")
    return rows.values_list("entry_id", "contact_id", "company_id", "is_implied", *names)


def people_on(ids: list[int], user: User) -> Iterator[tuple[int, int | None, bool, str, str]]:
    """Entry, contact's id, whether implied, the holder's key and name: for everybody visible on these entries."""
    for entry, contact, company, implied, *known in _involved(ids, user.pk, user.sees_all):
        holder = f"contact-{contact}" if contact else f"company-{company}"
        yield entry, contact, implied, holder, known[0] or known[1]


def _by_month(lines: list[Line], position: Position | None) -> list[Month]:
    """Group lines under the months of the active time zone; the year is named when it isn't this one."""
    before = _month(position[0]) if position else None
    months: list[Month] = []
    for month, group in _groups(lines):
        title = "" if month == before else date_format(month, "F" if month.year == timezone.localdate().year else "F Y")
        months.append(Month(title, group))
    return months


def _groups(lines: list[Line]) -> Iterator[tuple[date, list[Line]]]:
    groups: dict[date, list[Line]] = {}
    for line in lines:
        groups.setdefault(_month(line.entry.occurred_at), []).append(line)
    yield from groups.items()


def _month(moment: datetime) -> date:
    return timezone.localtime(moment).date().replace(day=1)


def filter_choices(holder: Holder, user: User, filters: Filters) -> dict[str, Any]:
    """What the filter offers: kinds, colleagues, and the label of what is chosen now. One query."""
    colleagues = [(f"user-{pk}", name) for pk, name in active_names()]
    chosen = None
    if filters.contact:
        chosen = Contact.objects.visible_to(user).filter(Q(pk=filters.contact)).first()
    people = [(f"contact-{chosen.pk}", chosen.display_name)] if chosen else []
    return {"kinds": kinds.all_kinds(), "people": [*people, *colleagues]}
