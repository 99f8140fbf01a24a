"""What a report is: a name, a promise of what it will say, and a function that makes its figures.

register(Report("revenue", _("Customers and revenue"), "banknote", _("What you earned…"), build=revenue))
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from regulars.insights.charts import Figure
from regulars.insights.cubes.reading import LAST_YEAR, Period, Sight
from regulars.lib.money import money_text

Build = Callable[[Sight], Sequence[Figure]]
ENOUGH = 20  # people below which no sentence says anything about them


@dataclass(frozen=True)
class Report:
    """One page of insights. `text` says what stands there, also while it is empty. `by_choice` reads the kept figures
    of a choice; others are about the whole business. `by_period` follows the chosen months. `by_goods` reads products,
    which are counted for a choice once somebody asks."""

    name: str
    title: str | Promise
    icon: str
    text: str | Promise
    build: Build
    order: int = 50
    by_choice: bool = True
    by_period: bool = True
    by_goods: bool = False


_known: dict[str, Report] = {}


def register(report: Report) -> None:
    """Make a report known; called in `apps.ready()`."""
    _known[report.name] = report


def all_reports() -> list[Report]:
    """Return every report in order."""
    return sorted(_known.values(), key=lambda one: one.order)


def report_named(name: str) -> Report | None:
    """Return the report with this name."""
    return _known.get(name)


# Words


def month_words(month: date) -> str:
    """ "Mar 2026"."""
    return date_format(month, "M Y")


def period_words(period: Period) -> str:
    """ "between Mar 2025 and Feb 2026", "in Mar 2026", "in 2025": goes into a sentence."""
    first, last = period.first, period.last
    if first == last:
        return _("in %(month)s") % {"month": month_words(first)}
    if first.year == last.year and (first.month, last.month) == (1, 12):
        return _("in %(year)d") % {"year": first.year}
    return _("between %(first)s and %(last)s") % {"first": month_words(first), "last": month_words(last)}


def number(value: float, places: int = 0) -> str:
    """A number as people of the language write it."""
    return number_format(round(value, places), places, force_grouping=True)


def percent(share: float) -> str:
    """A share as whole percent; never 0 or 100 where it is not."""
    rounded = round(share * 100)
    if 0 < share < 1:
        rounded = min(max(rounded, 1), 99)
    return f"{rounded} %"


def amount(sight: Sight, minor: float) -> str:
    """An amount without decimals; with them where it is small."""
    value = round(minor)
    return money_text(value, sight.currency, whole=abs(value) >= 10_000)


def against(sight: Sight, now: float, before: float | None) -> str:
    """How `now` compares with `before`, as a sentence of its own; "" where there is nothing to compare."""
    if not before or before < 0:
        return ""
    change = now / before - 1
    names = {"percent": percent(abs(change)) if abs(change) < 1 else f"{round(abs(change) * 100)} %"}
    if abs(change) < 0.005:
        return _("That is as much as a year before.") if sight.compare == LAST_YEAR else _("That is as much as before.")
    if sight.compare == LAST_YEAR:
        more, less = (
            _("That is %(percent)s more than a year before."),
            _("That is %(percent)s less than a year before."),
        )
    else:
        more = _("That is %(percent)s more than in the months before.")
        less = _("That is %(percent)s less than in the months before.")
    return (more if change > 0 else less) % names


def sentences(*parts: str) -> str:
    """Whole sentences after each other."""
    return " ".join(part for part in parts if part)


def running_note(sight: Sight) -> str:
    """That the last month is not over, where it isn't."""
    if not sight.is_partial:
        return ""
    if sight.before is None:
        return _("The last month is not over yet.")
    return _("The last month is not over yet and is left out of the comparison.")


def too_few(count: int, wanted: int = ENOUGH) -> str:
    """What is said instead of a finding that would rest on too little."""
    return _("Too few to say yet: %(count)d of at least %(wanted)d.") % {"count": count, "wanted": wanted}
