"""Filters by what is written: name, role, city, industry, and whether there is an email or phone."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.contacts.filters.base import COMPANY, CONTACT, Condition, Filter, FilterForm, Scope, found_by, register
from regulars.contacts.models import Address, ContactPoint
from regulars.lib.text import fold

LONGEST = 100
HOWS = [
    ("starts", gettext_lazy("Begins with")),
    ("contains", gettext_lazy("Contains")),
    ("empty", gettext_lazy("Is empty")),
]


def read_text(data: QueryDict, key: str) -> tuple[str, str]:
    """Return how and what of `KEY=Lis&KEY.how=contains`; "" for nothing."""
    text = data.get(key, "").replace("\x00", "").strip()[:LONGEST]
    how = data.get(f"{key}.how", "starts")
    return (how, text) if text or how == "empty" else ("", "")


def text_words(label: str, how: str, text: str) -> str:
    """Return the words of a chip."""
    said = {"label": label, "text": text}
    if how == "empty":
        return _("%(label)s is empty") % said
    return (_("%(label)s contains “%(text)s”") if how == "contains" else _("%(label)s begins with “%(text)s”")) % said


def text_form(filter: Filter, data: QueryDict | None, hows: list[tuple[str, Any]]) -> FilterForm:
    """Return the form of a text filter."""

    class TextForm(FilterForm):
        def clean(self) -> dict[str, Any]:
            cleaned = super().clean() or {}
            if cleaned.get(f"{filter.key}.how") != "empty" and not cleaned.get(filter.key):
                self.add_error(filter.key, _("Say what to look for."))
            return cleaned

    form = TextForm(data)
    form.fields[f"{filter.key}.how"] = forms.ChoiceField(
        choices=hows, initial=hows[0][0], label=_("How"), required=False
    )
    form.fields[filter.key] = forms.CharField(max_length=LONGEST, label=str(filter.label), required=False)
    return form


def spellings(text: str) -> list[str]:
    """Return the ways in which somebody else may have written the beginning of `text`: an index knows case."""
    return list(dict.fromkeys([text, text.lower(), text.capitalize(), text.title(), text.upper()]))


class ColumnFilter(Filter):
    """A text column of the list's own table. `folded` columns hold text without case and accents."""

    def __init__(self, key: str, label: str | Promise, icon: str, *, column: str, folded: bool = False) -> None:
        super().__init__(key, label, icon)
        self.column, self.folded = column, folded

    def read(self, data: QueryDict, scope: Scope) -> Condition | None:
        """Read how and what."""
        how, text = read_text(data, self.key)
        if not how:
            return None
        q = self._q(how, fold(text) if self.folded else text)
        members = found_by(scope.model, q) if self.folded and how == "starts" else None
        words = text_words(str(self.label), how, text)
        return self.condition(words, q, members=members, column=self.column, paths=(self.column,))

    def _q(self, how: str, text: str) -> Q:
        if how == "empty":
            return Q(**{self.column: ""})
        if self.folded:
            return Q(**{f"{self.column}__{'contains' if how == 'contains' else 'prefix'}": text})
        return Q(**{f"{self.column}__{'icontains' if how == 'contains' else 'istartswith'}": text})

    def form(self, data: QueryDict | None, scope: Scope) -> FilterForm:
        """How and what."""
        return text_form(self, data, [how for how in HOWS if how[0] != "empty" or not self.folded])


class CityFilter(Filter):
    """Where they live or sit: any of their addresses."""

    def read(self, data: QueryDict, scope: Scope) -> Condition | None:
        """Read how and what."""
        how, text = read_text(data, self.key)
        if not how:
            return None
        link = f"{scope.host}_id"
        rows = Address.objects.filter(self._q(how, text)).exclude(**{link: None})
        q = Q(Exists(rows.filter(**{link: OuterRef("pk")})))
        words = text_words(str(self.label), how, text)
        if how == "empty":
            return self.condition(words, ~Q(Exists(Address.objects.filter(**{link: OuterRef("pk")}).exclude(city=""))))
        return self.condition(words, q, members=lambda: rows.order_by().values_list(link, flat=True))

    def _q(self, how: str, text: str) -> Q:
        if how == "contains":
            return Q(city__icontains=text)
        q = Q()
        for spelling in spellings(text):
            q |= Q(city__prefix=spelling)
        return q

    def form(self, data: QueryDict | None, scope: Scope) -> FilterForm:
        """How and what."""
        return text_form(self, data, HOWS)


class ReachFilter(Filter):
    """Whether we have an email or a phone number."""

    def __init__(self, key: str, label: str | Promise, icon: str, *, kind: str, yes: Promise, no: Promise) -> None:
        super().__init__(key, label, icon)
        self.kind, self.yes, self.no = kind, yes, no

    def read(self, data: QueryDict, scope: Scope) -> Condition | None:
        """Read `email=yes` or `email=no`."""
        answer = data.get(self.key)
        if answer not in ("yes", "no"):
            return None
        if scope.host == CONTACT:
            without = Q(**{self.kind: ""})
        else:
            without = ~Q(Exists(ContactPoint.objects.filter(company=OuterRef("pk"), kind=self.kind)))
        return self.condition(str(self.yes if answer == "yes" else self.no), ~without if answer == "yes" else without)

    def form(self, data: QueryDict | None, scope: Scope) -> FilterForm:
        """Yes or no."""
        form = FilterForm(data)
        form.fields[self.key] = forms.ChoiceField(
            choices=[("yes", self.yes), ("no", self.no)], widget=forms.RadioSelect, label=str(self.label), initial="yes"
        )
        return form


register(ColumnFilter("name", gettext_lazy("Name"), "user-round", column="sort_name", folded=True))
register(ColumnFilter("title", gettext_lazy("Role"), "briefcase", column="job_title"), [CONTACT])
register(ColumnFilter("industry", gettext_lazy("Industry"), "factory", column="industry"), [COMPANY])
register(ColumnFilter("domain", gettext_lazy("Web domain"), "globe", column="domain"), [COMPANY])
register(CityFilter("city", gettext_lazy("City"), "map-pin"))
register(
    ReachFilter(
        "email",
        gettext_lazy("Email"),
        "mail",
        kind="email",
        yes=gettext_lazy("Has an email"),
        no=gettext_lazy("Has no email"),
    )
)
register(
    ReachFilter(
        "phone",
        gettext_lazy("Phone"),
        "phone",
        kind="phone",
        yes=gettext_lazy("Has a phone number"),
        no=gettext_lazy("Has no phone number"),
    )
)
