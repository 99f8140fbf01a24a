"""What people can be chosen by: how likely they are to buy within 30 days, and what they should bring."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access.models import User
from regulars.contacts.conditions import Condition, register_condition
from regulars.contacts.conditions.base import Value
from regulars.insights.tables.prediction import Prediction
from regulars.insights.value.words import currency
from regulars.lib.money import money_text, to_minor

HOW: dict[str, str | LazyText] = {"from": gettext_lazy("At least"), "below": gettext_lazy("Below")}


class ChanceForm(forms.Form):
    """At least or below which percentage."""

    how = forms.ChoiceField(label=gettext_lazy("Likely to buy"), choices=list(HOW.items()), initial="from")
    percent = forms.IntegerField(label=gettext_lazy("Percent"), min_value=0, max_value=100, initial=60)


class WorthForm(forms.Form):
    """At least or below which amount."""

    how = forms.ChoiceField(label=gettext_lazy("Expected value"), choices=list(HOW.items()), initial="from")
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"), min_value=Decimal(0), max_value=Decimal(10**9), decimal_places=2, initial=500
    )


class OfPrediction(Condition):
    """A condition on what is expected of somebody. Subclasses give `where`."""

    form: ClassVar[type[forms.Form]]
    module = "insights"

    def where(self, value: Value) -> Q:
        """What is true for the row of Prediction."""
        raise NotImplementedError

    def q(self, value: Value, user: User, today: date) -> Q:
        """One look by the unique index."""
        return Q(Exists(Prediction.objects.filter(self.where(value), contact=OuterRef("pk"))))

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """By the index on the number."""
        rows: QuerySet[Any, Any] = Prediction.objects.filter(self.where(value), contact__isnull=False)
        return rows.order_by().values_list("contact_id", flat=True)


class BuysSoon(OfPrediction):
    """How likely somebody is to buy within 30 days."""

    key, label, icon, form = "buys_soon", gettext_lazy("Likely to buy in 30 days"), "calendar-clock", ChanceForm

    def where(self, value: Value) -> Q:
        """By the chance."""
        share = value["percent"] / 100
        return Q(p_buys__gte=share) if value["how"] == "from" else Q(p_buys__lt=share)

    def words(self, value: Value) -> str:
        """ "At least 60 % likely to buy in 30 days"."""
        said = {
            "from": _("At least %(percent)d %% likely to buy in 30 days"),
            "below": _("Less than %(percent)d %% likely to buy in 30 days"),
        }
        return said[value["how"]] % {"percent": value["percent"]}


class ExpectedValue(OfPrediction):
    """What somebody should bring in three years."""

    key, label, icon, form = "expected_value", gettext_lazy("Expected value"), "trending-up", WorthForm

    def where(self, value: Value) -> Q:
        """By the amount, in the organisation's currency."""
        minor = to_minor(value["amount"], currency())
        return Q(clv__gte=minor) if value["how"] == "from" else Q(clv__lt=minor)

    def words(self, value: Value) -> str:
        """ "Expected to bring at least €500 in three years"."""
        said = {
            "from": _("Expected to bring at least %(amount)s in three years"),
            "below": _("Expected to bring less than %(amount)s in three years"),
        }
        money = currency()
        return said[value["how"]] % {"amount": money_text(to_minor(value["amount"], money), money, whole=True)}


def register() -> None:
    """Make them known; called by `predicting.setup`."""
    register_condition(BuysSoon())
    register_condition(ExpectedValue())
