"""Demand and habits in plain sentences, each with the numbers that it rests on."""

from datetime import date, timedelta

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.contacts.brief.words import say_day
from regulars.insights.tables import DemandRun, Habit, ProductDemand

Kind = Habit.Kind
WEEK, LONG = 7, 21
SURE = 0.05  # a season of their own by their own days; else it is that of the product
WEEKDAYS: tuple[Promise, ...] = (
    gettext_lazy("on Mondays"),
    gettext_lazy("on Tuesdays"),
    gettext_lazy("on Wednesdays"),
    gettext_lazy("on Thursdays"),
    gettext_lazy("on Fridays"),
    gettext_lazy("on Saturdays"),
    gettext_lazy("on Sundays"),
)
TITLES: dict[str, Promise] = {
    Kind.REPEAT: gettext_lazy("Buys again"), Kind.SEASON: gettext_lazy("Season"), Kind.WEEKDAY: gettext_lazy("Comes"),
    Kind.NEXT: gettext_lazy("Likely next"),
}  # fmt: skip
LACKS: dict[str, Promise] = {
    "weeks of orders": gettext_lazy(
        "Not enough yet to say what will be asked for: orders reach back %(have)s of about %(need)s weeks."
    ),
    "purchases of products": gettext_lazy(
        "Not enough yet to say what will be asked for: %(have)s of about %(need)s purchases that name a product."
    ),
}
METHODS: dict[str, Promise] = {
    "last_weeks": gettext_lazy("the same as the last four weeks"),
    "last_year": gettext_lazy("the same as last year"),
    "rhythm": gettext_lazy("customers’ own rhythm"),
    "rhythm_season": gettext_lazy("customers’ own rhythm, with the season where it helped"),
}


def count(value: float) -> str:
    """A number of units: whole from ten on."""
    places = 0 if value >= 10 or abs(value - round(value)) < 0.05 else 1
    return number_format(round(value, places), places, force_grouping=True)


# Habits


def lasts(days: float) -> str:
    """ "8 weeks", "12 days": weeks from three on."""
    if days < LONG:
        return ngettext("%(count)d day", "%(count)d days", round(days)) % {"count": round(days)}
    weeks = round(days / WEEK)
    return ngettext("%(count)d week", "%(count)d weeks", weeks) % {"count": weeks}


def season_words(at: int, length: int) -> str:
    """ "in December", "from November to January": goes into a sentence."""
    if length == 1:
        return _("in %(month)s") % {"month": _month(at)}
    return _("from %(first)s to %(last)s") % {"first": _month(at), "last": _month((at + length - 2) % 12 + 1)}


def _month(at: int) -> str:
    return date_format(date(2000, at, 1), "F")


def is_open(habit: Habit, today: date) -> bool:
    """Whether it still goes on: nothing given up, no season that is over."""
    return habit.until is None or today <= habit.until


def is_due(habit: Habit, today: date, last_on: date | None = None) -> bool:
    """Whether a word about it is in time: not yet for who bought since the count; what they took then is not known."""
    if habit.due_on is None or habit.until is None or not habit.due_on <= today <= habit.until:
        return False
    return last_on is None or last_on < habit.found_on


def sentence(habit: Habit, today: date) -> str:
    """What it is, with its numbers: "Filter papers every 8 weeks, last 7 weeks ago (9 times so far)."."""
    say = {Kind.REPEAT: _repeat, Kind.SEASON: _season, Kind.WEEKDAY: _weekday, Kind.NEXT: _next}
    return say[Kind(habit.kind)](habit, today)


def _repeat(habit: Habit, today: date) -> str:
    ago = (today - habit.last_on).days if habit.last_on else 0
    text = _("%(product)s every %(gap)s, last %(ago)s ago (%(count)d times so far).")
    return text % {"product": habit.product, "gap": lasts(habit.gap), "ago": lasts(ago), "count": habit.count}


def _season(habit: Habit, today: date) -> str:
    text = _("%(product)s %(when)s: %(count)d of %(total)d times, in %(years)d years.")
    if habit.q >= SURE:
        text = _("%(product)s %(when)s: %(count)d of %(total)d times, in %(years)d years; it is the season of many.")
    return text % {
        "product": habit.product, "when": season_words(habit.at, habit.length), "count": habit.count,
        "total": habit.total, "years": habit.years,
    }  # fmt: skip


def _weekday(habit: Habit, today: date) -> str:
    text = _("%(weekday)s: %(count)d of %(total)d visits in twelve months.")
    weekday = str(WEEKDAYS[habit.at])
    said = text % {"weekday": weekday, "count": habit.count, "total": habit.total}
    return said[:1].upper() + said[1:]


def _next(habit: Habit, today: date) -> str:
    text = _("%(product)s: of %(total)d people who took %(because)s, %(count)d took it within eight weeks; "
             "by chance %(expected)s.")  # fmt: skip
    return text % {
        "product": habit.product, "because": habit.because, "count": habit.count, "total": habit.total,
        "expected": count(habit.expected),
    }  # fmt: skip


def suggestion(habit: Habit, today: date) -> str:
    """What to do about one that is due."""
    values = {"product": str(habit.product)}
    if habit.kind == Kind.REPEAT:
        text = _("Offer %(product)s: bought every %(gap)s, last %(ago)s ago.")
        ago = (today - habit.last_on).days if habit.last_on else 0
        return text % {**values, "gap": lasts(habit.gap), "ago": lasts(ago)}
    text = _("Mention %(product)s: bought %(when)s in %(years)d years.")
    return text % {**values, "when": season_words(habit.at, habit.length), "years": habit.years}


# Demand


def lack(run: DemandRun | None) -> str:
    """Why nothing is said: "Not enough yet: orders reach back 12 of about 38 weeks."."""
    if run is None:
        return _("Nothing has been counted yet; it is every night, once there are orders.")
    values = {"have": count(run.have), "need": count(run.need)}
    return str(LACKS.get(run.message, LACKS["weeks of orders"])) % values


def weeks_words(run: DemandRun) -> str:
    """ "from 22 November to 19 December": goes into a sentence."""
    last = run.as_of + timedelta(days=27)
    return _("from %(first)s to %(last)s") % {"first": say_day(run.as_of), "last": say_day(last)}


def of_product(demand: ProductDemand) -> str:
    """The finding of one product: "About 46 expected from 22 November to 19 December, 35 to 58 in 80 of 100 cases."."""
    values = {
        "expected": count(demand.expected), "low": count(demand.low), "high": count(demand.high),
        "weeks": weeks_words(demand.run),
    }  # fmt: skip
    said = _("About %(expected)s expected %(weeks)s, %(low)s to %(high)s in 80 of 100 cases.") % values
    if demand.last_year is None:
        return said
    before = _("The same weeks of last year brought %(count)s.") % {"count": count(demand.last_year)}
    return f"{said} {before}"
