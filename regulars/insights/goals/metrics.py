"""What a goal can be about: one small class for each metric, read from kept figures.

register(NewCustomers())
"""

from datetime import date, datetime, timedelta
from typing import ClassVar

from django.utils import timezone
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy, ngettext

from regulars.access.models import Organisation
from regulars.contacts.models import Referral
from regulars.insights.cubes.choice import Choice
from regulars.insights.cubes.reading import Total, total_of
from regulars.insights.tables import Goal, MonthFigure
from regulars.lib.money import money_text
from regulars.promises.models import PromiseDay

COUNT, MONEY, PERCENT = "count", "money", "percent"
MOST = 100_000


class Metric:
    """One thing that can be measured. `unit` is count, money (minor units) or percent (a level, not a sum)."""

    name: ClassVar[str] = ""
    label: ClassVar[str | LazyText] = ""
    success: ClassVar[str | LazyText] = ""
    unit: ClassVar[str] = COUNT

    def measure(self, goal: Goal, today: date) -> int | None:
        """Return where the goal stands at the end of `today`; None where there is nothing to measure yet. One query."""
        raise NotImplementedError

    def left(self, count: int) -> str:
        """What would reach it, for sums: "9 customers won back"."""
        raise NotImplementedError

    def written(self, value: int, business: Organisation) -> str:
        """A value as people read it."""
        if self.unit == MONEY:
            return money_text(value, business.currency, whole=True)
        return f"{value} %" if self.unit == PERCENT else f"{value:,}".replace(",", " ")


_metrics: dict[str, Metric] = {}


def register(metric: Metric) -> None:
    """Make a metric known."""
    _metrics[metric.name] = metric


def metric_named(name: str) -> Metric | None:
    """Return the metric with this name."""
    return _metrics.get(name)


def all_metrics() -> list[Metric]:
    """Return every metric in the order of registration."""
    return list(_metrics.values())


def figures(goal: Goal, today: date) -> Total | None:
    """Add up the kept months of the goal's scope; None before anything was counted. One query."""
    choice = Choice(owner=goal.owner_id, team=goal.team_id)
    rows = MonthFigure.objects.filter(slice__key=choice.key, slice__counted_at__isnull=False)
    found = list(rows.filter(month__gte=goal.starts_on.replace(day=1), month__lte=min(today, goal.ends_on)))
    return total_of(found) if found else None


class NewCustomers(Metric):
    """People and companies who bought for the first time."""

    name, label, success = "new", gettext_lazy("New customers"), gettext_lazy("More people find us and buy")

    def measure(self, goal: Goal, today: date) -> int | None:
        """The first purchases of the months."""
        total = figures(goal, today)
        return total.new if total else None

    def left(self, count: int) -> str:
        """New customers."""
        return ngettext("%(count)d new customer", "%(count)d new customers", count) % {"count": count}


class WonBack(Metric):
    """Customers who bought again after half a year of silence."""

    name, label, success = "back", gettext_lazy("Customers won back"), gettext_lazy("Those who left come back")

    def measure(self, goal: Goal, today: date) -> int | None:
        """The returns of the months."""
        total = figures(goal, today)
        return total.back if total else None

    def left(self, count: int) -> str:
        """Customers won back."""
        return ngettext("%(count)d customer won back", "%(count)d customers won back", count) % {"count": count}


class Revenue(Metric):
    """What was earned, less what was given back."""

    name, label, success = "revenue", gettext_lazy("Revenue"), gettext_lazy("We earn more")
    unit = MONEY

    def measure(self, goal: Goal, today: date) -> int | None:
        """The revenue of the months."""
        total = figures(goal, today)
        return max(total.value, 0) if total else None

    def left(self, count: int) -> str:
        """An amount."""
        business = Organisation.current()
        return money_text(count, business.currency if business else "EUR", whole=True)


class Purchases(Metric):
    """How often something was bought."""

    name, label, success = "orders", gettext_lazy("Purchases"), gettext_lazy("People buy more often")

    def measure(self, goal: Goal, today: date) -> int | None:
        """The purchases of the months."""
        total = figures(goal, today)
        return total.orders if total else None

    def left(self, count: int) -> str:
        """Purchases."""
        return ngettext("%(count)d purchase", "%(count)d purchases", count) % {"count": count}


class Referrals(Metric):
    """Newcomers whom somebody brought."""

    name, label, success = "referrals", gettext_lazy("Referrals"), gettext_lazy("Our customers bring their friends")

    def measure(self, goal: Goal, today: date) -> int | None:
        """Those noted as brought in these days, counted by index."""
        zone = timezone.get_current_timezone()
        begin, end = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in _span(goal, today))
        rows = Referral.objects.filter(brought_at__gte=begin, brought_at__lt=end)
        if goal.owner_id:
            rows = rows.filter(contact__owner=goal.owner_id)
        if goal.team_id:
            rows = rows.filter(contact__team=goal.team_id)
        return int(rows.order_by()[:MOST].count())

    def left(self, count: int) -> str:
        """People brought."""
        return ngettext("%(count)d newcomer brought by somebody", "%(count)d newcomers brought by somebody", count) % {
            "count": count
        }


class KeptRate(Metric):
    """How many of a hundred promises were kept."""

    name, label, success = "kept", gettext_lazy("Promises kept"), gettext_lazy("We keep our word")
    unit = PERCENT

    def measure(self, goal: Goal, today: date) -> int | None:
        """The kept-rate of promises due in these days."""
        begin, end = _span(goal, today)
        rows = PromiseDay.objects.filter(day__gte=begin, day__lt=end)
        rows = rows.filter(owner=goal.owner_id) if goal.owner_id else rows
        rows = rows.filter(owner__teams=goal.team_id) if goal.team_id else rows
        days = rows.values_list("kept", "broken")
        kept, broken = (sum(max(day[at], 0) for day in days) for at in (0, 1))
        return round(100 * kept / (kept + broken)) if kept + broken else None


class RepeatRate(Metric):
    """How many of a hundred customers of a month had bought before."""

    name, label, success = "repeat", gettext_lazy("Customers who come again"), gettext_lazy("People come again")
    unit = PERCENT

    def measure(self, goal: Goal, today: date) -> int | None:
        """Customers who were not new, of all, on the average of the months."""
        choice = Choice(owner=goal.owner_id, team=goal.team_id)
        rows = MonthFigure.objects.filter(slice__key=choice.key, slice__counted_at__isnull=False)
        found = rows.filter(month__gte=goal.starts_on.replace(day=1), month__lte=min(today, goal.ends_on))
        months = list(found.values_list("customers", "new"))
        people = sum(customers for customers, _new in months)
        return round(100 * (people - sum(new for _customers, new in months)) / people) if people else None


def _span(goal: Goal, today: date) -> tuple[date, date]:
    """The days of the goal so far, the second being the day after the last."""
    return goal.starts_on, min(today, goal.ends_on) + timedelta(days=1)


for _metric in (NewCustomers(), WonBack(), Revenue(), Purchases(), Referrals(), KeptRate(), RepeatRate()):
    register(_metric)
