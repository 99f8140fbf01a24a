"""Prepared reads: queries whose shape never changes, put into SQL once for each process.

Building a queryset and turning it into SQL costs Django several times what the database needs to answer it by an
index. A page that asks twenty-five such questions spends most of its time there. So:

    @prepared
    def open_openers(contact: int) -> QuerySet[Opener]:
        return Opener.objects.filter(contact=contact, asked_at=None)[:30]

    open_openers(5)  # a list of openers

The function is called once, with numbers nobody uses in the place of its arguments; from then on only the
values change. Rows become instances by Django's own hands: joins, deferred columns, `values_list` and annotations work.
PostgreSQL keeps the plans of these statements, too, as long as a connection lives (`REGULARS_PREPARED_STATEMENTS`):
one plan for all values, so that what is always the same has to stand in the queryset and not come as an argument.
"""

import copy
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import update_wrapper
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

Row = TypeVar("Row")

# Stand-ins: a number alone must fit into the smallest column, or Django answers "nothing" without asking; of numbers in
# sequences, which are ids, there may be thousands.
_NUMBER = 29_000
_NUMBERS = 7_600_000_000_000_000_000
_TEXT = "\uf8ff{}\uf8ff"  # a character for private use: nobody types it
_MOMENT = datetime(1902, 3, 4, 5, 6, 7, 891, tzinfo=UTC)
LARGEST_INTEGER = 2**31
_SIZES = (1, 2, 5, 10, 25, 50, 100, 200, 500, 1000, 2000)

Value = int | str | datetime


class Fixed(int):
    """A whole number that is part of the shape, as the length of a slice has to be: `Fixed(7)`."""


@dataclass(frozen=True)
class _Hole:
    """A place in the parameters and the index of the value that belongs there, with what a look-up puts around it."""

    place: int
    index: int
    before: str = ""
    after: str = ""
    count: int = 0  # of the numbers that go in here together, as an array of PostgreSQL's

    def filled(self, values: Sequence[Any], using: str) -> Any:
        """The parameter with its value in it; in a pattern of LIKE its wildcards stand for themselves."""
        if self.count:
            return f"{{{','.join(map(str, values[self.index : self.index + self.count]))}}}"
        value = _adapted(values[self.index], using)
        if not self.before and not self.after:
            return value
        if "%" in self.before or "%" in self.after:
            value = value.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        return f"{self.before}{value}{self.after}"


@dataclass(frozen=True)
class _Statement:
    """What was made ready."""

    query: Any
    compiler: Any
    iterable: Any
    fields: Any
    sql: str
    params: tuple[Any, ...]
    holes: tuple[_Hole, ...]


