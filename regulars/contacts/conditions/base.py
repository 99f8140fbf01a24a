"""A condition that a context registers, and how it becomes a filter of lists and a condition of segments."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise

from regulars.access.models import User
from regulars.contacts import filters
from regulars.contacts.filters.base import CONTACT, Filter, FilterForm, Scope

Value = Mapping[str, Any]


class Condition:
    """One thing that people can be chosen by. Subclasses set `key`, `label`, `form` and give `q` and `words`.

    `key` stands in addresses and in saved segments: letters, digits and underscores, never changed later. `form` is a
    plain form class whose cleaned data is the `value` of the other methods; give its fields initial values, so that
    the condition makes sense as it is first shown. `module`: offered only while that module is on.
    """

    key: ClassVar[str]
    label: ClassVar[str | Promise]
    icon: ClassVar[str] = "list-filter"
    form: ClassVar[type[forms.Form]]
    hosts: ClassVar[Sequence[str]] = (CONTACT,)
    module: ClassVar[str] = ""

    def q(self, value: Value, user: User, today: date) -> Q:
        """Return what is true for those who match, over Contact: best an Exists on a table with an index on contact.

        It is tested row by row while a list is walked, so it must not collect everything first.
        """
        raise NotImplementedError

    def words(self, value: Value) -> str:
        """Return the condition as it reads: "Has late promises"."""
        raise NotImplementedError

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """Return the ids of all who match (and perhaps others) from an index, or None when there is no quick way.

        With it a list of few people starts from them: `Promise.objects.filter(…).values_list("contact_id", flat=True)`.
        Leave out rows without a contact.
        """
        return None


class ConditionFilter(Filter):
    """A registered condition as a filter; the form's fields are `key.field` in addresses."""

    def __init__(self, condition: Condition) -> None:
        super().__init__(condition.key, condition.label, condition.icon)
        self.own, self.module = condition, condition.module

    def read(self, data: QueryDict, scope: Scope) -> filters.Condition | None:
        """Read the form's fields; nothing when they are not valid."""
        form = self.form(data, scope)
        if not form.is_valid():
            return None
        value, today = form.cleaned_data, timezone.localdate()
        q, members = self.own.q(value, scope.user, today), self.own.members(value, scope.user, today)
        return self.condition(self.own.words(value), q, members=None if members is None else lambda: members)

    def form(self, data: QueryDict | None, scope: Scope) -> FilterForm:
        """The condition's own form under the names of the address."""
        inner = self.own.form
        key = self.key

        class PrefixedForm(inner, FilterForm):  # type: ignore[misc, valid-type]
            def add_prefix(self, field_name: str) -> str:
                return f"{key}.{field_name}"

        form: FilterForm = PrefixedForm(data)
        return form


def register_condition(condition: Condition) -> None:
    """Make a condition known to lists and segments; called in `apps.ready()`. A second of the same key replaces it."""
    filters.register(ConditionFilter(condition), condition.hosts)
