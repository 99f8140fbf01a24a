"""The forms of thanks: thanking, skipping an occasion, and how the business wants to be reminded."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.contacts.forms.fields import DayField
from regulars.promises.models import Thanks, ThanksSettings
from regulars.promises.thanks.occasions import all_rules, is_on


class ThankForm(forms.Form):
    """How somebody was thanked, for what, when, and what it cost."""

    way = forms.ChoiceField(label=_("How"), choices=Thanks.Way.choices, initial=Thanks.Way.WORDS)
    reason = forms.ChoiceField(label=_("What for"), choices=Thanks.Reason.choices)
    note = forms.CharField(label=_("In your words"), max_length=500, required=False)
    day = DayField(label=_("When"))
    cost = forms.DecimalField(label=_("Cost"), max_digits=10, decimal_places=2, min_value=0, required=False)

    def __init__(self, data: Any = None, *, currency: str = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.initial.setdefault("day", timezone.localdate())
        if currency:
            self.fields["cost"].label = _("Cost in %(currency)s") % {"currency": currency}

    def clean_day(self) -> Any:
        """Return the day. Raises ValidationError for one to come."""
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."), code="future")
        return day

    def clean_cost(self) -> Decimal:
        """Return the cost, nothing being nothing."""
        return self.cleaned_data.get("cost") or Decimal(0)

    @property
    def said(self) -> dict[str, Any]:
        """What `thank` takes: now for today, noon of an earlier day."""
        from datetime import datetime, time

        found = {name: self.cleaned_data[name] for name in ("way", "reason", "note", "cost")}
        day = self.cleaned_data["day"]
        noon = datetime.combine(day, time(12), timezone.get_current_timezone())
        return {**found, "at": timezone.now() if day == timezone.localdate() else noon}


class SkipForm(forms.Form):
    """Why no thanks are due."""

    reason = forms.CharField(label=_("Why not?"), max_length=300)


class ThanksSettingsForm(forms.Form):
    """Which occasions the business wants to hear of, and how long somebody is left in peace."""

    rest_days = forms.IntegerField(
        label=_("Days in peace"),
        min_value=0,
        max_value=365,
        help_text=_("Whoever was thanked is not suggested again for so many days."),
    )

    def __init__(self, data: Any = None, *, settings: ThanksSettings) -> None:
        super().__init__(data, initial={"rest_days": settings.rest_days})
        for rule in all_rules():
            self.fields[f"rule-{rule.name}"] = forms.BooleanField(
                label=str(rule.label), help_text=str(rule.text), required=False, initial=is_on(rule, settings)
            )

    def save(self, settings: ThanksSettings) -> None:
        """Write them."""
        settings.rest_days = self.cleaned_data["rest_days"]
        settings.rules = {rule.name: self.cleaned_data[f"rule-{rule.name}"] for rule in all_rules()}
        settings.save()
