"""What people can be chosen by: how and when they are best reached."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access.models import User
from regulars.contacts.conditions import Condition, register_condition
from regulars.contacts.conditions.base import Value
from regulars.insights.besttime.words import BY
from regulars.insights.tables.besttime import BestTime

TIMES = {
    "0": gettext_lazy("in the morning"),
    "1": gettext_lazy("in the afternoon"),
    "2": gettext_lazy("in the evening"),
    "3": gettext_lazy("at night"),
}


def _ways() -> list[tuple[str, Any]]:
    return [("", gettext_lazy("Any way")), *((way, capfirst(str(label))) for way, label in BY.items())]


def _times() -> list[tuple[str, Any]]:
    return [("", gettext_lazy("Any time")), *((part, capfirst(str(label))) for part, label in TIMES.items())]


class BestReachedForm(forms.Form):
    """How, and in which part of the day."""

    way = forms.ChoiceField(label=gettext_lazy("Best reached"), choices=_ways, required=False, initial="phone")
    part = forms.ChoiceField(label=gettext_lazy("Time of day"), choices=_times, required=False)
    yes = forms.BooleanField(widget=forms.HiddenInput, initial=True, required=False)


class BestReached(Condition):
    """People of whom enough was seen to say how or when they are best reached. What they asked for is another one."""

    key, label, icon, module = "best_reached", gettext_lazy("Best reached"), "clock", "insights"
    form: ClassVar[type[forms.Form]] = BestReachedForm

    def _rows(self, value: Value) -> QuerySet[Any]:
        rows: QuerySet[Any] = BestTime.objects.all()
        if value.get("way"):
            rows = rows.filter(way=value["way"])
        if value.get("part"):
            part = int(value["part"])
            rows = rows.alias(end=F("part") + F("parts")).filter(part__lte=part, end__gt=part)
        return rows if value.get("way") or value.get("part") else rows.filter(Q(part__isnull=False) | ~Q(way=""))

    def q(self, value: Value, user: User, today: date) -> Q:
        """One look by the unique index."""
        return Q(Exists(self._rows(value).filter(contact=OuterRef("pk"))))

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """By the index on the way or the part."""
        return self._rows(value).order_by().values_list("contact_id", flat=True)

    def words(self, value: Value) -> str:
        """ "Best reached by phone in the morning"."""
        said = [str(BY[value["way"]]) if value.get("way") else "", str(TIMES.get(value.get("part") or "", ""))]
        text = " ".join(part for part in said if part)
        return _("Best reached %(how)s") % {"how": text} if text else _("Known when or how best reached")


def register() -> None:
    """Make it known; called by `besttime_setup`."""
    register_condition(BestReached())
