"""Setting a goal."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access.models import Organisation, Team, User
from regulars.insights.goals.metrics import MONEY, PERCENT, all_metrics, metric_named
from regulars.insights.tables import Goal
from regulars.lib.money import from_minor, to_minor

HUNDRED = 100
MOST = 10**12
YEAR = timedelta(days=365)


class GoalForm(forms.Form):
    """What is to be reached, how much, by when, and by whom."""

    metric = forms.ChoiceField(label=gettext_lazy("What"))
    target = forms.DecimalField(
        label=gettext_lazy("How much"),
        min_value=1,
        max_value=MOST,
        help_text=gettext_lazy("A number, an amount, or percent for promises kept and people who come again."),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Purchases are counted from the first day of that month."),
    )
    ends_on = forms.DateField(label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}))
    team = forms.ModelChoiceField(
        Team.objects.all(), label=gettext_lazy("Team"), required=False, empty_label=gettext_lazy("Everybody")
    )
    owner = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Customers of"), required=False, empty_label=gettext_lazy("Everybody")
    )
    why = forms.CharField(label=gettext_lazy("Why it matters"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, business: Organisation, goal: Goal | None = None) -> None:
        today = timezone.localdate()
        self.business, self.goal = business, goal
        super().__init__(data, initial=self._initial(goal, today))
        metric = self.fields["metric"]
        if isinstance(metric, forms.ChoiceField):
            metric.choices = [(one.name, one.label) for one in all_metrics()]
        self.fields["owner"].queryset = User.objects.active().order_by("name")  # type: ignore[attr-defined]

    def _initial(self, goal: Goal | None, today: date) -> dict[str, Any]:
        if goal is None:
            return {"starts_on": today.replace(day=1).isoformat(), "ends_on": date(today.year, 12, 31).isoformat()}
        known = metric_named(goal.metric)
        is_money = known is not None and known.unit == MONEY
        target = from_minor(goal.target, self.business.currency) if is_money else goal.target
        return {
            "metric": goal.metric, "target": target, "starts_on": goal.starts_on.isoformat(),
            "ends_on": goal.ends_on.isoformat(), "team": goal.team_id, "owner": goal.owner_id, "why": goal.why,
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Check what depends on each other."""
        data: dict[str, Any] = super().clean() or {}
        metric, target = metric_named(data.get("metric", "")), data.get("target")
        if metric and target is not None:
            if metric.unit == PERCENT and target > HUNDRED:
                self.add_error("target", _("At most 100 percent."))
            data["target"] = (
                to_minor(Decimal(target), self.business.currency) if metric.unit == MONEY else round(target)
            )
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end <= start:
            self.add_error("ends_on", _("The end comes after the beginning."))
        if data.get("team") and data.get("owner"):
            self.add_error("owner", _("Choose a team or a colleague, not both."))
        return data

    def save(self, *, by: User) -> Goal:
        """Write the goal and return it."""
        goal = self.goal or Goal(created_by=by)
        for name in ("metric", "target", "starts_on", "ends_on", "team", "owner", "why"):
            setattr(goal, name, self.cleaned_data[name])
        goal.save()
        return goal


class SuccessFields(forms.Form):
    """The one question of the set-up: what does success look like for you? May be left open."""

    success = forms.ChoiceField(
        label=gettext_lazy("What does success look like for you?"),
        choices=lambda: [("", _("Decide later")), *((one.name, one.success) for one in all_metrics())],
        required=False,
    )
    success_target = forms.DecimalField(
        label=gettext_lazy("How much within a year?"),
        min_value=1,
        max_value=MOST,
        required=False,
        help_text=gettext_lazy("A number, an amount, or percent for promises kept and people who come again."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the number where something was chosen."""
        data: dict[str, Any] = super().clean() or {}
        metric = metric_named(data.get("success") or "")
        if metric and not data.get("success_target") and "success_target" not in self.errors:
            self.add_error("success_target", _("Say how much, or decide later."))
        elif metric and metric.unit == PERCENT and (data.get("success_target") or 0) > HUNDRED:
            self.add_error("success_target", _("At most 100 percent."))
        return data


def first_goal(success: str, target: Decimal | None, *, currency: str, by: User) -> Goal | None:
    """Write the goal that was named during set-up, to be reached within a year; None where none was named."""
    metric = metric_named(success)
    if metric is None or not target:
        return None
    amount = to_minor(target, currency) if metric.unit == MONEY else round(target)
    today = timezone.localdate()
    return Goal.objects.create(metric=metric.name, target=amount, starts_on=today, ends_on=today + YEAR, created_by=by)
