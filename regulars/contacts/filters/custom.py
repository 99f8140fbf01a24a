"""Filters by custom fields, one class for each sort of value."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.lookups import Contains, Exact, GreaterThanOrEqual, In, IsNull, LessThanOrEqual
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.contacts.fields.custom import clean
from regulars.contacts.fields.values import COMPARED_LENGTH, FieldValue, HasOption, can_be_indexed, value_of
from regulars.contacts.filters.base import CUSTOM_PREFIX, Condition, Filter, FilterForm, Scope, found_by
from regulars.contacts.filters.dates import Span, read_span, span_form, span_words
from regulars.contacts.filters.labels import join_words
from regulars.contacts.filters.texts import LONGEST, text_words
from regulars.contacts.models import Contact, CustomField
from regulars.lib.lookups import Prefix
from regulars.lib.text import number_in

Kind = CustomField.Kind
EMPTY = "empty"
TEXT_HOWS = [
    ("is", gettext_lazy("Is")),
    ("starts", gettext_lazy("Begins with")),
    ("contains", gettext_lazy("Contains")),
    (EMPTY, gettext_lazy("Is empty")),
]
NUMBER_HOWS = [("is", gettext_lazy("Is")), ("between", gettext_lazy("Between")), (EMPTY, gettext_lazy("Is empty"))]


class CustomFilter(Filter):
    """A filter on one custom field; knows "is empty", which all have."""

    def __init__(self, field: CustomField) -> None:
        super().__init__(f"{CUSTOM_PREFIX}{field.key}", field.label, "tag")
        self.field = field

    def how(self, data: QueryDict) -> str:
        """How the value is compared."""
        return data.get(f"{self.key}.how", "")

    def made(self, words: str, q: Q, scope: Scope) -> Condition:
        """Return the condition, with its members by the field's index when there is one."""
        members = found_by(scope.model, q) if self.field.is_indexed else None
        wanted = self.field if can_be_indexed(self.field) else None
        return self.condition(words, q, members=members, column=self.key, field=wanted)

    def empty(self, scope: Scope) -> Condition:
        """Those without a value."""
        words = _("%(label)s is empty") % {"label": self.label}
        return self.made(words, Q(IsNull(value_of(self.field), True)), scope)

    def hows(self, form: FilterForm, choices: Any) -> None:
        """Put the choice of how into the form."""
        form.fields[f"{self.key}.how"] = forms.ChoiceField(
            choices=choices, initial=choices[0][0], label=_("How"), required=False
        )


class TextFilter(CustomFilter):
    """Text, long text, link: is, begins with, contains, is empty."""

    def read(self, data: QueryDict, scope: Scope) -> Condition | None:
        """Read how and what."""
        how, text = self.how(data) or "is", data.get(self.key, "").replace("\x00", "").strip()[:LONGEST]
        if how == EMPTY:
            return self.empty(scope)
        if not text:
            return None
        value, low = value_of(self.field), text.lower()[:COMPARED_LENGTH]
        if how == "contains":
            q = Q(Contains(FieldValue(self.field, whole=True), text.lower()))
            words = text_words(str(self.label), "contains", text)
        elif how == "starts":
            q, words = Q(Prefix(value, low)), text_words(str(self.label), "starts", text)
        else:
            q, words = Q(Exact(value, low)), f"{self.label}: {text}"
        return self.made(words, q, scope)

    def form(self, data: QueryDict | None, scope: Scope) -> FilterForm:
        """How and what."""
        form = FilterForm(data)
        long = self.field.kind == Kind.LONG_TEXT
        self.hows(form, [how for how in TEXT_HOWS if not long or how[0] in ("contains", EMPTY)])
        form.fields[self.key] = forms.CharField(max_length=LONGEST, label=str(self.label), required=False)
        return form


class NumberFilter(CustomFilter):
    """Number and money: is, between, is empty. Amounts are compared whatever their currency."""

    def read(self, data: QueryDict, scope: Scope) -> Condition | None:
        """Read `cf.size=42`, or `.how=between` with `.from` and `.to`."""
        how = self.how(data) or "is"
        if how == EMPTY:
            return self.empty(scope)
        value = value_of(self.field)
        if how == "is":
            number = self._number(data.get(self.key, ""))
            return None if number is None else self.made(f"{self.label}: {number:g}", Q(Exact(value, number)), scope)
        start, end = self._number(data.get(f"{self.key}.from", "")), self._number(data.get(f"{self.key}.to", ""))
        if start is None and end is None:
            return None
        q = Q()
        if start is not None:
            q &= Q(GreaterThanOrEqual(value, start))
        if end is not None:
            q &= Q(LessThanOrEqual(value, end))
        return self.made(f"{self.label} {_range_words(start, end)}", q, scope)

    def _number(self, text: str) -> float | None:
        try:
            stored = clean(CustomField(kind=Kind.NUMBER), text)
        except ValidationError:
            return None
        return float(stored) if isinstance(stored, int | float) else None

    def form(self, data: QueryDict | None, scope: Scope) -> FilterForm:
        """How and the numbers."""
        form = FilterForm(data)
        self.hows(form, NUMBER_HOWS)
        for name, label in ((self.key, str(self.label)), (f"{self.key}.from", _("From")), (f"{self.key}.to", _("To"))):
            form.fields[name] = forms.FloatField(label=label, required=False)
        return form


