"""Choosing people by their loyalty card and what is on it."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access.models import User
from regulars.contacts.conditions import Condition, register_condition
from regulars.contacts.conditions.base import Value
from regulars.orders.loyalty import ICON, MODULE
from regulars.orders.models import LoyaltyCard

MOST = 10_000_000


class CardForm(forms.Form):
    """Whether they have one."""

    has = forms.ChoiceField(
        label=gettext_lazy("Loyalty card"),
        choices=[("yes", gettext_lazy("has a card")), ("no", gettext_lazy("has no card"))],
        initial="yes",
    )


class BalanceForm(forms.Form):
    """How many points or stamps at least."""

    least = forms.IntegerField(
        label=gettext_lazy("At least so many points or stamps"), min_value=1, max_value=MOST, initial=10
    )


class HasCard(Condition):
    """People with a loyalty card that works, or without one."""

    key, label, icon, module = "loyalty_card", gettext_lazy("Loyalty card"), ICON, MODULE
    form = CardForm

    def q(self, value: Value, user: User, today: date) -> Q:
        """An index look-up for each person."""
        found = Q(Exists(LoyaltyCard.objects.usable().filter(contact=OuterRef("pk"))))
        return ~found if value["has"] == "no" else found

    def words(self, value: Value) -> str:
        """ "Has a loyalty card"."""
        return _("Has no loyalty card") if value["has"] == "no" else _("Has a loyalty card")

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """The holders of cards; nothing quick for those without."""
        if value["has"] == "no":
            return None
        found: QuerySet[Any, Any] = LoyaltyCard.objects.usable().values_list("contact_id", flat=True)
        return found


class Balance(Condition):
    """People with so many points or stamps at least, on all of their cards together."""

    key, label, icon, module = "loyalty_balance", gettext_lazy("Points or stamps"), ICON, MODULE
    form = BalanceForm

    def q(self, value: Value, user: User, today: date) -> Q:
        """An index look-up for each person."""
        cards = LoyaltyCard.objects.filter(contact=OuterRef("pk")).order_by().values("contact")
        return Q(Exists(cards.annotate(total=Sum("balance")).filter(total__gte=value["least"])))

    def words(self, value: Value) -> str:
        """ "Has at least 10 points or stamps"."""
        return _("Has at least %(least)d points or stamps") % {"least": value["least"]}

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """Those with anything on a card."""
        found: QuerySet[Any, Any] = LoyaltyCard.objects.filter(balance__gt=0).values_list("contact_id", flat=True)
        return found


def register() -> None:
    """Make them known."""
    register_condition(HasCard())
    register_condition(Balance())
