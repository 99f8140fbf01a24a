"""Who a visitor is: the contact with this email or phone, or somebody new. The visitor never learns which."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from rapidfuzz import fuzz

from regulars.access.models import Organisation, User
from regulars.contacts.actions import Point, add_contact
from regulars.contacts.finding.duplicates import similar_contacts
from regulars.contacts.models import Contact, Source
from regulars.contacts.referrals.reading import link_newcomer
from regulars.lib.text import fold
from regulars.promises.booking.words import source_name

ALIKE = 55  # of 100: "Maya" and "Maya Okafor" have 100, two members of a family who share a phone have less


@dataclass(frozen=True)
class Visitor:
    """What a visitor said about themselves, and what came with it.

    `nonce` names the form, `code` is the personal code of whoever sent them, `address_key` a keyed hash of the network
    address; `language` and `time_zone` are how the page was shown to them.
    """

    name: str
    nonce: str
    email: str = ""
    phone: str = ""
    note: str = ""
    language: str = ""
    time_zone: str = ""
    code: str = ""
    address_key: str = ""


def contact_for(visitor: Visitor, host: User, organisation: Organisation | None) -> Contact:
    """Return the contact with the visitor's email or phone that `host` may know of, else a new one.

    Of several who share it, it is the one with the likest name; a phone alone counts only for a name that is like it,
    because families share phones. What is known is never changed by what a visitor types. Somebody new gets `host` as
    point of contact, the source "booking page", and whoever's code they came with as introducer.
    """
    return known_contact(visitor, host) or _newcomer(visitor, host, organisation)


def known_contact(visitor: Visitor, host: User) -> Contact | None:
    """Return the contact that the visitor seems to be, or None."""
    found = similar_contacts(host, "", [visitor.email], [visitor.phone])
    rated = [(match.reason == "email", _alike(visitor.name, match.contact.display_name), match) for match in found]
    rated = [line for line in rated if line[0] or line[1] >= ALIKE]
    best = max(rated, key=lambda line: (line[0] and line[1] >= ALIKE, line[1], line[0]), default=None)
    return best[2].contact if best else None


def _alike(one: str, other: str) -> float:
    return fuzz.token_set_ratio(fold(one), fold(other))


def _newcomer(visitor: Visitor, host: User, organisation: Organisation | None) -> Contact:
    given, _space, family = visitor.name.rpartition(" ")
    points = [Point("email", visitor.email), Point("phone", visitor.phone)]
    contact = add_contact(
        by=None,
        owner=host,
        display_name=visitor.name,
        given_name=(given or family)[:150],
        family_name=(family if given else "")[:150],
        points=[point for point in points if point.value],
        profile={"source": booking_source(organisation), "language": visitor.language, "time_zone": visitor.time_zone},
    )
    link_newcomer(contact, visitor.code)
    return contact


def booking_source(organisation: Organisation | None) -> Source:
    """Return the source "booking page" in the language of the business, making it once."""
    name = source_name(organisation)
    known = Source.objects.filter(name__iexact=name)
    if found := known.first():
        return found
    try:
        with transaction.atomic():
            return Source.objects.create(name=name, position=90)
    except IntegrityError:  # another visitor, at the same moment
        return known.get()
