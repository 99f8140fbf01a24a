"""Filters by what people and companies are sorted by: stage, tag, owner, team, source, company."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access.models import Team, User
from regulars.contacts.filters.base import (
    CONTACT,
    Comparison,
    Condition,
    Filter,
    FilterForm,
    Members,
    Scope,
    as_ints,
    found_by,
    linked,
    register,
)
from regulars.contacts.models import Company, CompanyTag, ContactTag, Source, Stage, Tag
from regulars.lib.prepared import prepared

NONE, ME = "none", "me"
CHOICES_SHOWN = 500


def join_words(words: Sequence[str], joint: str = "") -> str:
    """Return "a, b or c", with another `joint` if given."""
    if len(words) < 2:
        return "".join(words)
    joint = joint or _("or")
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


@prepared
def _records(ids: list[int], model: type[Any]) -> QuerySet[Any]:
    found: QuerySet[Any] = model._default_manager.filter(pk__in=ids)
    return found


@dataclass(frozen=True)
class PointsTo:
    """Whether a column holds an id."""

    column: str

    def __call__(self, pk: int) -> Q:
        return Q(**{self.column: pk})


@dataclass(frozen=True)
class Carries:
    """Whether `model` has a row for a holder, by its key `link`, and a tag."""

    link: str
    model: type[Any]

    def __call__(self, tag: int) -> Q:
        return linked(self.model, self.link, tag_id=tag)[0]


class LinkFilter(Filter):
    """A column that points to another record: any of those chosen, or none at all."""

    def __init__(
        self,
        key: str,
        label: str | Promise,
        icon: str,
        *,
        model: type[Any],
        none: str | Promise,
        none_words: str | Promise,
    ) -> None:
        super().__init__(key, label, icon)
        self.model, self.none, self.none_words = model, none, none_words

    def queryset(self, scope: Scope) -> QuerySet[Any]:
        """What can be chosen."""
        found: QuerySet[Any] = self.model._default_manager.all()
        return found

    def read(self, data: QueryDict, scope: Scope) -> Condition | None:
        """Read `stage=2&stage=none`."""
        values = data.getlist(self.key)
        ids = as_ints(values)
        if ME in values and self.model is User:
            ids.append(scope.user.pk)
        names = dict(self._names(scope, ids))
        words = [names[pk] for pk in ids if pk in names]
        column = self.column(scope)
        comparison = Comparison(PointsTo(column), next(iter(names))) if len(names) == 1 and NONE not in values else None
        q = comparison.q if comparison else Q(**{f"{column}__in": list(names)}) if names else Q()
        if NONE in values:
            words.append(str(self.none_words))
            q |= self.without(scope)
        if not words:
            return None
        return self.condition(
            f"{self.label}: {join_words(words)}",
            q,
            comparison=comparison,
            members=found_by(scope.model, q),
            column=column if comparison else "",
            paths=(column,),
        )

    def _names(self, scope: Scope, ids: list[int]) -> list[tuple[int, str]]:
        if not ids:
            return []
        return [
            (scope.user.pk, _("me")) if record == scope.user else (record.pk, str(record))
            for record in self.chosen(scope, ids)
        ]

    def chosen(self, scope: Scope, ids: list[int]) -> list[Any]:
        """Those of `ids` that can be chosen."""
        return scope.records(self.model, ids, lambda: _records(ids, self.model))

    def missing(self, data: QueryDict, scope: Scope) -> str:
        """Whether one of those chosen is gone, or hidden from this colleague."""
        wanted = set(as_ints(data.getlist(self.key)))
        there = self.chosen(scope, sorted(wanted)) if wanted else []
        return _("something that is gone") if len(there) < len(wanted) else ""

    def column(self, scope: Scope) -> str:
        """The column of the list's own table."""
        return f"{self.key}_id"

    def without(self, scope: Scope) -> Q:
        """Those that have none."""
        return Q(**{f"{self.column(scope)}__isnull": True})

    def form(self, data: QueryDict | None, scope: Scope) -> FilterForm:
        """A choice of several."""
        choices = [(str(record.pk), str(record)) for record in self.queryset(scope)[:CHOICES_SHOWN]]
        if self.model is User:
            choices = [(ME, _("Me")), *(choice for choice in choices if choice[0] != str(scope.user.pk))]
        form = FilterForm(data)
        form.fields[self.key] = forms.MultipleChoiceField(
            choices=[*choices, (NONE, self.none)],
            widget=forms.CheckboxSelectMultiple,
            label=str(self.label),
        )
        return form


class OwnerFilter(LinkFilter):
    """Whose people they are."""

    def queryset(self, scope: Scope) -> QuerySet[Any]:
        """Every colleague, also those who left."""
        return User.objects.order_by("-is_active", "name")


class SourceFilter(LinkFilter):
    """How they found us; stands in the profile."""

    def column(self, scope: Scope) -> str:
        """The column behind the profile."""
        return "profile__source_id"


