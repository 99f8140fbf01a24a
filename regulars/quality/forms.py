"""Forms of imports: the file, what its columns mean, and what to do with people known already."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.custom import fields_of
from regulars.contacts.models import CustomField
from regulars.quality.files.mapping import Column, Mapping
from regulars.quality.files.suggest import with_order
from regulars.quality.files.targets import NO_TARGET, TARGETS
from regulars.quality.importing.source import habits
from regulars.quality.models import Import

NEW_FIELD = "new:"
NEW_KINDS = ("text", "number", "date", "money", "yesno", "longtext", "link")


class ImportFileForm(forms.Form):
    """A file of people."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.vcf,.vcard,text/csv,text/vcard"}),
    )


class ImportMappingForm(forms.Form):
    """What each column of a file means: one choice a column, named `column-0`, `column-1`…"""

    kind = forms.ChoiceField(
        label=_("Each row is"),
        choices=[("contact", _("A person")), ("company", _("A company"))],
        widget=forms.RadioSelect,
    )
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
        choices = target_choices(user)
        for index, header in enumerate(imported.headers):
            column = mapping.columns[index]
            self.fields[f"column-{index}"] = forms.ChoiceField(
                label=header,
                required=False,
                choices=with_own(choices, column),
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
        """Refuse a mapping by which nobody would get a name."""
        data = super().clean() or {}
        targets = {str(data.get(f"column-{n}", "")).partition("#")[0] for n in range(len(self.imported.headers))}
        families = {target.partition("/")[0] for target in targets}
        if data.get("kind") == "company" and "company" not in families:
            self.add_error(None, _("Say which column holds the name of the company."))
        elif not families & {"display", "given", "family", "nickname", "email", "phone", "company"}:
            self.add_error(None, _("Say which column holds a name, an email or a phone."))
        return data

    def chosen(self) -> Mapping:
        """Return the mapping, after making the custom fields that were asked for."""
        kind = self.cleaned_data["kind"]
        columns = []
        samples = list(zip(*self.samples, strict=False)) or [()] * len(self.imported.headers)
        for index, header in enumerate(self.imported.headers):
            spec = self.cleaned_data.get(f"column-{index}", "")
            if spec.startswith(NEW_FIELD) and self.user.can("shape"):
                spec = f"custom:{make_field(header, spec.removeprefix(NEW_FIELD), kind).key}"
            column = Column(spec) if spec.startswith("custom:") else Column.of(spec)
            if column.family in ("birthday", "date") and (order := self.cleaned_data["order"]):
                column = Column(column.target, column.label, column.group, order)
            columns.append(with_order(column, samples[index], habits().date_order))
        return Mapping(columns, kind, self.mapping.origin)


def make_field(header: str, kind: str, host: str) -> CustomField:
    """Return a custom field called like the column: the one that exists, or a new one."""
    label = " ".join(header.split())[:80]
    known = CustomField.objects.filter(host=host, label__iexact=label, archived_at=None).first()
    if known is not None:
        return known
    stem = slugify(label).replace("-", "_")[:45] or "field"
    taken = set(CustomField.objects.filter(host=host, key__startswith=stem).values_list("key", flat=True))
    key = next(name for name in (stem, *(f"{stem}_{n}" for n in range(2, 1000))) if name not in taken)
    position = CustomField.objects.filter(host=host).count()
    return CustomField.objects.create(host=host, key=key, label=label, kind=kind, position=position)


def target_choices(user: User) -> list[Any]:
    """Return the places a column can go to, by section, with the business's own fields and new ones."""
    sections: dict[str, list[tuple[str, Any]]] = {}
    for target in TARGETS.values():
        sections.setdefault(str(target.section), []).append((target.key, target.label))
    own = [
        (f"custom:{field.key}", field.label)
        for host in ("contact", "company")
        for field in fields_of(host)
        if field.kind != CustomField.Kind.CONTACT
    ]
    choices: list[Any] = [("", NO_TARGET), *sections.items()]
    if own:
        choices.append((_("Own fields"), list(dict(own).items())))
    if user.can("shape"):
        new = [(NEW_FIELD + kind, CustomField.Kind(kind).label) for kind in NEW_KINDS]
        choices.append((_("New own field, named like the column"), new))
    return choices


def with_own(choices: list[Any], column: Column) -> list[Any]:
    """Return `choices` with the column's own target in it, when it is finer than those on offer ("City, work")."""
    if not column.target or column.spec in TARGETS or column.target.startswith("custom:"):
        return choices
    target = TARGETS.get(column.target)
    label = ", ".join(filter(None, (str(target.label) if target else column.target, column.label)))
    return [choices[0], (column.spec, label), *choices[1:]]


class ImportPlanForm(forms.Form):
    """What to do with people known already, and what everyone in the file gets."""

    policy = forms.ChoiceField(
        label=_("People we know already"), choices=Import.Policy.choices, widget=forms.RadioSelect, initial="skip"
    )
    tags = forms.CharField(
        label=_("Tags for everyone in this file"), required=False, max_length=200, help_text=_("Separated by commas.")
    )
    owner = forms.ModelChoiceField(
        label=_("Point of contact"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("For those whose row names no colleague."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.active()  # type: ignore[attr-defined]

    @classmethod
    def of(cls, imported: Import) -> "ImportPlanForm":
        """Return the form as it was last filled in."""
        options = imported.options
        return cls(
            initial={
                "policy": imported.policy,
                "tags": ", ".join(options.get("tags", [])),
                "owner": options.get("owner", imported.by_id),
            }
        )

    def save(self, imported: Import) -> None:
        """Keep the choices with the import."""
        owner = self.cleaned_data["owner"]
        tags = [tag.strip(" #")[:60] for tag in self.cleaned_data["tags"].split(",")]
        imported.policy = self.cleaned_data["policy"]
        imported.options = {"tags": [tag for tag in tags if tag], "owner": owner.pk if owner else None}
        imported.save(update_fields=["policy", "options"])
