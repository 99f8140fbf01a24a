"""Rules by which something repeats (RFC 5545), worked out by `dateutil.rrule` and always within bounds.

Rules repeat by the clock on the wall of one zone, so that "every Monday at 9" stays at 9 when the clocks change.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice, takewhile

from dateutil.rrule import rrule, rrulestr
from django.utils.translation import gettext as _

from regulars.promises.times.wall_time import from_wall, to_wall

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
PARTS = frozenset(
    {
        "FREQ",
        "INTERVAL",
        "COUNT",
        "UNTIL",
        "BYDAY",
        "BYMONTHDAY",
        "BYMONTH",
        "BYSETPOS",
        "BYYEARDAY",
        "BYWEEKNO",
        "WKST",
    }
)
MOST_TIMES = 1000  # the largest COUNT
LONGEST_GAP = 400  # the largest INTERVAL
SOON = timedelta(days=12 * 366)  # a rule must occur within this time
WIDEST = timedelta(days=400)  # nobody expands more at once
# The calendar repeats itself every 400 years. Counting near the end of Python's calendar makes a rule that never
# occurs again come to its end within a moment instead of minutes.
SHIFT = 19 * 400
LAST_YEAR = 9999 - SHIFT - 30


class BadRule(ValueError):
    """A rule that can't be used; the message is for the person who gave it."""


def parts_of(rule: str) -> dict[str, str]:
    """Return the parts of `rule` by name. Raises BadRule for what is no rule or has parts that are not understood."""
    text = rule.strip().removeprefix("RRULE:").rstrip(";").upper()
    pairs = [part.partition("=") for part in text.split(";")]
    parts = {name.strip(): value.strip() for name, _equals, value in pairs}
    if parts.get("FREQ") not in FREQUENCIES or not set(parts) <= PARTS or "" in parts.values():
        raise BadRule(_("This repeat rule isn’t understood."))
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadRule(_("A repeat ends after a number of times or on a day, not both."))
    return parts


def written(parts: dict[str, str]) -> str:
    """Return the rule with these parts."""
    return ";".join(f"{name}={value}" for name, value in parts.items())


def check_rule(rule: str, first: datetime, zone: tzinfo) -> str:
    """Return `rule` in its plain form, with UNTIL in UTC. `first` is where it begins (aware).

    Raises BadRule for what is not understood, for numbers out of bounds, and for a rule that never occurs.
    """
    parts = parts_of(rule)
    try:
        if not 1 <= int(parts.get("INTERVAL", "1")) <= LONGEST_GAP:
            raise BadRule(_("A repeat can’t be further apart than 400 days, weeks, months or years."))
        if not 1 <= int(parts.get("COUNT", "1")) <= MOST_TIMES:
            raise BadRule(_("A repeat has at least 1 and at most 1000 times."))
        if "UNTIL" in parts:
            parts["UNTIL"] = f"{_until(parts['UNTIL'], zone):%Y%m%dT%H%M%SZ}"
        plain = written(parts)
        start = next(_walls(plain, to_wall(first, zone), zone), None)
    except BadRule:
        raise
    except (ValueError, TypeError, OverflowError, KeyError, IndexError) as error:
        raise BadRule(_("This repeat rule isn’t understood.")) from error
    if start is None or start - to_wall(first, zone) > SOON:
        raise BadRule(_("This repeat never occurs."))
    return plain


def _until(text: str, zone: tzinfo) -> datetime:
    """The end of a rule in UTC: given in UTC, by the wall, or as a day, which counts to its end."""
    if text.endswith("Z"):
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if "T" in text:
        return from_wall(datetime.fromisoformat(text), zone)
    return from_wall(datetime.combine(date.fromisoformat(text), time(23, 59, 59)), zone)


def _walls(rule: str, first: datetime, zone: tzinfo, since: datetime | None = None) -> Iterator[datetime]:
    """The wall times at which `rule` occurs, from its beginning `first`; may leave out those before `since`."""
    if first.year > LAST_YEAR:
        return iter(())
    parts = parts_of(rule)
    if "UNTIL" in parts:
        last = to_wall(_until(parts.pop("UNTIL"), zone), zone)
        if last.year + SHIFT <= 9999:
            parts["UNTIL"] = f"{_shift(last):%Y%m%dT%H%M%S}"
    made = rrulestr(written(parts), dtstart=_shift(first))
    assert isinstance(made, rrule)  # noqa: S101  (a single rule makes no set)
    if since is not None and "COUNT" not in parts:
        made = _skipped(made, parts, first, since)
    return (wall.replace(year=wall.year - SHIFT) for wall in made)


def _shift(wall: datetime) -> datetime:
    return wall.replace(year=wall.year + SHIFT, microsecond=0)


