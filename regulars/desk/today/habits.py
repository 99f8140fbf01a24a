"""What is worth a word now, on Today: a season of somebody's that comes, something they buy again about this time."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q, QuerySet

from regulars.access.door import visibility_filter
from regulars.access.models import User
from regulars.contacts.lists.plan import len_at_most
from regulars.contacts.models import Contact
from regulars.desk.today.sections import Found, Look
from regulars.insights.demand.words import SURE, suggestion
from regulars.insights.tables import Habit
from regulars.lib.planner import filter_walking

SHOWN, LOOKED_AT, LATELY = 3, 12, 28
FEW = 1_000  # own people up to whom it is quicker to ask for the habits of each than to walk what is due


@dataclass(frozen=True)
class Word:
    """Somebody, and what to say to them."""

    contact: Contact
    sentence: str


def worth_a_word(look: Look) -> Found[Word]:
    """The newest few of habits that became due within four weeks, by tests that held: of one's own people, of
    everybody for who has none. Who has bought since the count is left out. One query along an index, and the looks at
    whether there are own people, and many of them."""
    since = look.today - timedelta(days=LATELY)
    rows = Habit.objects.filter(
        visibility_filter(look.user, "contact__"), due_on__lte=look.today, due_on__gt=since,
        until__gte=look.today, q__lt=SURE, contact__binned_at=None, contact__erased_at=None,
        contact__worth__last_on__lt=F("found_on"),
    )  # fmt: skip
    if look.has_people:
        rows = _of_own_people(rows, look.user)
    found = list(rows.select_related("contact", "product").order_by("-due_on", "q", "-pk")[:LOOKED_AT])
    shown = [Word(row.contact, suggestion(row, look.today)) for row in found[:SHOWN]]
    return Found(shown, len(found), len(found) >= LOOKED_AT)


def _of_own_people(rows: QuerySet[Habit], user: User) -> QuerySet[Habit]:
    """Those of the people of `user`; SQLite would begin with these also where they are a hundred thousand."""
    if len_at_most(Contact.objects.filter(owner=user), FEW + 1) <= FEW:
        return rows.filter(contact__owner=user)
    return filter_walking(rows, Q(contact__owner_id=user.pk), ["contact__owner_id"])
