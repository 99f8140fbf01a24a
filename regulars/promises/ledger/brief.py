"""What the Brief says of promises: late first, then open, then how often we kept our word; and what to do about it."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.access.models import User
from regulars.contacts.brief.words import Sentence
from regulars.contacts.models import Contact
from regulars.contacts.page import ContactPage
from regulars.contacts.pronouns import pronouns_of
from regulars.lib.prepared import prepared
from regulars.promises.ledger.rates import Rate
from regulars.promises.ledger.words import days_late, say_due
from regulars.promises.models.promise import Promise

SHOWN = 4


def we_promised(contact: Contact, user: User, page: ContactPage) -> Iterator[Sentence]:
    """What is open with a person, and the rate. Two queries for the Brief, shared with the next step."""
    promises, rate = _known(contact, page)
    for promise in promises[:SHOWN]:
        yield _line(promise, user)
    if rate.open > SHOWN:
        more = rate.open - SHOWN
        text = ngettext("%(count)d more open promise.", "%(count)d more open promises.", more) % {"count": more}
        yield Sentence(text, f"{contact.get_absolute_url()}#promises", tone="quiet")
    if rate.settled:
        values = {"kept": rate.kept, "count": rate.settled, "her": pronouns_of(contact).object}
        text = ngettext(
            "%(kept)d of %(count)d promise to %(her)s kept.",
            "%(kept)d of %(count)d promises to %(her)s kept.",
            rate.settled,
        )
        yield Sentence(text % values, tone="quiet")


def late_step(contact: Contact, user: User, page: ContactPage) -> Iterator[Sentence]:
    """An honest word about a promise that is late, before anything else."""
    promises, _rate = _known(contact, page)
    for promise in [promise for promise in promises if promise.is_late][:1]:
        days = days_late(promise)
        values = {"what": promise.what, "count": days, "her": pronouns_of(contact).object}
        if not days:
            text = _("Keep “%(what)s” today, or tell %(her)s when.") % values
        else:
            text = ngettext(
                "Keep “%(what)s” or tell %(her)s when: it is %(count)d day late.",
                "Keep “%(what)s” or tell %(her)s when: it is %(count)d days late.",
                days,
            )
            text %= values
        yield Sentence(text, promise.get_absolute_url(), (promise.what,))


def _line(promise: Promise, user: User) -> Sentence:
    due = say_due(promise)
    values = {"what": promise.what, "due": due, "who": promise.owner.first_name}
    if promise.is_late:
        values["due"] = _("due %(due)s") % {"due": due}
        text = _("%(what)s — %(due)s, %(who)s") % values
        return Sentence(text, promise.get_absolute_url(), (values["due"],), dot="risk")
    text = _("%(what)s — by %(due)s, %(who)s") if promise.owner_id != user.pk else _("%(what)s — by %(due)s")
    return Sentence(text % values, promise.get_absolute_url(), dot="good")


def _known(contact: Contact, page: ContactPage) -> tuple[list[Promise], Rate]:
    """Open promises by due time, and the counts: read once for a page."""
    known = page.__dict__.setdefault("promises_known", {})
    if "open" not in known:
        from regulars.promises.ledger.rates import rate_with

        known["rate"] = rate_with(contact)
        known["open"] = _open(contact.pk) if known["rate"].open else []
    return known["open"], known["rate"]


@prepared
def _open(contact: int) -> QuerySet[Promise]:
    rows: QuerySet[Promise] = Promise.objects.of(Contact(pk=contact)).open().for_list()
    return rows.order_by("due_at", "pk")[: SHOWN + 1]
