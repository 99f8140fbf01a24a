"""What a filter is, the registry of filters, and reading them from an address."""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise

from regulars.access.models import Organisation, User
from regulars.contacts.fields.custom import fields_of
from regulars.contacts.fields.values import model_of
from regulars.contacts.models import CustomField
from regulars.lib.planner import filter_walking
from regulars.lib.text import number_in

CONTACT, COMPANY = CustomField.Host.CONTACT.value, CustomField.Host.COMPANY.value
BOTH = (CONTACT, COMPANY)
CUSTOM_PREFIX = "cf."
FIRST = ("stage", "tag", "owner", "last_contact", "name", "city", "company", "day_in", "source", "created")


@dataclass
class Scope:
    """Which list it is, and who looks at it."""

    host: str
    user: User
    organisation: Organisation | None = None
    path: tuple[int, ...] = ()  # the segments whose rules are being read, outermost first
    known: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)  # what was read already

    @property
    def model(self) -> type[Any]:
        """Contact or Company."""
        return model_of(self.host)

    @cached_property
    def fields(self) -> list[CustomField]:
        """The custom fields in use; one query, on first use."""
        if "fields" not in self.known:
            self.known["fields"] = fields_of(self.host)
        found: list[CustomField] = self.known["fields"]
        return found

    def records(self, model: type[Model], ids: Iterable[int], read: Callable[[], Iterable[Any]]) -> list[Any]:
        """Return the records of `ids`: what `read` gives, once; of a table that was loaded whole without a query."""
        wanted = sorted(set(ids))
        if not wanted:
            return []
        if model in self.known:
            return [self.known[model][pk] for pk in wanted if pk in self.known[model]]
        key = (model, tuple(wanted))
        if key not in self.known:
            self.known[key] = list(read())
        found: list[Any] = self.known[key]
        return found

    def load(self, *querysets: QuerySet[Any]) -> None:
        """Load small tables whole, for pages that read many rules. One query for each."""
        for queryset in querysets:
            self.known[queryset.model] = {record.pk: record for record in queryset}

    @cached_property
    def team_ids(self) -> set[int]:
        """The teams of the colleague; one query, on first use."""
        return set(self.user.teams.values_list("pk", flat=True))

    def field(self, key: str) -> CustomField | None:
        """The custom field called `key`, or None."""
        return next((field for field in self.fields if field.key == key), None)


Members = Callable[[], QuerySet[Any, Any]]


@dataclass(frozen=True)
class Comparison:
    """What a condition compares, as a shape and the id in it: `make(id)` is its `q`.

    A list that is filtered by such comparisons alone is one prepared read (`lib/prepared.py`) for each shape, whatever
    the ids. So `make` has to be equal to the `make` of the next request: a frozen dataclass, never a lambda.
    """

    make: Callable[[int], Q]
    id: int

    @property
    def q(self) -> Q:
        """The comparison with the id."""
        return self.make(self.id)


@dataclass(frozen=True)
class Condition:
    """One filter as it is set.

    `q` is true for the rows to show and safe to test row by row; `comparison` is the same as a shape, where it has one.
    `members`, where there is one, returns the ids of all those rows (and perhaps others; with `is_exact` no others),
    found by an index of their own: a list with few of them starts from there instead of walking everything. `paths` are
    the columns that `q` compares; `column` is the one it compares so that an index on it and then the order of the list
    can serve both. `parts` are the conditions it consists of, where all of them must hold; `problems` say what it
    refers to that is gone (it then matches nobody).
    """

    key: str
    label: str
    words: str
    q: Q
    members: Members | None = None
    comparison: Comparison | None = None
    is_exact: bool = False
    column: str = ""
    paths: tuple[str, ...] = ()
    parts: "tuple[Condition, ...]" = ()
    problems: tuple[str, ...] = ()
    sentence: str = ""  # the whole rule behind `words`
    field: CustomField | None = field(default=None, compare=False)


class FilterForm(forms.Form):
    """The small form of one filter; its fields are named as the parameters of the address."""

    use_required_attribute = False


