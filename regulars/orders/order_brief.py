"""What the Brief says of orders: what they usually take, and what they took last."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.access.models import User
from regulars.contacts.brief.words import Sentence
from regulars.contacts.models import Contact
from regulars.contacts.page import ContactPage
from regulars.lib.money import money_text
from regulars.orders.worth import Worth


def orders_part(contact: Contact, user: User, page: ContactPage) -> Iterator[Sentence]:
    """The usual order with its rhythm, and the last one. Four small queries at most, none for who never bought."""
    worth = worth_of(contact, page)
    facts = worth.facts
    if facts is None:
        return
    if usual := worth.usual_text:
        yield Sentence(_usual(worth, usual), f"{contact.get_absolute_url()}#worth", (usual,))
    order = facts.last_order
    if order is not None:
        values = {
            "total": money_text(order.total, order.currency),
            "day": date_format(facts.last_on, _("j F") if facts.last_on.year == worth.today.year else _("j F Y")),
            "what": worth.last_text,
        }
        text = _("Last: %(what)s, %(day)s, %(total)s.") if values["what"] else _("Last order: %(day)s, %(total)s.")
        yield Sentence(text % values, order.get_absolute_url(), tone="quiet")


def _usual(worth: Worth, usual: str) -> str:
    if worth.gap is None:
        return _("Usually %(what)s.") % {"what": usual}
    text = ngettext("%(what)s, every day.", "%(what)s, every %(count)d days.", worth.gap)
    return text % {"what": usual, "count": worth.gap}


def worth_of(contact: Contact, page: ContactPage) -> Worth:
    """What the page shows of their worth: read once for a page."""
    known: Worth = page.__dict__.setdefault("worth_known", None) or Worth(contact)
    page.__dict__["worth_known"] = known
    return known
