"""Thanking somebody: the act, its line on the timeline, and the occasions that it answers."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.models import User
from regulars.contacts.actions import Moment, holder_link, log_moment
from regulars.contacts.actions.adding import Holder
from regulars.contacts.models import Company, Contact
from regulars.promises.models import Occasion, Thanks, ThanksSettings
from regulars.promises.thanks.occasions import all_rules, rule_named
from regulars.promises.thanks.words import sentence
from regulars.timeline.models import Entry

KIND = "thanks"


class SettledAlready(ValueError):
    """A colleague thanked, skipped or let rest the same occasion first; nothing was written."""

    def __init__(self, occasion: Occasion) -> None:
        occasion.refresh_from_db()
        who = occasion.settled_by.first_name if occasion.settled_by else _("A colleague")
        said = _("%(name)s was faster: this is %(status)s already.")
        super().__init__(said % {"name": who, "status": str(occasion.get_status_display()).lower()})


@transaction.atomic
def thank(
    holder: Holder,
    *,
    by: User,
    reason: str = Thanks.Reason.OTHER,
    way: str = Thanks.Way.WORDS,
    note: str = "",
    cost: Decimal = Decimal(0),
    at: datetime | None = None,
    occasion: Occasion | None = None,
    entry: Entry | None = None,
) -> Thanks:
    """Write down that `holder` was thanked; returns the thanks.

    Puts it on the timeline, unless `entry` says it already. It answers `occasion`, or else every open occasion for the
    same reason; other occasions of the same person rest as long as the business wishes. `cost` is in the currency of
    the business. Raises SettledAlready when a colleague was faster, ValueError for thanks in the future.
    """
    now = timezone.now()
    at = min(at, now) if at and at <= now + timedelta(days=1) else at or now
    if at > now:
        raise ValueError(_("Thanks can't lie in the future."))
    thanks = Thanks(**holder_link(holder), reason=reason, way=way, note=note[:500], cost=cost, thanked_at=at, by=by)
    thanks.entry = entry or _log(thanks, holder, occasion, by)
    thanks.save()
    _answer(thanks, holder, occasion, by)
    _let_rest(holder, at)
    return thanks


def _log(thanks: Thanks, holder: Holder, occasion: Occasion | None, by: User) -> Entry:
    snapshot = {"way": thanks.way, "reason": thanks.reason}
    if thanks.cost:
        snapshot["cost"] = str(thanks.cost)
    moment = Moment(
        sentence(thanks, occasion),
        kind=KIND,
        occurred_at=thanks.thanked_at,
        contacts=[holder] if isinstance(holder, Contact) else [],
        companies=[holder] if isinstance(holder, Company) else [],
        snapshot=snapshot,
    )
    return log_moment(moment, by=by)


def _answer(thanks: Thanks, holder: Holder, occasion: Occasion | None, by: User) -> None:
    if occasion is not None:
        if not occasion.mark_thanked(thanks, by=by):
            raise SettledAlready(occasion)
        return
    rules = [rule.name for rule in all_rules() if rule.reason == thanks.reason]
    same = Occasion.objects.of(holder).filter(
        status=Occasion.Status.OPEN, rule__in=rules, occurred_at__lte=thanks.thanked_at
    )
    for one in same if thanks.reason != Thanks.Reason.OTHER else ():
        one.mark_thanked(thanks, by=by)


def _let_rest(holder: Holder, at: datetime) -> None:
    until = at + timedelta(days=ThanksSettings.current().rest_days)
    waiting = Occasion.objects.of(holder).filter(status=Occasion.Status.OPEN, not_before__lt=until)
    waiting.update(not_before=until)


@transaction.atomic
def take_back(thanks: Thanks, *, by: User) -> bool:
    """Undo thanks: their occasions are open again, their line leaves the timeline. False when that was done already."""
    Occasion.objects.filter(thanks=thanks).update(
        status=Occasion.Status.OPEN, settled_at=None, settled_by=None, thanks=None
    )
    deleted, _rows = Thanks.objects.filter(pk=thanks.pk).delete()
    if not deleted:
        return False
    if thanks.entry_id and thanks.entry and thanks.entry.kind == KIND:
        thanks.entry.remove(by=by)
    settings = ThanksSettings.current()
    last = Thanks.objects.of(thanks.holder).order_by("-thanked_at").values_list("thanked_at", flat=True).first()
    until = last + timedelta(days=settings.rest_days) if last else timezone.now()
    Occasion.objects.of(thanks.holder).filter(status=Occasion.Status.OPEN).update(not_before=until)
    return True


def reason_of(occasion: Occasion) -> str:
    """Return what thanks for this occasion are for."""
    rule = rule_named(occasion.rule)
    return rule.reason if rule else Thanks.Reason.OTHER
