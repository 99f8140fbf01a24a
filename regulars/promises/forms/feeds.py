"""What a new calendar address shows, and a calendar file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.access.models import Organisation
from regulars.promises.feeds.feed import MODULES
from regulars.promises.models.feed import CalendarFeed


class FeedForm(forms.Form):
    """A name for the device, and what its calendar shows."""

    name = forms.CharField(
        label=_("For which device"), max_length=60, widget=forms.TextInput({"placeholder": _("My phone")})
    )
    parts = forms.MultipleChoiceField(
        label=_("What it shows"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(key, label) for key, label in CalendarFeed.Part.choices if organisation.has_module(MODULES[key])]  # type: ignore[index]
        parts: Any = self.fields["parts"]
        parts.choices = offered
        self.initial.setdefault("parts", [key for key, _label in offered])


class CalendarFileForm(forms.Form):
    """A calendar file to take in."""

    file = forms.FileField(label=_("Calendar file (.ics)"), widget=forms.FileInput({"accept": ".ics,text/calendar"}))
