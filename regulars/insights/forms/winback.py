"""Forms of win-back: what was tried, why somebody stayed away, what to say to a warning."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.insights.tables.risk import RiskWord
from regulars.insights.tables.winback import Cause, Play

CHANNELS = (
    ("", gettext_lazy("In some way")),
    ("call", gettext_lazy("Call")),
    ("email", gettext_lazy("Email")),
    ("message", gettext_lazy("Message")),
    ("visit", gettext_lazy("In person")),
    ("card", gettext_lazy("Card or letter")),
)
KNOWN = [choice for choice in Cause.choices if choice[0]]


class AttemptForm(forms.Form):
    """What was tried, how, and in which words."""

    play = forms.ChoiceField(label=gettext_lazy("What we try"), choices=Play.choices)
    channel = forms.ChoiceField(label=gettext_lazy("How"), choices=CHANNELS, required=False)
    text = forms.CharField(
        label=gettext_lazy("Words"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )


class NoteWhyForm(forms.Form):
    """Why they stayed away, in their own words."""

    cause = forms.ChoiceField(
        label=gettext_lazy("Why"), choices=[("", gettext_lazy("Not said")), *KNOWN], required=False
    )
    words = forms.CharField(
        label=gettext_lazy("In their words"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        """Something has to be said."""
        cleaned = super().clean() or {}
        if not cleaned.get("cause") and not cleaned.get("words", "").strip():
            raise forms.ValidationError(_("Choose a reason or write down what they said."))
        return cleaned


class WhyForm(NoteWhyForm):
    """The one question of the page behind a personal link."""

    cause = forms.ChoiceField(
        label=gettext_lazy("What kept you away?"), choices=KNOWN, required=False, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=gettext_lazy("In your own words, if you like"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A word or a click is enough."""
        cleaned = super(NoteWhyForm, self).clean() or {}
        if not cleaned.get("cause") and not cleaned.get("words", "").strip():
            raise forms.ValidationError(_("A click is enough. Or write a word."))
        return cleaned


class SortWhyForm(forms.Form):
    """The category of what somebody wrote."""

    cause = forms.ChoiceField(choices=KNOWN)


class RiskWordForm(forms.ModelForm[RiskWord]):
    """What we know better than the warning."""

    class Meta:
        model = RiskWord
        fields = ("said", "note", "until")
        widgets: ClassVar[dict[str, Any]] = {"until": forms.DateInput(attrs={"type": "date"})}
        help_texts: ClassVar[dict[str, Any]] = {
            "until": gettext_lazy("No warning until then; three months when empty. Not asked for those who are gone.")
        }

    def clean_until(self) -> date | None:
        """Not in the past."""
        until: date | None = self.cleaned_data.get("until")
        if until and until < timezone.localdate():
            raise forms.ValidationError(_("That day has passed."))
        return until
