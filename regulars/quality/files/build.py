"""Rows and a mapping to drafts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from regulars.quality.files.draft import Address, Draft, Handle, NamedDate, Point, Related
from regulars.quality.files.labels import tidy_label
from regulars.quality.files.mapping import Mapping
from regulars.quality.files.problems import BadValue, shorten
from regulars.quality.files.rows import Row
from regulars.quality.files.values import is_empty, read_date, read_emails, read_phones, split_values

NAME_LIMIT = 300
_LIMITS = {
    "given": 300, "family": 300, "display": NAME_LIMIT, "company": 300, "job_title": 150, "department": 150,
    "middle": 150,
    "prefix": 80, "suffix": 80, "nickname": 80, "pronunciation": 150, "salutation": 80, "pronouns": 40, "industry": 100,
    "size": 40, "stage": 40, "source": 80, "introduced_by": 254, "owner": 254, "language": 35, "time_zone": 64,
    "external_id": 120,
}  # fmt: skip
SIMPLE = frozenset(_LIMITS)
GROUPED = frozenset({"email", "phone", "link", "handle", "address", "date", "related", "extra"})


class Problem(NamedTuple):
    """What is wrong with one row: the header of the cell ("" for the row as a whole) and a sentence."""

    field: str
    message: str


class Built(NamedTuple):
    """A row made into a draft, and what is wrong with it; a draft with problems is not imported."""

    draft: Draft
    problems: list[Problem]


@dataclass(slots=True)
class Group:
    """Columns that describe one point together: its value, its label, the parts of an address."""

    family: str
    label: str = ""
    order: str = ""
    value: int = -1
    label_at: int = -1
    network_at: int = -1
    parts: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Habits:
    """How this business writes things: the country of its phones, the order of its dates."""

    region: str = ""
    date_order: str = "dmy"


class Builder:
    """Makes drafts from the rows of one file."""

    def __init__(self, headers: list[str], mapping: Mapping, habits: Habits) -> None:
        self.headers, self.mapping, self.habits = headers, mapping, habits
        self.simple: list[tuple[int, str]] = []
        self.others: list[tuple[int, str, Callable[[Draft, str, str], None]]] = []
        self.groups: list[Group] = []
        self._plan()

    def _plan(self) -> None:
        groups: dict[tuple[str, int], Group] = {}
        for index, column in enumerate(self.mapping.columns):
            if column.target in SIMPLE:
                self.simple.append((index, column.target))
            elif column.family in GROUPED:
                shared = column.group or (0 if column.family == "address" else -index - 1)
                group = groups.setdefault((column.family, shared), Group(column.family))
                self._add_to(group, index)
            elif column.target:
                self.others.append((index, self.headers[index], self._setter(column.target, column.order)))
        self.groups = list(groups.values())

    def _add_to(self, group: Group, index: int) -> None:
        column = self.mapping.columns[index]
        part = column.target.partition(".")[2]
        group.label = column.label or group.label
        group.order = column.order or group.order
        if part == "label":
            group.label_at = index
        elif part == "network":
            group.network_at = index
        elif group.family == "address":
            group.parts.append((part, index))
        else:
            group.value = index

    def _setter(self, target: str, order: str) -> Callable[[Draft, str, str], None]:
        if target.startswith("custom:"):
            key = target.removeprefix("custom:")
            return lambda draft, text, header: draft.custom.__setitem__(key, text)
        if target == "birthday":
            return lambda draft, text, header: setattr(
                draft, "birthday", read_date(text, order or self.habits.date_order, past=True)
            )
        return _SETTERS[target]

    def build(self, row: Row) -> Built:
        """Return the draft of `row`; problems name the column they are in."""
        draft = Draft(row.number, self.mapping.kind)
        problems: list[Problem] = [Problem("", row.problem)] if row.problem else []
        if row.problem:
            return Built(draft, problems)
        cells = row.cells
        for index, target in self.simple:
            text = cells[index].strip()
            if text:
                self._set_simple(draft, target, text, index, problems)
        for index, header, put in self.others:
            text = cells[index].strip()
            if text and not is_empty(text):
                try:
                    put(draft, text, header)
                except BadValue as problem:
                    problems.append(Problem(header, str(problem)))
        for group in self.groups:
            self._build_group(group, draft, cells, problems)
        return Built(draft, problems or finish(draft))

    def _set_simple(self, draft: Draft, target: str, text: str, index: int, problems: list[Problem]) -> None:
        limit = _LIMITS[target]
        text = " ".join(text.split())
        if len(text) > limit:
            message = _("“%(text)s” has %(length)s characters; at most %(limit)s fit here.")
            said = {"text": shorten(text, 20), "length": len(text), "limit": limit}
            problems.append(Problem(self.headers[index], message % said))
        elif not is_empty(text):
            earlier = getattr(draft, target)
            setattr(
                draft,
                target,
                f"{earlier} {text}" if earlier and target == "pronunciation" else earlier or text,
            )

    def _build_group(self, group: Group, draft: Draft, cells: Sequence[str], problems: list[Problem]) -> None:
        if group.family == "address":
            _add_addresses(group, draft, cells)
            return
        text = cells[group.value].strip() if group.value >= 0 else ""
        if not text or is_empty(text):
            return
        label = group.label
        if group.label_at >= 0 and (given := cells[group.label_at].strip()):
            label = given
        network = cells[group.network_at].strip() if group.network_at >= 0 else ""
        try:
            self._add_values(group, draft, text, label, network)
        except BadValue as problem:
            problems.append(Problem(self.headers[group.value], str(problem)))

    def _add_values(self, group: Group, draft: Draft, text: str, label: str, network: str) -> None:
        tidy, starred = tidy_label(label), label.startswith("*")
        match group.family:
            case "email":
                draft.emails += [Point(value, tidy, starred) for value in read_emails(text)]
            case "phone":
                for number, extension in read_phones(text, self.habits.region):
                    name = f"{tidy}, ext. {extension}".lstrip(", ") if extension else tidy
                    draft.phones.append(Point(number, name, starred))
            case "link":
                draft.links += [Point(value, tidy, starred) for value in split_values(text)]
            case "handle":
                draft.handles += [Handle(network or label, value) for value in split_values(text)]
            case "date":
                date = read_date(text, group.order or self.habits.date_order)
                if date:
                    draft.dates.append(NamedDate(tidy or _("date"), date))
            case "related":
                draft.related += [Related(tidy, value) for value in split_values(text)]
            case "extra":
                draft.notes.append(f"{label or self.headers[group.value]}: {text}")


def _add_addresses(group: Group, draft: Draft, cells: Sequence[str]) -> None:
    """Add the address; several joined in the same cells come as several."""
    parts: dict[str, list[str]] = {}
    for part, index in group.parts:
        values = split_values(cells[index]) if " ::: " in cells[index] else [cells[index].strip()]
        earlier = parts.get(part)
        parts[part] = (
            values if not earlier else [", ".join(filter(None, both)) for both in zip(earlier, values, strict=False)]
        )
    label = cells[group.label_at].strip() if group.label_at >= 0 else group.label
    for number in range(max((len(values) for values in parts.values()), default=0)):
        found = {part: values[number] for part, values in parts.items() if number < len(values) and values[number]}
        full = found.pop("full", "")
        if full and not found.get("street"):
            found = {"street": full}  # taken whole: better one clear field than a wrong guess
        address = Address(**found, label=tidy_label(label), preferred=label.startswith("*"))
        if address:
            draft.addresses.append(address)


def _add_tags(draft: Draft, text: str, header: str) -> None:
    for separator in (" ::: ", ";", "|", ","):
        if separator in text:
            break
    tags = (tag.strip(" #") for tag in text.split(separator))
    draft.tags += [tag[:60] for tag in tags if tag and not tag.startswith("*")]


def _add_note(draft: Draft, text: str, header: str) -> None:
    draft.notes.append(text)


def _set_domain(draft: Draft, text: str, header: str) -> None:
    draft.company_domain = text.casefold().partition("://")[2] or text.casefold()
    draft.company_domain = draft.company_domain.removeprefix("www.").partition("/")[0][:253]


_SETTERS: dict[str, Callable[[Draft, str, str], None]] = {
    "tags": _add_tags,
    "note": _add_note,
    "company_domain": _set_domain,
}


def finish(draft: Draft) -> list[Problem]:
    """Settle what the draft is about and make it consistent; return what keeps it from being imported."""
    draft.notes = list(dict.fromkeys(note.strip() for note in draft.notes if note.strip()))
    draft.tags = list({tag.casefold(): tag for tag in reversed(draft.tags)}.values())[::-1]
    draft.emails = _once(draft.emails)
    draft.phones = _once(draft.phones)
    has_person = bool(draft.full_name)
    if draft.kind == "contact" and not has_person and draft.company:
        draft.kind = "company"
    if draft.kind == "company":
        draft.company = draft.company or draft.full_name
        if not draft.company:
            return [Problem("", _("This row names no company."))]
    elif not draft.title:
        return [Problem("", _("This row has no name, company, email or phone."))]
    if len(draft.full_name) > NAME_LIMIT:
        return [
            Problem(
                "",
                _("The name has %(length)s characters; at most 300 fit.") % {"length": len(draft.full_name)},
            )
        ]
    return []


def _once(points: list[Point]) -> list[Point]:
    """Each value once, and at most one preferred."""
    found: dict[str, Point] = {}
    for point in points:
        earlier = found.setdefault(point.value.casefold(), point)
        earlier.preferred = earlier.preferred or point.preferred
    starred = next((point for point in found.values() if point.preferred), None)
    for point in found.values():
        point.preferred = point is starred
    return list(found.values())