class CompanyFilter(LinkFilter):
    """Where they work (their main company)."""

    def queryset(self, scope: Scope) -> QuerySet[Any]:
        """Companies that this colleague may know of."""
        found: QuerySet[Any] = Company.objects.visible_to(scope.user).order_by("sort_name")
        return found

    def chosen(self, scope: Scope, ids: list[int]) -> list[Any]:
        """Those of `ids` that this colleague may know of."""
        return list(self.queryset(scope).filter(pk__in=ids))

    def form(self, data: QueryDict | None, scope: Scope) -> FilterForm:
        """A search box, because there may be many."""
        from regulars.lib.widgets import Combobox

        form = FilterForm(data)
        form.fields[self.key] = forms.ModelChoiceField(
            queryset=self.queryset(scope),
            widget=Combobox(url_name="company-pick"),
            label=str(self.label),
        )
        return form


class TagFilter(Filter):
    """Tags: carries any or all of them, or none of them."""

    def read(self, data: QueryDict, scope: Scope) -> Condition | None:
        """Read `tag=3&tag=5&tag.how=any|all|not`."""
        how = data.get("tag.how", "any")
        if NONE in data.getlist(self.key):
            link, model = self._link(scope)
            carries = Exists(model._default_manager.filter(**{link: OuterRef("pk")}))
            return self.condition(_("Without tags"), ~Q(carries))
        tags = {tag.pk: tag.name for tag in self._tags(as_ints(data.getlist(self.key)), scope)}
        if not tags:
            return None
        if how == "all" and len(tags) > 1:
            return self._all(tags, scope)
        q, members = self._any(list(tags), scope)
        if how == "not":
            return self.condition(_("Not tagged %(tags)s") % {"tags": join_words(list(tags.values()))}, ~q)
        words = _("Tagged %(tags)s") % {"tags": join_words(list(tags.values()))}
        comparison = Comparison(Carries(*self._link(scope)), next(iter(tags))) if len(tags) == 1 else None
        return self.condition(words, q, members=members, comparison=comparison, is_exact=True)

    def missing(self, data: QueryDict, scope: Scope) -> str:
        """Whether one of the tags is gone."""
        wanted = as_ints(data.getlist(self.key))
        return _("a tag that is gone") if len(self._tags(wanted, scope)) < len(set(wanted)) else ""

    def _tags(self, ids: list[int], scope: Scope) -> list[Any]:
        return scope.records(Tag, ids, lambda: _records(ids, Tag))

    def _link(self, scope: Scope) -> tuple[str, type[Any]]:
        return ("contact_id", ContactTag) if scope.host == CONTACT else ("company_id", CompanyTag)

    def _any(self, ids: list[int], scope: Scope) -> tuple[Q, Members]:
        link, model = self._link(scope)
        return linked(model, link, **({"tag_id": ids[0]} if len(ids) == 1 else {"tag_id__in": ids}))

    def _all(self, tags: dict[int, str], scope: Scope) -> Condition:
        q, members = Q(), None
        for pk in tags:
            one, members = self._any([pk], scope)
            q &= one
        words = _("Tagged %(tags)s") % {"tags": join_words(list(tags.values()), _("and"))}
        return self.condition(words, q, members=members)

    def form(self, data: QueryDict | None, scope: Scope) -> FilterForm:
        """A choice of several, and how."""
        choices = [(str(tag.pk), tag.name) for tag in Tag.objects.all()[:CHOICES_SHOWN]]
        form = FilterForm(data)
        form.fields["tag.how"] = forms.ChoiceField(
            choices=[("any", _("Any of these")), ("all", _("All of these")), ("not", _("None of these"))],
            label=_("How"),
            initial="any",
            required=False,
        )
        form.fields[self.key] = forms.MultipleChoiceField(
            choices=[*choices, (NONE, _("Without tags"))],
            widget=forms.CheckboxSelectMultiple,
            label=str(self.label),
        )
        return form


register(
    LinkFilter(
        "stage",
        gettext_lazy("Stage"),
        "milestone",
        model=Stage,
        none=gettext_lazy("No stage"),
        none_words=gettext_lazy("none"),
    )
)
register(TagFilter("tag", gettext_lazy("Tag"), "hash"))
register(
    OwnerFilter(
        "owner",
        gettext_lazy("Point of contact"),
        "user-round",
        model=User,
        none=gettext_lazy("Nobody"),
        none_words=gettext_lazy("nobody"),
    )
)
register(
    LinkFilter(
        "team",
        gettext_lazy("Team"),
        "users-round",
        model=Team,
        none=gettext_lazy("No team"),
        none_words=gettext_lazy("none"),
    )
)
register(
    CompanyFilter(
        "company",
        gettext_lazy("Company"),
        "building-2",
        model=Company,
        none=gettext_lazy("No company"),
        none_words=gettext_lazy("none"),
    ),
    [CONTACT],
)
register(
    SourceFilter(
        "source",
        gettext_lazy("Source"),
        "compass",
        model=Source,
        none=gettext_lazy("Not known"),
        none_words=gettext_lazy("not known"),
    ),
    [CONTACT],
)

__all__ = ["CompanyFilter", "LinkFilter", "OwnerFilter", "SourceFilter", "TagFilter"]
