"""What a task says, and the line it is made from."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.lib.widgets import Combobox
from regulars.promises.actions.tasks import TaskDraft, may_know_of
from regulars.promises.models.task import Task
from regulars.promises.times import recurrence, repeats
from regulars.promises.times.due import business_zone, end_of_day
from regulars.promises.times.wall_time import from_wall, remark

LONGEST_LIST = 50  # lines of a checklist
FURTHEST = 20  # years


class TaskForm(forms.Form):
    """A task: `form.draft()` is what a valid one says."""

    what = forms.CharField(label=gettext_lazy("What is to be done"), max_length=500)
    due_on = forms.DateField(
        label=gettext_lazy("Due"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    due_time = forms.TimeField(
        label=gettext_lazy("Time"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    assignee = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Who does it"))
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"), choices=Task.Priority.choices, coerce=int, initial=Task.Priority.NORMAL
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=gettext_lazy("For"), required=False, widget=Combobox("contact-pick")
    )
    company = forms.ModelChoiceField(
        Company.objects.none(), label=gettext_lazy("Company"), required=False, widget=Combobox("company-pick")
    )
    repeat = forms.ChoiceField(label=gettext_lazy("Repeats"), choices=repeats.CHOICES, required=False)
    until = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    rule = forms.CharField(
        label=gettext_lazy("Another rule"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("As calendars write it: FREQ=MONTHLY;BYDAY=2TU is the second Tuesday of each month."),
    )
    items = forms.CharField(
        label=gettext_lazy("Checklist"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 3, "data-behaviour": "autosize"}),
        help_text=gettext_lazy("One line for each step."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 2, "data-behaviour": "autosize"}),
    )

    def __init__(self, *args: Any, user: User, task: Task | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = business_zone()
        self.task = task
        people: dict[str, Any] = self.fields
        people["assignee"].queryset = User.objects.active()
        people["contact"].queryset = Contact.objects.visible_to(user)
        people["company"].queryset = Company.objects.visible_to(user)
        start = {"assignee": user.pk} | (_start_of(task, self.zone) if task else {})
        for name, value in start.items():
            self.initial.setdefault(name, value)

    def clean(self) -> dict[str, Any]:
        """Work out when it is due, how it repeats, and whether the assignee may know whom it is for."""
        cleaned: dict[str, Any] = super().clean() or {}
        self._clean_due(cleaned)
        self._clean_repeat(cleaned)
        assignee, contact, company = (cleaned.get(name) for name in ("assignee", "contact", "company"))
        if assignee and not may_know_of(assignee, contact, company):
            words = {"name": assignee.first_name}
            self.add_error("assignee", _("%(name)s may not see whom this is for.") % words)
        if cleaned.get("items", "").count("\n") >= LONGEST_LIST:
            self.add_error("items", _("At most %(most)d lines.") % {"most": LONGEST_LIST})
        return cleaned

    def _clean_due(self, cleaned: dict[str, Any]) -> None:
        day, clock = cleaned.get("due_on"), cleaned.get("due_time")
        cleaned["due_at"] = None
        if day is None:
            if clock and "due_on" not in self.errors:
                self.add_error("due_on", _("Say which day, too."))
            return
        this_year = datetime.now(self.zone).year
        if not this_year - 1 <= day.year <= this_year + FURTHEST:
            self.add_error("due_on", _("This day is too far away."))
            return
        if clock is None:
            cleaned["due_at"] = end_of_day(day, self.zone)
        elif problem := remark(datetime.combine(day, clock), self.zone):
            self.add_error("due_time", problem)
        else:
            cleaned["due_at"] = from_wall(datetime.combine(day, clock), self.zone)
        self._refuse_past(cleaned["due_at"], "due_on" if clock is None else "due_time")

    def _refuse_past(self, due_at: datetime | None, name: str) -> None:
        """A new due time lies ahead; one that has passed already may stay as it is."""
        if due_at and due_at < timezone.now() and (self.task is None or self.task.due_at != due_at):
            self.add_error(name, _("This has passed already."))

    def _clean_repeat(self, cleaned: dict[str, Any]) -> None:
        choice, due_at, until = cleaned.get("repeat"), cleaned.get("due_at"), cleaned.get("until")
        cleaned["rule"] = cleaned.get("rule", "").strip() if choice == "own" else ""
        if not choice:
            return
        if due_at is None:
            if not self.errors:
                self.add_error("due_on", _("What repeats needs a first day."))
            return
        if until and until < cleaned["due_on"]:
            self.add_error("until", _("This ends before it begins."))
            return
        rule = cleaned["rule"] if choice == "own" else repeats.build_rule(choice, cleaned["due_on"], until)
        try:
            cleaned["rule"] = recurrence.check_rule(rule, due_at, self.zone)
        except recurrence.BadRule as problem:
            self.add_error("rule" if choice == "own" else "repeat", str(problem))

    def draft(self) -> TaskDraft:
        """Return the task that a valid form describes."""
        said = self.cleaned_data
        return TaskDraft(
            what=said["what"],
            assignee=said["assignee"],
            due_at=said["due_at"],
            has_time=bool(said["due_at"] and said["due_time"]),
            contact=said["contact"],
            company=said["company"],
            priority=said["priority"],
            repeat=said["rule"],
            note=said["note"],
            items=said["items"].splitlines(),
        )


def _start_of(task: Task, zone: Any) -> dict[str, Any]:
    """What the form shows of a task as it is."""
    local = task.due_at.astimezone(zone) if task.due_at else None
    choice = repeats.choice_of(task.repeat, local.date()) if local else ""
    day: date | None = local.date() if local else None
    clock: time | None = local.time() if local and task.has_time else None
    return {
        "what": task.what,
        "due_on": day,
        "due_time": clock,
        "assignee": task.assignee_id,
        "priority": task.priority,
        "contact": task.contact_id,
        "company": task.company_id,
        "repeat": choice,
        "until": repeats.last_day(task.repeat, zone) if task.repeat and choice != "own" else None,
        "rule": task.repeat if choice == "own" else "",
        "items": "\n".join(item.text for item in task.items.all()),
        "note": task.note,
    }
