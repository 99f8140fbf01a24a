"""Customers as comparisons see them: what they bought before, in between and after, and what was done for them.

Everything here is read by a worker at night. With very many customers every n-th is taken, by id, so that memory and
time stay bounded: `MOST` people are more than enough for an interval of one percent.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from django.db.models import F, Max, Min, Q, Sum
from django.db.models.functions import Mod
from django.utils import timezone

from regulars.contacts.models import Involvement
from regulars.insights.cubes.counting import shift
from regulars.orders.models import CustomerMonth

MOST = 100_000
AT_ONCE = 500
ANSWERS = ("call", "message", "email", "meeting", "visit")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Windows:
    """The months of a comparison: what was done from `begin` to `cut`, what came of it from `cut` to `end`."""

    begin: date
    cut: date
    end: date

    @classmethod
    def before(cls, today: date, done: int, after: int) -> "Windows":
        """So many whole months of doing, then so many of what came of it, up to this month."""
        end = today.replace(day=1)
        return cls(shift(end, -done - after), shift(end, -after), end)

    def moments(self) -> tuple[datetime, datetime]:
        """`begin` and `cut` as moments in the zone of the business."""
        zone = timezone.get_current_timezone()
        begin, cut = (datetime(day.year, day.month, 1, tzinfo=zone) for day in (self.begin, self.cut))
        return begin, cut


@dataclass(frozen=True)
class Profile:
    """One customer: months with a purchase and value before `begin`, in between, and whether and for how much after."""

    pk: int
    first: date
    last: date
    months: int
    early: int
    during: int
    after: int
    bought_after: bool


def profiles(windows: Windows, back: int) -> Iterator[Profile]:
    """Customers who bought in the `back` months before `windows.begin`; everything of a customer by one grouping."""
    start = shift(windows.begin, -back)
    rows = CustomerMonth.objects.filter(contact__isnull=False, month__gte=start, month__lt=windows.end).order_by()
    every = _every()
    if every > 1:
        rows = rows.alias(rest=Mod(F("contact_id"), every)).filter(rest=0)
    early, during, after = (
        Q(month__lt=windows.begin),
        Q(month__gte=windows.begin, month__lt=windows.cut),
        Q(month__gte=windows.cut),
    )
    sums = rows.values("contact_id").annotate(
        first=Min("contact__worth__first_on"), last=Max("month", filter=early), months=Sum(1, filter=early),
        early=Sum("value", filter=early), during=Sum("value", filter=during), late=Sum("value", filter=after),
        bought=Sum("orders", filter=after),
    )  # fmt: skip
    for row in sums.filter(last__isnull=False).iterator():
        yield Profile(
            row["contact_id"], row["first"] or row["last"], row["last"], row["months"], row["early"] or 0,
            row["during"] or 0, row["late"] or 0, bool(row["bought"]),
        )  # fmt: skip


def _every() -> int:
    highest = CustomerMonth.objects.aggregate(highest=Max("contact_id"))["highest"] or 0
    return max(1, -(-highest // MOST))


def buyers(ids: Iterable[int], first: date, last: date) -> set[int]:
    """Those of `ids` who bought something in the months from `first` to before `last`."""
    wanted, found = list(ids), set[int]()
    for start in range(0, len(wanted), AT_ONCE):
        rows = CustomerMonth.objects.filter(
            contact__in=wanted[start : start + AT_ONCE], month__gte=first, month__lt=last
        )
        found.update(pk for pk in rows.values_list("contact_id", flat=True) if pk)
    return found


def requests(begin: datetime, cut: datetime, kinds: Sequence[str] = ANSWERS) -> Iterator[tuple[int, bool]]:
    """Requests of people between two moments: whose, and whether they were answered within a day.

    Answered: the request was settled, or the next moment of one of `kinds` with them came, within 24 hours.
    """
    rows = Involvement.objects.filter(
        kind="request", contact__isnull=False, occurred_at__gte=begin, occurred_at__lt=cut, entry__removed_at=None
    ).order_by("-entry_id")
    settles = set(kinds) == set(ANSWERS)
    asked = rows.values_list("contact_id", "occurred_at", "entry__settled_at")[:MOST].iterator()
    while some := list(islice(asked, AT_ONCE)):
        moments = _moments({pk for pk, *_times in some if pk is not None}, begin, cut + DAY, kinds)
        for pk, at, settled in some:
            if pk is not None:
                is_settled = settles and settled is not None and settled - at <= DAY
                yield pk, is_settled or any(at < moment <= at + DAY for moment in moments[pk])


def _moments(ids: set[int], begin: datetime, end: datetime, kinds: Sequence[str]) -> dict[int, list[datetime]]:
    """When there was a moment of one of `kinds` with each of these people. Asked for many at once: a look at the next
    moment for each request took PostgreSQL minutes."""
    rows = Involvement.objects.filter(
        contact__in=ids, kind__in=kinds, occurred_at__gt=begin, occurred_at__lte=end, entry__removed_at=None
    ).order_by()
    found: dict[int, list[datetime]] = defaultdict(list)
    for pk, at in rows.values_list("contact_id", "occurred_at"):
        if pk is not None:
            found[pk].append(at)
    return found
