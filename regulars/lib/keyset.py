"""Pages that cost the same at page 1 and at page 10,000: by position in an index, never by OFFSET.

An order is a list of *sections*, read one after the other. Most orders have one:

    page = read_page(Contact.objects.visible_to(user), by("last_contact_at", descending=True), cursor)
    page.ids, page.next, page.previous

A column that may be empty has two (`by(..., nullable=True)`: those with a value, then those without), an order by
stage has one for each stage. Inside a section rows are ordered by one expression and then by id, in the same
direction, and the position is the row value `(expression, id)`: SQLite and PostgreSQL both serve it from an index on
exactly these two.

A list that everybody opens is worth a prepared read (see `lib/prepared.py`); what follows reads the same rows:

    @walked
    def everybody(user: int, sees_all: bool) -> QuerySet[Contact]:
        return Contact.objects.visible_to(viewer(user, sees_all))

    read_page(everybody(user.pk, user.sees_all), by("last_contact_at", descending=True), cursor)

A cursor is plain text that says where a page ended. It gives no access (the queryset decides what is visible); one
that is broken, cut off or made up leads to the first page.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, IsNull
from django.db.models.sql.compiler import SQLCompiler

from regulars.lib.prepared import Fixed, prepared

PAGE_SIZE = 50
ID_LIMIT = 2**63


class RowBeyond(Func):
    """The condition `(a, b) > (x, y)` or `<`: an index on (a, b) serves it, an equivalent OR is not."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, *expressions: Any, operator: str) -> None:
        super().__init__(*expressions)
        self.operator = operator

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, list[Any]]:
        """Return the comparison of two pairs."""
        parts: list[str] = []
        params: list[Any] = []
        for expression in self.source_expressions:
            sql, own = compiler.compile(expression)
            parts.append(sql)
            params.extend(own)
        return f"({parts[0]}, {parts[1]}) {self.operator} ({parts[2]}, {parts[3]})", params


ID = F("pk")


@dataclass(frozen=True)
class Section:
    """A part of an order: the rows that fulfil `where`, by `expression` and id.

    `key` names the section in cursors. `barrier` keeps the database from walking an index in this order, for querysets
    that are small already (a rare tag): without it a planner may prefer to walk a million rows in the right order.
    """

    expression: Expression | F
    descending: bool = False
    key: str = ""
    where: Q | None = None
    barrier: bool = False
    tie: F = ID  # what holds the id: a column of another table, where the index of the order is there

    @property
    def ordered(self) -> Any:
        """The expression as it stands in the query."""
        return Coalesce(self.expression, self.expression) if self.barrier else self.expression


@dataclass(frozen=True)
class Page:
    """The ids of one page in their order, and the cursors of its neighbours ("" where there is none)."""

    ids: list[int]
    next: str = ""
    previous: str = ""


@dataclass(frozen=True)
class Position:
    """Where a page ended: in which section, at which value and id. `backward`: the page before it is wanted."""

    section: str
    value: Any
    id: int
    backward: bool = False

    def encode(self) -> str:
        """Return the position as text for an address."""
        content = [int(self.backward), self.section, _plain(self.value), self.id]
        return base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode().rstrip("=")


Build = Callable[..., models.QuerySet[Any]]


@dataclass(frozen=True)
class Walked:
    """Rows to read pages of, as a function that builds their queryset and its arguments: see `walked`."""

    build: Build
    arguments: tuple[Any, ...]


def walked(build: Build) -> Callable[..., Walked]:
    """Make a function that builds a queryset into one for `read_page`, which asks it as a prepared read."""
    return lambda *arguments: Walked(build, arguments)


Rows = models.QuerySet[Any] | Walked


def by(
    column: str | Expression, *, descending: bool = False, nullable: bool = False, lowest: Any = None
) -> list[Section]:
    """Return the order by one column or expression and id; empty values come last whichever the direction.

    `lowest` is a value below all others: with it the index is entered behind (or left before) the empty values, which
    databases keep at one of its ends, instead of walking over them.
    """
    expression = F(column) if isinstance(column, str) else column
    if not nullable:
        return [Section(expression, descending)]
    name = column if isinstance(column, str) else None
    filled = _is_null(name, expression, False) if lowest is None else Q(GreaterThanOrEqual(expression, lowest))
    return [
        Section(expression, descending, "v", filled),
        Section(F("pk"), descending, "n", _is_null(name, expression, True)),
    ]


def behind_barrier(sections: Sequence[Section]) -> list[Section]:
    """Return the same order, not to be read from an index."""
    return [Section(s.expression, s.descending, s.key, s.where, barrier=True, tie=s.tie) for s in sections]


def read_page(queryset: Rows, sections: Sequence[Section], cursor: str = "", size: int = PAGE_SIZE) -> Page:
    """Return one page of `queryset`: the first, or the one that `cursor` leads to.

    Takes one query, and one more for each section that the page reaches into.
    """
    position = decode(cursor)
    index = _section_index(sections, position)
    if position is not None and index is None:
        position = None
    backward = bool(position and position.backward)
    try:
        rows = _read(queryset, sections, position, index or 0, size + 1)
    except (ValidationError, ValueError, OverflowError, TypeError, FieldError):
        if position is None:
            raise
        return read_page(queryset, sections, "", size)
    is_more = len(rows) > size
    rows = rows[:size]
    if backward:
        if len(rows) < size:
            return read_page(queryset, sections, "", size)
        rows.reverse()
    return _with_neighbours(rows, has_next=is_more or backward, has_previous=is_more if backward else bool(position))


