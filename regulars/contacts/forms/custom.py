"""The custom fields of a business as fields of a form. Values are cleaned by `contacts.fields.custom`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.access.models import Organisation, User
from regulars.contacts.fields import custom
from regulars.contacts.models import Contact, CustomField
from regulars.lib.text import number_in
from regulars.lib.widgets import Combobox

Kind = CustomField.Kind


class CustomValue(forms.Field):
    """One custom field; cleans to the stored shape."""

    def __init__(self, spec: CustomField, user: User, organisation: Organisation | None, stored: Any) -> None:
        self.spec, self.user, self.organisation, self.stored = spec, user, organisation, stored
        super().__init__(required=False, label=spec.label, widget=widget_for(spec), help_text=_hint(spec))

    def show(self, value: Any) -> None:
        """Let a combobox show the name behind `value`."""
        pk = number_in(value)
        if pk is not None:
            found = Contact.objects.visible_to(self.user).filter(pk=pk).first()
            self.widget.choices = [(found.pk, found.display_name)] if found else []

    def clean(self, value: Any) -> Any:
        """Return what is to be stored, or None. An unchanged contact that the user may not see stays as it was."""
        if self.spec.kind == Kind.DATE and value:
            from regulars.contacts.forms.fields import DayField

            value = DayField(required=False).clean(value)
        if self.spec.kind == Kind.CONTACT and str(value or "") == str(self.stored or ""):
            return self.stored
        return custom.clean(self.spec, value, organisation=self.organisation, user=self.user)


def _hint(spec: CustomField) -> Any:
    return _("An amount, with the currency if it is not yours: 12.50 USD") if spec.kind == Kind.MONEY else ""


def widget_for(spec: CustomField) -> forms.Widget:
    """The control for a custom field."""
    options = [(option, option) for option in spec.options]
    match spec.kind:
        case Kind.LONG_TEXT:
            return forms.Textarea(attrs={"rows": 3})
        case Kind.DATE:
            return forms.DateInput(attrs={"type": "date"})
        case Kind.CHOICE:
            return forms.Select(choices=[("", "—"), *options])
        case Kind.CHOICES:
            return forms.CheckboxSelectMultiple(choices=options)
        case Kind.YES_NO:
            return forms.Select(choices=[("", "—"), ("yes", _("Yes")), ("no", _("No"))])
        case Kind.CONTACT:
            return Combobox("contact-pick")
    numeric = spec.kind in (Kind.NUMBER, Kind.MONEY)
    return forms.TextInput(
        attrs={"inputmode": "decimal"} if numeric else {"inputmode": "url"} if spec.kind == Kind.LINK else {}
    )


def initial_for(spec: CustomField, stored: Any) -> Any:
    """What the control shows for a stored value."""
    if spec.kind == Kind.CHOICES:
        return stored if isinstance(stored, list) else []
    if spec.kind == Kind.CONTACT:
        return stored or ""
    return custom.as_text(spec, stored)


def add_custom_fields(form: forms.Form, host: str, stored: dict[str, Any], user: User) -> list[CustomField]:
    """Put the custom fields of `host` on `form` as `custom-KEY`; returns their definitions."""
    specs = custom.fields_of(host)
    organisation = Organisation.current() if specs else None
    for spec in specs:
        value = stored.get(spec.key)
        form.fields[f"custom-{spec.key}"] = CustomValue(spec, user, organisation, value)
        form.initial.setdefault(f"custom-{spec.key}", initial_for(spec, value))
    return specs


def custom_changes(cleaned: dict[str, Any]) -> dict[str, Any]:
    """The cleaned custom values in the shape of a picture."""
    return {
        f"custom:{name.removeprefix('custom-')}": value for name, value in cleaned.items() if name.startswith("custom-")
    }


__all__ = ["add_custom_fields", "custom_changes", "initial_for", "widget_for"]
