"""What the Brief says of loyalty: "7 of 10 stamps: Free coffee in 3", and a reward that waits."""

from collections.abc import Iterator

from regulars.access.models import User
from regulars.contacts.brief.words import Sentence
from regulars.contacts.models import Contact
from regulars.contacts.page import ContactPage
from regulars.orders.loyalty.standing import standing_if_any


def loyalty_part(contact: Contact, user: User, page: ContactPage) -> Iterator[Sentence]:
    """One sentence for those with a card. One query, three for them."""
    standing = standing_if_any(contact)
    if standing is None:
        return
    url = f"{contact.get_absolute_url()}#loyalty"
    if standing.reached:
        yield Sentence(f"{standing.words}.", url, (standing.reached[0].reward.name,), dot="good")
    else:
        yield Sentence(f"{standing.words}.", url)
