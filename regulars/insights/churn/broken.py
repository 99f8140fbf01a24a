"""The warning of a broken promise: we did not keep our word, and they have not bought since."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.contacts.brief.words import say_day
from regulars.insights.churn.book import Book
from regulars.insights.churn.warnings import Numbers, Warning
from regulars.insights.tables.winback import Play
from regulars.insights.value.reading import DayNumber, stream, table
from regulars.promises.models.promise import Promise

if TYPE_CHECKING:
    from numpy.typing import NDArray

YEAR = timedelta(days=365)
AFTERWARDS = 14  # days in which somebody may still have bought out of habit


class BrokenPromise(Warning):
    """A promise was broken within a year, and at most once in the two weeks after it did they come again."""

    key, label, play = "promise", gettext_lazy("We broke a promise"), Play.APOLOGISE

    def strengths(self, book: Book) -> "NDArray[Any]":
        """.5, and .65 once the usual gap has passed since."""
        import numpy as np

        broken = self._broken(book)["day"]
        since = book.today.toordinal() - broken
        stayed_away = (broken > 0) & (book.facts["last"] <= broken + AFTERWARDS) & (since >= AFTERWARDS)
        return np.where(stayed_away, np.where((book.gap > 0) & (since > book.gap), 0.65, 0.5), 0.0)

    def _broken(self, book: Book) -> "NDArray[Any]":
        """Day and id of the last broken promise to each in the book, 0 for none."""
        return book.once("broken promises", lambda: self._read(book))

    def _read(self, book: Book) -> "NDArray[Any]":
        import numpy as np

        rows = Promise.objects.filter(status=Promise.Status.BROKEN, settled_at__date__gte=book.today - YEAR)
        rows = rows.filter(**{f"{book.kind}__isnull": False})
        if len(book) <= 200:
            rows = rows.filter(**{f"{book.kind}__in": book.ids.tolist()})
        columns = (f"{book.kind}_id", DayNumber(TruncDate(F("settled_at"))), "pk")
        found = table(stream(rows.order_by().values_list(*columns)), ("id", "i8"), ("day", "i4"), ("promise", "i8"))
        found = found[np.argsort(found["day"], kind="stable")]  # of several the last one counts
        there, places = book.place_of(found["id"])
        kept = np.zeros(len(book), dtype=[("day", "i4"), ("promise", "i8")])
        kept["day"][places], kept["promise"][places] = found["day"][there], found["promise"][there]
        return kept

    def numbers(self, book: Book, place: int) -> dict[str, Any]:
        """When, and which promise."""
        row = self._broken(book)[place]
        return {"on": date.fromordinal(int(row["day"])).isoformat(), "promise": int(row["promise"])}

    def say(self, numbers: Numbers, today: date) -> str:
        """ "We broke a promise on 3 May, and they have not bought since"."""
        return _("We broke a promise on %(day)s, nothing bought since") % {
            "day": say_day(date.fromisoformat(numbers["on"]))
        }

    def url(self, numbers: Numbers) -> str:
        """The promise."""
        return reverse("promise", args=[numbers["promise"]])
