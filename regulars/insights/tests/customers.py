"""Small factories: people with what their orders come to, without the orders."""

import itertools
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from regulars.contacts.models import Company, Contact
from regulars.contacts.tests.factories import make_contact
from regulars.orders.models import CustomerFacts, CustomerMonth


def make_customer(who: Contact | Company | None = None, *, every: int = 10, days: int = 8, ago: int = 5,
                  each: int = 2_000, today: date | None = None, **fields: Any) -> Contact | Company:  # fmt: skip
    """Somebody who bought for `each` cents on `days` days, every `every` days, the last time `ago` days ago."""
    holder = who or make_contact(**fields)
    last = (today or timezone.localdate()) - timedelta(days=ago)
    bought = [last - timedelta(days=every * back) for back in reversed(range(days))]
    give_orders(holder, dict.fromkeys(bought, each))
    return holder


def give_orders(holder: Contact | Company, bought: dict[date, int]) -> None:
    """Write facts and months for one purchase of so many cents on each of these days."""
    link: Any = {"contact" if isinstance(holder, Contact) else "company": holder}
    days = sorted(bought)
    gaps = [(later - earlier).days for earlier, later in itertools.pairwise(days)]
    CustomerFacts.objects.filter(**link).delete()
    CustomerMonth.objects.filter(**link).delete()
    CustomerFacts.objects.create(
        **link, orders=len(days), days=len(days), first_on=days[0], last_on=days[-1], value=sum(bought.values()),
        margin=sum(bought.values()) // 2, gap_days=sum(gaps), gap_squares=sum(gap * gap for gap in gaps),
    )  # fmt: skip
    months: dict[date, list[int]] = {}
    for day in days:
        months.setdefault(day.replace(day=1), []).append(bought[day])
    CustomerMonth.objects.bulk_create(
        CustomerMonth(**link, month=month, orders=len(v), days=len(v), value=sum(v), margin=sum(v) // 2)
        for month, v in months.items()
    )
