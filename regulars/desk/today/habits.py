"""What is worth a word now, on Today: a season of somebody's that comes, something they buy again about this time."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F

from regulars.access.door import visibility_filter
from regulars.contacts.models import Contact
from regulars.desk.today.sections import Found, Look
from regulars.insights.demand.words import SURE, suggestion
from regulars.insights.tables import Habit

SHOWN, LOOKED_AT, LATELY = 3, 12, 28


@dataclass(frozen=True)
class Word:
    """Somebody, and what to say to them."""

    contact: Contact
    sentence: str


def worth_a_word(look: Look) -> Found[Word]:
    """The newest few of habits that became due within four weeks, by tests that held: of one's own people, of
    everybody for who has none. Who has bought since the count is left out. One query along an index, and the look at
    whether there are own people."""
    since = look.today - timedelta(days=LATELY)
    rows = Habit.objects.filter(
        visibility_filter(look.user, "contact__"), due_on__lte=look.today, due_on__gt=since,
        until__gte=look.today, q__lt=SURE, contact__binned_at=None, contact__erased_at=None,
        contact__worth__last_on__lt=F("found_on"),
    )  # fmt: skip
    if look.has_people:
        rows = rows.filter(contact__owner=look.user)
    found = list(rows.select_related("contact", "product").order_by("-due_on", "q", "-pk")[:LOOKED_AT])
    shown = [Word(row.contact, suggestion(row, look.today)) for row in found[:SHOWN]]
    return Found(shown, len(found), len(found) >= LOOKED_AT)
