"""Forms of promises."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.capture.due_dates import end_of, moment_of
from regulars.contacts.models import Stage, Tag
from regulars.promises.actions.promises import require_knows
from regulars.promises.models.promise import Promise
from regulars.promises.models.promise_settings import PromiseReminder, PromiseSettings
from regulars.promises.times.due import business_zone
from regulars.timeline.models import Entry

MOMENTS_OFFERED = 8


class BreakPromiseForm(forms.Form):
    """Why it won't be kept, in one line."""

    why = forms.CharField(label=_("Why, in one line"), max_length=300)


class WithdrawPromiseForm(forms.Form):
    """Why it is taken back, if anybody wants to say."""

    why = forms.CharField(label=_("Why"), max_length=300, required=False)


class RenegotiatePromiseForm(forms.Form):
    """The new day that was agreed with the customer, with a time of day or without."""

    day = forms.DateField(label=_("The new day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    clock = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=_("Empty: by the end of the day"),
    )  # fmt: skip
    why = forms.CharField(label=_("What was said"), max_length=300, required=False)

    def __init__(self, *args: Any, promise: Promise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.promise, self.zone = promise, business_zone()
        today = timezone.now().astimezone(self.zone).date()
        self.initial.setdefault("day", max(promise.due_on, today) + timedelta(days=1))
        if promise.has_time:
            self.initial.setdefault("clock", promise.due_at.astimezone(self.zone).time())

    def clean(self) -> dict[str, Any]:
        """Refuse a time that has passed, and the same one again."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "day" in data and "clock" in data:
            due_at = self.due_at(data["day"], data["clock"])
            if due_at <= timezone.now():
                self.add_error("day", gettext("That time has passed."))
            elif due_at == self.promise.due_at:
                self.add_error("day", gettext("That is the day it was due already."))
            elif due_at.year > timezone.now().year + 20:
                self.add_error("day", gettext("That is too far away to be true."))
        return data

    def due_at(self, day: date, clock: time | None) -> datetime:
        """The moment that was agreed, in the zone of the business."""
        return moment_of(day, clock, self.zone) if clock else end_of(day, self.zone)

    @property
    def due(self) -> dict[str, Any]:
        """What `Promise.renegotiate` takes."""
        day, clock = self.cleaned_data["day"], self.cleaned_data["clock"]
        return {"due_at": self.due_at(day, clock), "due_on": day, "has_time": clock is not None}


class HandOverPromiseForm(forms.Form):
    """Who answers for it from now on."""

    owner = forms.ModelChoiceField(User.objects.none(), label=_("Who answers for it"), empty_label=None)

    def __init__(self, *args: Any, promise: Promise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.promise = promise
        self.fields["owner"].queryset = User.objects.active().exclude(pk=promise.owner_id)  # type: ignore[attr-defined]

    def clean_owner(self) -> User:
        """Refuse somebody who may not know of the customer."""
        owner: User = self.cleaned_data["owner"]
        try:
            require_knows(owner, self.promise.holder)
        except ValueError as problem:
            raise forms.ValidationError(str(problem)) from problem
        return owner


class PromiseEvidenceForm(forms.Form):
    """How it was kept: a line, a moment of the timeline, a file."""

    evidence = forms.CharField(label=_("How it was kept"), max_length=500, required=False)
    entry = forms.ModelChoiceField(
        Entry.objects.none(), label=_("The moment that shows it"), required=False, empty_label=_("None")
    )
    file = forms.FileField(label=_("A file"), required=False)

    def __init__(self, *args: Any, promise: Promise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        link = {"contact": promise.contact} if promise.contact else {"company": promise.company}
        near = Entry.objects.present().filter(**{f"involvements__{name}": who for name, who in link.items()})
        ids = near.exclude(kind="promise").order_by("-occurred_at", "-pk").values_list("pk", flat=True)
        chosen = [promise.evidence_entry_id] if promise.evidence_entry_id else []
        field: Any = self.fields["entry"]
        field.queryset = Entry.objects.filter(pk__in=[*ids[:MOMENTS_OFFERED], *chosen]).order_by("-occurred_at")
        field.label_from_instance = _label
        self.initial.setdefault("evidence", promise.evidence)
        self.initial.setdefault("entry", promise.evidence_entry_id)


def _label(entry: Entry) -> str:
    day = timezone.localtime(entry.occurred_at)
    return f"{day:%d.%m.} {entry.kind_info.label}: {entry.text[:60]}"


class PromiseReminderForm(forms.ModelForm[PromiseReminder]):
    """When a colleague is reminded."""

    class Meta:
        model = PromiseReminder
        fields = ("when",)
        labels: dict[str, Any] = {"when": _("Remind me of what I promised")}
        widgets: dict[str, Any] = {"when": forms.RadioSelect}


class PromiseSettingsForm(forms.ModelForm[PromiseSettings]):
    """Whose promises managers hear about."""

    tags = forms.ModelMultipleChoiceField(
        Tag.objects.order_by("name"), label=_("Tags"), required=False, widget=forms.CheckboxSelectMultiple
    )
    stages = forms.ModelMultipleChoiceField(
        Stage.objects.order_by("position"), label=_("Stages"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = PromiseSettings
        fields = ("tags", "stages")
