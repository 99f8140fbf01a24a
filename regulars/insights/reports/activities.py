"""Which activities matter: customers who got a call, thanks or a greeting against customers alike who did not.

Both are compared within strata: the same number of months with a purchase, the same time since the last one, the same
time since the first one, before anything was done. The common difference is Mantel and Haenszel's.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.contacts.models import ImportantDate, Involvement
from regulars.insights.charts import NUMBER, PERCENT, Column, Figure, Intervals, Table
from regulars.insights.comparing import ENOUGH, Share, Stratum, matched
from regulars.insights.cubes.reading import YEAR, Sight
from regulars.insights.reports.base import number, percent, sentences, too_few
from regulars.insights.reports.people import Profile, Windows, profiles, requests
from regulars.insights.tables import Tally
from regulars.promises.models import Thanks

ACTIVITIES = "activities"
DONE, AFTER = 3, 3  # months
CALL, THANKS, BIRTHDAY = "call", "thanks", "birthday"
GREETINGS = ("call", "message", "email", "visit", "thanks")
OFTEN, SOME, RECENT, LATELY = 7, 3, 1, 3
Groups = tuple[set[int], set[int] | None]  # who got it, and who could have (None: everybody)


def _label(name: str) -> str:
    return {
        CALL: _("A call within a day of asking for something"),
        THANKS: _("Being thanked"),
        BIRTHDAY: _("A word on the birthday"),
    }[name]


def tally_activities(today: date) -> list[Tally]:
    """For each activity: people with and without by stratum, and how many of them bought in the three months after."""
    windows = Windows.before(today, DONE, AFTER)
    people = list(profiles(windows, YEAR))
    found = []
    for name, who in ((CALL, _called), (THANKS, _thanked), (BIRTHDAY, _greeted)):
        got, could = who(windows)
        strata = _strata(people, windows, got, could)
        both = [row for row in strata if row[1] and row[3]]
        found.append(
            Tally(
                label=name,
                count=sum(row[0] for row in both),
                total=sum(row[1] for row in both),
                detail={"strata": strata},
            )
        )
    return found


def _strata(people: Sequence[Profile], windows: Windows, got: set[int], could: set[int] | None) -> list[list[int]]:
    """[bought, of those who got it, bought, of those who did not] for each stratum."""
    rows: dict[tuple[int, int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in people:
        if one.pk in got or could is None or one.pk in could:
            row, at = rows[_stratum(one, windows)], 0 if one.pk in got else 2
            row[at] += one.bought_after
            row[at + 1] += 1
    return list(rows.values())


def _stratum(one: Profile, windows: Windows) -> tuple[int, int, int]:
    """How often, how lately, and since when they bought, in a few steps each."""

    def ago(day: date) -> int:
        return (windows.begin.year - day.year) * YEAR + windows.begin.month - day.month

    often = 0 if one.months == 1 else 1 if one.months <= SOME else 2 if one.months < OFTEN else 3
    lately = 0 if ago(one.last) <= RECENT else 1 if ago(one.last) <= LATELY else 2 if ago(one.last) <= YEAR // 2 else 3
    since = 0 if ago(one.first) <= YEAR // 2 else 1 if ago(one.first) <= 2 * YEAR else 2
    return often, lately, since


def _called(windows: Windows) -> Groups:
    """Everybody who asked for something; those who were called within a day."""
    got, could = set[int](), set[int]()
    for pk, quick in requests(*windows.moments(), kinds=("call",)):
        (got if quick else could).add(pk)
    return got, could


def _thanked(windows: Windows) -> Groups:
    begin, cut = windows.moments()
    rows = Thanks.objects.filter(contact__isnull=False, thanked_at__gte=begin, thanked_at__lt=cut)
    return set(rows.values_list("contact_id", flat=True)), None


def _greeted(windows: Windows) -> Groups:
    """Everybody whose birthday it was; those with whom we were in touch within a day of it, or who were thanked."""
    days: dict[int, date] = {}
    months = [windows.begin.month, windows.begin.month % 12 + 1, (windows.begin.month + 1) % 12 + 1]
    rows = ImportantDate.objects.filter(kind=ImportantDate.Kind.BIRTHDAY, month__in=months)
    for pk, month, day in rows.values_list("contact_id", "month", "day").iterator():
        year = windows.begin.year + (month < windows.begin.month)
        days[pk] = date(year, month, 1) + timedelta(days=day - 1)
    begin, cut = windows.moments()
    touched = Involvement.objects.filter(
        contact__isnull=False, kind__in=GREETINGS, occurred_at__gte=begin, occurred_at__lt=cut, entry__removed_at=None
    )
    got = set()
    for pk, at in touched.values_list("contact_id", "occurred_at").iterator():
        if pk in days and abs((timezone.localtime(at).date() - days[pk]).days) <= 1:
            got.add(pk)
    return got, set(days)


def activities(sight: Sight) -> Sequence[Figure]:
    """Each activity with the difference it goes together with, among customers who were alike before."""
    kept = {row.label: row for row in sight.tallies(ACTIVITIES)}
    lines = [_line(name, kept[name]) for name in (CALL, THANKS, BIRTHDAY) if name in kept]
    enough = [line for line in lines if line.gap is not None]
    chart = None
    if enough:
        points = [(line.gap.low, line.gap.value, line.gap.high) for line in enough if line.gap]
        chart = Intervals([line.label for line in enough], points)
    heads = [
        Column(_("What was done")), Column(_("People who got it"), NUMBER), Column(_("Bought after"), PERCENT),
        Column(_("Alike without"), NUMBER), Column(_("Bought after"), PERCENT), Column(_("Difference"), PERCENT),
        Column(_("From"), PERCENT), Column(_("To"), PERCENT),
    ]  # fmt: skip
    table = Table(heads, [line.cells for line in lines]) if lines else None
    note = _(
        "Each group is compared with customers who bought as often, as lately and for as long before. Whoever "
        "is called or "
        "thanked may still differ in ways that nobody noted: take it as a hint, and try it on purpose to be "
        "sure. Mantel and "
        "Haenszel’s difference over strata, interval by Greenland and Robins."
    )
    return [Figure(ACTIVITIES, _words(lines), chart, table, note=note)]


class Line:
    """One activity as the page shows it."""

    def __init__(self, name: str, strata: list[list[int]]) -> None:
        both = [row for row in strata if row[1] and row[3]]
        self.label = _label(name)
        self.got = Share(sum(row[0] for row in both), sum(row[1] for row in both))
        self.other = Share(sum(row[2] for row in both), sum(row[3] for row in both))
        is_enough = min(self.got.total, self.other.total) >= ENOUGH
        made = [Stratum(Share(row[0], row[1]), Share(row[2], row[3])) for row in both]
        self.gap = matched(made) if is_enough else None

    @property
    def cells(self) -> list[object]:
        """The row of the table. The shares are plain, the difference is matched: they need not add up."""
        gap = [self.gap.value, self.gap.low, self.gap.high] if self.gap else [None, None, None]
        one, other = (share.value if share.total else None for share in (self.got, self.other))
        return [self.label, self.got.total, one, self.other.total, other, *gap]


def _line(name: str, row: Tally) -> Line:
    return Line(name, row.detail.get("strata", []))


def _words(lines: Sequence[Line]) -> str:
    enough = [line for line in lines if line.gap is not None]
    if not enough:
        return too_few(max((line.got.total for line in lines), default=0))
    best = max(enough, key=lambda line: line.gap.low if line.gap else -1.0)
    gap = best.gap
    if gap is None or gap.low <= 0:
        return _("No activity shows a clear difference yet: each interval includes none at all.")
    said = _("“%(what)s” goes together with most: %(got)s of %(n)s bought in the three months after, %(gap)+d "
             "points more than "
             "customers alike (95 %% interval: %(low)+d to %(high)+d).") % {
        "what": best.label, "got": percent(best.got.value), "n": number(best.got.total), "gap": round(gap.value * 100),
        "low": round(gap.low * 100), "high": round(gap.high * 100),
    }  # fmt: skip
    return sentences(said)
