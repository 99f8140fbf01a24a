"""Form fields that several forms of people share."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.lib.text import fold, number_in
from regulars.lib.widgets import Combobox

FIRST_YEAR, LAST_YEAR = 1900, 2200


class DayField(forms.DateField):
    """A day between 1900 and 2200; anything else gets a sentence that says what is wrong."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)
        self.error_messages["invalid"] = _("There is no such day. Write it like 2026-02-28.")

    def to_python(self, value: Any) -> date | None:
        """Return the day. Raises ValidationError for 31 February and for years that cannot be meant."""
        day: date | None = super().to_python(value)
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(_("The year must lie between 1900 and 2200."), code="year")
        return day


class PersonField(forms.IntegerField):
    """A contact picked by searching: its id comes in, the contact comes out, if the user may know of it."""

    def __init__(self, *, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(widget=Combobox("contact-pick"), **kwargs)

    def show(self, value: Any) -> None:
        """Let the control show the name behind `value`, if the user may know of that person."""
        pk = number_in(value)
        if pk is not None:
            found = Contact.objects.visible_to(self.user).filter(pk=pk).first()
            self.widget.choices = [(found.pk, found.display_name)] if found else []

    def clean(self, value: Any) -> Any:
        """Return the contact or None. Raises ValidationError for people that `user` may not know of."""
        pk = super().clean(str(value or "").removeprefix("id:"))
        if pk is None:
            return None
        found = Contact.objects.visible_to(self.user).filter(pk=min(pk, 2**62)).first()
        if found is None:
            raise ValidationError(_("There is no such person."), code="gone")
        return found


class CompanyField(forms.CharField):
    """A company picked by searching ("id:12") or named ("Lumen Studios"): see `find_or_name`."""

    def __init__(self, *, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(max_length=300, widget=Combobox("company-pick-or-name", free=True), **kwargs)

    def show(self, value: Any) -> None:
        """Let the control show the name behind `value`, if the user may know of that company."""
        if match := re.fullmatch(r"id:(\d{1,18})", str(value or "")):
            found = Company.objects.visible_to(self.user).filter(pk=int(match[1])).first()
            self.widget.choices = [(value, found.display_name)] if found else []

    def clean(self, value: Any) -> Any:
        """Return a Company, a new name (str), or None. Companies that `user` may not know of do not exist."""
        text = super().clean(value)
        if not text:
            return None
        known = Company.objects.visible_to(self.user)
        if match := re.fullmatch(r"id:(\d{1,18})", text):
            found = known.filter(pk=int(match[1])).first()
            if found is None:
                raise ValidationError(_("There is no such company."), code="gone")
            return found
        return known.filter(sort_name=fold(text)).order_by("pk").first() or text


class TagsField(forms.Field):
    """Tags by name, one input each."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=Combobox("tag-pick", multiple=True, free=True), **kwargs)

    def to_python(self, value: Any) -> list[str]:
        """Return the names, each once, without "#"."""
        given = value if isinstance(value, list | tuple) else [value] if value else []
        names = [" ".join(str(name).split()).lstrip("#").strip() for name in given]
        once = {name.lower(): name for name in names if name}
        if any(len(name) > 60 for name in once.values()):
            raise ValidationError(_("A tag has at most 60 characters."))
        return sorted(once.values(), key=str.lower)
