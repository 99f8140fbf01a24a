"""What people can be chosen by: slipping away and why, and what was tried to win them back."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access.models import User
from regulars.contacts.conditions import Condition, register_condition
from regulars.contacts.conditions.base import Value
from regulars.insights.churn.warnings import all_warnings, warning_named
from regulars.insights.tables.risk import AtRisk
from regulars.insights.tables.winback import Attempt

STATES = {"": gettext_lazy("Slipping or lost"), "slipping": gettext_lazy("Slipping"), "lost": gettext_lazy("Lost")}
OUTCOMES = {
    "any": gettext_lazy("We tried"),
    "open": gettext_lazy("We tried, and wait"),
    "back": gettext_lazy("Came back"),
    "away": gettext_lazy("Stayed away"),
    "left": gettext_lazy("Left with thanks"),
}


def _reasons() -> list[tuple[str, Any]]:
    return [("", gettext_lazy("Any reason")), *((warning.key, warning.label) for warning in all_warnings())]


class AtRiskForm(forms.Form):
    """How far it has come, and why."""

    state = forms.ChoiceField(label=gettext_lazy("Slipping away"), choices=list(STATES.items()), required=False)
    reason = forms.ChoiceField(label=gettext_lazy("Strongest reason"), choices=_reasons, required=False)
    yes = forms.BooleanField(widget=forms.HiddenInput, initial=True, required=False)


class SlippingAway(Condition):
    """People with an open spell."""

    key, label, icon, module = "at_risk", gettext_lazy("Slipping away"), "trending-down", "winback"
    form: ClassVar[type[forms.Form]] = AtRiskForm

    def _rows(self, value: Value) -> QuerySet[Any]:
        asked = {name: value[name] for name in ("state", "reason") if value.get(name)}
        rows: QuerySet[Any] = AtRisk.objects.open().filter(**asked)
        return rows

    def q(self, value: Value, user: User, today: date) -> Q:
        """One look by the unique index."""
        return Q(Exists(self._rows(value).filter(contact=OuterRef("pk"))))

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """Open spells by their index."""
        return self._rows(value).filter(contact__isnull=False).order_by().values_list("contact_id", flat=True)

    def words(self, value: Value) -> str:
        """ "Slipping away: silent for longer than usual"."""
        warning = warning_named(value.get("reason") or "")
        said = STATES[value.get("state") or ""]
        return _("%(state)s: %(reason)s") % {"state": said, "reason": warning.label} if warning else str(said)


class TriedForm(forms.Form):
    """What came of it."""

    outcome = forms.ChoiceField(label=gettext_lazy("Winning back"), choices=list(OUTCOMES.items()), initial="any")


class WonBack(Condition):
    """People whom we tried to win back."""

    key, label, icon, module = "winback", gettext_lazy("Winning back"), "undo-2", "winback"
    form: ClassVar[type[forms.Form]] = TriedForm

    def _rows(self, value: Value) -> QuerySet[Any]:
        rows: QuerySet[Any] = Attempt.objects.present()
        return rows if value["outcome"] == "any" else rows.filter(outcome=value["outcome"])

    def q(self, value: Value, user: User, today: date) -> Q:
        """Along the index by contact."""
        return Q(Exists(self._rows(value).filter(contact=OuterRef("pk"))))

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """Attempts are few."""
        return self._rows(value).filter(contact__isnull=False).order_by().values_list("contact_id", flat=True)

    def words(self, value: Value) -> str:
        """ "Winning back: came back"."""
        return _("Winning back: %(outcome)s") % {"outcome": OUTCOMES[value["outcome"]]}


def register() -> None:
    """Make them known; called by `winback_setup`."""
    register_condition(SlippingAway())
    register_condition(WonBack())
