"""Choosing people by whom they brought, and by who brought them."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.access.models import User
from regulars.contacts.conditions.base import Condition, Value, register_condition
from regulars.contacts.models import Contact, IntroducerTotal, Referral
from regulars.contacts.referrals.reading import MODULE
from regulars.lib.widgets import Combobox

MOST = 10_000


class BroughtForm(forms.Form):
    """At least how many they brought."""

    at_least = forms.IntegerField(label=gettext_lazy("At least"), min_value=1, max_value=MOST, initial=1)


class Brought(Condition):
    """Those who brought people: served by the kept totals."""

    key, label, icon, module = "brought", gettext_lazy("Brought people"), "waypoints", MODULE
    form = BroughtForm

    def q(self, value: Value, user: User, today: date) -> Q:
        """An index look-up for each person."""
        return Q(Exists(self._totals(value).filter(contact=OuterRef("pk"))))

    def words(self, value: Value) -> str:
        """Return "Brought at least 2 people"."""
        count = value["at_least"]
        return ngettext("Brought somebody", "Brought at least %(count)d people", count) % {"count": count}

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any]:
        """Return the ids of all who did."""
        return self._totals(value).exclude(contact=None).values_list("contact_id", flat=True)

    def _totals(self, value: Value) -> QuerySet[IntroducerTotal]:
        return IntroducerTotal.objects.filter(people__gte=value["at_least"])


class BroughtByForm(forms.Form):
    """Who brought them: one person, or anybody."""

    person = forms.IntegerField(label=gettext_lazy("Brought by"), required=False, widget=Combobox("contact-pick"))

    def clean_person(self) -> int | None:
        """Return the id, if it can be one."""
        pk: int | None = self.cleaned_data.get("person")
        return pk if pk and 0 < pk < 2**62 else None


class BroughtBy(Condition):
    """Those whom one person brought, or who were brought by anybody at all."""

    key, label, icon, module = "brought_by", gettext_lazy("Brought by"), "waypoints", MODULE
    form = BroughtByForm

    def q(self, value: Value, user: User, today: date) -> Q:
        """An index look-up for each person."""
        return Q(Exists(self._referrals(value, user).filter(contact=OuterRef("pk"))))

    def words(self, value: Value) -> str:
        """Return "Brought by Tomás Reis"; people are named only by the form, which knows who asks."""
        if not value.get("person"):
            return _("Brought by somebody")
        found = Contact.objects.filter(pk=value["person"], visibility="everyone", binned_at=None).first()
        return _("Brought by %(name)s") % {"name": found} if found else _("Brought by one person")

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any]:
        """Return the ids of those who were brought."""
        return self._referrals(value, user).exclude(contact=None).values_list("contact_id", flat=True)

    def _referrals(self, value: Value, user: User) -> QuerySet[Referral]:
        if not value.get("person"):
            return Referral.objects.all()
        known = Contact.objects.visible_to(user).filter(pk=value["person"])
        return Referral.objects.filter(by_contact__in=known.values("pk"))


def register() -> None:
    """Make them known."""
    register_condition(Brought())
    register_condition(BroughtBy())
