"""Forms of imports: the file, what its columns mean, and what to do with people known already."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.quality.files.mapping import Column, Mapping
from regulars.quality.importing.sorts import Choices, Sort, sort_of
from regulars.quality.models import Import


class ImportFileForm(forms.Form):
    """A file."""

    file = forms.FileField(label=_("File"))


class ImportMappingForm(forms.Form):
    """What each column of a file means: one choice a column, named `column-0`, `column-1`…"""

    kind = forms.ChoiceField(widget=forms.RadioSelect)
    order = forms.ChoiceField(
        label=_("Dates are written"),
        required=False,
        choices=[
            ("", _("As the values suggest")),
            ("dmy", _("Day first: 31/12/1990")),
            ("mdy", _("Month first: 12/31/1990")),
            ("ymd", _("Year first: 1990-12-31")),
        ],
    )

    def __init__(
        self, *args: Any, imported: Import, mapping: Mapping, samples: list[list[str]], user: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"initial": {"kind": mapping.kind}, **kwargs})
        self.imported, self.mapping, self.samples, self.user = imported, mapping, samples, user
        self.sort = sort_of(imported)
        kind: Any = self.fields["kind"]
        kind.label, kind.choices = self.sort.kinds_label, self.sort.kinds
        if not self.sort.kinds:
            del self.fields["kind"]
        choices = self.sort.target_choices(user)
        for index, header in enumerate(imported.headers):
            column = mapping.columns[index]
            self.fields[f"column-{index}"] = forms.ChoiceField(
                label=header,
                required=False,
                choices=with_own(choices, column, self.sort),
                initial=column.spec,
                widget=forms.Select(attrs={"class": "select w-full"}),
            )

    def rows(self) -> list[dict[str, Any]]:
        """The columns with three of their values each, for the page."""
        columns = list(zip(*self.samples, strict=False)) if self.samples else [()] * len(self.imported.headers)
        return [
            {
                "header": header,
                "values": list(dict.fromkeys(value.strip()[:60] for value in columns[index] if value.strip()))[:3],
                "field": self[f"column-{index}"],
            }
            for index, header in enumerate(self.imported.headers)
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse a mapping by which nothing could be imported."""
        data = super().clean() or {}
        targets = {str(data.get(f"column-{n}", "")).partition("#")[0] for n in range(len(self.imported.headers))}
        if missing := self.sort.missing(str(data.get("kind", "")), targets):
            self.add_error(None, missing)
        return data

    def chosen(self) -> Mapping:
        """Return the mapping, after making the custom fields that were asked for."""
        kind = self.cleaned_data.get("kind", "")
        columns = []
        samples = list(zip(*self.samples, strict=False)) or [()] * len(self.imported.headers)
        for index, header in enumerate(self.imported.headers):
            spec = self.sort.new_field(header, self.cleaned_data.get(f"column-{index}", ""), kind, self.user)
            column = Column(spec) if spec.startswith("custom:") else Column.of(spec)
            if column.family in self.sort.dated and (order := self.cleaned_data["order"]):
                column = Column(column.target, column.label, column.group, order)
            columns.append(self.sort.settle(column, samples[index]))
        return Mapping(columns, kind, self.mapping.origin)


def with_own(choices: Choices, column: Column, sort: Sort) -> Choices:
    """Return `choices` with the column's own target in it, when it is finer than those on offer ("City, work")."""
    offered = {key for _section, group in choices[1:] for key, _label in group}
    if not column.target or column.spec in offered:
        return choices
    label = ", ".join(filter(None, (str(sort.label_of(column.target)), column.label)))
    return [choices[0], (column.spec, label), *choices[1:]]


class ImportPlanForm(forms.Form):
    """What to do with what is known already."""

    policy = forms.ChoiceField(widget=forms.RadioSelect, initial="skip")

    def __init__(self, *args: Any, imported: Import, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": self.initial_of(imported), **kwargs})
        self.imported = imported
        sort = sort_of(imported)
        policy: Any = self.fields["policy"]
        policy.label, policy.choices = sort.words.policy, sort.policies

    @staticmethod
    def initial_of(imported: Import) -> dict[str, Any]:
        """Return the choices as they were last made."""
        return {"policy": imported.policy, **imported.options}

    def options(self) -> dict[str, Any]:
        """Return the choices beside the policy, as the import keeps them."""
        return {}

    def save(self) -> None:
        """Keep the choices with the import."""
        self.imported.policy = self.cleaned_data["policy"]
        self.imported.options = {**self.imported.options, **self.options()}
        self.imported.save(update_fields=["policy", "options"])


class PeoplePlanForm(ImportPlanForm):
    """What to do with people known already, and what everyone in the file gets."""

    owner = forms.ModelChoiceField(
        label=_("Point of contact"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("For those whose row names no colleague."),
    )
    tags = forms.CharField(
        label=_("Tags for everyone in this file"), required=False, max_length=200, help_text=_("Separated by commas.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.active()  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(imported: Import) -> dict[str, Any]:
        """The owner is who brings the file, unless another was chosen."""
        options = imported.options
        return {
            "policy": imported.policy,
            "tags": ", ".join(options.get("tags", [])),
            "owner": options.get("owner", imported.by_id),
        }

    def options(self) -> dict[str, Any]:
        """The owner and the tags."""
        owner = self.cleaned_data["owner"]
        tags = [tag.strip(" #")[:60] for tag in self.cleaned_data["tags"].split(",")]
        return {"tags": [tag for tag in tags if tag], "owner": owner.pk if owner else None}


def plan_form(imported: Import, data: Any = None) -> ImportPlanForm:
    """Return the form of the choices that imports of this sort have."""
    from regulars.quality.importing_orders.forms import OrdersPlanForm

    forms_of: dict[str, type[ImportPlanForm]] = {"contacts": PeoplePlanForm, "orders": OrdersPlanForm}
    return forms_of.get(imported.what, ImportPlanForm)(data, imported=imported)
