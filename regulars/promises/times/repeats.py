"""Repeat rules for people: what forms offer, how a rule reads in words, and when a task comes round again.

What a rule is and which are refused: `promises.recurrence`.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.promises.times import recurrence
from regulars.promises.times.wall_time import to_wall

DAYS = recurrence.WEEKDAYS
WORKDAYS = "MO,TU,WE,TH,FR"
YEARS_AHEAD = 13

# What forms offer; "" is once, "own" a rule typed by hand.
CHOICES = (
    ("", gettext_lazy("Does not repeat")),
    ("daily", gettext_lazy("Every day")),
    ("workdays", gettext_lazy("Every weekday")),
    ("weekly", gettext_lazy("Every week")),
    ("biweekly", gettext_lazy("Every two weeks")),
    ("monthly", gettext_lazy("Every month")),
    ("quarterly", gettext_lazy("Every three months")),
    ("yearly", gettext_lazy("Every year")),
    ("own", gettext_lazy("Another rule")),
)


def build_rule(choice: str, start: date, until: date | None = None) -> str:
    """Return the rule of one of CHOICES (not "own") for something that begins on `start`; "" for once.

    On the 29th to 31st "every month" means that day or the last one of a shorter month; 29 February likewise.
    """
    rules = {
        "": "",
        "daily": "FREQ=DAILY",
        "workdays": f"FREQ=WEEKLY;BYDAY={WORKDAYS}",
        "weekly": f"FREQ=WEEKLY;BYDAY={DAYS[start.weekday()]}",
        "biweekly": f"FREQ=WEEKLY;INTERVAL=2;BYDAY={DAYS[start.weekday()]}",
        "monthly": "FREQ=MONTHLY" + _same_day(start),
        "quarterly": "FREQ=MONTHLY;INTERVAL=3" + _same_day(start),
        "yearly": "FREQ=YEARLY" + (";BYMONTH=2;BYMONTHDAY=-1" if (start.month, start.day) == (2, 29) else ""),
    }
    rule = rules[choice]
    return f"{rule};UNTIL={until:%Y%m%d}" if rule and until else rule


def _same_day(start: date) -> str:
    if start.day < 29:
        return f";BYMONTHDAY={start.day}"
    return f";BYMONTHDAY={','.join(str(day) for day in range(28, start.day + 1))};BYSETPOS=-1"


def choice_of(rule: str, start: date) -> str:
    """Return the one of CHOICES that `rule` is, whatever day it ends on; "own" for another one."""
    parts = recurrence.parts_of(rule) if rule else {}
    parts.pop("UNTIL", "")
    bare = recurrence.written(parts) if parts else ""
    return next((key for key, _label in CHOICES if key != "own" and build_rule(key, start) == bare), "own")


def next_start(rule: str, first: datetime, zone: tzinfo, after: datetime) -> datetime | None:
    """Return the first moment after `after` at which the (checked) rule occurs, or None when it is over."""
    begin = max(first, after + timedelta(seconds=1))
    for _window in range(YEARS_AHEAD):
        if found := recurrence.starts(rule, first, zone, begin, begin + recurrence.WIDEST, at_most=1):
            return found[0]
        begin += recurrence.WIDEST
    return None


def shorten(rule: str) -> str:
    """Return what is left of `rule` after one time: "10 times" becomes "9 times", the last one "". Others stay."""
    parts = recurrence.parts_of(rule)
    if "COUNT" not in parts:
        return rule
    left = int(parts["COUNT"]) - 1
    return recurrence.written({**parts, "COUNT": str(left)}) if left > 0 else ""


def last_day(rule: str, zone: tzinfo) -> date | None:
    """Return the day until which `rule` (checked) goes, or None when it names none."""
    end = recurrence.parts_of(rule).get("UNTIL")
    return to_wall(datetime.strptime(end, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC), zone).date() if end else None


def in_words(rule: str, zone: tzinfo) -> str:
    """Return the rule as people say it: "every 2 weeks on Monday, until 3 May 2027"; "" for none."""
    if not rule:
        return ""
    parts = recurrence.parts_of(rule)
    return _every(parts) + _on_days(parts) + _end(parts, last_day(rule, zone))


def _every(parts: dict[str, str]) -> str:
    count = int(parts.get("INTERVAL", "1"))
    if parts["FREQ"] == "WEEKLY" and parts.get("BYDAY") == WORKDAYS and count == 1:
        return _("every weekday")
    once, many = {
        "DAILY": (_("every day"), ngettext("every %(count)d day", "every %(count)d days", count)),
        "WEEKLY": (_("every week"), ngettext("every %(count)d week", "every %(count)d weeks", count)),
        "MONTHLY": (_("every month"), ngettext("every %(count)d month", "every %(count)d months", count)),
        "YEARLY": (_("every year"), ngettext("every %(count)d year", "every %(count)d years", count)),
    }[parts["FREQ"]]
    return once if count == 1 else many % {"count": count}


def _on_days(parts: dict[str, str]) -> str:
    days = parts.get("BYDAY", "").split(",")
    if parts["FREQ"] != "WEEKLY" or not set(days) <= set(DAYS) or parts["BYDAY"] == WORKDAYS:
        return ""
    return " " + _("on %(days)s") % {"days": ", ".join(str(WEEKDAYS[DAYS.index(day)]) for day in days)}


def _end(parts: dict[str, str], last: date | None) -> str:
    if "COUNT" in parts:
        left = int(parts["COUNT"])
        return ", " + ngettext("once more", "%(count)d times", left) % {"count": left}
    return ", " + _("until %(day)s") % {"day": date_format(last, _("j M Y"))} if last else ""