def decode(cursor: str) -> Position | None:
    """Return the position that a cursor says, or None for one that says nothing."""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        backward, section, value, pk = json.loads(raw)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return None
    if not isinstance(section, str) or not isinstance(pk, int) or isinstance(pk, bool) or not 0 <= pk < ID_LIMIT:
        return None
    if isinstance(value, list | dict) or (isinstance(value, str) and "\x00" in value):
        return None
    if isinstance(value, int) and abs(value) >= ID_LIMIT:
        return None
    return Position(section, value, pk, bool(backward))


Row = tuple[str, int, Any]  # section, id, value


def _read(queryset: Rows, sections: Sequence[Section], position: Position | None, index: int, limit: int) -> list[Row]:
    """Read up to `limit` rows from `position` on, through as many sections as it takes."""
    backward = bool(position and position.backward)
    path = sections[index::-1] if backward else sections[index:]
    rows: list[Row] = []
    for section in path:
        part = _section_rows(queryset, section, position, backward, limit - len(rows))
        rows.extend((section.key, pk, value) for pk, value in part)
        if len(rows) >= limit:
            break
        position = None
    return rows


def _section_rows(
    queryset: Rows, section: Section, position: Position | None, backward: bool, limit: int
) -> Iterable[tuple[int, Any]]:
    """The next ids and values of a section; as a prepared read where the shape is always the same."""
    if not isinstance(queryset, Walked):
        return _in_order(queryset, section, position, backward)[:limit]
    build, arguments = queryset.build, queryset.arguments
    if section.where is None and position is None:
        return _walk(build, section, backward, Fixed(limit), *arguments)
    if section.where is None and position is not None:
        value = _column_of(queryset, section).to_python(position.value)
        if isinstance(value, int | str | datetime):
            return _walk_on(build, section, backward, Fixed(limit), value, position.id, *arguments)
    return _in_order(build(*arguments), section, position, backward)[:limit]


@prepared
def _walk(build: Build, section: Section, backward: bool, limit: Fixed, *arguments: Any) -> models.QuerySet[Any, Any]:
    return _in_order(build(*arguments), section, None, backward)[:limit]


@prepared
def _walk_on(
    build: Build, section: Section, backward: bool, limit: Fixed, value: Any, pk: int, *arguments: Any
) -> models.QuerySet[Any, Any]:
    return _in_order(build(*arguments), section, Position(section.key, value, pk), backward)[:limit]


_columns: dict[tuple[Build, Section], models.Field[Any, Any]] = {}


def _column_of(rows: Walked, section: Section) -> models.Field[Any, Any]:
    """What the section is ordered by, worked out once."""
    key = (rows.build, section)
    if key not in _columns:
        annotated = rows.build(*rows.arguments).annotate(_key=section.ordered)
        _columns[key] = annotated.query.annotations["_key"].output_field
    return _columns[key]


def _in_order(
    queryset: models.QuerySet[Any], section: Section, position: Position | None, backward: bool
) -> models.QuerySet[Any, Any]:
    rows = queryset.filter(section.where) if section.where is not None else queryset
    rows = rows.annotate(_key=section.ordered)
    descends = section.descending != backward
    if position is not None:
        output = rows.query.annotations["_key"].output_field
        value = output.to_python(position.value)
        if value is None:
            raise ValueError("A cursor needs a value.")
        pair = (section.ordered, section.tie, Value(value, output_field=output), Value(position.id))
        rows = rows.filter(RowBeyond(*pair, operator="<" if descends else ">"))
    tie = section.tie
    ordered = (F("_key").desc(), tie.desc()) if descends else (F("_key").asc(), tie.asc())
    values: models.QuerySet[Any, Any] = rows.order_by(*ordered).values_list("pk", "_key")
    return values


def _section_index(sections: Sequence[Section], position: Position | None) -> int | None:
    if position is None:
        return None
    return next((i for i, section in enumerate(sections) if section.key == position.section), None)


def _with_neighbours(rows: list[Row], *, has_next: bool, has_previous: bool) -> Page:
    def cursor(row: Row, backward: bool) -> str:
        section, pk, value = row
        return Position(section, value, pk, backward).encode()

    if not rows:
        return Page([])
    return Page(
        [pk for _, pk, _ in rows],
        cursor(rows[-1], False) if has_next else "",
        cursor(rows[0], True) if has_previous else "",
    )


def _is_null(name: str | None, expression: Any, answer: bool) -> Q:
    if name is not None:
        return Q(**{f"{name}__isnull": answer})
    return Q(IsNull(expression, answer))


_PLAIN: list[tuple[type, Callable[[Any], Any]]] = [
    (datetime, datetime.isoformat),
    (date, date.isoformat),
    (Decimal, str),
]


def _plain(value: Any) -> Any:
    for kind, convert in _PLAIN:
        if isinstance(value, kind):
            return convert(value)
    return value
