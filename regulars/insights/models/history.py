"""From days of purchase to what the models read: one past, cut in two.

Days are whole numbers (`date.toordinal()`), weeks the unit of time of everything that comes out.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regulars.insights.models import months
from regulars.insights.models.fitting import Floats

Ints = npt.NDArray[np.int64]
WEEK = 7.0
YEAR = 365


@dataclass(frozen=True, eq=False)
class Past:
    """Customers known at a day `cut`, what they had done by then, and what they did until the day `until`.

    `x`, `t_x`, `T` are as the models read them, `mean` what a day of purchase came to by the cut, `held` the days of
    purchase after it, `held_soon` those within `soon` weeks, `held_money` what they brought. `year_ago` are the days of
    purchase in the same days of the year before; None where the past does not reach that far. `first` is the day of
    the first purchase, `horizon` the weeks from cut to until. `months` is the same past as months in which they came
    or did not (models.months.count): x, t_x, T in months, and the mean days of purchase in such a month.
    """

    x: Floats
    t_x: Floats
    T: Floats
    mean: Floats
    first: Ints
    held: Floats
    held_soon: Floats
    held_money: Floats
    year_ago: Floats | None
    horizon: float
    soon: float
    months: tuple[Floats, Floats, Floats, float]

    @property
    def repeat(self) -> int:
        """How many had bought again by the cut."""
        return int((self.x > 0).sum())


def split(customer: Ints, day: Ints, amount: Floats, cut: int, until: int, soon: int = 30) -> Past:
    """Return the past of the purchases (`customer`, `day`, `amount`), cut after the day `cut` and seen until `until`.

    Purchases of one customer on one day are one; who bought first after the cut is left out, and so is what came
    after `until`. `soon` is in days.
    """
    seen = day <= until
    customer, day, amount = _merged(customer[seen], day[seen], amount[seen])
    known = np.unique(customer[day <= cut])
    among = np.isin(customer, known)
    who, day, amount = np.searchsorted(known, customer[among]), day[among], amount[among]
    size, before = len(known), day <= cut

    def count(chosen: npt.NDArray[np.bool_]) -> Floats:
        return np.bincount(who[chosen], minlength=size).astype(np.float64)

    def money(chosen: npt.NDArray[np.bool_]) -> Floats:
        return np.bincount(who[chosen], amount[chosen], minlength=size).astype(np.float64)

    first, last = np.full(size, until, dtype=np.int64), np.zeros(size, dtype=np.int64)
    np.minimum.at(first, who[before], day[before])
    np.maximum.at(last, who[before], day[before])
    times = count(before)
    ago = cut - YEAR, until - YEAR
    reaches = size > 0 and until - cut <= YEAR and int(first.min()) <= ago[0]
    return Past(
        x=times - 1,
        t_x=(last - first) / WEEK,
        T=(cut - first) / WEEK,
        mean=money(before) / np.maximum(times, 1),
        first=first,
        held=count(~before),
        held_soon=count(~before & (day <= cut + soon)),
        held_money=money(~before),
        year_ago=count((day > ago[0]) & (day <= ago[1])) if reaches else None,
        horizon=(until - cut) / WEEK,
        soon=min(soon, until - cut) / WEEK,
        months=months.count(who[before], day[before], size, cut),
    )


def _merged(customer: Ints, day: Ints, amount: Floats) -> tuple[Ints, Ints, Floats]:
    """One row for each customer and day."""
    span = int(day.max(initial=0)) + 1
    keys, codes = np.unique(customer * span + day, return_inverse=True)
    return keys // span, keys % span, np.bincount(codes, amount, len(keys)).astype(np.float64)
