"""Forms for merging two records and for erasing a person."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.forms.fields import PersonField
from regulars.contacts.models import Company, Contact
from regulars.lib.text import fold
from regulars.lib.widgets import Combobox


class MergeForm(forms.Form):
    """Picks the other one."""

    def __init__(self, data: Any = None, *, holder: Any, user: User) -> None:
        self.holder, self.user = holder, user
        super().__init__(data)
        if isinstance(holder, Contact):
            self.fields["other"] = PersonField(user=user, label=_("Who is the same person?"))
        else:
            companies = Company.objects.visible_to(user).exclude(pk=holder.pk)
            self.fields["other"] = forms.ModelChoiceField(
                companies, label=_("Which is the same company?"), widget=Combobox("company-pick")
            )

    def clean_other(self) -> Any:
        """Return the other one. Raises ValidationError for the record itself."""
        other = self.cleaned_data["other"]
        if other.pk == self.holder.pk:
            raise ValidationError(_("Choose another one: this is the same record."))
        return other


class EraseForm(forms.Form):
    """Asks for the name, because nothing brings an erased person back."""

    name = forms.CharField(max_length=300, label=_("Type the name to erase them for good"))

    def __init__(self, data: Any = None, *, contact: Contact) -> None:
        self.contact = contact
        super().__init__(data)

    def clean_name(self) -> str:
        """Return the name. Raises ValidationError for another one; case and accents do not matter."""
        name: str = self.cleaned_data["name"]
        if fold(name) != fold(self.contact.display_name):
            raise ValidationError(_("This is not their name. Nothing was erased."))
        return name
