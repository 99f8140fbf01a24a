"""What can be done with a moment once it is logged, and who may.

Whoever may log may pin a moment, settle a request, and add people or files: that takes nothing away. What somebody
wrote is edited, moved in time, taken from people or removed by its author, or by an owner or manager of the
business. Readers get 403; a moment of people one may not know of does not exist (404).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.door import require
from regulars.access.models import User
from regulars.contacts import rhythm
from regulars.contacts.actions.adding import Holder
from regulars.contacts.actions.moments import CLOCK_SLACK, touch
from regulars.contacts.models import NEVER, Company, Contact, Involvement
from regulars.timeline import kinds
from regulars.timeline.models import Entry

Presence = Callable[[Entry, bool], None]
_presence: list[Presence] = []


def on_presence(hook: Presence) -> None:
    """Call `hook(entry, present)` when a moment is taken off its timelines or put back, in the same transaction."""
    if hook not in _presence:
        _presence.append(hook)


def _tell_presence(entry: Entry, present: bool) -> None:
    entry.refresh_from_db(fields=["removed_at", "removed_by"])
    for hook in _presence:
        hook(entry, present)


class NotPossible(ValueError):
    """A verb that makes no sense for this moment; the message is for the person who tried."""


def may_change(entry: Entry, user: User) -> bool:
    """Whether `user` may edit or remove this moment: its author, and owners and managers of the business."""
    return user.can("log") and (entry.author_id == user.pk or user.sees_all)


def get_moment(user: User, pk: int, to: str = "view", *, removed: bool = False) -> Entry:
    """Return the moment that `user` may know of and may do `to` with: "view", "log" or "change".

    `removed` also finds one that was taken off its timelines. Raises Http404 when it does not exist for this user and
    PermissionDenied when they may see but not do it.
    """
    entries = Entry.objects.all() if removed else Entry.objects.present()
    entry: Entry | None = entries.select_related("author").filter(pk=pk).first()
    if entry is None or not Involvement.objects.filter(entry=entry).visible_to(user).exists():
        raise Http404("There is no such moment.")
    require(user, "log" if to == "change" else to)
    if to == "change" and not may_change(entry, user):
        raise PermissionDenied("Only its author or a manager changes a moment.")
    return entry


@transaction.atomic
def revise_moment(entry: Entry, *, text: str, kind: str, occurred_at: datetime, outcome: str = "", by: User) -> None:
    """Change what the moment says, of which kind and when; the earlier version is kept.

    Moves it on every timeline and corrects "last contact". Raises NotPossible for a time to come or no text.
    """
    if not text.strip():
        raise NotPossible(_("Say what happened."))
    if occurred_at > timezone.now() + CLOCK_SLACK:
        raise NotPossible(_("A moment can't lie in the future."))
    before = entry.occurred_at
    entry.revise(text=text, kind=kind, occurred_at=occurred_at, outcome=outcome, by=by)
    Involvement.objects.filter(entry=entry).update(occurred_at=occurred_at, kind=kind)
    refresh_last_contact(entry, {before, occurred_at})


@transaction.atomic
def pin_moment(entry: Entry, pinned: bool = True) -> None:
    """Keep the moment at the top of its timelines, or let it go."""
    entry.pin(pinned)
    Involvement.objects.filter(entry=entry).update(is_pinned=pinned)


def settle_moment(entry: Entry, settled: bool = True) -> None:
    """Mark a request as answered or as open again. Raises NotPossible for any other kind."""
    if entry.kind != "request":
        raise NotPossible(_("Only a request can be answered."))
    entry.settle(settled)


@transaction.atomic
def remove_moment(entry: Entry, *, by: User) -> bool:
    """Take the moment off every timeline and correct "last contact"; False when it was off already."""
    removed = entry.remove(by=by)
    if removed:
        _tell_presence(entry, False)
    refresh_last_contact(entry, {entry.occurred_at})
    return removed


@transaction.atomic
def bring_back_moment(entry: Entry) -> bool:
    """Put a removed moment back on its timelines; False when it stands there anyway."""
    back = entry.bring_back()
    if back:
        _tell_presence(entry, True)
    refresh_last_contact(entry, {entry.occurred_at})
    return back


@transaction.atomic
def set_people(entry: Entry, contacts: Sequence[Contact], companies: Sequence[Company], *, by: User) -> None:
    """Make the moment concern exactly these, as far as `by` can see; whom they can't see stays.

    The main companies of the people follow. Raises NotPossible for nobody, PermissionDenied when somebody is taken
    away by one who may not change the moment.
    """
    if not contacts and not companies:
        raise NotPossible(_("Say whom this is about."))
    keep = {("contact", c.pk) for c in contacts} | {("company", c.pk) for c in companies}
    named = Involvement.objects.filter(entry=entry, is_implied=False).visible_to(by)
    gone_ids = [
        pk
        for pk, contact, company in named.values_list("pk", "contact_id", "company_id")
        if (("contact", contact) if contact else ("company", company)) not in keep
    ]
    if gone_ids and not may_change(entry, by):
        raise PermissionDenied("Only its author or a manager takes somebody from a moment.")
    taken = holders_of(Involvement.objects.filter(pk__in=gone_ids))
    Involvement.objects.filter(pk__in=gone_ids).delete()
    Involvement.objects.filter(entry=entry, company__in=companies, is_implied=True).update(is_implied=False)
    _put(entry, contacts, companies)
    _follow_companies(entry)
    now = timezone.now()
    touch([*contacts, *companies], now, contact_at=entry.occurred_at if entry.kind_info.is_contact else None)
    _correct(taken, {entry.occurred_at})


def _put(entry: Entry, contacts: Iterable[Contact], companies: Iterable[Company], implied: bool = False) -> None:
    there: set[tuple[int | None, int | None]]
    there = set(Involvement.objects.filter(entry=entry).values_list("contact_id", "company_id"))
    common = {
        "entry": entry, "occurred_at": entry.occurred_at, "kind": entry.kind, "is_implied": implied,
        "is_pinned": entry.pinned_at is not None,
    }  # fmt: skip
    new = [Involvement(contact=c, **common) for c in dict.fromkeys(contacts) if (c.pk, None) not in there]
    new += [Involvement(company=c, **common) for c in dict.fromkeys(companies) if (None, c.pk) not in there]
    Involvement.objects.bulk_create(new)


def _follow_companies(entry: Entry) -> None:
    """Keep the implied companies those of the people who are there."""
    wanted = Company.objects.filter(main_people__involvements__entry=entry).distinct()
    Involvement.objects.filter(entry=entry, is_implied=True).exclude(company__in=wanted).delete()
    _put(entry, [], wanted, implied=True)


def holders_of(involvements: "QuerySet[Involvement]") -> list[Holder]:
    """The contacts and companies of these involvements."""
    return [row.holder for row in involvements.select_related("contact", "company")]


def refresh_last_contact(entry: Entry, times: set[datetime]) -> None:
    """Work out "last contact" again for everyone concerned, as far as it rests on an entry at one of `times`.

    A later one stays; one that came from elsewhere (an import) is never moved back.
    """
    _correct(holders_of(Involvement.objects.filter(entry=entry)), times)


def _correct(holders: Iterable[Holder], times: set[datetime]) -> None:
    holders = list(holders)
    for holder in holders:
        rows = Involvement.objects.of(holder).filter(kind__in=kinds.contact_kinds(), entry__removed_at=None)
        newest = rows.newest_first().values_list("occurred_at", flat=True).first() or NEVER
        if newest > holder.last_contact_at or holder.last_contact_at in times:
            type(holder).objects.filter(pk=holder.pk).update(last_contact_at=newest)
            holder.last_contact_at = newest
    rhythm.keep([holder for holder in holders if isinstance(holder, Contact)])
