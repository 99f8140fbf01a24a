"""What people did of their own will, and when: calls, messages, visits and orders, by the clock where they live."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, Case, F, Func, QuerySet, SmallIntegerField, Value, When
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
    """Reads the answers of contacts by ranges of ids; knows once which entries were taken off their timelines."""

    def __init__(self, today: date, zone: tzinfo | None = None) -> None:
        self.zone = zone or timezone.get_current_timezone()
        start = datetime.combine(today - BACK, time(), self.zone).astimezone(UTC)
        self.since = start.replace(minute=0, second=0, microsecond=0)
        self.until = datetime.combine(today + timedelta(days=1), time(), self.zone).astimezone(UTC)
        removed = Entry.objects.exclude(removed_at=None).order_by().values_list("pk")
        self.removed = table(stream(removed), ("id", "i8"))["id"]

    def counts(self, first: int, last: int, step: int = 1) -> "Counted":
        """Count the answers of contacts with ids after `first` up to `last`, every `step`-th id."""
        import numpy as np

        found = np.concatenate([self._entries(first, last), self._orders(first, last)])
        found = found[found["id"] % step == 0] if step > 1 else found
        ids, who = np.unique(found["id"], return_inverse=True)
        local, is_own = self._local(found["id"], found["at"], first, last)
        exact = ~np.isin(self._at_home(found["at"]) % DAY, VAGUE)
        day, part = local // DAY, _part_of_hour()[local % DAY // HOUR]
        # 1 January 1970 was a Thursday. Several answers within one part of a day are one.
        cell = (day + 3) % 7 * PARTS + part
        times = _tally(who[exact], day[exact], cell[exact], (len(ids), CELLS))
        way = found["way"].astype(np.int64)
        known = way != NO_WAY
        ways = _tally(who[known], day[known], way[known], (len(ids), len(WAYS)))
        return Counted(ids, times, ways, np.isin(ids, is_own))

    def _entries(self, first: int, last: int) -> "NDArray[Any]":
        import numpy as np

        rows = Involvement.objects.filter(kind__in=tuple(_KINDS), **self._range(first, last, "occurred_at"))
        columns = ("contact_id", Epoch(F("occurred_at")), _coded("kind", _KINDS), "entry_id")
        found = _table(rows, columns, ("id", "i8"), ("at", "i8"), ("way", "i2"), ("entry", "i8"))
        found = found[~np.isin(found["entry"], self.removed)] if len(self.removed) else found
        return found[["id", "at", "way"]].astype(_ROW)

    def _orders(self, first: int, last: int) -> "NDArray[Any]":
        rows = Order.objects.exclude(channel="invoice").filter(**self._range(first, last, "placed_at"))
        columns = ("contact_id", Epoch(F("placed_at")), _coded("channel", {**_CHANNELS}))
        return _table(rows, columns, *_ROW)

    def _range(self, first: int, last: int, column: str) -> dict[str, Any]:
        return {"contact_id__gt": first, "contact_id__lte": last, f"{column}__gte": self.since,
                f"{column}__lt": self.until}  # fmt: skip

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
        start = int(self.since.timestamp()) // HOUR
        ahead = _ahead(zone, start, int(self.until.timestamp()) // HOUR + 1)
        local: NDArray[Any] = at + ahead[at // HOUR - start]
        return local


class Counted:
    """Answers of contacts: `ids`, their counts by cell of the week and by way, and whose clock is their own."""

    def __init__(self, ids: Any, times: Any, ways: Any, is_own: Any) -> None:
        self.ids, self.times, self.ways, self.is_own = ids, times, ways, is_own


_ROW = [("id", "i8"), ("at", "i8"), ("way", "i2")]


def _table(rows: "QuerySet[Any]", columns: Any, *types: tuple[str, str]) -> "NDArray[Any]":
    return table(stream(rows.order_by().values_list(*columns)), *types)


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
