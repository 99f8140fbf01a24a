"""What warnings look at: arrays over all people (or all companies, or a few of them), each read once when asked for."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from regulars.insights.tables.standing import since_of
from regulars.insights.value import reading

if TYPE_CHECKING:
    from numpy.typing import NDArray

Arrays = TypeVar("Arrays")
RHYTHM_NEEDS = 4  # days of purchase from which on three gaps make a rhythm


class Book:
    """Everybody of `kind` ("contact" or "company") who bought, in the order of their ids; amounts in minor units."""

    def __init__(self, kind: str, today: date, ids: Iterable[int] | None = None) -> None:
        self.kind, self.today = kind, today
        self.facts = reading.facts(kind, ids)

    def __len__(self) -> int:
        return len(self.facts)

    @property
    def ids(self) -> "NDArray[Any]":
        """Whose rows these are."""
        found: NDArray[Any] = self.facts["id"]
        return found

    @cached_property
    def silence(self) -> "NDArray[Any]":
        """Days since the last purchase."""
        found: NDArray[Any] = self.today.toordinal() - self.facts["last"]
        return found

    @cached_property
    def gap(self) -> "NDArray[Any]":
        """The usual gap between days of purchase in days; 0 for those without a rhythm yet."""
        import numpy as np

        gaps = np.maximum(self.facts["days"] - 1, 1)
        return np.where(self.facts["days"] >= RHYTHM_NEEDS, self.facts["gap_days"] / gaps, 0.0)

    @cached_property
    def patience(self) -> "NDArray[Any]":
        """Days of silence that are still usual: half as long again, and two standard deviations beyond the gap."""
        import numpy as np

        gaps = np.maximum(self.facts["days"] - 1, 1)
        spread = np.sqrt(np.maximum(self.facts["gap_squares"] / gaps - self.gap**2, 0.0))
        found: NDArray[Any] = np.maximum(np.maximum(self.gap * 1.5, self.gap + 2 * spread), 7.0)
        return found

    def months(self, column: str, first: int, last: int) -> "NDArray[Any]":
        """The sum of a column of CustomerMonth over whole months: `first` to `last` months ago, 1 is the last one."""
        key = (column, first, last)
        if key not in self._months:
            since, until = since_of(first + 1, self.today), since_of(last, self.today)
            assert since is not None  # noqa: S101  (`first` is at least 1)
            self._months[key] = reading.of_window(self.kind, self.ids, column, since, until)
        return self._months[key]

    def once(self, name: str, make: "Callable[[], Arrays]") -> "Arrays":
        """What `make` returns, made when first asked for under this name: warnings ask again for each customer."""
        if name not in self._made:
            self._made[name] = make()
        found: Arrays = self._made[name]
        return found

    @cached_property
    def _made(self) -> dict[str, Any]:
        return {}

    @cached_property
    def _months(self) -> "dict[tuple[str, int, int], NDArray[Any]]":
        return {}

    @cached_property
    def worth(self) -> "NDArray[Any]":
        """What each brought in the better one of the last two years; by the year over all time for those before."""
        import numpy as np

        best = np.maximum(self.months("value", 12, 1), self.months("value", 24, 13))
        years = np.maximum(self.facts["last"] - self.facts["first"], 365) / 365.25
        found: NDArray[Any] = np.where(best > 0, best, (self.facts["value"] / years)).astype(np.int64)
        return found

    def place_of(self, owners: "NDArray[Any]") -> "tuple[NDArray[Any], NDArray[Any]]":
        """Return which of `owners` (ids) are in the book, and their places in it."""
        import numpy as np

        if not len(self):
            return np.zeros(len(owners), dtype=bool), np.zeros(0, dtype=np.int64)
        place = np.minimum(np.searchsorted(self.ids, owners), len(self) - 1)
        there = self.ids[place] == owners
        return there, place[there]
