"""What is expected of somebody, in honest words: never more certain than the numbers are."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.contacts.brief.words import say_day
from regulars.insights.tables.prediction import Prediction
from regulars.insights.tables.run import Run
from regulars.insights.value.words import number
from regulars.lib.money import money_text

LIKELY, EVEN, UNLIKELY = 0.7, 0.4, 0.15
GONE = 0.2  # below this chance of still being a customer no day of a next purchase is named
NAMES: dict[str, str | Promise] = {
    "bgnbd": "BG/NBD",
    "paretonbd": "Pareto/NBD",
    "bgbb": "BG/BB",
    "same_rate": gettext_lazy("Same rate as before"),
    "last_year": gettext_lazy("Same as a year ago"),
}
LACKS: dict[str, tuple[str | Promise, str | Promise]] = {
    "repeat customers": (
        gettext_lazy("Not enough data yet: %(have)s of about %(need)s customers who bought again."),
        gettext_lazy("Nobody has bought a second time yet; about %(need)s customers who did are needed."),
    ),
    "days of orders": (
        gettext_lazy("Not enough data yet: the orders reach back %(have)s of about %(need)s days."),
        gettext_lazy("There are no orders yet; about %(need)s days of them are needed."),
    ),
    "purchases after the cut": (
        gettext_lazy("Not enough data yet: %(have)s of about %(need)s purchases in the last three months."),
        gettext_lazy("Nobody has bought in the last three months, so there is nothing to check a forecast against."),
    ),
}


def lack(run: Run) -> str:
    """ "Not enough data yet: 23 of about 100 customers who bought again." """
    some, none = LACKS.get(run.message, LACKS["repeat customers"])
    return str(some if run.have else none) % {"have": number(run.have), "need": number(run.need)}


def percent(chance: float) -> str:
    """ "72 %"; the ends are said as "under 1 %" and "over 99 %", for nothing is certain."""
    if chance < 0.01:
        return _("under 1 %")
    if chance > 0.99:
        return _("over 99 %")
    return (_("%(percent)d %%") % {"percent": round(chance * 100)}).replace(" ", "\u00a0")


def chance(prediction: Prediction) -> str:
    """ "Likely to buy within 30 days: 72 %." """
    said = {"percent": percent(prediction.p_buys)}
    if prediction.p_buys >= LIKELY:
        return _("Likely to buy within 30 days: %(percent)s.") % said
    if prediction.p_buys >= EVEN:
        return _("May well buy within 30 days: %(percent)s.") % said
    if prediction.p_buys >= UNLIKELY:
        return _("Rather won’t buy within 30 days: %(percent)s.") % said
    return _("Unlikely to buy within 30 days: %(percent)s.") % said


def purchases(prediction: Prediction) -> str:
    """ "About 4 purchases in 90 days, from 2 to 7 in 80 of 100 cases." """
    low, high = prediction.low, max(prediction.high, prediction.low)
    if high == 0:
        return _("Most likely no purchase in the next 90 days.")
    expected = number_format(prediction.expected, 1 if prediction.expected < 9.95 else 0)
    values = {"expected": expected, "low": number(low), "high": number(high)}
    if low == high:
        text = _("About %(expected)s days of purchase in the next 90, %(low)s in 80 of 100 cases.")
    else:
        text = _("About %(expected)s days of purchase in the next 90, %(low)s to %(high)s in 80 of 100 cases.")
    return text % values


def next_days(prediction: Prediction) -> str:
    """ "Half of those like them buy again between 3 and 20 December"; "" for those who hardly are customers."""
    if prediction.next_from is None or prediction.next_to is None:
        return ""
    if prediction.p_alive is not None and prediction.p_alive < GONE:
        return ""
    today = timezone.localdate()
    if prediction.next_to <= today:
        return ""
    values = {"early": say_day(max(prediction.next_from, today)), "late": say_day(prediction.next_to)}
    if prediction.next_from >= prediction.next_to:
        return _("If they are still with us, they buy again about %(late)s.") % values
    return _("If they are still with us, half of those like them buy again between %(early)s and %(late)s.") % values


def worth(prediction: Prediction, currency: str) -> str:
    """ "€1,240 in three years, €300 to €2,900 in 80 of 100 cases." """
    values = {
        "clv": money_text(prediction.clv, currency, whole=True),
        "low": money_text(prediction.clv_low, currency, whole=True),
        "high": money_text(prediction.clv_high, currency, whole=True),
    }
    return _("About %(clv)s in three years, %(low)s to %(high)s in 80 of 100 cases.") % values


def alive(prediction: Prediction) -> str:
    """ "81 % likely still a customer; 92 % a month ago." """
    if prediction.p_alive is None:
        return ""
    said = {"percent": percent(prediction.p_alive)}
    before = prediction.alive_before
    if before is None or prediction.before_on is None or abs(before - prediction.p_alive) < 0.05:
        return _("%(percent)s likely to be a customer still.") % said
    said |= {"before": percent(before), "day": say_day(prediction.before_on)}
    return _("%(percent)s likely to be a customer still; it was %(before)s on %(day)s.") % said


def rests_on(run: Run) -> str:
    """ "From the purchases of 563 customers until 21 November, by BG/NBD." """
    text = ngettext(
        "From the purchases of %(count)s customer until %(day)s, by %(model)s.",
        "From the purchases of %(count)s customers until %(day)s, by %(model)s.",
        run.customers,
    )
    return text % {"count": number(run.customers), "day": say_day(run.as_of), "model": NAMES.get(run.model, "")}


@dataclass(frozen=True)
class Outlook:
    """What the panel shows: the sentences, strongest first, or why there are none."""

    chance: str = ""
    tone: str = ""
    lines: tuple[str, ...] = ()
    worth: str = ""
    rests_on: str = ""
    lack: str = ""
    made_on: date | None = None


def outlook(prediction: Prediction | None, run: Run | None, currency: str) -> Outlook:
    """Say what is expected of somebody, or that nothing can be said and why."""
    if run is None:
        return Outlook(lack=_("Nothing has been worked out yet; it is every night, once there are orders."))
    if not run.model:
        return Outlook(lack=lack(run))
    if prediction is None:
        return Outlook(lack=_("Nothing to go by: what will come is worked out in the night after the first order."))
    tone = "good" if prediction.p_buys >= LIKELY else "risk" if prediction.p_buys < UNLIKELY else ""
    lines = (purchases(prediction), next_days(prediction), alive(prediction))
    said = tuple(line for line in lines if line)
    return Outlook(chance(prediction), tone, said, worth(prediction, currency), rests_on(run), made_on=run.as_of)
