"""Counting when and how people answer: every night, first everybody's pattern, then each person, in batches.

The pattern is saved before the first person is counted, and each batch commits its rows with the place it came to
(`Pattern.done_to`): whoever goes on after a crash fits nothing again.
"""

from datetime import date, timedelta
from time import perf_counter
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django_tasks import task

from regulars.access.home import at_home_of
from regulars.access.models import Organisation
from regulars.contacts.models import Contact
from regulars.insights.besttime.moments import Counted, Reader
from regulars.insights.tables.besttime import WAYS, BestTime, Pattern, Way
from regulars.lib import fast
from regulars.lib.schedule import every

if TYPE_CHECKING:
    from numpy.typing import NDArray

BATCH = 5_000  # ids
SAMPLE = 50_000  # people that everybody's pattern rests on
ENOUGH = 5  # answers
REACH = (Way.PHONE, Way.MESSAGE, Way.EMAIL)
_REACH = [WAYS.index(way) for way in REACH]
GIVEN_UP = timedelta(days=2)


def count_all(today: date | None = None) -> Pattern:
    """Count everybody now, in this process, or go on with what was begun today. Safe to run twice."""
    day = today or timezone.localdate()
    reader = Reader(day)
    pattern = Pattern.objects.filter(as_of=day, finished_at=None).order_by("-made_at").first() or _begin(reader, day)
    if pattern.finished_at is None:
        _go_on(pattern, reader)
    return pattern


def _begin(reader: Reader, today: date) -> Pattern:
    """Fit everybody's pattern and save it; where nobody has ever answered it ends at once."""
    begun = perf_counter()
    pattern = Pattern(as_of=today)
    times, ways = _sample(reader)
    pattern.people, pattern.moments = int((times.sum(axis=1) > 0).sum()), int(times.sum())
    pattern.time_alpha, pattern.way_alpha = _prior(times), _prior(ways)
    pattern.best = _everybodys_best(pattern.time_alpha)
    pattern.seconds = round(perf_counter() - begun, 2)
    pattern.save()
    if not pattern.time_alpha:
        with transaction.atomic():
            BestTime.objects.all().delete()
            pattern.finish()
        pattern.refresh_from_db()
    return pattern


