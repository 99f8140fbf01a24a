"""Whoever becomes somebody's point of contact is told, with a page that has the Brief and what is open."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.access.models import Operation, User
from regulars.access.notices import notify
from regulars.contacts.actions.adding import Holder
from regulars.contacts.models import Contact
from regulars.promises.actions.reassigning import HANDED_OVER, people_word
from regulars.promises.models.promise import Promise


def tell(what: Holder | Operation, owner: User, by: User) -> None:
    """Notify `owner` of one holder, or of the many that a bulk edit gave to them."""
    if isinstance(what, Operation):
        url, key = reverse("handed-over", args=[what.pk]), f"handed-over:{what.pk}"
        notify([owner], kind=HANDED_OVER, text=_many(what, by), url=url, actor=by, key=key)
        return
    name = "contact-handed-over" if isinstance(what, Contact) else "company-handed-over"
    notify([owner], kind=HANDED_OVER, text=_one(what, by), url=reverse(name, args=[what.pk]), actor=by)


def _one(holder: Holder, by: User) -> str:
    """Said in the language of the business: promises are counted now, whenever it is read."""
    promises = Promise.objects.open().of(holder).count()
    words = {"name": by.first_name, "whom": holder, "count": promises}
    if not promises:
        return _("%(name)s handed you %(whom)s.") % words
    line = ngettext(
        "%(name)s handed you %(whom)s, with %(count)d open promise.",
        "%(name)s handed you %(whom)s, with %(count)d open promises.",
        promises,
    )
    return line % words


def _many(operation: Operation, by: User) -> str:
    count = int(operation.result.get("changed", 0))
    words = {"name": by.first_name, "count": count, "people": people_word(count)}
    if operation.state["host"] == "contact":
        return _("%(name)s handed you %(count)d %(people)s.") % words
    line = ngettext("%(name)s handed you %(count)d company.", "%(name)s handed you %(count)d companies.", count)
    return line % words
