"""How things hang together: promises kept, quick answers, staying, value, referrals, each with its interval.

Every comparison looks at what was done in twelve months and what came of it in the six months after. A difference of
two shares stands with Newcombe's 95 % interval. It is an association: nothing here proves what causes what.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.db.models import F
from django.utils.translation import gettext as _

from regulars.contacts.models import Referral
from regulars.insights.charts import (
    DIFFERENCE,
    NUMBER,
    PERCENT,
    SHARE,
    BarChart,
    Column,
    Figure,
    Intervals,
    Series,
    Table,
)
from regulars.insights.comparing import Share, difference
from regulars.insights.cubes.reading import Sight
from regulars.insights.reports.base import number, percent, sentences, too_few
from regulars.insights.reports.people import Windows, buyers, profiles, requests
from regulars.insights.tables import Tally
from regulars.promises.models import Promise

KEPT, ANSWERED, STAYING, GIVING = "kept-promises", "quick-answers", "staying-value", "value-referrals"
WITH, WITHOUT = "with", "without"
DONE, AFTER = 12, 6
TOP = 5  # the top fifth


def _two(groups: dict[str, tuple[int, int]]) -> list[Tally]:
    return [Tally(label=label, count=count, total=total) for label, (count, total) in groups.items()]


def _came_back(good: dict[int, bool], windows: Windows) -> list[Tally]:
    """Those for whom it was good and the others: how many bought in the months after."""
    back = buyers(good, windows.cut, windows.end)
    groups = {}
    for label, wanted in ((WITH, True), (WITHOUT, False)):
        ids = [pk for pk, was in good.items() if was is wanted]
        groups[label] = (sum(pk in back for pk in ids), len(ids))
    return _two(groups)


def tally_kept(today: date) -> list[Tally]:
    """Customers whose promises were all kept in time, and those with one that was late or broken."""
    windows = Windows.before(today, DONE, AFTER)
    rows = Promise.objects.settled().filter(
        contact__isnull=False,
        contact__worth__first_on__lt=windows.cut,
        due_on__gte=windows.begin,
        due_on__lt=windows.cut,
    )
    good: dict[int, bool] = defaultdict(lambda: True)
    late = F("first_due_at")
    for pk, status, due, settled in (
        rows.annotate(due=late).values_list("contact_id", "status", "due", "settled_at").iterator()
    ):
        good[pk] &= status == Promise.Status.KEPT and settled <= due
    return _came_back(dict(good), windows)


def tally_answered(today: date) -> list[Tally]:
    """Customers whose requests were all answered within a day, and those who waited longer."""
    windows = Windows.before(today, DONE, AFTER)
    good: dict[int, bool] = defaultdict(lambda: True)
    for pk, quick in requests(*windows.moments()):
        good[pk] &= quick
    known = buyers(good, date(1970, 1, 1), windows.cut)
    return _came_back({pk: quick for pk, quick in good.items() if pk in known}, windows)


def tally_staying(today: date) -> list[Tally]:
    """Customers who bought in the next half-year, and those who did not: who was in the top fifth after."""
    windows = Windows.before(today, AFTER, AFTER)
    people = [(one.during > 0, one.after) for one in profiles(windows, AFTER)]
    edge = _top_edge([after for _stayed, after in people])
    return _outcome((stayed, after >= edge) for stayed, after in people)


def tally_giving(today: date) -> list[Tally]:
    """The fifth of customers who brought most, and the others: who brought somebody in the months after."""
    windows = Windows.before(today, DONE, AFTER)
    people = [(one.pk, one.early + one.during) for one in profiles(windows, 1)]
    edge = _top_edge([value for _pk, value in people])
    since = windows.moments()[1]
    brought = set(
        Referral.objects.filter(brought_at__gte=since, by_contact__isnull=False).values_list("by_contact_id", flat=True)
    )
    return _outcome((value >= edge, pk in brought) for pk, value in people)


def _top_edge(values: list[int]) -> int:
    """The least value of the top fifth, at least one."""
    ordered = sorted(values, reverse=True)
    return max(ordered[len(ordered) // TOP], 1) if ordered else 1


def _outcome(pairs: Iterable[tuple[bool, bool]]) -> list[Tally]:
    groups = {WITH: (0, 0), WITHOUT: (0, 0)}
    for was, came in pairs:
        label = WITH if was else WITHOUT
        count, total = groups[label]
        groups[label] = (count + came, total + 1)
    return _two(groups)


def shares(rows: Sequence[Tally]) -> tuple[Share, Share]:
    """Those with and those without, from what is kept."""
    found = {row.label: Share(row.count, row.total) for row in rows}
    return found.get(WITH, Share(0, 0)), found.get(WITHOUT, Share(0, 0))


def _sentence(rows: Sequence[Tally], said: str) -> str:
    one, other = shares(rows)
    if not (one.is_enough and other.is_enough):
        return too_few(min(one.total, other.total))
    gap = difference(one, other)
    named = said % {
        "with": percent(one.value),
        "without": percent(other.value),
        "n": number(one.total),
        "m": number(other.total),
    }
    interval = _("Difference: %(gap)+d points (95 %% interval: %(low)+d to %(high)+d).") % {
        "gap": round(gap.value * 100), "low": round(gap.low * 100), "high": round(gap.high * 100),
    }  # fmt: skip
    unclear = "" if gap.is_clear else _("That may well be chance.")
    return sentences(named, interval, unclear)


def caution() -> str:
    """What every association is followed by."""
    return _(
        "This goes together; it does not prove that one brings the other. Customers differ in many ways. "
        "Differences of "
        "shares with Newcombe’s interval."
    )


def _figure(name: str, rows: Sequence[Tally], said: str, labels: tuple[str, str], outcome: str) -> Figure:
    one, other = shares(rows)
    if not (one.total or other.total):
        return Figure(name, too_few(0), note=caution())
    chart = BarChart(labels, [Series(outcome, [one.value, other.value])], SHARE, is_lying=True, height="h-40")
    cells = [
        [label, share.total, share.count, share.value, *share.interval]
        for label, share in zip(labels, (one, other), strict=True)
    ]
    heads = [
        Column(_("People"), NUMBER),
        Column(outcome, NUMBER),
        *(Column(h, PERCENT) for h in (_("Share"), _("From"), _("To"))),
    ]
    return Figure(name, _sentence(rows, said), chart, Table([Column(_("Group")), *heads], cells), note=caution())


def kept(sight: Sight) -> Sequence[Figure]:
    """Promises kept against coming back."""
    return [
        _figure(
            KEPT,
            sight.tallies(KEPT),
            _("Of %(n)s customers to whom we kept every promise in time %(with)s bought again within six "
              "months; of %(m)s to "
              "whom we were late or broke one, %(without)s."),
            (_("Every promise kept in time"), _("One late or broken")),
            _("Bought again"),
        )
    ]  # fmt: skip


def answers(sight: Sight) -> Sequence[Figure]:
    """Response time against coming back."""
    return [
        _figure(
            ANSWERED,
            sight.tallies(ANSWERED),
            _("Of %(n)s customers whose every request was answered within a day %(with)s bought again within "
              "six months; of "
              "%(m)s who waited longer, %(without)s."),
            (_("Answered within a day"), _("Waited longer")),
            _("Bought again"),
        )
    ]  # fmt: skip


def _links() -> list[tuple[str, Callable[[], str]]]:
    return [
        (KEPT, lambda: _("Every promise kept → bought again")),
        (ANSWERED, lambda: _("Answered within a day → bought again")),
        (STAYING, lambda: _("Stayed → among the top fifth by value")),
        (GIVING, lambda: _("Among the top fifth by value → brought somebody")),
    ]


def together(sight: Sight) -> Sequence[Figure]:
    """Satisfaction, retention, value, referrals: what goes together with what, and how surely."""
    found = [(label(), *shares(sight.tallies(name))) for name, label in _links()]
    enough = [(label, one, other) for label, one, other in found if one.is_enough and other.is_enough]
    gaps = [(label, difference(one, other)) for label, one, other in enough]
    clear = [label for label, gap in gaps if gap.low > 0]
    if not enough:
        said = too_few(min((min(one.total, other.total) for _label, one, other in found), default=0))
    elif clear:
        said = _("%(clear)d of %(all)d links are clear, the first by %(gap)+d points: %(label)s.") % {
            "label": clear[0],
            "clear": len(clear), "all": len(gaps),
            "gap": round(next(gap for label, gap in gaps if label == clear[0]).value * 100),
        }  # fmt: skip
    else:
        said = _("None of the %(all)d links is clear yet: each interval includes no difference at all.") % {
            "all": len(gaps)
        }
    satisfaction = _("Satisfaction is not in it yet: nobody has been asked. It joins once surveys have answers.")
    cells = [[label, one.total, one.value, other.total, other.value, *_gap(one, other)] for label, one, other in found]
    heads = [
        Column(_("Link")), Column(_("People with"), NUMBER), Column(_("Share"), PERCENT), Column(_("Without"), NUMBER),
        Column(_("Share"), PERCENT), Column(_("Difference"), PERCENT), Column(_("From"), PERCENT),
        Column(_("To"), PERCENT),
    ]  # fmt: skip
    chart = (
        Intervals([label for label, _gap_ in gaps], [(g.low, g.value, g.high) for _l, g in gaps], DIFFERENCE)
        if gaps
        else None
    )
    return [Figure("together", sentences(said, satisfaction), chart, Table(heads, cells), note=caution())]


def _gap(one: Share, other: Share) -> list[float | None]:
    if not (one.is_enough and other.is_enough):
        return [None, None, None]
    gap = difference(one, other)
    return [gap.value, gap.low, gap.high]