def _sample(reader: Reader) -> "tuple[NDArray[Any], NDArray[Any]]":
    """Everybody's counts; of very many contacts those of every k-th id."""
    import numpy as np

    last = _last()
    step = max(1, -(-last // SAMPLE))
    width = BATCH * min(step, 4)
    found = [reader.counts(start, min(start + width, last), step) for start in range(0, last, width)]
    if not found:
        return np.zeros((0, 1)), np.zeros((0, 1))
    return np.concatenate([one.times for one in found]), np.concatenate([one.ways for one in found])


def _last() -> int:
    return Contact.objects.aggregate(last=Max("pk"))["last"] or 0


def _prior(counts: "NDArray[Any]") -> list[float]:
    from regulars.insights.models import besttime
    from regulars.insights.models.fitting import NotEnough

    try:
        return [round(float(value), 5) for value in besttime.fit(counts).alpha]
    except NotEnough:
        return []


def _everybodys_best(alpha: list[float]) -> dict[str, Any]:
    import numpy as np

    from regulars.insights.models.besttime import WINDOWS, best_time

    if not alpha:
        return {}
    best = best_time(np.zeros((1, len(alpha))), np.array(alpha))
    place = int(best.place[0])
    return {**_window(WINDOWS[place]), "share": float(best.share[0])} if place >= 0 else {}


def _window(window: Any) -> dict[str, int]:
    return {name: getattr(window, name) for name in ("day", "days", "part", "parts")}


def _go_on(pattern: Pattern, reader: Reader) -> None:
    """Count who is left, batch by batch."""
    last = _last()
    while pattern.done_to < last:
        until = min(pattern.done_to + BATCH, last)
        rows = _rows(pattern, reader.counts(pattern.done_to, until))
        with transaction.atomic():
            if not _write(pattern, until, rows):
                return  # somebody else goes on with it
    with transaction.atomic():
        BestTime.objects.filter(contact_id__gt=last).delete()
        pattern.finish()
    pattern.refresh_from_db()


def _write(pattern: Pattern, until: int, rows: list[dict[str, Any]]) -> bool:
    """Put the rows of one batch in the place of the old ones; False where another worker did."""
    first = pattern.done_to
    mine = Pattern.objects.filter(pk=pattern.pk, done_to=first, finished_at=None)
    if not mine.update(done_to=until):
        return False
    span = {"contact_id__gt": first, "contact_id__lte": until}
    BestTime.objects.filter(**span)._raw_delete("default")
    there = set(Contact.objects.filter(pk__gt=first, pk__lte=until).order_by().values_list("pk", flat=True))
    fast.insert(BestTime, [row for row in rows if row["contact_id"] in there])
    pattern.done_to = until
    return True


def _rows(pattern: Pattern, counted: Counted) -> list[dict[str, Any]]:
    import numpy as np

    times, ways = counted.times.sum(axis=1), counted.ways.sum(axis=1)
    rows = [
        {"contact_id": pk, "moments": many, "way_moments": known, "is_own_zone": own, "ways": _named(each)}
        for pk, many, known, own, each in zip(
            counted.ids.tolist(), times.astype(int).tolist(), ways.astype(int).tolist(), counted.is_own.tolist(),
            counted.ways.astype(int).tolist(), strict=True,
        )
    ]  # fmt: skip
    _say_times(rows, counted.times, pattern, np.flatnonzero(times >= ENOUGH))
    if pattern.way_alpha:
        _say_ways(rows, counted.ways, pattern, np.flatnonzero(ways >= ENOUGH))
        _say_reach(rows, counted.ways, pattern, np.flatnonzero(counted.ways[:, _REACH].sum(axis=1) >= ENOUGH))
    return rows


def _named(counts: list[int]) -> dict[str, int]:
    return {way: count for way, count in zip(WAYS, counts, strict=True) if count}


def _say_times(rows: list[dict[str, Any]], counts: "NDArray[Any]", pattern: Pattern, able: "NDArray[Any]") -> None:
    import numpy as np

    from regulars.insights.models.besttime import WINDOWS, best_time

    best = best_time(counts[able], np.array(pattern.time_alpha))
    for at, place, *ends in _found(able, best):
        rows[at] |= {**_window(WINDOWS[place]), **dict(zip(("share", "low", "high"), ends, strict=True))}


def _say_ways(rows: list[dict[str, Any]], counts: "NDArray[Any]", pattern: Pattern, able: "NDArray[Any]") -> None:
    import numpy as np

    from regulars.insights.models.besttime import best_way

    best = best_way(counts[able], np.array(pattern.way_alpha))
    for at, place, *ends in _found(able, best):
        rows[at] |= {"way": WAYS[place], **dict(zip(("way_share", "way_low", "way_high"), ends, strict=True))}


def _say_reach(rows: list[dict[str, Any]], counts: "NDArray[Any]", pattern: Pattern, able: "NDArray[Any]") -> None:
    """Of phone, message and email alone: a part of a Dirichlet distribution is one, too."""
    import numpy as np

    from regulars.insights.models.besttime import best_way

    best = best_way(counts[able][:, _REACH], np.array(pattern.way_alpha)[_REACH])
    for at, place, *_ends in _found(able, best):
        rows[at]["reach"] = REACH[place].value


def _found(able: "NDArray[Any]", best: Any) -> "list[tuple[int, int, float, float, float]]":
    columns = (able, best.place, best.share, best.low, best.high)
    lines = zip(*(column.tolist() for column in columns), strict=True)
    return [line for line in lines if line[1] >= 0]


@task()
def count_tonight() -> None:
    """Count everybody, by the clock of the business."""
    with at_home_of(None):
        count_all()


@every(hours=24)
def count_best_times() -> None:
    """Queue it, where somebody wants to know."""
    organisation = Organisation.current()
    if organisation is not None and organisation.has_module("insights"):
        count_tonight.enqueue()


@every(hours=1)
def pick_up() -> None:
    """Go on with a count whose worker died."""
    now = timezone.now()
    if Pattern.objects.filter(finished_at=None, made_at__range=(now - GIVEN_UP, now - timedelta(hours=1))).exists():
        count_tonight.enqueue()
