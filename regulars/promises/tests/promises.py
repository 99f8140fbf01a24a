"""A small factory for promises."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Company, Contact
from regulars.contacts.tests.factories import make_contact
from regulars.promises.models import Promise, PromiseDay


def make_promise(what: str = "Send the quote", *, days: float = 2, by: User | None = None, **fields: Any) -> Promise:
    """An open promise, due in `days` days (before now: late), as if it had been given before."""
    owner = fields.pop("owner", None) or by or make_user()
    to: Contact | Company | None = fields.pop("to", None)
    contact = to if isinstance(to, Contact) else None if to else make_contact(by=owner)
    company = to if isinstance(to, Company) else contact.company if contact else None
    due_at = timezone.now() + timedelta(days=days)
    values = {
        "due_at": due_at,
        "due_on": timezone.localdate(due_at),
        "first_due_at": due_at,
        "given_by": owner,
        **fields,
    }
    promise: Promise = Promise.objects.create(contact=contact, company=company, what=what, owner=owner, **values)
    PromiseDay.shift(owner.pk, promise.due_on, open=1)
    return promise
