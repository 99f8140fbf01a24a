"""What people can be chosen by: the weekday on which they come, and what is worth a word now."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access.models import User
from regulars.contacts.conditions import Condition, register_condition
from regulars.contacts.conditions.base import Value
from regulars.insights.demand.words import WEEKDAYS
from regulars.insights.tables import Habit

Kind = Habit.Kind


class WeekdayForm(forms.Form):
    """Which weekday."""

    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Comes"), choices=list(enumerate(WEEKDAYS)), coerce=int, initial=5
    )


class DueForm(forms.Form):
    """What is due: a season that begins, or something bought again."""

    sort = forms.ChoiceField(
        label=gettext_lazy("Worth a word"),
        choices=[("any", gettext_lazy("Anything")), (Kind.SEASON.value, gettext_lazy("Their season begins")),
                 (Kind.REPEAT.value, gettext_lazy("About to buy something again"))],
    )  # fmt: skip


class OfHabit(Condition):
    """A condition on a habit. Subclasses give `where`."""

    form: ClassVar[type[forms.Form]]
    module = "insights"

    def where(self, value: Value, today: date) -> Q:
        """What is true for a row of Habit."""
        raise NotImplementedError

    def q(self, value: Value, user: User, today: date) -> Q:
        """One look by the index of the person."""
        return Q(Exists(Habit.objects.filter(self.where(value, today), contact=OuterRef("pk"))))

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """By the index on the weekday or the day."""
        rows: QuerySet[Any, Any] = Habit.objects.filter(self.where(value, today)).order_by()
        return rows.values_list("contact_id", flat=True).distinct()


class ComesOn(OfHabit):
    """The weekday on which somebody comes, more often than chance."""

    key, label, icon, form = "comes_on", gettext_lazy("Usual weekday"), "calendar-days", WeekdayForm

    def where(self, value: Value, today: date) -> Q:
        """By the weekday."""
        return Q(kind=Kind.WEEKDAY.value, at=value["weekday"])

    def words(self, value: Value) -> str:
        """ "Comes on Saturdays"."""
        return _("Comes %(weekday)s") % {"weekday": WEEKDAYS[value["weekday"]]}


class DueHabit(OfHabit):
    """What a habit makes worth a word now."""

    key, label, icon, form = "habit_due", gettext_lazy("Worth a word now"), "calendar-heart", DueForm

    def where(self, value: Value, today: date) -> Q:
        """By the days between which a word is in time."""
        sorts = [Kind.SEASON.value, Kind.REPEAT.value] if value["sort"] == "any" else [value["sort"]]
        return Q(kind__in=sorts, due_on__lte=today, until__gte=today)

    def words(self, value: Value) -> str:
        """ "Their season begins"."""
        said = {
            "any": _("Something they usually buy about now"),
            Kind.SEASON.value: _("Their season for something begins"),
            Kind.REPEAT.value: _("About to buy something again"),
        }
        return said[value["sort"]]


def register() -> None:
    """Make them known; called by `demand_setup`."""
    register_condition(ComesOn())
    register_condition(DueHabit())
