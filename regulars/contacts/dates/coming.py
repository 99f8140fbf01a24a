"""Important dates that come round soon, and how many years somebody has been with us."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.access.door import visibility_filter
from regulars.access.models import User
from regulars.contacts.models import Contact, ImportantDate
from regulars.lib import moments

AHEAD = 30
MILESTONES = (1, 2, 3, 4, 5, 10, 15, 20, 25, 30, 40, 50)
LOOKED_AT = 60  # people of one milestone: an import gives thousands the same day, and then it says nothing


def coming_round(today: date, days: int) -> Q:
    """The condition over ImportantDate: comes round within `days` from `today` on, today included.

    29 February counts on the 28th in other years. At most a year ahead.
    """
    ahead = [today + timedelta(days=n) for n in range(min(days, 366) + 1)]
    spans = Q()
    for year, month, first, last in _months(ahead):
        spans |= Q(month=month, day__gte=first, day__lte=last) & (Q(recurs=True) | Q(year=year))
    return spans


def _months(days: Iterable[date]) -> list[tuple[int, int, int, int]]:
    """Year, month, first and last day of each month that `days` reach into, with 29 February in every year."""
    found = []
    days = list(days)
    for year, month in dict.fromkeys((day.year, day.month) for day in days):
        within = [day.day for day in days if (day.year, day.month) == (year, month)]
        last = 29 if month == 2 and within[-1] == 28 else within[-1]
        if month == 2 and within[-1] == 28 and _has_29(year):
            last = 28
        found.append((year, month, within[0], last))
    return found


def _has_29(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@dataclass(frozen=True)
class Coming:
    """A day that comes round: a birthday or date of somebody (`row`), or the day they have been with us for years."""

    contact: Contact
    day: date
    kind: str
    label: str
    years: int | None = None
    row: ImportantDate | None = None

    @property
    def sentence(self) -> str:
        """Turns 40; Birthday; 3 years: wedding; Has been with us for 5 years."""
        if self.kind == "with_us":
            line = ngettext("With us for %(years)d year", "With us for %(years)d years", self.years or 0)
            return line % {"years": self.years}
        if self.kind == ImportantDate.Kind.BIRTHDAY:
            return _("Turns %(years)d") % {"years": self.years} if self.years else _("Birthday")
        if self.years:
            line = ngettext("%(years)d year: %(label)s", "%(years)d years: %(label)s", self.years)
            return line % {"years": self.years, "label": self.label}
        return self.label

    @property
    def key(self) -> str:
        """What stands for it in addresses."""
        return f"date-{self.row.pk}" if self.row else f"with-{self.contact.pk}"

    @property
    def when(self) -> str:
        """Today, tomorrow, Monday, then 30 Nov."""
        ahead = (self.day - timezone.localdate()).days
        return str(date_format(self.day, "l")) if 1 < ahead < 7 else moments.short(self.day)


def coming_of(row: ImportantDate, today: date) -> Coming | None:
    """Return when an important date comes round next, with age or years; None when it is over."""
    day = row.next_after(today)
    if day is None:
        return None
    years = day.year - row.year if row.year and row.recurs and day.year > row.year else None
    return Coming(row.contact, day, row.kind, str(row), years, row)


def people_of(user: User, *, mine: bool) -> QuerySet[Any]:
    """The people `user` may know of, or with `mine` those whose point of contact they are."""
    people: QuerySet[Any] = Contact.objects.visible_to(user)
    return people.filter(owner=user) if mine else people


def coming_dates(
    user: User,
    today: date,
    *,
    days: int = AHEAD,
    mine: bool = False,
    after: tuple[int, int] | None = None,
    size: int = 50,
) -> tuple[list[Coming], tuple[int, int] | None]:
    """Return the next dates in the order in which they come, and where the page ended (days ahead, id) or None.

    At most one query for each month that the days reach into: each walks the index on month and day.
    """
    start = after[0] if after else 0
    found: list[Coming] = []
    known = ImportantDate.objects.filter(
        visibility_filter(user, "contact__"), contact__binned_at=None, contact__erased_at=None
    ).select_related("contact")
    if mine:
        known = known.filter(contact__owner=user)
    for year, month, first, last in _months(today + timedelta(days=n) for n in range(start, days + 1)):
        rows = known.filter(Q(recurs=True) | Q(year=year), month=month, day__gte=first, day__lte=last)
        if after and not found and (today + timedelta(days=start)).month == month:
            rows = rows.exclude(day=first, pk__lte=after[1])
        for row in rows.order_by("month", "day", "pk")[: size + 1 - len(found)]:
            one = coming_of(row, today)
            if one is not None:
                found.append(one)
        if len(found) > size:
            break
    if len(found) <= size:
        return found, None
    last_shown = found[size - 1]
    return found[:size], ((last_shown.day - today).days, last_shown.row.pk if last_shown.row else 0)


def with_us(user: User, today: date, *, days: int = AHEAD, mine: bool = False, size: int = 12) -> list[Coming]:
    """Customers who have been with us for 1, 2, 3, 4, 5, 10, 15… years on one of the next days, soonest first.

    Counted from the day we got to know them. One query for each milestone, each a short walk along an index.
    """
    people = people_of(user, mine=mine).filter(stage__is_customer=True)
    found: list[Coming] = []
    for years in MILESTONES:
        start, end = _years_before(today, years), _years_before(today + timedelta(days=days + 1), years)
        born = Contact.objects.filter(created_at__gte=_midnight(start), created_at__lt=_midnight(end))
        looked_at = born.order_by("created_at", "pk").values("pk")[:LOOKED_AT]
        for contact in people.filter(pk__in=looked_at).order_by("created_at", "pk")[:size]:
            since = timezone.localtime(contact.created_at).date()
            found.append(Coming(contact, _years_after(since, years), "with_us", "", years))
    found = [one for one in found if today <= one.day <= today + timedelta(days=days)]
    return sorted(found, key=lambda one: (one.day, -(one.years or 0), one.contact.sort_name))[:size]


def years_with_us(contact: Contact, today: date) -> Coming | None:
    """Return the next year that `contact` completes with us, within a year."""
    since = timezone.localtime(contact.created_at).date()
    years = today.year - since.year
    day = _years_after(since, years)
    if day < today:
        years, day = years + 1, _years_after(since, years + 1)
    return Coming(contact, day, "with_us", "", years) if years > 0 else None


def _years_before(day: date, years: int) -> date:
    return _years_after(day, -years)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