def _range_words(start: float | None, end: float | None) -> str:
    if start is not None and end is not None:
        return _("%(start)g to %(end)g") % {"start": start, "end": end}
    return _("from %(start)g") % {"start": start} if start is not None else _("up to %(end)g") % {"end": end}


class DayFilter(CustomFilter):
    """Dates: between two days, is empty."""

    def read(self, data: QueryDict, scope: Scope) -> Condition | None:
        """Read `cf.patch=between` with `.from` and `.to`, or `cf.patch=empty`."""
        if data.get(self.key) == EMPTY:
            return self.empty(scope)
        span = read_span(data, self.key)
        if span is None or span.how != "between":
            return None
        return self.made(f"{self.label} {span_words(span)}", self._q(span), scope)

    def _q(self, span: Span) -> Q:
        value, q = value_of(self.field), Q()
        if span.start:
            q &= Q(GreaterThanOrEqual(value, span.start.isoformat()))
        if span.end:
            q &= Q(LessThanOrEqual(value, span.end.isoformat()))
        return q

    def form(self, data: QueryDict | None, scope: Scope) -> FilterForm:
        """The two days."""
        return span_form(self.key, [("between", _("Between two days")), (EMPTY, _("Is empty"))], data)


class OptionFilter(CustomFilter):
    """Choice, several choices, yes or no: any of those chosen, or empty."""

    def read(self, data: QueryDict, scope: Scope) -> Condition | None:
        """Read `cf.diet=vegan&cf.diet=nut allergy`; the empty one is `cf.diet.how=empty`."""
        if self.how(data) == EMPTY:
            return self.empty(scope)
        known = dict(self._choices())
        chosen = [value for value in data.getlist(self.key) if value in known]
        if not chosen:
            return None
        words = f"{self.label}: {join_words([str(known[value]) for value in chosen])}"
        return self.made(words, self._q(chosen), scope)

    def missing(self, data: QueryDict, scope: Scope) -> str:
        """Whether one of the choices is no choice any more."""
        known = dict(self._choices())
        return _("a choice that is gone") if any(value not in known for value in data.getlist(self.key)) else ""

    def _choices(self) -> list[tuple[str, Any]]:
        if self.field.kind == Kind.YES_NO:
            return [("1", _("Yes")), ("0", _("No"))]
        return [(str(option), str(option)) for option in self.field.options]

    def _q(self, chosen: list[str]) -> Q:
        if self.field.kind == Kind.CHOICES:
            q = Q()
            for option in chosen:
                q |= Q(HasOption(self.field, option))
            return q
        values = (
            [int(v) for v in chosen]
            if self.field.kind == Kind.YES_NO
            else [v.lower()[:COMPARED_LENGTH] for v in chosen]
        )
        value = value_of(self.field)
        return Q(Exact(value, values[0])) if len(values) == 1 else Q(In(value, values))

    def form(self, data: QueryDict | None, scope: Scope) -> FilterForm:
        """A choice of several."""
        form = FilterForm(data)
        form.fields[self.key] = forms.MultipleChoiceField(
            choices=self._choices(), widget=forms.CheckboxSelectMultiple, label=str(self.label), required=False
        )
        self.hows(form, [("", _("Any of these")), (EMPTY, _("Is empty"))])
        return form


class PersonFilter(CustomFilter):
    """A link to a person."""

    def read(self, data: QueryDict, scope: Scope) -> Condition | None:
        """Read `cf.dentist=17`; a person whom the colleague may not know of is no filter."""
        if self.how(data) == EMPTY:
            return self.empty(scope)
        pk = number_in(data.get(self.key))
        person = None if pk is None else Contact.objects.visible_to(scope.user).filter(pk=pk).first()
        if person is None:
            return None
        return self.made(f"{self.label}: {person}", Q(Exact(value_of(self.field), person.pk)), scope)

    def form(self, data: QueryDict | None, scope: Scope) -> FilterForm:
        """A search box."""
        from regulars.lib.widgets import Combobox

        form = FilterForm(data)
        self.hows(form, [("", _("Is")), (EMPTY, _("Is empty"))])
        form.fields[self.key] = forms.ModelChoiceField(
            queryset=Contact.objects.visible_to(scope.user),
            widget=Combobox(url_name="contact-pick"),
            label=str(self.label),
            required=False,
        )
        return form


_CLASSES: dict[str, type[CustomFilter]] = {
    Kind.NUMBER: NumberFilter,
    Kind.MONEY: NumberFilter,
    Kind.DATE: DayFilter,
    Kind.CHOICE: OptionFilter,
    Kind.CHOICES: OptionFilter,
    Kind.YES_NO: OptionFilter,
    Kind.CONTACT: PersonFilter,
}


def filter_for(field: CustomField) -> CustomFilter:
    """Return the filter of a custom field."""
    return _CLASSES.get(field.kind, TextFilter)(field)
