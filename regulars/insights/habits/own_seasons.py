"""The season in which one customer buys a product: "buys gift boxes from November to December".

For each product that somebody bought on four days or more, and each stretch of one to three months of the year, an
exact hypergeometric test asks whether so many of these days fall there when they might be any of their own days of
purchase: who only comes in summer has no season for what they buy then. All tests of a batch are held to 5 % false
findings (Benjamini and Hochberg); three of four days have to be in the season, and it has to be seen in two different
years.

Somebody who buys once a year is never that certain. There the season of the product itself, found over all customers
(`seasons`), carries it where three quarters of what everybody buys of it falls there: bought in that season in two
different years, and never outside of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import exp, lgamma

from regulars.insights.habits.testing import adjusted

FEWEST, INSIDE, YEARS, FALSE = 4, 0.75, 2, 0.05
LONGEST, MONTHS = 3, 12
BY_TEST, BY_PRODUCT = "test", "product"
Month = tuple[int, int]  # year, month


@dataclass(frozen=True)
class OwnSeason:
    """Somebody buys `product` in `length` months from month `at` on: `count` of `total` days of purchase, in `years`
    different years; `basis` says whether their own days show it or the season of the product does."""

    who: int
    product: int
    at: int
    length: int
    count: int
    total: int
    years: int
    last: int
    basis: str = BY_TEST
    q: float = 1.0


def more_than_chance(inside: int, bought: int, within: int, visits: int) -> float:
    """Return the chance that `inside` or more of `bought` days fall on the `within` of `visits` days: exact."""
    if inside <= 0:
        return 1.0
    top = min(bought, within)
    return min(1.0, sum(exp(_log_draw(k, bought, within, visits)) for k in range(inside, top + 1)))


def _log_draw(k: int, bought: int, within: int, visits: int) -> float:
    if bought - k > visits - within:
        return float("-inf")
    return _choose(within, k) + _choose(visits - within, bought - k) - _choose(visits, bought)


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def month_of(day: int) -> Month:
    """The year and month of a day number."""
    when = date.fromordinal(day)
    return when.year, when.month


def in_stretch(month: int, at: int, length: int) -> bool:
    """Whether a month (1 to 12) is one of `length` that begin with `at`."""
    return (month - at) % MONTHS < length


def own_seasons_of(
    days: Mapping[tuple[int, int], Sequence[int]], visits: Mapping[int, Sequence[int]], products: Mapping[int, int]
) -> list[OwnSeason]:
    """Return the seasons of customers, of `days` of purchase (sorted) by (customer, product) and all their `visits`.

    `products` are the months in which the seasons of products begin. One for each pair; the test goes before.
    """
    months = {who: [month_of(day) for day in found] for who, found in visits.items()}
    tried, chances, looked = [], [], 0
    found: dict[tuple[int, int], OwnSeason] = {}
    for pair, bought in days.items():
        mine = [month_of(day) for day in bought]
        if pair[1] in products and (one := _by_product(pair, mine, bought[-1], products[pair[1]])):
            found[pair] = one
        if len(bought) < FEWEST or len({year for year, _month in mine}) < YEARS:
            continue
        looked += LONGEST * MONTHS
        for season, chance in _stretches(pair, mine, months[pair[0]], bought[-1]):
            tried.append(season)
            chances.append(chance)
    q = adjusted([*chances, *[1.0] * max(0, looked - len(chances))])
    for season, value in sorted(zip(tried, q, strict=False), key=lambda both: (-both[1], -both[0].length)):
        if value < FALSE:
            found[season.who, season.product] = replace(season, q=value)
    return list(found.values())


def _stretches(
    pair: tuple[int, int], mine: Sequence[Month], visits: Sequence[Month], last: int
) -> Iterator[tuple[OwnSeason, float]]:
    """Each stretch of months that holds most of the purchases in several years, with its chance."""
    for at in sorted({(month - back - 1) % MONTHS + 1 for _year, month in mine for back in range(LONGEST)}):
        for length in range(1, LONGEST + 1):
            inside = [one for one in mine if in_stretch(one[1], at, length)]
            years = _years(inside, at)
            if len(inside) < INSIDE * len(mine) or years < YEARS:
                continue
            within = sum(in_stretch(month, at, length) for _year, month in visits)
            season = OwnSeason(*pair, at, length, len(inside), len(mine), years, last)
            yield season, more_than_chance(len(inside), len(mine), within, len(visits))


def _years(inside: Sequence[Month], at: int) -> int:
    """In how many different seasons; December belongs to the winter that begins with it."""
    return len({year - (month < at) for year, month in inside})


def _by_product(pair: tuple[int, int], mine: Sequence[Month], last: int, at: int) -> OwnSeason | None:
    inside = [one for one in mine if in_stretch(one[1], at, LONGEST)]
    years = _years(inside, at)
    if years < YEARS or len(inside) < len(mine):
        return None
    return OwnSeason(*pair, at, LONGEST, len(inside), len(mine), years, last, BY_PRODUCT)
