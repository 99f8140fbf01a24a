"""The list of people or companies that an address describes: filters, order, columns, and one page of it.

    people = PeopleList(request.GET, Scope("contact", request.user, request.organisation))
    page = people.page()            # ids and cursors
    rows = people.rows(page.ids)    # records with exactly what the columns show

Cost: a page walks the index of its order until it has its 50 rows. When a filter lets only few rows through (a rare
tag), that walk would be long, so the list looks first whether one filter has at most PROBE members, and starts from
those.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.http import QueryDict

from regulars.access.door import viewer
from regulars.contacts.fields.indexes import wish_for_index
from regulars.contacts.filters import Condition, Scope, apply, read_conditions
from regulars.contacts.filters.base import CONTACT
from regulars.contacts.lists import plan
from regulars.contacts.lists.columns import Column, columns_for
from regulars.contacts.lists.orders import read_order, served_columns
from regulars.contacts.models import Company, Contact, CustomField
from regulars.contacts.segments.reading import as_conditions
from regulars.lib.keyset import PAGE_SIZE, Page, Section, Walked, behind_barrier, read_page, walked
from regulars.lib.prepared import prepared

FAR = 40_000  # rows from which on a walk is too long, if there is another way
PROBE = 2_000  # members from which on walking in order is quicker than collecting and sorting
COUNTED = 1_000  # a count goes no further


@dataclass(frozen=True)
class Needs:
    """What a page of rows has to load, in the form that `for_list` and a prepared read understand."""

    only: tuple[str, ...]
    joins: tuple[str, ...]
    prefetched: tuple[str, ...]
    prefetches: tuple[str, ...] = ()  # loaded once the rows are there

    @classmethod
    def of(cls, columns: Iterable[Column]) -> "Needs":
        """What these columns read between them, each once."""
        columns = list(columns)
        return cls(
            *(_each_once(getattr(column, name) for column in columns) for name in ("only", "joins", "prefetches"))
        )


def _each_once(names: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(names)))


@prepared
def _loaded(ids: list[int], people: bool, needs: Needs) -> QuerySet[Any]:
    holders: Any = Contact.objects if people else Company.objects
    found: QuerySet[Any] = holders.filter(pk__in=ids).for_list([needs])
    return found


@dataclass(frozen=True)
class Shape:
    """Filters without their ids: of each how and which columns it compares; and the columns that the order serves."""

    compared: tuple[tuple[Callable[[int], Q], str, tuple[str, ...]], ...]
    served: tuple[str, ...]

    def conditions(self, ids: Iterable[int]) -> list[Condition]:
        """The conditions with these ids."""
        pairs = zip(self.compared, ids, strict=True)
        return [Condition("", "", "", make(pk), column=column, paths=paths) for (make, column, paths), pk in pairs]


@walked
def _visible(user: int, sees_all: bool, people: bool, shape: Shape, *ids: int) -> QuerySet[Any]:
    holders: Any = Contact.objects if people else Company.objects
    return apply(holders.visible_to(viewer(user, sees_all)), shape.conditions(ids), served=shape.served)


class PeopleList:
    """A list as its address describes it. Reading it never fails: what makes no sense is left out."""

    def __init__(self, data: QueryDict, scope: Scope) -> None:
        self.data, self.scope = data, scope
        self.conditions: list[Condition] = read_conditions(data, scope)
        self.tests = as_conditions(self.conditions)
        self.sort, self._sections, self._sort_field = read_order(data.get("sort", ""), scope)

    @cached_property
    def columns(self) -> list[Column]:
        """The columns to show, in their order."""
        return columns_for(self.data.get("columns", ""), self.scope)

    @cached_property
    def matching(self) -> QuerySet[Any]:
        """Everything in the list that the colleague may know of, in no order."""
        visible = self.scope.model.objects.visible_to(self.scope.user)
        if self._start is not None and self._start.members is not None:
            rest = [one for one in self.tests if one is not self._start or not one.is_exact]
            return apply(visible.filter(pk__in=self._start.members()), rest, served=())
        return apply(visible, self.tests, served=self._served)

    @cached_property
    def _start(self) -> Condition | None:
        """The filter with so few members that the list starts from them; of a segment the rarest, where it pays."""
        if not self.tests:
            return None
        which = f"{self.scope.host} {self.scope.user.pk} {self.address()}"
        return plan.remembered(which, self.tests, self._rare)

    def _rare(self) -> Condition | None:
        for condition in self.tests:
            if condition.members is None or condition.column in self._served:
                continue
            if plan.len_at_most(condition.members(), PROBE + 1) <= PROBE:
                return condition
        return self._rarest()

    def _rarest(self) -> Condition | None:
        if not self._hits_of:
            return None
        hits, top = self._hits_of
        walk = plan.BLOCKS * plan.BLOCK * PAGE_SIZE // max(hits, 1)  # rows that a page in order would look at
        if walk <= FAR or self._is_narrow:
            return None
        return plan.rarest(self.tests, min(walk, top) // 3)

    @property
    def _is_narrow(self) -> bool:
        """Whether the index of the order serves filters that leave so little of it that it may as well be walked."""
        served = [one for one in self.tests if one.column in self._served]
        return bool(served) and plan.len_at_most(apply(self.scope.model.objects, served), FAR // 4) < FAR // 4

    @cached_property
    def _hits_of(self) -> tuple[int, int] | None:
        """Of a segment among many people: how many of a sample match, and the highest id. Else None."""
        if not any(condition.parts for condition in self.conditions):
            return None
        top = plan.top_id(self.scope.model)
        if top < plan.LARGE:
            return None
        visible = self.scope.model.objects.visible_to(self.scope.user)
        return plan.sampled(visible, self.tests, top), top

    @property
    def _served(self) -> tuple[str, ...]:
        """The columns for which the index of the order serves a filter too: (owner, stage, last contact)."""
        return served_columns(self.sort.removeprefix("-"), self.scope)

    @property
    def sections(self) -> list[Section]:
        """The order, behind a barrier when the list starts from few members."""
        return behind_barrier(self._sections) if self._start else self._sections

    def page(self, size: int = PAGE_SIZE) -> Page:
        """Return the page that the address's cursor leads to. Asks for an index that a custom field lacks."""
        self._wish_for_indexes()
        return read_page(self._walked or self.matching, self.sections, self.data.get("after", ""), size)

    @property
    def _walked(self) -> Walked | None:
        """The list as a prepared read: as it is opened first, or filtered by ids alone (a tag, an owner); else None."""
        if self._sort_field is not None or self._start is not None:
            return None
        ordered = sorted(self.tests, key=lambda one: one.key)  # one shape, in whichever order the address has them
        compared = [(one.comparison, one) for one in ordered if one.comparison]
        if len(compared) < len(ordered):
            return None
        shape = Shape(
            tuple((own.make, one.column, one.paths) for own, one in compared), self._served if compared else ()
        )
        user = self.scope.user
        ids = (own.id for own, _one in compared)
        return _visible(user.pk, user.sees_all, self.scope.host == CONTACT, shape, *ids)

    def rows(self, ids: list[int]) -> list[Any]:
        """Return the records of a page in its order, with exactly what the columns show."""
        if not ids:
            return []
        needs = Needs.of(self.columns)
        found = {row.pk: row for row in _loaded(ids, self.scope.host == CONTACT, needs)}
        rows = [found[pk] for pk in ids if pk in found]
        prefetch_related_objects(rows, *needs.prefetched)
        for column in self.columns:
            column.prepare(rows, self.scope)
        return rows

    def size(self) -> tuple[int, str]:
        """Return how many rows match, at most COUNTED + 1, and the words for it: of a large segment "about 16,000"."""
        if self._hits_of and not self._is_few:
            hits, top = self._hits_of
            return COUNTED + 1, plan.about(hits, top)
        count = self.count()
        return count, count_words(count)

    @property
    def _is_few(self) -> bool:
        """Whether counting starts from few members, or ends after a short walk."""
        members = self._start.members if self._start else None
        return members is not None and plan.len_at_most(members(), PROBE + 1) <= PROBE

    def count(self) -> int:
        """Return how many rows match, at most COUNTED + 1."""
        ids = self.matching.order_by().values_list("pk", flat=True)[: COUNTED + 1]
        return len(ids)

    def _wish_for_indexes(self) -> None:
        fields: list[CustomField | None] = [condition.field for condition in self.tests]
        for field in [*fields, self._sort_field]:
            if field is not None and not field.is_indexed:
                wish_for_index(field, by=self.scope.user)

    def address(self, *, without: tuple[str, ...] = (), **changes: str) -> str:
        """Return the query of this list with other parameters: `address(sort="name")`; the cursor is dropped."""
        data = {name: values for name, values in self.data.lists() if name not in ("after", *without)}
        data |= {name: [value] for name, value in changes.items()}
        return urlencode(
            [(name, value) for name, values in data.items() for value in values if value or name not in changes]
        )

    def address_without(self, condition: Condition) -> str:
        """Return the query of this list without one of its filters."""
        own = [name for name in self.data if name == condition.key or name.startswith(f"{condition.key}.")]
        return self.address(without=tuple(own))


def count_words(count: int, limit: int = COUNTED) -> str:
    """Return a bounded count as people read it: "1,000+"."""
    from django.utils.formats import number_format

    text = str(number_format(min(count, limit), use_l10n=True, force_grouping=True))
    return f"{text}+" if count > limit else text
