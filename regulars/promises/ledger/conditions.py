"""What people can be chosen by in lists and segments: open, late and broken promises, and how often we kept them."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.access.models import User
from regulars.contacts.conditions import Condition, register_condition
from regulars.contacts.conditions.base import Value
from regulars.promises.ledger.rates import ENOUGH
from regulars.promises.models.promise import Promise

STATES: dict[str, str | LazyText] = {
    "open": gettext_lazy("Open"),
    "late": gettext_lazy("Late"),
    "broken": gettext_lazy("Broken"),
    "kept": gettext_lazy("Kept"),
    "any": gettext_lazy("Of any kind"),
    "none": gettext_lazy("None at all"),
}
HOW: dict[str, str | LazyText] = {"below": gettext_lazy("Below"), "from": gettext_lazy("At least")}


class PromisesForm(forms.Form):
    """Which promises, and how many of them at least."""

    state = forms.ChoiceField(label=gettext_lazy("Promises"), choices=list(STATES.items()), initial="open")
    many = forms.IntegerField(
        label=gettext_lazy("At least how many"), min_value=1, max_value=1000, initial=1, required=False
    )


class KeptRateForm(forms.Form):
    """Below or from which percentage."""

    how = forms.ChoiceField(label=gettext_lazy("Promises kept"), choices=list(HOW.items()), initial="below")
    percent = forms.IntegerField(label=gettext_lazy("Percent"), min_value=0, max_value=100, initial=90)


class Promises(Condition):
    """People with open, late, broken or kept promises, so many at least; or with none at all."""

    key, label, icon = ("promises", gettext_lazy("Promises"), "handshake")
    form: ClassVar[type[forms.Form]] = PromisesForm
    module = "promises"

    def q(self, value: Value, user: User, today: date) -> Q:
        """An Exists along the index by contact."""
        theirs = _in_state(value["state"]).filter(contact=OuterRef("pk"))
        if value["state"] == "none":
            return ~Q(Exists(theirs))
        if (value["many"] or 1) > 1:
            counted = theirs.order_by().values("contact").annotate(many=Count("pk"))
            return Q(Exists(counted.filter(many__gte=value["many"])))
        return Q(Exists(theirs))

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """Those with open or late ones from the index of open promises."""
        if value["state"] not in ("open", "late"):
            return None
        found: QuerySet[Any, Any] = _in_state(value["state"]).filter(contact__isnull=False)
        return found.values_list("contact_id", flat=True)

    def words(self, value: Value) -> str:
        """ "Has late promises"."""
        many = value["many"] or 1
        said = {
            "open": ngettext("Has an open promise", "Has at least %(many)d open promises", many),
            "late": ngettext("Has a late promise", "Has at least %(many)d late promises", many),
            "broken": ngettext("Has a broken promise", "Has at least %(many)d broken promises", many),
            "kept": ngettext("Has a kept promise", "Has at least %(many)d kept promises", many),
            "any": ngettext("Was promised something", "Was promised at least %(many)d things", many),
            "none": _("Was never promised anything"),
        }[value["state"]]
        return said % {"many": many} if "%(" in said else said


class KeptRate(Condition):
    """People to whom we kept our word less often than that, or at least so often; with five settled promises."""

    key, label, icon = "kept_rate", gettext_lazy("Promises kept, in percent"), "handshake"
    form: ClassVar[type[forms.Form]] = KeptRateForm
    module = "promises"

    def q(self, value: Value, user: User, today: date) -> Q:
        """An Exists along the index by contact."""
        rows = Promise.objects.settled().filter(contact=OuterRef("pk")).order_by().values("contact")
        rows = rows.annotate(settled=Count("pk"), kept=Count("pk", filter=Q(status="kept"))).filter(settled__gte=ENOUGH)
        share = F("settled") * value["percent"]
        rows = rows.alias(hundred=F("kept") * 100)
        return Q(Exists(rows.filter(hundred__lt=share) if value["how"] == "below" else rows.filter(hundred__gte=share)))

    def words(self, value: Value) -> str:
        """ "Below 90 % of promises kept"."""
        said = _("Less than %(percent)d %% of promises kept"), _("At least %(percent)d %% of promises kept")
        return said[value["how"] != "below"] % {"percent": value["percent"]}


def _in_state(state: str) -> Any:
    if state == "late":
        return Promise.objects.late(timezone.now())
    return Promise.objects.all() if state in ("any", "none") else Promise.objects.filter(status=state)


def register() -> None:
    """Make them known; called by `promises_setup`."""
    register_condition(Promises())
    register_condition(KeptRate())
