"""What became of occasions: how many were thanked, how fast, by whom, and what those people did afterwards.

It looks at the newest `LOOKED_AT` occasions of the last year, so that it costs the same with any number of them. The
comparison counts, it proves nothing: who is thanked may well be who would have come back anyway.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, F, OuterRef, Sum
from django.utils import timezone

from regulars.access.models import User
from regulars.contacts.models import Involvement
from regulars.promises.models import Occasion, Thanks
from regulars.promises.thanks.occasions import all_rules
from regulars.timeline import kinds

LOOKED_AT, COMPARED = 2_000, 1_000
YEAR, AFTER = timedelta(days=365), timedelta(days=90)
ENOUGH = 5


@dataclass(frozen=True)
class RuleLine:
    """One kind of occasion: how many there were, were thanked, and after how many days in the middle."""

    label: str
    found: int
    thanked: int
    days: int | None


@dataclass(frozen=True)
class Group:
    """People who were thanked, or were not: how many, how many came back within 90 days, how often they did."""

    people: int
    back: int
    times: int

    @property
    def is_enough(self) -> bool:
        """Whether there are enough people to say anything."""
        return self.people >= ENOUGH

    @property
    def percent(self) -> int:
        """How many of a hundred came back."""
        return round(100 * self.back / self.people) if self.people else 0

    @property
    def average(self) -> float:
        """How often each came, on average."""
        return round(self.times / self.people, 1) if self.people else 0.0


@dataclass(frozen=True)
class Figures:
    """Everything the page shows. `cost` is of the last year, in the currency of the business."""

    rules: Sequence[RuleLine]
    colleagues: Sequence[tuple[str, int, Any]]
    found: int
    thanked: int
    days: int | None
    cost: Any
    given: int
    compared: tuple[Group, Group] | None
    is_bounded: bool


def figures_for(user: User, now: datetime | None = None) -> Figures:
    """Return the figures that `user` may know. Six queries."""
    now = now or timezone.now()
    seen = Occasion.objects.visible_to(user).filter(occurred_at__gte=now - YEAR).order_by("-occurred_at", "-pk")
    rows = list(seen.values_list("rule", "status", "occurred_at", "settled_at")[:LOOKED_AT])
    days = [_days(at, settled) for _rule, status, at, settled in rows if status == "thanked"]
    given = Thanks.objects.visible_to(user).filter(thanked_at__gte=now - YEAR).order_by("-thanked_at")
    part = Thanks.objects.filter(pk__in=given.values("pk")[:LOOKED_AT]).order_by()
    total = part.aggregate(cost=Sum("cost"), given=Count("pk"))
    people = part.values_list("by__name").annotate(given=Count("pk"), cost=Sum("cost")).order_by("-given")
    return Figures(
        rules=_by_rule(rows),
        colleagues=[(name or "–", count, cost) for name, count, cost in people],
        found=len(rows),
        thanked=len(days),
        days=round(median(days)) if days else None,
        cost=total["cost"] or 0,
        given=total["given"],
        compared=compared(user, now),
        is_bounded=len(rows) == LOOKED_AT or total["given"] == LOOKED_AT,
    )


def _days(begin: datetime, end: datetime | None) -> int:
    return max((end - begin).days, 0) if end else 0


def _by_rule(rows: Sequence[tuple[str, str, datetime, datetime | None]]) -> list[RuleLine]:
    found, days = Counter(row[0] for row in rows), dict[str, list[int]]()
    for rule, status, at, settled in rows:
        if status == Occasion.Status.THANKED:
            days.setdefault(rule, []).append(_days(at, settled))
    labels = {rule.name: str(rule.label) for rule in all_rules()}
    return [
        RuleLine(
            labels.get(rule, rule), count, len(days.get(rule, [])), round(median(days[rule])) if rule in days else None
        )
        for rule, count in found.most_common()
    ]


def compared(user: User, now: datetime) -> tuple[Group, Group] | None:
    """Return those who were thanked and those who were not, each by what they did in the 90 days after the occasion.

    Only occasions whose 90 days are over, the newest of each; None while one of the two has too few people.
    """
    over = Occasion.objects.visible_to(user).filter(contact__isnull=False, occurred_at__lt=now - AFTER)
    over = over.order_by("-occurred_at", "-pk")
    groups = [
        _group(over.filter(status=Occasion.Status.THANKED, settled_at__lt=F("occurred_at") + AFTER)),
        _group(over.exclude(status=Occasion.Status.THANKED)),
    ]
    return (groups[0], groups[1]) if all(group.is_enough for group in groups) else None


def _group(rows: Any) -> Group:
    ids = rows.values_list("pk", flat=True)[:COMPARED]
    later = Involvement.objects.filter(
        contact=OuterRef("contact"),
        occurred_at__gt=OuterRef("occurred_at"),
        occurred_at__lte=OuterRef("occurred_at") + AFTER,
        kind__in=kinds.contact_kinds(),
        entry__removed_at=None,
    )
    times = later.order_by().values("contact").annotate(times=Count("pk")).values("times")
    found = list(Occasion.objects.filter(pk__in=list(ids)).annotate(times=times[:1]).values_list("times", flat=True))
    return Group(len(found), sum(1 for count in found if count), sum(count or 0 for count in found))
