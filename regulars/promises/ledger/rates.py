"""How often we keep our word: rates for a person, a company, a colleague, a team and a month, always with counts.

A rate counts promises that were kept or broken. Those of colleagues, teams and months are sums over `PromiseDay`, so
that they cost the same at 300 promises and at 300,000; those of a person or company are counted by index.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from regulars.access.models import Team, User
from regulars.contacts.models import Company, Contact
from regulars.lib.prepared import prepared
from regulars.promises.models.promise import Promise
from regulars.promises.models.promise_day import PromiseDay

ENOUGH = 5  # fewer settled promises say nothing
MANY = 5_000  # settled promises from which on one more does not change what a page says
REMEMBERED = 60  # seconds


@dataclass(frozen=True)
class Rate:
    """Promises that were settled, and how. `kept_late` are those of `kept` that came late; `open` are still to do."""

    kept: int = 0
    broken: int = 0
    kept_late: int = 0
    open: int = 0

    @property
    def settled(self) -> int:
        """Kept and broken together."""
        return self.kept + self.broken

    @property
    def is_enough(self) -> bool:
        """Whether a percentage may be said."""
        return self.settled >= ENOUGH

    @property
    def percent(self) -> int:
        """Kept of settled, in percent, rounded so that only all kept is 100."""
        if not self.settled:
            return 0
        return 100 if not self.broken else min(99, round(100 * self.kept / self.settled))

    @property
    def counts(self) -> str:
        """ "14 of 15 kept"."""
        return _("%(kept)d of %(settled)d kept") % {"kept": self.kept, "settled": self.settled}

    @property
    def words(self) -> str:
        """ "93 % (14 of 15 kept)", "too few to say (2 of 3 kept)", or "" for none at all."""
        if not self.settled:
            return ""
        values = {"percent": self.percent, "counts": self.counts}
        if not self.is_enough:
            return _("too few to say (%(counts)s)") % values
        return _("%(percent)d %% (%(counts)s)") % values


@dataclass(frozen=True)
class Kept:
    """A line of a table of rates."""

    label: str
    rate: Rate
    url: str = ""


def rate_with(holder: Contact | Company) -> Rate:
    """The rate of what was promised to a person, or to a company and its people. One query by index."""
    counts = dict(_counts_with(holder.pk, isinstance(holder, Contact)))
    return Rate(counts.get("kept", 0), counts.get("broken", 0), open=counts.get("open", 0))


@prepared
def _counts_with(holder: int, is_person: bool) -> QuerySet[Any, Any]:
    found: QuerySet[Promise] = Promise.objects.of((Contact if is_person else Company)(pk=holder))
    return found.order_by().values_list("status").annotate(Count("pk"))


def rate_of(user: User, since: date | None = None) -> Rate:
    """The rate of what a colleague answered for."""
    days = PromiseDay.objects.filter(owner=user)
    return _sum(days.filter(day__gte=since) if since else days)


def rate_of_team(team: Team, since: date | None = None) -> Rate:
    """The rate of a team's people, as it is made up today."""
    days = PromiseDay.objects.filter(owner__in=team.members.all())
    return _sum(days.filter(day__gte=since) if since else days)


def rate_of_all_lately(since: date, until: date) -> Rate:
    """The rate of the whole business for a page. Of thousands of promises one does not show: kept for a minute then."""
    key = f"rate-of-all-{since}-{until}"
    known: Rate | None = cache.get(key)
    if known is None:
        known = rate_of_all(since, until)
        if known.settled > MANY:
            cache.set(key, known, REMEMBERED)
    return known


def rate_of_all(since: date | None = None, until: date | None = None) -> Rate:
    """The rate of the whole business."""
    days = PromiseDay.objects.all()
    days = days.filter(day__gte=since) if since else days
    return _sum(days.filter(day__lte=until) if until else days)


def rates_by_colleague(since: date) -> list[tuple[User, Rate]]:
    """The rate of each colleague who had promises due since then, most promises first."""
    rows = PromiseDay.objects.filter(day__gte=since).order_by().values("owner").annotate(**SUMS)
    rates = {row["owner"]: _rate(row) for row in rows}
    users = User.objects.filter(pk__in=rates)
    return sorted(((user, rates[user.pk]) for user in users), key=lambda pair: (-pair[1].settled, pair[0].name))


def rates_by_team(since: date) -> list[tuple[Team, Rate]]:
    """The rate of each team as it is made up today, by name."""
    rows = PromiseDay.objects.filter(day__gte=since).order_by().values("owner").annotate(**SUMS)
    rates = {row["owner"]: _rate(row) for row in rows}
    teams = Team.objects.prefetch_related("members").order_by("name")
    return [(team, _added([rates[user.pk] for user in team.members.all() if user.pk in rates])) for team in teams]


def rates_by_month(since: date, user: User | None = None) -> list[tuple[date, Rate]]:
    """The rate of what was due in each month, the newest first."""
    days = PromiseDay.objects.filter(day__gte=since)
    days = days.filter(owner=user) if user else days
    rows = days.order_by().annotate(month=TruncMonth("day")).values("month").annotate(**SUMS).order_by("-month")
    return [(row["month"], _rate(row)) for row in rows]


def load_on(user: User, day: date) -> int:
    """How many open promises a colleague has due on a day."""
    found = PromiseDay.objects.filter(owner=user, day=day).values_list("open", flat=True).first()
    return max(found or 0, 0)


def rate_at_load(user: User, load: int) -> Rate:
    """The rate of a colleague on days with at least so many promises."""
    given = F("open") + F("kept") + F("broken")
    return _sum(PromiseDay.objects.filter(owner=user).alias(given=given).filter(given__gte=load))


SUMS = {name: Sum(name) for name in ("kept", "broken", "kept_late", "open")}


def _sum(days: Any) -> Rate:
    return _rate(days.order_by().aggregate(**SUMS))


def _rate(row: dict[str, Any]) -> Rate:
    return Rate(**{name: max(row[name] or 0, 0) for name in SUMS})


def _added(rates: list[Rate]) -> Rate:
    names = ("kept", "broken", "kept_late", "open")
    return Rate(**{name: sum(getattr(rate, name) for rate in rates) for name in names})
