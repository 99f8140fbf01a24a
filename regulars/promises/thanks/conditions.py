"""Choosing people by whether they were thanked."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.access.models import User
from regulars.contacts.conditions import Condition, register_condition
from regulars.contacts.conditions.base import Value
from regulars.promises.models import Occasion, Thanks

LONGEST = 3650


class ThankedForm(forms.Form):
    """Whether, and within how many days."""

    thanked = forms.ChoiceField(
        label=gettext_lazy("Thanks"),
        choices=[
            ("yes", gettext_lazy("thanked")),
            ("no", gettext_lazy("not thanked")),
            ("owed", gettext_lazy("thanks are owed")),
        ],
        initial="yes",
    )
    days = forms.IntegerField(
        label=gettext_lazy("In the last … days"), min_value=1, max_value=LONGEST, required=False, initial=365
    )


class Thanked(Condition):
    """Thanked since, not thanked since, or an occasion is waiting."""

    key, label, icon, module = "thanked", gettext_lazy("Thanks"), "heart-handshake", "thanks"
    form = ThankedForm

    def q(self, value: Value, user: User, today: date) -> Q:
        """An index look-up for each person."""
        found = Q(Exists(self._rows(value).filter(contact=OuterRef("pk"))))
        return ~found if value["thanked"] == "no" else found

    def words(self, value: Value) -> str:
        """Return "Thanked in the last 90 days"."""
        if value["thanked"] == "owed":
            return _("Thanks are owed")
        days = value.get("days")
        if not days:
            return _("Was thanked") if value["thanked"] == "yes" else _("Never thanked")
        if value["thanked"] == "yes":
            return ngettext("Thanked in the last day", "Thanked in the last %(days)d days", days) % {"days": days}
        return ngettext("Not thanked in the last day", "Not thanked in the last %(days)d days", days) % {"days": days}

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """Return the ids of those who were thanked or are owed thanks; nothing quick for those who were not."""
        if value["thanked"] == "no":
            return None
        return self._rows(value).exclude(contact=None).order_by().values_list("contact_id", flat=True)

    def _rows(self, value: Value) -> QuerySet[Any]:
        if value["thanked"] == "owed":
            return Occasion.objects.open()
        rows: QuerySet[Any] = Thanks.objects.all()
        days = value.get("days")
        return rows.filter(thanked_at__gte=timezone.now() - timedelta(days=days)) if days else rows


def register() -> None:
    """Make it known."""
    register_condition(Thanked())
