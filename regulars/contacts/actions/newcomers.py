"""Somebody leaves their name on the page behind a personal link."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from regulars.access.models import User
from regulars.access.notices import notify
from regulars.contacts.actions.adding import Point, add_contact
from regulars.contacts.actions.moments import Moment, log_moment
from regulars.contacts.finding.duplicates import similar_contacts
from regulars.contacts.models import Contact
from regulars.contacts.referrals.reading import link_newcomer


@dataclass(frozen=True)
class Newcomer:
    """What a visitor said about themselves."""

    name: str
    email: str = ""
    phone: str = ""
    note: str = ""
    language: str = ""


@transaction.atomic
def welcome(said: Newcomer, introducer: Contact, code: str) -> Contact:
    """Add the newcomer, link them with `introducer`, and tell the colleague who is the introducer's point of contact.

    Somebody whose email or phone is known already is not added again, and what is known of them does not change: their
    words come as a note, and a person decides. The visitor never learns which of the two happened.
    """
    owner = introducer.owner or User.objects.filter(is_active=True).order_by("pk").first()
    known = _known(said, owner) if owner else None
    contact = known or add_contact(
        by=None,
        owner=owner,
        display_name=said.name,
        points=[point for point in (Point("email", said.email), Point("phone", said.phone)) if point.value],
        profile={"language": said.language} if said.language else None,
    )
    if known is None:
        link_newcomer(contact, code)
    if known or said.note:
        came = _("Left their name on the page behind a personal link.")
        log_moment(Moment(said.note or came, kind="note", contacts=[contact]), by=None)
    if owner:
        _tell(owner, contact, introducer)
    return contact


def _known(said: Newcomer, owner: User) -> Contact | None:
    found = similar_contacts(owner, "", [said.email], [said.phone])
    return next((match.contact for match in found if match.reason in ("email", "phone")), None)


def _tell(owner: User, contact: Contact, introducer: Contact) -> None:
    def line(_user: User) -> str:
        names = {"name": contact.display_name, "by": introducer.display_name}
        return _("%(name)s came through the link of %(by)s") % names

    notify([owner], kind="referral", text=line, url=contact.get_absolute_url(), key=f"referral:{contact.pk}")
