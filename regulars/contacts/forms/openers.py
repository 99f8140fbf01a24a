"""What came out when an opener was asked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.contacts.models import Fact


class AskOpenerForm(forms.Form):
    """The answer, and whether to remember it as a fact or to note it on the timeline."""

    answer = forms.CharField(max_length=500, required=False, label=_("What did they say?"))
    keep = forms.ChoiceField(
        required=False,
        label=_("Keep the answer"),
        choices=[
            ("", _("with the question only")),
            ("note", _("as a note on the timeline")),
            *[(f"fact:{key}", _("as a fact: %(kind)s") % {"kind": label}) for key, label in Fact.Kind.choices],
        ],
    )

    def clean_keep(self) -> str:
        """Return the choice; without an answer there is nothing to keep."""
        return str(self.cleaned_data["keep"]) if self.cleaned_data.get("answer") else ""
