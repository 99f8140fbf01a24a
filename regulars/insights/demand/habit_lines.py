"""Where the habits of a person show: lines of the panel *Worth*, of the Brief, and a reason for the next best step."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.models import User
from regulars.contacts.actions.adding import Holder
from regulars.contacts.brief.words import Sentence
from regulars.contacts.models import Contact
from regulars.contacts.page import ContactPage
from regulars.insights.demand.known import habits_of, habits_on
from regulars.insights.demand.words import TITLES, is_due, is_open, sentence, suggestion
from regulars.insights.tables import Habit
from regulars.orders.order_brief import worth_of
from regulars.orders.worth import Worth
from regulars.orders.worth_lines import WorthLine

SHOWN = 4
Kind = Habit.Kind


def on_worth(holder: Holder, worth: Worth) -> Iterator[WorthLine]:
    """Every habit that goes on, with its numbers; what is due stands out. One prepared read."""
    if not isinstance(holder, Contact) or worth.facts is None:
        return
    today, last_on = worth.today, worth.facts.last_on
    shown = [habit for habit in habits_of(holder.pk) if is_open(habit, today)][:SHOWN]
    for habit in shown:
        yield WorthLine(TITLES[habit.kind], sentence(habit, today), is_due(habit, today, last_on))


def typical_of_them(contact: Contact, user: User, page: ContactPage) -> Iterator[Sentence]:
    """ "Comes on Saturdays: 9 of 11 visits." and what people like them take next: one of each at most."""
    today = timezone.localdate()
    for habit in _first_of(habits_on(page), (Kind.WEEKDAY, Kind.REPEAT, Kind.NEXT), today):
        text = _("%(what)s: %(sentence)s") % {"what": TITLES[habit.kind], "sentence": sentence(habit, today)}
        plain = sentence(habit, today) if habit.kind == Kind.WEEKDAY else text
        yield Sentence(plain, f"{contact.get_absolute_url()}#worth", tone="quiet")


def _first_of(habits: list[Habit], kinds: tuple[str, ...], today: date) -> list[Habit]:
    found: dict[str, Habit] = {}
    for habit in habits:
        if habit.kind in kinds and is_open(habit, today) and not is_due(habit, today):
            found.setdefault(habit.kind, habit)
    return list(found.values())


def habit_steps(contact: Contact, user: User, page: ContactPage) -> Iterator[Sentence]:
    """What is worth a word now: a season that comes, something they buy again about this time."""
    today = timezone.localdate()
    due = [habit for habit in habits_on(page) if is_due(habit, today)]
    facts = worth_of(contact, page).facts if due else None
    for habit in due[:2]:
        if is_due(habit, today, facts.last_on if facts else None):
            url = f"{contact.get_absolute_url()}#worth"
            yield Sentence(suggestion(habit, today), url, (str(habit.product),))
