"""What a leaving colleague is the point of contact for goes to a successor."""

from regulars.access.actions import on_hand_over
from regulars.access.models import User
from regulars.contacts.models import Company, Contact


def hand_over_people(leaving: User, successor: User) -> int:
    """Give every contact and company of `leaving`, those in the bin too, to `successor`; returns how many."""
    people: int = Contact.objects.filter(owner=leaving).update(owner=successor)
    companies: int = Company.objects.filter(owner=leaving).update(owner=successor)
    return people + companies


def register_hand_over() -> None:
    """Make the hand-over known to access; called in `apps.ready()`."""
    on_hand_over(hand_over_people)
