"""What the Brief says of somebody who is slipping away, and the next step against it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from regulars.access.models import User
from regulars.contacts.brief.words import Sentence, say_day
from regulars.contacts.models import Contact
from regulars.contacts.page import ContactPage
from regulars.contacts.pronouns import pronouns_of
from regulars.insights.churn.words import reasons_of
from regulars.insights.tables.risk import AtRisk
from regulars.insights.tables.winback import Play
from regulars.insights.winback.known import spell_on, tried_lately, word_on
from regulars.insights.winback.plays import suggested


def whether_they_stay(contact: Contact, user: User, page: ContactPage) -> Iterator[Sentence]:
    """ "Slipping away: buys every 9 days, silent for 26 days." Or what a colleague said to that."""
    spell = spell_on(page)
    link = f"{contact.get_absolute_url()}#winback"
    if spell is not None:
        why = "; ".join(text for text, _url in reasons_of(spell)[:2])
        text = _("Lost: %(why)s.") if spell.state == AtRisk.State.LOST else _("Slipping away: %(why)s.")
        yield Sentence(text % {"why": why}, link, tone="risk")
    elif word := word_on(page):
        values = {"said": word.get_said_display(), "note": word.note, "day": say_day(word.said_at.date())}
        text = _("%(said)s: “%(note)s” (%(day)s).") if word.note else _("%(said)s (%(day)s).")
        yield Sentence(text % values, link, tone="quiet")


def win_back_step(contact: Contact, user: User, page: ContactPage) -> Iterator[Sentence]:
    """What to try, unless somebody tried within a month."""
    spell = spell_on(page)
    if spell is None or tried_lately(contact.pk):
        return
    steps = {
        Play.APOLOGISE: _("Apologise to %(her)s, and put it right."),
        Play.OFFER: _("Make %(her)s an offer to come back."),
        Play.CHECK_IN: _("Ask how %(she)s %(is)s: we noticed %(her)s missing."),
        Play.LET_GO: _("Let %(her)s go with thanks."),
    }
    p = pronouns_of(contact)
    values = {"her": p.object, "she": p.subject, "is": p.verb(_("is"), _("are"))}
    yield Sentence(steps[suggested(spell)] % values, f"{contact.get_absolute_url()}#winback")
