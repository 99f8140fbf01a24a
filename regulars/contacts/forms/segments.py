"""Forms of segments: name, dot, sharing, rhythm."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access.models import Organisation, User
from regulars.contacts.filters.base import CONTACT, Scope
from regulars.contacts.models import Segment
from regulars.contacts.segments.builder import clean, count, without_empty
from regulars.contacts.segments.reading import leads_back, read_rule


class SegmentForm(forms.Form):
    """What a segment is called and whom it holds. `rule` travels as text while it is built."""

    name = forms.CharField(max_length=80, label=gettext_lazy("Name"))
    tone = forms.ChoiceField(choices=Segment.Tone.choices, required=False, label=gettext_lazy("Dot"))
    rhythm_days = forms.IntegerField(
        min_value=1,
        max_value=3650,
        required=False,
        label=gettext_lazy("Be in touch every … days"),
        help_text=gettext_lazy("For people whose own rhythm is not known. Leave it empty for none."),
    )
    is_shared = forms.BooleanField(required=False, label=gettext_lazy("Share it with everyone"))
    rule = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20_000)

    def __init__(self, data: Any = None, *, user: User, segment: Segment | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.user, self.segment = user, segment
        if not user.can("share"):
            del self.fields["is_shared"]
        if not (Organisation.current() or Organisation()).has_module("rhythm"):
            del self.fields["rhythm_days"]

    def clean_name(self) -> str:
        """A name that this colleague has no other segment of."""
        name = str(self.cleaned_data["name"])
        owner = self.segment.owner if self.segment else self.user
        taken = Segment.objects.filter(owner=owner, name=name)
        if (taken.exclude(pk=self.segment.pk) if self.segment else taken).exists():
            raise forms.ValidationError(_("There is a segment of this name already."))
        return name

    def clean_rule(self) -> dict[str, Any]:
        """The tree; a list may have none. Refuses what is gone and what would go round in a circle."""
        rule = without_empty(clean(self.cleaned_data.get("rule", "")))
        if self.segment is not None and self.segment.is_list:
            return dict(self.segment.rule)
        if not count(rule):
            raise forms.ValidationError(_("Add at least one condition."))
        if self.segment is not None and leads_back(self.segment.pk, rule):
            raise forms.ValidationError(_("A segment can’t refer to itself, also not through another one."))
        problems = read_rule(rule, Scope(CONTACT, self.user, Organisation.current())).problems
        if problems:
            raise forms.ValidationError([*problems, _("Change or remove what is gone.")])
        return rule

    def values(self) -> dict[str, Any]:
        """The columns of the segment."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.fields}
