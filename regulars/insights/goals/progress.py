"""Where a goal stands: the value, the pace, what would reach it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.access.models import Organisation
from regulars.insights.goals.metrics import PERCENT, Metric, metric_named
from regulars.insights.tables import Goal

MONTH, WEEK = 30, 7  # days
SOON = 45  # days below which what is left is said by the week


@dataclass(frozen=True)
class Progress:
    """One goal as a page shows it. `value` is None where nothing can be measured yet."""

    goal: Goal
    metric: Metric
    business: Organisation
    today: date
    value: int | None

    @property
    def target(self) -> int:
        """What is to be reached."""
        return self.goal.target

    @property
    def is_reached(self) -> bool:
        """Whether it is."""
        return self.value is not None and self.value >= self.target

    @property
    def is_over(self) -> bool:
        """Whether its time has passed."""
        return self.today > self.goal.ends_on

    @property
    def passed(self) -> float:
        """How much of its time has passed, from 0 to 1."""
        days = (self.goal.ends_on - self.goal.starts_on).days + 1
        gone = (min(self.today, self.goal.ends_on) - self.goal.starts_on).days + 1
        return min(max(gone / days, 0.0), 1.0)

    @property
    def expected(self) -> int | None:
        """What it comes to by the end if things go on as they have; None for levels and before anything has passed."""
        if self.value is None or self.metric.unit == PERCENT or not self.passed:
            return None
        return round(self.value / self.passed)

    @property
    def is_on_pace(self) -> bool:
        """Whether it will be reached if things go on as they have."""
        if self.value is None:
            return False
        return (self.value if self.expected is None else self.expected) >= self.target

    @property
    def shown(self) -> int:
        """What the bar shows, never more than the target."""
        return min(self.value or 0, self.target)

    @property
    def tone(self) -> str:
        """The tone of its badge."""
        return "good" if self.is_reached or self.is_on_pace else "risk" if self.is_over else "warm"

    @property
    def state(self) -> str:
        """Its badge."""
        if self.is_reached:
            return _("Reached")
        if self.is_over:
            return _("Not reached")
        if self.value is None:
            return _("Nothing to measure yet")
        return _("On pace") if self.is_on_pace else _("Behind")

    @cached_property
    def where(self) -> str:
        """Where we are: "12 of 40 by 31 Dec 2026"."""
        if self.value is None:
            return _("%(target)s by %(day)s. There is nothing to measure yet.") % self._names
        return _("%(value)s of %(target)s by %(day)s.") % {**self._names, "value": self._write(self.value)}

    @cached_property
    def pace(self) -> str:
        """What it comes to if things go on; "" where that can't be said."""
        if self.is_over or self.is_reached or self.expected is None:
            return ""
        return _("Going on like this it will be %(expected)s.") % {"expected": self._write(self.expected)}

    @cached_property
    def reaching(self) -> str:
        """What would reach it: "9 customers won back, about 3 a month." """
        if self.value is None or self.is_reached or self.is_over:
            return ""
        missing = self.target - self.value
        if self.metric.unit == PERCENT:
            return ngettext("One point is missing.", "%(count)d points are missing.", missing) % {"count": missing}
        days = (self.goal.ends_on - self.today).days + 1
        span = WEEK if days <= SOON else MONTH
        each = self._write(-(-missing * span // days))
        what = self.metric.left(missing)
        if days <= span:
            return _("%(what)s would reach it.") % {"what": what}
        words = (
            _("%(what)s would reach it, about %(each)s a week.")
            if span == WEEK
            else _("%(what)s would reach it, about %(each)s a month.")
        )
        return words % {"what": what, "each": each}

    @property
    def title(self) -> str:
        """What it is about and for whom."""
        scope = self.goal.team or self.goal.owner
        label = str(self.metric.label)
        return f"{label} · {scope}" if scope else label

    @property
    def _names(self) -> dict[str, str]:
        return {"target": self._write(self.target), "day": date_format(self.goal.ends_on, "j M Y")}

    def _write(self, value: int) -> str:
        return self.metric.written(value, self.business)


def progress_of(goals: Iterable[Goal], business: Organisation, today: date) -> list[Progress]:
    """Return where these goals stand. One query for each; goals of a metric that is gone are left out."""
    found = []
    for goal in goals:
        metric = metric_named(goal.metric)
        if metric is not None:
            found.append(Progress(goal, metric, business, today, metric.measure(goal, today)))
    return found
