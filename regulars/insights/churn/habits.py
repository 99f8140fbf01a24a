"""Warnings that come from how somebody buys: silence, fewer visits, smaller baskets."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.insights.churn.book import Book
from regulars.insights.churn.warnings import Numbers, Warning
from regulars.insights.tables.winback import Play
from regulars.lib import moments

if TYPE_CHECKING:
    from numpy.typing import NDArray

MONTHS = 3  # whole months that are compared
VISITS_NEEDED, ORDERS_NOW, ORDERS_BEFORE = 6, 3, 5
LEAST_DROP = 0.3


class Silence(Warning):
    """Nobody has seen them for longer than is usual for them: beyond half as long again and two standard deviations."""

    key, label = "silence", gettext_lazy("Silent for longer than usual")

    def strengths(self, book: Book) -> "NDArray[Any]":
        """From .35 when the patience has run out towards .95."""
        import numpy as np

        silence = np.maximum(book.silence, 1)
        beyond = (book.gap > 0) & (silence > book.patience)
        return np.where(beyond, 0.35 + 0.6 * (1 - book.patience / silence), 0.0)

    def numbers(self, book: Book, place: int) -> dict[str, Any]:
        """The usual gap, and since when."""
        last = date.fromordinal(int(book.facts["last"][place])).isoformat()
        return {"every": max(1, round(float(book.gap[place]))), "last": last}

    def say(self, numbers: Numbers, today: date) -> str:
        """ "Buys every 9 days, silent for 26 days"."""
        silent = moments.span((today - date.fromisoformat(numbers["last"])).days)
        every = moments.span(numbers["every"]) if numbers["every"] > 1 else _("day")
        return _("Buys every %(every)s, silent for %(silent)s") % {"every": every, "silent": silent}


class FewerVisits(Warning):
    """They came half as often in the last three whole months as in the three before, and as a year ago."""

    key: ClassVar[str] = "fewer"
    label: ClassVar[str | Promise] = gettext_lazy("Comes less often")
    play = Play.OFFER

    def strengths(self, book: Book) -> "NDArray[Any]":
        """From .35 at half as often to .7 for not at all."""
        import numpy as np

        now, before = self._counts(book)
        drop = 1 - now / np.maximum(before, 1)
        return np.where((before >= VISITS_NEEDED) & (drop >= 0.5), drop * 0.7, 0.0)

    def _counts(self, book: Book) -> "tuple[NDArray[Any], NDArray[Any]]":
        """Days now and before. Before is the lower one of the quarter before and the same quarter a year ago, for those
        who were customers then: who comes in summer only is not slipping away in autumn."""
        return book.once("fewer visits", lambda: self._read(book))

    def _read(self, book: Book) -> "tuple[NDArray[Any], NDArray[Any]]":
        import numpy as np

        now, quarter = book.months("days", MONTHS, 1), book.months("days", 2 * MONTHS, MONTHS + 1)
        year = book.months("days", 12 + MONTHS, 13)
        was_there = book.facts["first"] < book.today.toordinal() - 470
        return now, np.where(was_there, np.minimum(quarter, year), quarter)

    def numbers(self, book: Book, place: int) -> dict[str, Any]:
        """How often now and before."""
        now, before = self._counts(book)
        return {"now": int(now[place]), "before": int(before[place])}

    def say(self, numbers: Numbers, today: date) -> str:
        """ "Came on 2 days in three months, 8 in the three before"."""
        text = ngettext(
            "Came on %(now)d day in three months, %(before)d in the three before",
            "Came on %(now)d days in three months, %(before)d in the three before",
            numbers["now"],
        )
        return text % {"now": numbers["now"], "before": numbers["before"]}


class SmallerBaskets(Warning):
    """An order of the last three whole months is worth clearly less than one of the nine months before."""

    key, label = "smaller", gettext_lazy("Buys less each time")
    play = Play.OFFER

    def strengths(self, book: Book) -> "NDArray[Any]":
        """From .3 for a third less to .65."""
        import numpy as np

        now, before = self._means(book)
        orders_now, orders_before = self._orders(book)
        enough = (orders_now >= ORDERS_NOW) & (orders_before >= ORDERS_BEFORE) & (before > 0)
        drop = 1 - now / np.maximum(before, 1)
        return np.where(enough & (drop >= LEAST_DROP), 0.15 + 0.5 * drop, 0.0)

    def _orders(self, book: Book) -> "tuple[NDArray[Any], NDArray[Any]]":
        return book.months("orders", MONTHS, 1), book.months("orders", 4 * MONTHS, MONTHS + 1)

    def _means(self, book: Book) -> "tuple[NDArray[Any], NDArray[Any]]":
        return book.once("smaller baskets", lambda: self._divide(book))

    def _divide(self, book: Book) -> "tuple[NDArray[Any], NDArray[Any]]":
        import numpy as np

        orders_now, orders_before = self._orders(book)
        value_now, value_before = book.months("value", MONTHS, 1), book.months("value", 4 * MONTHS, MONTHS + 1)
        return value_now / np.maximum(orders_now, 1), value_before / np.maximum(orders_before, 1)

    def numbers(self, book: Book, place: int) -> dict[str, Any]:
        """What an order is worth now and was before."""
        now, before = self._means(book)
        return {"now": int(now[place]), "before": int(before[place])}

    def say(self, numbers: Numbers, today: date) -> str:
        """ "Spends €12 each time, €21 before"."""
        from regulars.insights.value.words import currency
        from regulars.lib.money import money_text

        money = currency()
        values = {name: money_text(numbers[name], money, whole=True) for name in ("now", "before")}
        return _("Spends %(now)s each time, %(before)s before") % values
