"""Forms of moments."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.contacts.actions.moments import CLOCK_SLACK
from regulars.contacts.models import Company, Contact
from regulars.lib.widgets import Combobox
from regulars.timeline import kinds
from regulars.timeline.models import Entry


class EditMomentForm(forms.Form):
    """What a moment says, of which kind, when, and what it came to. Times are in the colleague's zone."""

    kind = forms.ChoiceField(label=_("Kind"))
    text = forms.CharField(label=_("What happened"), max_length=20_000, widget=forms.Textarea({"rows": 4}))
    occurred_at = forms.DateTimeField(
        label=_("When"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    outcome = forms.CharField(label=_("What it came to"), max_length=300, required=False)

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entry = entry
        offered = kinds.by_hand()
        if entry.kind not in {kind.name for kind in offered}:
            offered = [entry.kind_info]
        self.fields["kind"].choices = [(kind.name, kind.label) for kind in offered]  # type: ignore[attr-defined]
        for name in self.fields:
            self.initial.setdefault(name, getattr(entry, name))

    def clean_occurred_at(self) -> datetime:
        """Keep the seconds when the minute was not changed; refuse a time to come."""
        moment: datetime = self.cleaned_data["occurred_at"]
        if moment == self.entry.occurred_at.replace(second=0, microsecond=0):
            return self.entry.occurred_at
        if moment > timezone.now() + CLOCK_SLACK:
            raise forms.ValidationError(_("A moment can't lie in the future."))
        if moment.year < 1900:
            raise forms.ValidationError(_("That is too long ago to be true."))
        return moment


class MomentPeopleForm(forms.Form):
    """Whom a moment concerns."""

    contacts = forms.ModelMultipleChoiceField(
        Contact.objects.none(),
        label=_("People"),
        required=False,
        widget=Combobox("contact-pick", multiple=True),
    )
    companies = forms.ModelMultipleChoiceField(
        Company.objects.none(),
        label=_("Companies"),
        required=False,
        widget=Combobox("company-pick", multiple=True),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contacts"].queryset = Contact.objects.visible_to(user)  # type: ignore[attr-defined]
        self.fields["companies"].queryset = Company.objects.visible_to(user)  # type: ignore[attr-defined]


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or several files; what they are is checked when they are attached."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files. Raises ValidationError when there is none."""
        files = data if isinstance(data, list) else [data] if data else []
        if not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return files


class FilesForm(forms.Form):
    """Files to put on a moment."""

    # The stubs think of a form's uploaded `files`.
    files = ManyFilesField(label=_("Files"))  # type: ignore[assignment]