class Filter:
    """One thing that a list can be filtered by. Subclasses give `read` and `form`."""

    hosts: ClassVar[Sequence[str]] = BOTH
    module: str = ""  # offered only while this module is on

    def __init__(self, key: str, label: str | Promise, icon: str = "list-filter") -> None:
        self.key, self.label, self.icon = key, label, icon

    def owns(self, parameter: str) -> bool:
        """Whether `parameter` of an address belongs to this filter."""
        return parameter == self.key or parameter.startswith(f"{self.key}.")

    def read(self, data: QueryDict, scope: Scope) -> Condition | None:
        """Return what is set in `data`, or None when nothing is or it makes no sense."""
        raise NotImplementedError

    def form(self, data: QueryDict | None, scope: Scope) -> FilterForm:
        """Return the form that sets the filter."""
        raise NotImplementedError

    def missing(self, data: QueryDict, scope: Scope) -> str:
        """Return in words what `data` asks for that is gone ("a tag that is gone"), or ""."""
        return ""

    def condition(self, words: str, q: Q, **more: Any) -> Condition:
        """Return a condition of this filter; with its `comparison` in `more`, where it has one."""
        return Condition(self.key, str(self.label), words, q, **more)


_filters: dict[str, tuple[Filter, Sequence[str]]] = {}


def register(filter: Filter, hosts: Sequence[str] | None = None) -> None:
    """Make a filter known for `hosts` ("contact", "company"); a second one with the same key replaces the first."""
    _filters[filter.key] = (filter, hosts or filter.hosts)


def filters_for(scope: Scope) -> list[Filter]:
    """Return the filters of a list in their order, those of custom fields last."""
    from regulars.contacts.filters.custom import filter_for

    own = [filter for filter, hosts in _filters.values() if scope.host in hosts and _is_on(filter, scope)]
    own.sort(key=lambda filter: FIRST.index(filter.key) if filter.key in FIRST else len(FIRST))
    return own + [filter_for(field) for field in scope.fields]


def _is_on(filter: Filter, scope: Scope) -> bool:
    return not filter.module or scope.organisation is None or scope.organisation.has_module(filter.module)


def filter_named(key: str, scope: Scope) -> Filter | None:
    """Return the filter called `key`, or None when this list has none."""
    if key.startswith(CUSTOM_PREFIX):
        from regulars.contacts.filters.custom import filter_for

        field = scope.field(key.removeprefix(CUSTOM_PREFIX))
        return filter_for(field) if field else None
    known = _filters.get(key)
    return known[0] if known and scope.host in known[1] else None


def read_conditions(data: QueryDict, scope: Scope) -> list[Condition]:
    """Return the conditions that an address sets, in the order of the address."""
    conditions = []
    for key in dict.fromkeys(key_of(parameter) for parameter in data):
        filter = filter_named(key, scope)
        condition = filter.read(data, scope) if filter else None
        if condition:
            conditions.append(condition)
    return conditions


def key_of(parameter: str) -> str:
    """Return the key of the filter that a parameter belongs to."""
    if parameter.startswith(CUSTOM_PREFIX):
        return ".".join(parameter.split(".")[:2])
    return parameter.split(".")[0]


def apply(
    queryset: QuerySet[Any], conditions: Iterable[Condition], served: Container[str] | None = None
) -> QuerySet[Any]:
    """Return `queryset` filtered by all `conditions`.

    With `served`, only conditions on these columns may be looked up in an index; the others are tested row by row, for
    a queryset that is read in the order of an index.
    """
    for condition in conditions:
        if served is None or condition.column in served:
            queryset = queryset.filter(condition.q)
        else:
            queryset = filter_walking(queryset, condition.q, condition.paths)
    return queryset


def linked(model: type[Model], link: str, **where: Any) -> tuple[Q, Members]:
    """Return the two shapes of "has a row in `model`": the test row by row, and the ids of all that have one.

    `link` is the key of `model` that points to the holder ("contact_id").
    """
    rows = model._default_manager
    has_one = Q(Exists(rows.filter(**{link: OuterRef("pk")}, **where)))
    return has_one, lambda: rows.filter(**where).exclude(**{link: None}).values_list(link, flat=True)


def found_by(model: type[Any], q: Q) -> Members:
    """Return what finds the ids of all that `q` is true for, by an index on what it compares."""
    return lambda: model.objects.filter(q).order_by().values_list("pk", flat=True)


def as_ints(values: Iterable[str]) -> list[int]:
    """Return those of `values` that are ids."""
    return [pk for value in values if (pk := number_in(value)) is not None]
