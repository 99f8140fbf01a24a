"""What the Brief says of what will come: one short sentence."""

from collections.abc import Iterator

from regulars.access.models import User
from regulars.contacts.brief.words import Sentence
from regulars.contacts.models import Contact
from regulars.contacts.page import ContactPage
from regulars.insights.predicting.known import prediction_on
from regulars.insights.predicting.words import chance


def whether_they_buy(contact: Contact, user: User, page: ContactPage) -> Iterator[Sentence]:
    """ "Likely to buy within 30 days: 72 %." """
    prediction = prediction_on(page)
    if prediction is not None:
        yield Sentence(chance(prediction), f"{contact.get_absolute_url()}#next", tone="quiet")