class Prepared(Generic[Row]):
    """A function that builds a queryset, made into one that returns its rows as a list.

    Arguments that are whole numbers, texts, moments or sequences of numbers or texts are values of the statement; all
    others (flags, None, `Fixed`) are part of its shape, and each shape is made ready once. A sequence is filled up to
    the next of a few lengths by repeating its last value; an empty one answers [] without asking. Raises TypeError
    when the queryset uses `prefetch_related`, or when a value does not arrive in the statement as it is.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self.build = build
        self._ready: dict[Any, _Statement | None] = {}
        self._lock = threading.Lock()
        update_wrapper(self, build)

    def __call__(self, *arguments: Any, using: str = DEFAULT_DB_ALIAS) -> list[Row]:
        """Return the rows for these arguments."""
        shape: list[Any] = []
        values: list[Value] = []
        for argument in arguments:
            if isinstance(argument, bool | Fixed) or not isinstance(argument, int | str | datetime | Sequence):
                shape.append(argument)
            elif isinstance(argument, int | str | datetime):
                shape.append(_sort_of(argument))
                values.append(argument)
            elif argument:
                size = _size_for(len(argument))
                shape.append((_sort_of(argument[0]), size))
                values += [*argument, *[argument[-1]] * (size - len(argument))]
            else:
                return []
        key = (using, *shape)
        if key not in self._ready:
            with self._lock:
                self._ready[key] = self._make_ready(using, shape)
        statement = self._ready[key]
        try:
            return [] if statement is None else _rows(statement, values, using)
        except OverflowError:  # no column holds such a number: Django knows what that means for each comparison
            return list(self.build(*arguments).using(using))

    def first(self, *arguments: Any) -> Row | None:
        """Return the first row for these arguments, or None."""
        return next(iter(self(*arguments)), None)

    def _make_ready(self, using: str, shape: Sequence[Any]) -> _Statement | None:
        """Build the queryset with stand-ins and turn it into SQL; None when it can have no rows.

        Done twice, with other stand-ins: whatever differs besides their places hangs on a value in a way that can't be
        filled in later.
        """
        arguments, stand_ins = _stand_ins(shape, 0)
        try:
            found, compiler, sql, params = self._compiled(using, arguments)
        except EmptyResultSet:
            return None
        arguments, stand_ins_again = _stand_ins(shape, len(stand_ins))
        *_, other_sql, other_params = self._compiled(using, arguments)
        holes, rest = _taken_apart(params, stand_ins, using)
        if (sql, holes, rest) != (other_sql, *_taken_apart(other_params, stand_ins_again, using)):
            raise TypeError(f"{self.build.__qualname__}: a value does not reach the statement as it is.")
        if _keeps_plans(connections[using]):
            sql, params, holes = _for_keeping(connections[using], sql, params, holes)
        fields = getattr(found, "_fields", None)
        return _Statement(found.query, compiler, found._iterable_class, fields, sql, tuple(params), holes)

    def _compiled(self, using: str, arguments: Sequence[Any]) -> tuple[Any, Any, str, Sequence[Any]]:
        found: Any = self.build(*arguments).using(using)
        if found._prefetch_related_lookups:
            raise TypeError(f"{self.build.__qualname__}: prefetch_related can't be prepared.")
        compiler = found.query.get_compiler(using)
        return found, compiler, *compiler.as_sql()


def prepared(build: Callable[..., QuerySet[Any, Row]]) -> Prepared[Row]:
    """Make a function that builds a queryset into a prepared read: see `Prepared`."""
    return Prepared(build)


def _sort_of(value: Value) -> type:
    return int if isinstance(value, int) else str if isinstance(value, str) else datetime


def _stand_ins(shape: Sequence[Any], first: int) -> tuple[list[Any], list[Value]]:
    """Return arguments to build with, and the values among them, numbered from `first`: each unlike any other."""
    arguments: list[Any] = []
    values: list[Value] = []

    def stand_in(sort: type, numbers: int = _NUMBER) -> Value:
        n = first + len(values)
        unlike: dict[type, Value] = {int: numbers + n, str: _TEXT.format(n), datetime: _MOMENT + timedelta(days=n)}
        values.append(unlike[sort])
        return values[-1]

    for part in shape:
        if part in (int, str, datetime):
            arguments.append(stand_in(part))
        elif isinstance(part, tuple) and part and part[0] in (int, str):
            arguments.append([stand_in(part[0], _NUMBERS) for _ in range(part[1])])
        else:
            arguments.append(part)
    return arguments, values


def _taken_apart(params: Sequence[Any], stand_ins: Sequence[Value], using: str) -> tuple[tuple[_Hole, ...], list[Any]]:
    """Return where the stand-ins are among `params`, and `params` without them."""
    adapted = [_adapted(value, using) for value in stand_ins]
    holes = tuple(hole for place, param in enumerate(params) if (hole := _hole(place, param, adapted)))
    places = {hole.place for hole in holes}
    return holes, [None if place in places else param for place, param in enumerate(params)]


def _hole(place: int, param: Any, adapted: Sequence[Any]) -> _Hole | None:
    """The hole at this place, if one of the stand-ins is there, whole or as a part of a text."""
    for index, stand_in in enumerate(adapted):
        if param == stand_in:
            return _Hole(place, index)
        if isinstance(param, str) and isinstance(stand_in, str) and stand_in in param:
            before, _, after = param.partition(stand_in)
            return _Hole(place, index, before, after)
    return None


def _for_keeping(
    connection: Any, sql: str, params: Sequence[Any], holes: Sequence[_Hole]
) -> tuple[str, list[Any], tuple[_Hole, ...]]:
    """Return the statement with what never changes written into it, and only its holes left as parameters.

    A plan that PostgreSQL keeps is made without the parameters: an index on open promises serves `status = 'open'`,
    but not `status = $1`. Numbers that are looked for together become one array: one parameter, one statement.
    """
    from psycopg.sql import Literal

    connection.ensure_connection()
    of_place = {hole.place: hole for hole in holes}
    places = iter(range(len(params)))
    kept: list[_Hole] = []

    def keep(hole: _Hole) -> str:
        kept.append(replace(hole, place=len(kept)))
        return "%s"

    def one(place: int) -> str:
        if place in of_place:
            return keep(of_place[place])
        return Literal(params[place]).as_string(connection.connection).replace("%", "%%")

    def written(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%%"
        if found[0] == "%s":
            return one(next(places))
        among = [next(places) for _ in range(found[0].count("%s"))]
        first = of_place.get(among[0])
        if first and all(_follows(of_place.get(place), first, n, params[place]) for n, place in enumerate(among)):
            return f"= ANY({keep(replace(first, count=len(among)))})"
        return f"IN ({', '.join(one(place) for place in among)})"

    return re.sub(r"%%|IN \(%s(?:, %s)*\)|%s", written, sql), [None] * len(kept), tuple(kept)


def _follows(hole: _Hole | None, first: _Hole, distance: int, stand_in: Any) -> bool:
    """Whether the hole takes the number that comes `distance` after the one of `first`."""
    return hole is not None and hole.index == first.index + distance and isinstance(stand_in, int)


def _size_for(length: int) -> int:
    return next((size for size in _SIZES if size >= length), length)


def _adapted(value: Value, using: str) -> Any:
    """The value as the driver of the database wants it."""
    if isinstance(value, datetime):
        return connections[using].ops.adapt_datetimefield_value(value)
    return value


def _rows(statement: _Statement, values: Sequence[Value], using: str) -> list[Any]:
    connection = connections[using]
    keeps_plans = _keeps_plans(connection)
    params = list(statement.params)
    for hole in statement.holes:
        params[hole.place] = hole.filled(values, using)
    if keeps_plans:
        params = [_of_one_size(param) for param in params]
    compiler = copy.copy(statement.compiler)
    compiler.connection = _PlanKeeping(connection) if keeps_plans else connection
    compiler.as_sql = lambda *_, **__: (statement.sql, tuple(params))
    query = _Query(statement.query, compiler)
    stand_in = SimpleNamespace(
        db=using, query=query, _known_related_objects={}, _hints={}, _fields=statement.fields, _for_write=False
    )
    return list(statement.iterable(stand_in))


def _keeps_plans(connection: Any) -> bool:
    return bool(connection.vendor == "postgresql" and settings.PREPARED_STATEMENTS)


def _of_one_size(param: Any) -> Any:
    """A whole number is sent as one type, or PostgreSQL would plan anew for each size.

    That is `integer`, which its functions ask for and which is compared with `bigint` along an index.
    """
    from psycopg.types.numeric import Int4, Int8

    if not isinstance(param, int) or isinstance(param, bool):
        return param
    return Int4(param) if abs(param) < LARGEST_INTEGER else Int8(param)


class _PlanKeeping:
    """A connection to PostgreSQL whose cursors leave the values to the server, which then keeps the plan."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def cursor(self) -> Any:
        """Return a cursor of Django's that binds on the server; where queries are logged, one that logs them whole."""
        from django.db.backends.postgresql.base import ServerBindingCursor

        if self._connection.queries_logged:
            return self._connection.cursor()
        self._connection.ensure_connection()
        raw = self._connection.connection
        usual, raw.cursor_factory = raw.cursor_factory, ServerBindingCursor
        try:
            return self._connection.cursor()
        finally:
            raw.cursor_factory = usual

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class _Query:
    """The query with its compiler ready."""

    def __init__(self, query: Any, compiler: Any) -> None:
        self._query, self._compiler = query, compiler

    def get_compiler(self, *_: Any, **__: Any) -> Any:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)
