"""Rows of a form: phones, emails, links, handles and addresses."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from regulars.contacts.models import Address, ContactPoint
from regulars.lib.text import digits

Kind = ContactPoint.Kind
LABELS = {"phone": "mobile", "email": "work", "link": "website", "handle": "instagram"}


class PointForm(forms.Form):
    """One way to reach somebody; an empty value means the row is not wanted."""

    kind = forms.ChoiceField(choices=Kind.choices, initial=Kind.PHONE, label=_("Kind"))
    value = forms.CharField(max_length=300, required=False, label=_("Number, address or name"))
    label = forms.CharField(max_length=40, required=False, label=_("Label"))
    is_preferred = forms.BooleanField(required=False, label=_("Preferred"))

    def clean(self) -> dict[str, Any]:
        """Check that the value looks like its kind; what was there before may stay as it is."""
        data = super().clean() or self.cleaned_data
        value, kind = data.get("value", ""), data.get("kind")
        if value and value != self.initial.get("value"):
            self._check(kind, value)
        return data

    def _check(self, kind: str | None, value: str) -> None:
        if kind == Kind.EMAIL:
            try:
                EmailValidator()(value)
            except ValidationError:
                self.add_error("value", _("This does not look like an email address."))
        elif kind == Kind.PHONE and len(digits(value)) < 3:
            self.add_error("value", _("This does not look like a phone number."))


class AddressForm(forms.Form):
    """One postal address; a row without any text is not wanted."""

    street = forms.CharField(max_length=300, required=False, label=_("Street and number"))
    postcode = forms.CharField(max_length=20, required=False, label=_("Postcode"))
    city = forms.CharField(max_length=100, required=False, label=_("City"))
    region = forms.CharField(max_length=100, required=False, label=_("Region"))
    country = forms.CharField(max_length=80, required=False, label=_("Country"))
    label = forms.CharField(max_length=40, required=False, label=_("Label"))
    is_preferred = forms.BooleanField(required=False, label=_("Preferred"))

    @property
    def is_wanted(self) -> bool:
        """Whether anything but the label was typed."""
        return any(self.cleaned_data.get(name) for name in ("street", "postcode", "city", "region", "country"))


class Rows(forms.BaseFormSet[Any]):
    """A set of rows in which empty ones are allowed anywhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for form in self.forms:
            # Django reads nothing of an unchanged form that may be empty: a row that is there would be lost.
            started_empty = not any(value for name, value in form.initial.items() if name != "kind")
            form.empty_permitted, form.use_required_attribute = started_empty, False

    def points(self) -> list[list[Any]]:
        """The rows of points in the shape of a picture."""
        rows = [form.cleaned_data for form in self.forms]
        points = [
            [row["kind"], row["value"].strip(), row["label"].strip(), bool(row["is_preferred"])]
            for row in rows
            if row.get("value", "").strip()
        ]
        return one_preferred_each(points)

    def addresses(self) -> list[dict[str, Any]]:
        """The rows of addresses in the shape of a picture, the preferred one first."""
        rows = [form.cleaned_data for form in self.forms if form.is_wanted]
        found = [{name: row[name] for name in AddressForm.base_fields} for row in rows]
        best = next((n for n, row in enumerate(found) if row["is_preferred"]), 0)
        marked = [{**row, "is_preferred": n == best} for n, row in enumerate(found)]
        return sorted(marked, key=lambda row: not row["is_preferred"])


def one_preferred_each(points: list[list[Any]]) -> list[list[Any]]:
    """Star exactly one point of each kind and put starred ones first, as they are read back."""
    best: dict[str, list[Any]] = {}
    for point in points:
        if point[0] not in best or (point[3] and not best[point[0]][3]):
            best[point[0]] = point
    marked = [[*point[:3], point is best[point[0]]] for point in points]
    return sorted(marked, key=lambda point: not point[3])


POINTS = forms.formset_factory(PointForm, formset=Rows, extra=0, max_num=60, absolute_max=100)
ADDRESSES = forms.formset_factory(AddressForm, formset=Rows, extra=0, max_num=20, absolute_max=40)


def point_rows(data: Any, points: list[list[Any]]) -> Any:
    """The rows of points of a form; a new record starts with an empty phone and an empty email."""
    initial = [dict(zip(("kind", "value", "label", "is_preferred"), point, strict=True)) for point in points]
    kinds = {row["kind"] for row in initial}
    initial += [{"kind": kind} for kind in (Kind.PHONE, Kind.EMAIL) if kind not in kinds]
    return POINTS(data, initial=initial, prefix="points")


def address_rows(data: Any, addresses: list[dict[str, Any]]) -> Any:
    """The rows of addresses of a form."""
    return ADDRESSES(data, initial=addresses, prefix="addresses")


__all__ = ["Address", "AddressForm", "PointForm", "address_rows", "one_preferred_each", "point_rows"]
