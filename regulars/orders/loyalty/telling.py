"""What the timeline says of loyalty: a card issued, a reward redeemed, a coupon used, a gift card bought or paid with.

Points of an order stand beside the order, not on a line of their own.
"""

from regulars.access.models import User
from regulars.contacts.actions import Moment, log_moment
from regulars.contacts.models import Contact
from regulars.orders.loyalty import KIND
from regulars.timeline.models import Entry


def log(contact: Contact, text: str, verb: str, pk: int, by: User | None) -> None:
    """Put a line on the timeline of `contact`; `verb` and `pk` find it again."""
    moment = Moment(text, kind=KIND, contacts=[contact], snapshot={"verb": verb}, subject=(f"loyalty-{verb}", pk))
    log_moment(moment, by=by)


def unlog(verb: str, pk: int, by: User) -> None:
    """Take that line off again."""
    for entry in Entry.objects.filter(kind=KIND, subject_kind=f"loyalty-{verb}", subject_id=pk):
        entry.remove(by=by)