def _skipped(rule: rrule, parts: dict[str, str], first: datetime, since: datetime) -> rrule:
    """The same rule begun just before `since`, in step with its interval, so that years gone by cost nothing."""
    step = {"DAILY": 1, "WEEKLY": 7}.get(parts["FREQ"], 0) * int(parts.get("INTERVAL", "1"))
    days = (since - first).days - 7
    if not step or days <= step:
        return rule
    return rule.replace(dtstart=_shift(first) + timedelta(days=days // step * step))


def starts(
    rule: str, first: datetime, zone: tzinfo, start: datetime, end: datetime, at_most: int = LONGEST_GAP
) -> list[datetime]:
    """Return the moments (UTC) in [start, end) at which `rule` occurs: at most `at_most`, in at most 400 days."""
    end = min(end, start + WIDEST)
    if end <= first:
        return []
    low, high = to_wall(start, zone) - timedelta(hours=3), to_wall(end, zone) + timedelta(hours=3)
    walls = takewhile(lambda wall: wall < high, _walls(rule, to_wall(first, zone), zone, since=low))
    moments = (from_wall(wall, zone) for wall in walls if wall >= low)
    return list(islice((moment for moment in moments if start <= moment < end), at_most))


def first_start(rule: str, first: datetime, zone: tzinfo) -> datetime:
    """Return the first moment at or after `first` at which the (checked) rule occurs."""
    return from_wall(next(_walls(rule, to_wall(first, zone), zone)), zone)


def last_start(rule: str, first: datetime, zone: tzinfo) -> datetime | None:
    """Return the last moment at which the rule occurs, or an upper bound for it; None when it never ends."""
    parts = parts_of(rule)
    if "UNTIL" in parts:
        return _until(parts["UNTIL"], zone)
    if "COUNT" not in parts:
        return None
    last = first
    for wall in islice(_walls(rule, to_wall(first, zone), zone), MOST_TIMES):
        last = from_wall(wall, zone)
    return last


def occurs_at(rule: str, first: datetime, zone: tzinfo, moment: datetime) -> bool:
    """Whether the rule has an occurrence exactly at `moment`."""
    return starts(rule, first, zone, moment, moment + timedelta(seconds=1)) == [moment]


def ended_before(rule: str, moment: datetime) -> str:
    """Return the rule without the times from `moment` on."""
    parts = parts_of(rule)
    parts.pop("COUNT", None)
    parts["UNTIL"] = f"{(moment - timedelta(seconds=1)).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return written(parts)


def continued(rule: str, first: datetime, zone: tzinfo, moment: datetime) -> str:
    """Return the rule for the times from `moment` on: a number of times is what is left of it."""
    parts = parts_of(rule)
    if "COUNT" in parts:
        at = to_wall(moment, zone)
        past = sum(1 for _wall in takewhile(lambda wall: wall < at, _walls(rule, to_wall(first, zone), zone)))
        parts["COUNT"] = str(max(1, int(parts["COUNT"]) - past))
    return written(parts)


def turned(rule: str, before: datetime, after: datetime, zone: tzinfo) -> str:
    """Return the rule for a series moved from `before` to `after`: its weekdays, its day and its end go along."""
    if not rule:
        return ""
    parts = parts_of(rule)
    old, new = to_wall(before, zone), to_wall(after, zone)
    if "BYDAY" in parts:
        parts["BYDAY"] = ",".join(_turned_day(day, old, new) for day in parts["BYDAY"].split(","))
    if parts.get("BYMONTHDAY") == str(old.day):
        parts["BYMONTHDAY"] = str(new.day)
    if parts.get("BYMONTH") == str(old.month):
        parts["BYMONTH"] = str(new.month)
    if "UNTIL" in parts and after > before:
        parts["UNTIL"] = f"{_until(parts['UNTIL'], zone) + (after - before):%Y%m%dT%H%M%SZ}"
    return written(parts)


def _turned_day(day: str, old: datetime, new: datetime) -> str:
    """ "MO" becomes "TU" when the series goes one day on; "1MO" becomes the weekday of the month that `new` is."""
    count, name = day[:-2], day[-2:]
    turned_name = WEEKDAYS[(WEEKDAYS.index(name) + new.weekday() - old.weekday()) % 7]
    if not count or turned_name != WEEKDAYS[new.weekday()]:
        return count + turned_name
    from_end = (monthrange(new.year, new.month)[1] - new.day) // 7 + 1
    return f"{-from_end if int(count) < 0 else (new.day - 1) // 7 + 1}{turned_name}"


def later(moment: datetime, delta: timedelta, zone: tzinfo) -> datetime:
    """Return `moment` moved by `delta` on the wall clock of `zone`."""
    return from_wall(to_wall(moment, zone) + delta, zone)
