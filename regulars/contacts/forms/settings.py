"""Forms of the settings pages for custom fields, tags, stages and sources."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.contacts.models import CustomField, Source, Stage, Tag

OPTIONS_KEPT = 100
OPTION_LENGTH = 80
WITH_OPTIONS = (CustomField.Kind.CHOICE, CustomField.Kind.CHOICES)


class CustomFieldForm(forms.Form):
    """A custom field. Host and kind are chosen once: values are stored in the shape of the kind."""

    label = forms.CharField(max_length=80, label=gettext_lazy("Name"))
    host = forms.ChoiceField(choices=CustomField.Host.choices, label=gettext_lazy("For"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(choices=CustomField.Kind.choices, label=gettext_lazy("Sort of value"))
    options = forms.CharField(
        required=False,
        label=gettext_lazy("Choices"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("One a line. Only for a choice or several choices."),
    )

    def __init__(self, *args: Any, field: CustomField | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field = field
        if field is not None:
            del self.fields["host"], self.fields["kind"]
            if field.kind not in WITH_OPTIONS:
                del self.fields["options"]

    def clean_options(self) -> list[str]:
        """Return the choices, each once."""
        lines = (" ".join(line.split())[:OPTION_LENGTH] for line in self.cleaned_data["options"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))[:OPTIONS_KEPT]

    def clean(self) -> dict[str, Any]:
        """A choice needs choices, and no two fields of the same host have the same name."""
        cleaned = super().clean() or {}
        kind = self.field.kind if self.field else cleaned.get("kind")
        if kind in WITH_OPTIONS and not cleaned.get("options"):
            self.add_error("options", _("Give at least one choice."))
        host = self.field.host if self.field else cleaned.get("host")
        same = CustomField.objects.filter(host=host, label__iexact=cleaned.get("label", ""), archived_at=None)
        if same.exclude(pk=self.field.pk if self.field else 0).exists():
            self.add_error("label", _("There is a field of this name already."))
        return cleaned


class NameForm(forms.Form):
    """A name that no other record of the same sort has."""

    name = forms.CharField(max_length=60, label=gettext_lazy("Name"))

    def __init__(self, *args: Any, record: Stage | Source | Tag | None = None, model: type[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record, self.model = record, model
        limit = model._meta.get_field("name").max_length
        self.fields["name"] = forms.CharField(max_length=limit, label=_("Name"))
        if model is Stage:
            self.fields["is_customer"] = forms.BooleanField(required=False, label=_("People in it have bought"))

    def clean_name(self) -> str:
        """Return the name with single spaces."""
        name = " ".join(self.cleaned_data["name"].split()).lstrip("#")
        if not name:
            raise forms.ValidationError(_("Give it a name."))
        same = self.model.objects.filter(name__iexact=name)
        if same.exclude(pk=self.record.pk if self.record else 0).exists():
            raise forms.ValidationError(_("There is one of this name already."))
        return name


class MergeTagForm(forms.Form):
    """Which tag takes the place of another."""

    into = forms.ModelChoiceField(Tag.objects.none(), label=gettext_lazy("Everybody who has it gets"))

    def __init__(self, *args: Any, tag: Tag, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = Tag.objects.exclude(pk=tag.pk)  # type: ignore[attr-defined]
