"""What can be changed in many records at once: each change has a form, words, and can apply and undo itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access.models import Team, User, Visibility
from regulars.contacts.actions import find_or_add_tags
from regulars.contacts.fields import custom
from regulars.contacts.filters.base import BOTH, CONTACT, CUSTOM_PREFIX, Scope
from regulars.contacts.models import CompanyTag, ContactTag, CustomField, NameWord, Stage, Tag
from regulars.contacts.rhythm import follow_owner

Row = Any
NONE = "none"


@dataclass(frozen=True)
class Edit:
    """One record as it was changed: the undo step, and before and after for the audit log."""

    row: Row
    step: dict[str, Any]
    audit: dict[str, Any]


class Change:
    """One thing that can be changed."""

    capability = "bulk"
    hosts: Sequence[str] = BOTH
    module = ""  # offered only while this module is on

    def __init__(self, key: str, label: str | Promise, icon: str) -> None:
        self.key, self.label, self.icon = key, label, icon

    def form(self, data: QueryDict | None, scope: Scope) -> forms.Form:
        """Return the form that asks for the new value."""
        return forms.Form(data)

    def value(self, form: forms.Form) -> Any:
        """Return the value of a valid form, as JSON can hold it."""
        return None

    def words(self, value: Any, scope: Scope) -> str:
        """Return the change as a title: "Stage: customer"."""
        raise NotImplementedError

    def apply(self, rows: Sequence[Row], value: Any, scope: Scope) -> list[Edit]:
        """Change `rows` and return those that were different before."""
        raise NotImplementedError

    def undo(self, steps: Sequence[tuple[Row, dict[str, Any]]], scope: Scope) -> int:
        """Put back what is still as this change left it; returns how many."""
        raise NotImplementedError


class ColumnChange(Change):
    """A column that every record has: stage, owner, team, visibility."""

    def __init__(self, key: str, label: str | Promise, icon: str, column: str, empty: str | Promise = "") -> None:
        super().__init__(key, label, icon)
        self.column, self.empty = column, empty

    def choices(self, scope: Scope) -> list[tuple[str, str]]:
        """Value and words of what can be chosen."""
        querysets: dict[str, QuerySet[Any]] = {
            "stage_id": Stage.objects.all(),
            "owner_id": User.objects.active(),
            "team_id": Team.objects.all(),
        }
        if self.column == "visibility":
            return [(str(value), str(label)) for value, label in Visibility.choices]
        choices = [(str(record.pk), str(record)) for record in querysets[self.column]]
        return [*choices, (NONE, str(self.empty))] if self.empty else choices

    def form(self, data: QueryDict | None, scope: Scope) -> forms.Form:
        """One of the choices."""
        form = forms.Form(data)
        choices = [("", _("Choose…")), *self.choices(scope)]
        form.fields["value"] = forms.ChoiceField(choices=choices, label=str(self.label))
        return form

    def value(self, form: forms.Form) -> Any:
        """An id, a word, or None."""
        value = form.cleaned_data["value"]
        return value if self.column == "visibility" else None if value == NONE else int(value)

    def words(self, value: Any, scope: Scope) -> str:
        """Label and name."""
        return f"{self.label}: {self._named(scope).get(_key(value), value)}"

    def _named(self, scope: Scope) -> dict[str, str]:
        return dict(self.choices(scope))

    def apply(self, rows: Sequence[Row], value: Any, scope: Scope) -> list[Edit]:
        """One UPDATE for all that differ."""
        names = self._named(scope)
        if _key(value) not in names:
            return []
        differing = [row for row in rows if getattr(row, self.column) != value]
        self._write([row.pk for row in differing], value, scope)
        return [
            Edit(
                row,
                {"field": self.column, "before": getattr(row, self.column), "after": value},
                {str(self.label): [names.get(_key(getattr(row, self.column)), ""), names[_key(value)]]},
            )
            for row in differing
        ]

    def _write(self, ids: Sequence[int], value: Any, scope: Scope) -> None:
        scope.model.objects.filter(pk__in=ids).update(**{self.column: value}, version=F("version") + 1)
        if self.column == "owner_id":
            NameWord.objects.filter(**{f"{scope.host}__in": ids}).update(owner_id=value)
            if scope.host == CONTACT:
                follow_owner(ids, value)

    def undo(self, steps: Sequence[tuple[Row, dict[str, Any]]], scope: Scope) -> int:
        """One UPDATE for each earlier value."""
        by_value: dict[Any, list[int]] = {}
        for row, step in steps:
            if getattr(row, self.column) == step["after"]:
                by_value.setdefault(step["before"], []).append(row.pk)
        known = self._still_there({value for value in by_value if value is not None})
        for value, ids in by_value.items():
            self._write(ids, value if value is None or value in known else None, scope)
        return sum(len(ids) for ids in by_value.values())

    def _still_there(self, values: set[Any]) -> set[Any]:
        if self.column == "visibility":
            return values
        model: Any = {"stage_id": Stage, "owner_id": User, "team_id": Team}[self.column]
        return set(model.objects.filter(pk__in=values).values_list("pk", flat=True))


def _key(value: Any) -> str:
    return NONE if value is None else str(value)


class TagChange(Change):
    """Tags put on or taken off."""

    def __init__(self, key: str, label: str | Promise, icon: str, *, adds: bool) -> None:
        super().__init__(key, label, icon)
        self.adds = adds

    def form(self, data: QueryDict | None, scope: Scope) -> forms.Form:
        """Names of tags, new ones too when they are put on; or a choice of those there are."""
        form = forms.Form(data)
        if self.adds:
            form.fields["value"] = forms.CharField(
                max_length=300, label=_("Tags"), help_text=_("Separate several with commas. New ones are made.")
            )
        else:
            form.fields["value"] = forms.ModelMultipleChoiceField(
                Tag.objects.all(), label=_("Tags"), widget=forms.CheckboxSelectMultiple
            )
        return form

    def value(self, form: forms.Form) -> Any:
        """Ids of the tags; new ones are made."""
        value = form.cleaned_data["value"]
        tags = find_or_add_tags(value.split(",")) if isinstance(value, str) else value
        return [tag.pk for tag in tags]

    def words(self, value: Any, scope: Scope) -> str:
        """What is put on or taken off."""
        names = ", ".join(Tag.objects.filter(pk__in=value).values_list("name", flat=True))
        return (_("Add tags: %(tags)s") if self.adds else _("Remove tags: %(tags)s")) % {"tags": names}

    def _links(self, scope: Scope) -> tuple[Any, str]:
        return (ContactTag, "contact_id") if scope.host == CONTACT else (CompanyTag, "company_id")

    def apply(self, rows: Sequence[Row], value: Any, scope: Scope) -> list[Edit]:
        """One statement for all pairs of record and tag that differ."""
        model, link = self._links(scope)
        tags = dict(Tag.objects.filter(pk__in=value).values_list("pk", "name"))
        held = set(
            model.objects.filter(**{f"{link}__in": [r.pk for r in rows]}, tag__in=tags).values_list(link, "tag_id")
        )
        pairs = [(row, tag) for row in rows for tag in tags if ((row.pk, tag) in held) != self.adds]
        self._write([(row.pk, tag) for row, tag in pairs], self.adds, scope)
        return [Edit(row, {"field": "tag", "tag": tag}, self._audit(tags[tag])) for row, tag in pairs]

    def _audit(self, name: str) -> dict[str, Any]:
        return {_("Tags"): [None, name] if self.adds else [name, None]}

    def _write(self, pairs: Sequence[tuple[int, int]], adds: bool, scope: Scope) -> None:
        model, link = self._links(scope)
        if adds:
            links = [model(**{link: holder}, tag_id=tag) for holder, tag in pairs]
            model.objects.bulk_create(links, ignore_conflicts=True)
            return
        for tag in {tag for _holder, tag in pairs}:
            holders = [holder for holder, own in pairs if own == tag]
            model.objects.filter(**{f"{link}__in": holders}, tag=tag).delete()

    def undo(self, steps: Sequence[tuple[Row, dict[str, Any]]], scope: Scope) -> int:
        """Take off what was put on and still is there, or the other way round."""
        model, link = self._links(scope)
        there = set(Tag.objects.values_list("pk", flat=True))
        pairs = [(row.pk, step["tag"]) for row, step in steps if step["tag"] in there]
        held = set(
            model.objects.filter(**{f"{link}__in": [holder for holder, _tag in pairs]}).values_list(link, "tag_id")
        )
        pairs = [pair for pair in pairs if (pair in held) == self.adds]
        self._write(pairs, not self.adds, scope)
        return len(pairs)


class FieldChange(Change):
    """The value of one custom field; an empty one clears it."""

    def __init__(self, field: CustomField) -> None:
        super().__init__(f"{CUSTOM_PREFIX}{field.key}", field.label, "tag")
        self.field = field

    def form(self, data: QueryDict | None, scope: Scope) -> forms.Form:
        """A control for the sort of value."""
        return FieldValueForm(data, field=self.field, scope=scope)

    def value(self, form: forms.Form) -> Any:
        """The stored value."""
        return form.cleaned_data["value"]

    def words(self, value: Any, scope: Scope) -> str:
        """Label and value."""
        people = custom.people_in([self.field], [{self.field.key: value}], scope.user)
        return f"{self.label}: {custom.display(self.field, value, scope.organisation, people=people) or _('empty')}"

    def apply(self, rows: Sequence[Row], value: Any, scope: Scope) -> list[Edit]:
        """Write the JSON of those that differ."""
        key = self.field.key
        edits = []
        for row in rows:
            before = row.custom.get(key)
            if before != value:
                row.custom = custom.put(row.custom, {key: value})
                step = {"field": "custom", "before": before, "after": value}
                edits.append(Edit(row, step, {self.field.label: [before, value]}))
        self._write([edit.row for edit in edits], scope)
        return edits

    def _write(self, rows: Sequence[Row], scope: Scope) -> None:
        scope.model.objects.bulk_update(rows, ["custom"], batch_size=100)
        scope.model.objects.filter(pk__in=[row.pk for row in rows]).update(version=F("version") + 1)

    def undo(self, steps: Sequence[tuple[Row, dict[str, Any]]], scope: Scope) -> int:
        """Put back earlier values."""
        rows = []
        for row, step in steps:
            if row.custom.get(self.field.key) == step["after"]:
                row.custom = custom.put(row.custom, {self.field.key: step["before"]})
                rows.append(row)
        self._write(rows, scope)
        return len(rows)


class BinChange(Change):
    """Into the bin, for 30 days."""

    capability = "delete"

    def words(self, value: Any, scope: Scope) -> str:
        """What is done."""
        return _("Move to the bin")

    def apply(self, rows: Sequence[Row], value: Any, scope: Scope) -> list[Edit]:
        """One UPDATE."""
        now = timezone.now()
        scope.model.objects.filter(pk__in=[row.pk for row in rows]).update(binned_at=now, version=F("version") + 1)
        return [Edit(row, {"field": "binned_at", "after": now.isoformat()}, {}) for row in rows]

    def undo(self, steps: Sequence[tuple[Row, dict[str, Any]]], scope: Scope) -> int:
        """Out of the bin, unless somebody took it out or binned it again meanwhile."""
        ids = [row.pk for row, step in steps if row.binned_at and row.binned_at == parse_datetime(step["after"])]
        scope.model.objects.filter(pk__in=ids).update(binned_at=None, version=F("version") + 1)
        return len(ids)


class FieldValueForm(forms.Form):
    """A form for the value of one custom field."""

    def __init__(self, data: QueryDict | None, *, field: CustomField, scope: Scope) -> None:
        super().__init__(data)
        self.field, self.scope = field, scope
        self.fields["value"] = control_for(field, scope)

    def clean_value(self) -> Any:
        """Return the stored value."""
        try:
            return custom.clean(
                self.field, self.cleaned_data["value"], organisation=self.scope.organisation, user=self.scope.user
            )
        except ValidationError as problem:
            raise forms.ValidationError(problem.messages) from None


def control_for(field: CustomField, scope: Scope) -> forms.Field:
    """Return a form field that fits the sort of value; `custom.clean` makes the stored value of what it gives."""
    kind = field.kind
    common: dict[str, Any] = {"label": field.label, "required": False}
    options = [(str(option), str(option)) for option in field.options]
    if kind == CustomField.Kind.CHOICE:
        return forms.ChoiceField(choices=[("", "—"), *options], **common)
    if kind == CustomField.Kind.CHOICES:
        return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **common)
    if kind == CustomField.Kind.YES_NO:
        return forms.ChoiceField(choices=[("", "—"), ("yes", _("Yes")), ("no", _("No"))], **common)
    if kind == CustomField.Kind.DATE:
        return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **common)
    if kind == CustomField.Kind.CONTACT:
        from regulars.lib.widgets import Combobox

        return forms.CharField(widget=Combobox(url_name="contact-pick"), **common)
    widget = forms.Textarea(attrs={"rows": 4}) if kind == CustomField.Kind.LONG_TEXT else forms.TextInput()
    return forms.CharField(widget=widget, **common)


CHANGES: dict[str, Change] = {
    change.key: change
    for change in (
        ColumnChange("stage", gettext_lazy("Stage"), "milestone", "stage_id", gettext_lazy("No stage")),
        ColumnChange("owner", gettext_lazy("Point of contact"), "user-round", "owner_id", gettext_lazy("Nobody")),
        ColumnChange("team", gettext_lazy("Team"), "users-round", "team_id", gettext_lazy("No team")),
        ColumnChange("visibility", gettext_lazy("Who may see them"), "eye", "visibility"),
        TagChange("tag-add", gettext_lazy("Add tags"), "hash", adds=True),
        TagChange("tag-remove", gettext_lazy("Remove tags"), "tag", adds=False),
        BinChange("bin", gettext_lazy("Move to the bin"), "trash-2"),
    )
}


def change_named(key: str, scope: Scope) -> Change | None:
    """Return the change called `key` ("stage", "cf.size"), or None."""
    if key.startswith(CUSTOM_PREFIX):
        field = CustomField.objects.filter(host=scope.host, key=key.removeprefix(CUSTOM_PREFIX)).first()
        return FieldChange(field) if field else None
    change = CHANGES.get(key)
    return change if change and scope.host in change.hosts else None


def changes_for(scope: Scope) -> list[Change]:
    """Return what the menu of a list offers."""
    organisation = scope.organisation
    return [
        change
        for change in CHANGES.values()
        if change.key != "bin"
        and scope.host in change.hosts
        and (not change.module or (organisation is not None and organisation.has_module(change.module)))
    ]
