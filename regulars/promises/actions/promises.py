"""Giving promises, and handing them over when a colleague is away or leaves."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.models import User
from regulars.access.notices import notify
from regulars.contacts.models import Company, Contact
from regulars.promises.models.promise import Promise
from regulars.promises.models.promise_day import PromiseDay
from regulars.timeline.models import Entry

GIVEN = "promise-given"


@transaction.atomic
def give_promise(
    what: str,
    *,
    due_at: datetime,
    due_on: date,
    has_time: bool,
    owner: User,
    by: User,
    contact: Contact | None = None,
    company: Company | None = None,
    entry: Entry | None = None,
) -> Promise:
    """Promise something to a person or a company; `owner` answers for it. `entry` is where it was said.

    The person's company is noted too. Tells the owner when somebody else promised it. Writes no entry of its own.
    Raises ValueError, with a sentence for the person, for nothing said, for nobody, for a time that has passed and for
    a colleague who has left.
    """
    what = " ".join(what.split())[:500]
    if not what:
        raise ValueError(_("Say what you promise."))
    if contact is None and company is None:
        raise ValueError(_("Say whom you promise it to."))
    if due_at <= timezone.now():
        raise ValueError(_("That time has passed."))
    if not owner.is_active:
        raise ValueError(_("%(name)s is not here any more.") % {"name": owner})
    if owner != by:
        require_knows(owner, contact or company)
    promise: Promise = Promise.objects.create(
        contact=contact, company_id=company.pk if company else contact.company_id if contact else None, what=what,
        due_at=due_at, due_on=due_on, has_time=has_time, first_due_at=due_at, owner=owner, given_by=by, entry=entry,
    )  # fmt: skip
    PromiseDay.shift(owner.pk, due_on, open=1)
    tell_owner(promise, by=by)
    return promise


def require_knows(owner: User, holder: Contact | Company | None) -> None:
    """Raise ValueError when a colleague who is to answer for a promise may not know of whom it is given to."""
    if holder and not type(holder).objects.visible_to(owner).filter(pk=holder.pk).exists():
        values = {"name": owner.first_name, "who": holder.display_name}
        raise ValueError(_("%(name)s may not see %(who)s. Let them see each other first.") % values)


def tell_owner(promise: Promise, *, by: User) -> None:
    """Tell the colleague who answers for a promise that it is theirs now, unless it was their own doing."""

    def text(user: User) -> str:
        values = {"name": by.first_name, "what": promise.what, "who": promise.holder.display_name}
        return _("%(name)s put a promise in your hands: %(what)s (to %(who)s)") % values

    notify([promise.owner], kind=GIVEN, text=text, url=promise.get_absolute_url(), actor=by)


@transaction.atomic
def follow_entry(entry: Entry, present: bool) -> None:
    """Withdraw the open promises that were given in an entry that is taken away; open them again when it comes back.

    Nothing is recorded: the entry says it all.
    """
    if not present and entry.removed_by is not None:
        for promise in Promise.objects.open().filter(entry=entry):
            promise.withdraw(by=entry.removed_by, why=_("Its moment was removed."), quietly=True)
    elif present:
        gone = Promise.objects.filter(entry=entry, status=Promise.Status.WITHDRAWN).select_related("settled_by")
        for promise in gone.exclude(pk__in=_withdrawn_aloud(gone)):
            if promise.settled_by is not None:
                promise.reopen(by=promise.settled_by)


def _withdrawn_aloud(promises: Iterable[Promise]) -> list[int]:
    """Ids of those that somebody withdrew on purpose: that stands on the timeline."""
    said = Entry.objects.filter(subject_kind="promise", subject_id__in=[promise.pk for promise in promises])
    return [pk for pk, told in said.values_list("subject_id", "snapshot") if told.get("verb") == "withdrawn" and pk]
