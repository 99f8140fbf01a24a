"""Reading who brought whom, and the personal code that links a newcomer without typing.

    code_of(contact)             # "k7mwq2xr", made when it is asked for first
    introducer_for("k7mwq2xr")   # the contact behind it, or None

A public page that lets newcomers in (a booking page, a form) asks `code_in(request)` for the code that the visitor came
with, and calls `link_newcomer(contact, code)` once they are in the book.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import get_random_string

from regulars.access.door import viewer
from regulars.access.models import Organisation, User
from regulars.contacts.actions.bringing import bring, makes_loop
from regulars.contacts.models import Company, Contact, Referral, ReferralCode
from regulars.contacts.models.referrals import Introducer
from regulars.lib.prepared import Fixed, prepared

MODULE = "referrals"
# Without vowels (no words by accident) and without what is mistaken for something else when read aloud.
LETTERS = "bcdfghjkmnpqrstvwxz23456789"
LENGTH = 8
COOKIE, KEPT_FOR = "came_through", 30 * 24 * 3600  # seconds


def code_of(contact: Contact) -> str:
    """Return the personal code of `contact`, making one when there is none yet."""
    known = ReferralCode.objects.filter(contact=contact).order_by("pk").first()
    while known is None:
        try:
            with transaction.atomic():
                known = ReferralCode.objects.create(contact=contact, code=get_random_string(LENGTH, LETTERS))
        except IntegrityError:  # taken: one in 280 thousand million
            continue
    return known.code


def link_of(contact: Contact) -> str:
    """Return the path of the personal link of `contact`: "/r/k7mwq2xr"."""
    return reverse("referral-landing", args=[code_of(contact)])


def introducer_for(code: str) -> Contact | None:
    """Return the contact behind `code`, or None: unknown, in the bin, erased; case and blanks do not matter."""
    plain = "".join(code.split()).lower()[: LENGTH + 1]
    return Contact.objects.filter(referral_codes__code=plain, binned_at=None, erased_at=None).first()


def code_in(request: HttpRequest) -> str:
    """Return the code that this visitor came with, in the address or on an earlier page; "" for none."""
    return request.GET.get("r", "")[:LENGTH] or request.COOKIES.get(COOKIE, "")[:LENGTH]


def link_newcomer(newcomer: Contact | Company, code: str, *, note: str = "") -> Referral | None:
    """Link somebody who is new in the book with whoever gave them the code; None when nothing was to be done.

    Does nothing for an unknown code, for one's own, or when somebody else brought them before.
    """
    introducer = introducer_for(code) if code else None
    if introducer is None or introducer == newcomer or Referral.objects.of(newcomer).exists():
        return None
    if makes_loop(newcomer, introducer):
        return None
    return bring(newcomer, introducer, by=None, how=Referral.How.LINK, note=note)


# Where a visitor with a code is led, besides leaving their name: upper contexts say so.

Door = Callable[[HttpRequest], tuple[str, str] | None]
_doors: list[Door] = []


def register_door(door: Door) -> None:
    """Let `door(request)` give the words and the address of a way in, or None; called in `apps.ready()`."""
    if door not in _doors:
        _doors.append(door)


def doors_for(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the ways in that a visitor with a code is offered."""
    return [found for door in _doors if (found := door(request))]


# What a colleague may see


def is_on(organisation: Organisation | None) -> bool:
    """Whether the business uses referrals."""
    return bool(organisation and organisation.has_module(MODULE))


def may_name(referral: Referral, user: User) -> Introducer | None:
    """Return who brought them, or None when `user` may not know of that person or company. One query at most."""
    if referral.by_contact_id:
        return _person.first(referral.by_contact_id, user.pk, user.sees_all)
    if referral.by_company_id:
        return _company.first(referral.by_company_id, user.pk, user.sees_all)
    return referral.by_user or referral.by_partner or None


@prepared
def _person(pk: int, me: int, sees_all: bool) -> QuerySet[Contact]:
    return Contact.objects.visible_to(viewer(me, sees_all)).filter(pk=pk)


@prepared
def _company(pk: int, me: int, sees_all: bool) -> QuerySet[Company]:
    return Company.objects.visible_to(viewer(me, sees_all)).filter(pk=pk)


def brought_by(introducer: Introducer, user: User, limit: int = 30) -> Sequence[Referral]:
    """Return the newest referrals of `introducer` whose newcomers `user` may know of. One query."""
    if isinstance(introducer, Contact):
        return _brought_by(introducer.pk, user.pk, user.sees_all, Fixed(limit))
    return list(_newest(Referral.objects.by(introducer), user)[:limit])


def _newest(rows: Any, user: User) -> Any:
    return rows.visible_to(user).select_related("contact", "company").order_by("-brought_at", "-pk")


@prepared
def _brought_by(contact: int, me: int, sees_all: bool, limit: int) -> QuerySet[Referral]:
    found: QuerySet[Referral] = _newest(Referral.objects.filter(by_contact=contact), viewer(me, sees_all))[:limit]
    return found


def page_of(person: Introducer) -> str:
    """Return the address of a person's or company's page; "" for colleagues and partners."""
    return person.get_absolute_url() if isinstance(person, Contact | Company) else ""
