"""What the Brief says of when and how somebody is best reached: one short sentence, where there is enough to say it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from regulars.access.models import User
from regulars.contacts.brief.words import Sentence
from regulars.contacts.models import Contact
from regulars.contacts.page import ContactPage
from regulars.insights.besttime.known import best_time_on
from regulars.insights.besttime.words import BY, answers, refused_ways, time_of
from regulars.insights.tables.besttime import BestTime


def when_best_reached(contact: Contact, user: User, page: ContactPage) -> Iterator[Sentence]:
    """ "Best reached Tuesdays to Thursdays in the morning, by phone (14 answers)." What they asked for stands
    among likes and limits already, and wins."""
    best = best_time_on(page)
    if best is None:
        return
    time = "" if page.profile.preferred_time.strip() else time_of(best)
    way = "" if page.profile.preferred_channel else _way(best, page)
    said = {"time": time, "way": way, "answers": answers(best.moments if time else best.way_moments)}
    if time and way:
        text = _("Best reached %(time)s, %(way)s (%(answers)s).")
    elif time:
        text = _("Best reached %(time)s (%(answers)s).")
    elif way:
        text = _("Best reached %(way)s (%(answers)s).")
    else:
        return
    yield Sentence(text % said, f"{contact.get_absolute_url()}#next", tone="quiet")


def _way(best: BestTime, page: ContactPage) -> str:
    return str(BY[best.way]) if best.way and best.way not in refused_ways(page.consents) else ""
