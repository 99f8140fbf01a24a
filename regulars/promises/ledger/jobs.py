"""What the ledger does by itself: reminders before a promise is due and when it is late, a word to managers, counts."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import partial

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.home import zone_of
from regulars.access.models import Organisation, Role, User
from regulars.access.notices import notify
from regulars.lib.schedule import every
from regulars.promises.ledger.important import also_important
from regulars.promises.ledger.words import say_due
from regulars.promises.models.promise import Promise
from regulars.promises.models.promise_day import PromiseDay
from regulars.promises.models.promise_settings import PromiseReminder, PromiseSettings

AT_ONCE = 500
MORNING = time(8)
LATE_ENOUGH = timedelta(days=1)
When, Told = PromiseReminder.When, Promise.Told


@every(minutes=5)
def remind() -> None:
    """Tell colleagues what is due soon and what is late, and managers what has been late for a day. Each once."""
    organisation = Organisation.current()
    if organisation is None or not organisation.has_module("promises"):
        return
    now = timezone.now()
    remind_before(now, organisation)
    remind_late(now)
    tell_managers(now)


@every(hours=24)
def recount() -> None:
    """Mend the counts that rates rest on, after deletions for good."""
    PromiseDay.recount()


def _open(told: int, before: datetime, after: datetime | None = None) -> list[Promise]:
    """Open promises, due before a time and perhaps after one, about which less than `told` was told."""
    found = Promise.objects.open().filter(told__lt=told, due_at__lt=before)
    found = found.filter(due_at__gt=after) if after else found
    return list(found.filter(_there()).select_related("contact", "company", "owner").order_by("due_at", "pk")[:AT_ONCE])


def _there() -> Q:
    """The condition for promises to somebody who is not in the bin; a person counts, not their company."""
    person = Q(contact__isnull=False, contact__binned_at=None, contact__erased_at=None)
    return person | Q(contact=None, company__binned_at=None)


def remind_before(now: datetime, organisation: Organisation) -> int:
    """Remind owners before a promise is due, as each of them wishes; returns how many promises that were."""
    wishes = dict(PromiseReminder.objects.values_list("user", "when"))
    due = [
        promise
        for promise in _open(Told.DUE, now + timedelta(days=2, hours=12), now)
        if _is_time(promise, wishes.get(promise.owner_id, When.MORNING), now, organisation)
    ]
    for promise in due:
        _tell([promise.owner], promise, "promise-due", partial(_due_text, promise), f"promise-due:{promise.pk}")
    _note(due, Told.DUE)
    return len(due)


def _is_time(promise: Promise, when: str, now: datetime, organisation: Organisation) -> bool:
    if when == When.NEVER:
        return False
    if when == When.HOUR and promise.has_time:
        return promise.due_at - now <= timedelta(hours=1)
    zone = zone_of(promise.owner, organisation)
    day = promise.due_at.astimezone(zone).date() if promise.has_time else promise.due_on
    day -= timedelta(days=1 if when == When.DAY_BEFORE else 0)
    return now >= datetime.combine(day, MORNING, zone)


def remind_late(now: datetime) -> int:
    """Tell owners that a promise is late; returns how many. One whose colleague has left goes to the managers."""
    late = _open(Told.LATE, now)
    for promise in late:
        key = f"promise-late:{promise.pk}"
        if promise.owner.is_active:
            _tell([promise.owner], promise, "promise-late", partial(_late_text, promise), key)
        else:
            _tell_managers(promise, partial(_orphan_text, promise), key)
    _note(late, Told.LATE)
    return len(late)


def tell_managers(now: datetime) -> int:
    """Tell managers of promises to important customers that have been late for a day; returns how many."""
    late = Promise.objects.open().filter(told__lt=Told.MANAGER, due_at__lt=now - LATE_ENOUGH).filter(important())
    rows = list(late.select_related("contact", "company", "owner").distinct().order_by("due_at", "pk")[:AT_ONCE])
    for promise in rows:
        _tell_managers(promise, partial(_important_text, promise), f"promise-late-important:{promise.pk}")
    _note(rows, Told.MANAGER)
    return len(rows)


def important() -> Q:
    """The condition for promises to customers who matter most: by tag or stage, as the settings say."""
    settings = PromiseSettings.current()
    tags, stages = list(settings.tags.values_list("pk", flat=True)), list(settings.stages.values_list("pk", flat=True))
    there, also = _there(), also_important()
    if not tags and not stages:
        named = Q()
        for name in PromiseSettings.BY_NAME:
            named |= Q(contact__tags__name__iexact=name) | Q(company__tags__name__iexact=name)
        return there & (named | also)
    chosen = Q(contact__tags__in=tags) | Q(company__tags__in=tags)
    return there & (chosen | also | Q(contact__stage__in=stages) | Q(company__stage__in=stages))


def _tell_managers(promise: Promise, text: "partial[str]", key: str) -> None:
    _tell(_managers_of(promise.owner), promise, "promise-late-important", text, key)


def _tell(users: Iterable[User], promise: Promise, kind: str, text: "partial[str]", key: str) -> None:
    """Tell those of `users` who may know of whom it was promised to."""
    knowing = [user for user in users if Promise.objects.visible_to(user).filter(pk=promise.pk).exists()]
    notify(knowing, kind=kind, text=text, url=promise.get_absolute_url(), key=key)


def _managers_of(user: User) -> Iterable[User]:
    """Managers of the colleague's teams, else all managers and owners; not the colleague."""
    leads = User.objects.active().filter(role__in=(Role.MANAGER, Role.OWNER)).exclude(pk=user.pk)
    return leads.filter(teams__in=user.teams.all()).distinct() or leads


def _note(promises: list[Promise], told: int) -> None:
    Promise.objects.filter(pk__in=[promise.pk for promise in promises]).update(told=told)


def _values(promise: Promise) -> dict[str, str]:
    who = promise.holder.display_name
    return {"what": promise.what, "who": who, "due": say_due(promise), "name": promise.owner.first_name}


def _due_text(promise: Promise, user: User) -> str:
    return _("Due %(due)s: %(what)s (promised to %(who)s)") % _values(promise)


def _late_text(promise: Promise, user: User) -> str:
    return _("Late: %(what)s, promised to %(who)s for %(due)s. An honest word now beats silence.") % _values(promise)


def _orphan_text(promise: Promise, user: User) -> str:
    return _("%(name)s has left, and this is late: %(what)s, promised to %(who)s. Give it to somebody.") % _values(
        promise
    )


def _important_text(promise: Promise, user: User) -> str:
    return _("Late for a day: %(name)s promised %(who)s: %(what)s") % _values(promise)
