"""The warning that the chance of still being a customer has fallen."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.insights.churn.book import Book
from regulars.insights.churn.warnings import Numbers, Warning
from regulars.insights.predicting.words import percent
from regulars.insights.tables.prediction import Prediction
from regulars.insights.value.reading import stream, table

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOW, FELL = 0.5, 0.15


class LessAlive(Warning):
    """The model gave them a good chance about a month ago, and gives them less than even now."""

    key, label = "alive", gettext_lazy("Less likely to be a customer still")

    def strengths(self, book: Book) -> "NDArray[Any]":
        """From .3 at even chances to .8 at none, for those whose chance fell by 15 points."""
        import numpy as np

        now, before = self._chances(book)
        return np.where((now < LOW) & (before - now >= FELL), 0.3 + (LOW - now), 0.0)

    def _chances(self, book: Book) -> "tuple[NDArray[Any], NDArray[Any]]":
        """Now and before; 1 and 1 for those of whom nothing is said."""
        import numpy as np

        kept: dict[str, Any] = book.__dict__.setdefault("chances", {})
        if not kept:
            rows = Prediction.objects.filter(**{f"{book.kind}__isnull": False}, alive_before__gte=F("p_alive") + FELL)
            columns = rows.order_by().values_list(f"{book.kind}_id", "p_alive", "alive_before")
            found = table(stream(columns), ("id", "i8"), ("now", "f8"), ("before", "f8"))
            now, before = np.ones(len(book)), np.ones(len(book))
            there, places = book.place_of(found["id"])
            now[places], before[places] = found["now"][there], found["before"][there]
            kept |= {"now": now, "before": before}
        return kept["now"], kept["before"]

    def numbers(self, book: Book, place: int) -> dict[str, Any]:
        """Both chances."""
        now, before = self._chances(book)
        return {"now": round(float(now[place]), 3), "before": round(float(before[place]), 3)}

    def say(self, numbers: Numbers, today: date) -> str:
        """ "22 % likely to be a customer still, 61 % a month before"."""
        values = {"now": percent(numbers["now"]), "before": percent(numbers["before"])}
        return _("%(now)s likely to be a customer still, %(before)s a month before") % values

    def url(self, numbers: Numbers) -> str:
        """How good such chances have been."""
        return reverse("backtest")
