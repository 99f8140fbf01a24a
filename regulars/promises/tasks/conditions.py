"""Choosing people by whether something is to be done for them."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy

from regulars.access.models import User
from regulars.contacts.conditions import Condition, register_condition
from regulars.contacts.conditions.base import Value
from regulars.promises.models.task import Task

CHOICES = {
    "open": gettext_lazy("Has an open task"),
    "late": gettext_lazy("Has a late task"),
    "none": gettext_lazy("Has no open task"),
}


class TaskConditionForm(forms.Form):
    """Which of the three."""

    tasks = forms.ChoiceField(label=gettext_lazy("Tasks"), choices=list(CHOICES.items()), initial="open")


class HasTask(Condition):
    """An open task, a late one, or none."""

    key, label, icon, module = "task", gettext_lazy("Tasks"), "square-check-big", "tasks"
    form = TaskConditionForm

    def q(self, value: Value, user: User, today: date) -> Q:
        """A look along the tasks of one person."""
        found = Q(Exists(self._rows(value).filter(contact=OuterRef("pk"))))
        return ~found if value["tasks"] == "none" else found

    def words(self, value: Value) -> str:
        """Has an open task."""
        return str(CHOICES[value["tasks"]])

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """Those with an open or late task."""
        if value["tasks"] == "none":
            return None
        return self._rows(value).filter(contact__isnull=False).order_by().values_list("contact_id", flat=True)

    def _rows(self, value: Value) -> QuerySet[Any]:
        rows: QuerySet[Any] = Task.objects.late() if value["tasks"] == "late" else Task.objects.open()
        return rows


def register() -> None:
    """Make it known."""
    register_condition(HasTask())
