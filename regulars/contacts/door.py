"""The one way to a contact or company: look-up and permission together."""

from django.db.models import QuerySet
from django.http import Http404

from regulars.access.door import require, viewer
from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.lib.prepared import prepared


def get_contact(user: User, pk: int, to: str = "view", *, alone: bool = False) -> Contact:
    """Return the contact that `user` may know of and may do `to` with; `alone`: without what a page shows beside it.

    Raises Http404 when it does not exist for this user (hidden ones look like missing ones) and PermissionDenied
    when the user's role lacks the capability `to`.
    """
    contact = _contact.first(int(pk), user.pk, user.sees_all, alone)
    if contact is None:
        raise Http404("There is no such contact.")
    require(user, to)
    return contact


def known_holder(user: User, pk: int, *, is_person: bool) -> Contact | Company | None:
    """Return the contact, or company, if `user` may know of it, without what a page shows beside it. One query."""
    return (_contact.first(pk, user.pk, user.sees_all, True) if is_person
            else _company.first(pk, user.pk, user.sees_all))  # fmt: skip


@prepared
def _contact(pk: int, me: int, sees_all: bool, alone: bool) -> QuerySet[Contact]:
    found = Contact.objects.visible_to(viewer(me, sees_all)).filter(pk=pk)
    beside = () if alone else ("company", "owner", "stage", "team", "rhythm", "profile__source", "referral")
    return found.select_related(*beside) if beside else found


@prepared
def _company(pk: int, me: int, sees_all: bool) -> QuerySet[Company]:
    return Company.objects.visible_to(viewer(me, sees_all)).filter(pk=pk)


def get_company(user: User, pk: int, to: str = "view") -> Company:
    """Return the company that `user` may know of and may do `to` with; errors as in `get_contact`."""
    company = Company.objects.visible_to(user).select_related("owner", "stage", "parent").filter(pk=pk).first()
    if company is None:
        raise Http404("There is no such company.")
    require(user, to)
    return company  # type: ignore[no-any-return]
