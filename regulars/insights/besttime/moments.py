"""What people did of their own will, and when: calls, messages, visits and orders, by the clock where they live."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, Case, F, Func, SmallIntegerField, Value, When
from django.utils import timezone

from regulars.contacts.models import Involvement, Profile
from regulars.insights.models.besttime import CELLS, HOURS, PARTS
from regulars.insights.tables.besttime import WAYS, Way
from regulars.insights.value.reading import stream, table
from regulars.orders.models import Order
from regulars.timeline.models import Entry

if TYPE_CHECKING:
    from numpy.typing import NDArray

BACK = timedelta(days=730)  # what was longer ago says little of today
HOUR, DAY = 3600, 86400
VAGUE = (0, DAY // 2)  # a day without a time is written as midnight by imports, as noon by forms
NO_WAY = -1
_KINDS = {"call": Way.PHONE, "message": Way.MESSAGE, "email": Way.EMAIL, "meeting": Way.PERSON, "visit": Way.PERSON,
          "request": None}  # fmt: skip
_CHANNELS = {"till": Way.PERSON, "web": Way.WEB, "market": Way.WEB, "phone": Way.PHONE}


class Epoch(Func):
    """A moment as whole seconds since 1970, which is read ten times as fast as a moment."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """By the Julian day."""
        template = "CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)"
        return cast(Any, super().as_sql(compiler, connection, template=template, **extra))

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """By its epoch."""
        template = "CAST(FLOOR(EXTRACT(EPOCH FROM %(expressions)s)) AS BIGINT)"
        return cast(Any, super().as_sql(compiler, connection, template=template, **extra))


def _coded(column: str, codes: dict[str, Way | None]) -> Case:
    """The place of the way in WAYS; -1 where the kind says no way."""
    whens = [When(**{column: name}, then=Value(WAYS.index(way))) for name, way in codes.items() if way]
    return Case(*whens, default=Value(NO_WAY), output_field=SmallIntegerField())


class Reader:
    """Reads the answers of everybody once, and counts them by ranges of ids.

    Both tables are read from one end to the other: looking up the rows of each contact by an index would jump about
    the disk, which took ten times as long with ten million orders. So times and contacts are compared here, not there.
    """

    def __init__(self, today: date, zone: tzinfo | None = None) -> None:
        import numpy as np

        self.zone = zone or timezone.get_current_timezone()
        start = datetime.combine(today - BACK, time(), self.zone).astimezone(UTC)
        self.since = int(start.replace(minute=0, second=0, microsecond=0).timestamp())
        self.until = int(datetime.combine(today + timedelta(days=1), time(), self.zone).timestamp())
        found = np.concatenate([self._entries(), self._orders()])
        self.found = found[np.argsort(found["id"], kind="stable")]

    def counts(self, first: int, last: int, step: int = 1) -> "Counted":
        """Count the answers of contacts with ids after `first` up to `last`, every `step`-th id."""
        import numpy as np

        ends = np.searchsorted(self.found["id"], [first, last], side="right")
        found = self.found[slice(*ends)]
        found = found[found["id"] % step == 0] if step > 1 else found
        ids, who = np.unique(found["id"], return_inverse=True)
        at = found["at"].astype("i8")
        local, is_own = self._local(found["id"], at, first, last)
        exact = ~np.isin(self._at_home(at) % DAY, VAGUE)
        day, part = local // DAY, _part_of_hour()[local % DAY // HOUR]
        # 1 January 1970 was a Thursday. Several answers within one part of a day are one.
        cell = (day + 3) % 7 * PARTS + part
        times = _tally(who[exact], day[exact], cell[exact], (len(ids), CELLS))
        way = found["way"].astype("i8")
        known = way != NO_WAY
        ways = _tally(who[known], day[known], way[known], (len(ids), len(WAYS)))
        return Counted(ids, times, ways, np.isin(ids, is_own))

    def _entries(self) -> "NDArray[Any]":
        gone = set(Entry.objects.exclude(removed_at=None).order_by().values_list("pk", flat=True))
        rows = Involvement.objects.filter(kind__in=tuple(_KINDS)).order_by()
        columns = ("contact_id", Epoch(F("occurred_at")), _coded("kind", _KINDS), "entry_id")
        found = stream(rows.values_list(*columns))
        return table(
            (row[:3] for row in found if row[0] is not None and self._is_within(row[1]) and row[3] not in gone), *_ROW
        )

    def _orders(self) -> "NDArray[Any]":
        rows = Order.objects.exclude(channel="invoice").order_by()
        found = stream(rows.values_list("contact_id", Epoch(F("placed_at")), _coded("channel", {**_CHANNELS})))
        return table((row for row in found if row[0] is not None and self._is_within(row[1])), *_ROW)

    def _is_within(self, at: int) -> bool:
        return self.since <= at < self.until

    def _at_home(self, at: "NDArray[Any]") -> "NDArray[Any]":
        """Moments by the clock of the business."""
        return self._by_clock(at, str(self.zone))

    def _local(self, who: "NDArray[Any]", at: "NDArray[Any]", first: int, last: int) -> Any:
        """Moments by the clock of each contact, and whose clock is their own."""
        import numpy as np

        local = self._at_home(at)
        zones: dict[str, list[int]] = {}
        rows = Profile.objects.filter(contact_id__gt=first, contact_id__lte=last).exclude(time_zone="").order_by()
        for pk, name in rows.values_list("contact_id", "time_zone"):
            if _zone(name) is not None:
                zones.setdefault(name, []).append(pk)
        for name, ids in zones.items():
            theirs = np.isin(who, ids)
            local[theirs] = self._by_clock(at[theirs], name)
        return local, np.array(sorted(pk for ids in zones.values() for pk in ids), dtype=np.int64)

    def _by_clock(self, at: "NDArray[Any]", zone: str) -> "NDArray[Any]":
        start = self.since // HOUR
        ahead = _ahead(zone, start, self.until // HOUR + 1)
        local: NDArray[Any] = at + ahead[at // HOUR - start]
        return local


class Counted:
    """Answers of contacts: `ids`, their counts by cell of the week and by way, and whose clock is their own."""

    def __init__(self, ids: Any, times: Any, ways: Any, is_own: Any) -> None:
        self.ids, self.times, self.ways, self.is_own = ids, times, ways, is_own


_ROW = (("id", "i8"), ("at", "u4"), ("way", "i1"))


def _tally(who: "NDArray[Any]", day: "NDArray[Any]", cell: "NDArray[Any]", shape: tuple[int, int]) -> "NDArray[Any]":
    """People × cells: on how many days each was seen in each."""
    import numpy as np

    people, cells = shape
    seen = np.unique((day * max(people, 1) + who) * cells + cell)
    return np.bincount(seen % (max(people, 1) * cells), minlength=people * cells).reshape(shape).astype("f8")


@lru_cache(maxsize=1)
def _part_of_hour() -> "NDArray[Any]":
    """Which part of the day each hour belongs to; the night goes on until the morning."""
    import numpy as np

    begins = [6, 6 + HOURS[0], 6 + HOURS[0] + HOURS[1], 24 - 2]
    return np.array([sum(hour >= begin for begin in begins) - 1 if hour >= begins[0] else PARTS - 1
                     for hour in range(24)])  # fmt: skip


@lru_cache(maxsize=500)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


@lru_cache(maxsize=64)
def _ahead(zone: str, first: int, last: int) -> "NDArray[Any]":
    """By how many seconds the clocks of a zone are ahead of UTC, for each hour since 1970 from `first` to `last`."""
    import numpy as np

    known = _zone(zone) or UTC
    hours = (datetime.fromtimestamp(hour * HOUR, known) for hour in range(first, last + 1))
    return np.array([(at.utcoffset() or timedelta()).total_seconds() for at in hours], dtype=np.int64)
