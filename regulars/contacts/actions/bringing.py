"""Who brought whom: set, changed and taken back, without loops even when two people do it at once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.contacts.actions.adding import Holder
from regulars.contacts.actions.moments import Moment, log_moment
from regulars.contacts.models import Company, Contact, IntroducerTotal, Referral
from regulars.contacts.models.referrals import Introducer, introducer_link

KIND = "referral"
# Any number, the same everywhere: whoever changes referrals on PostgreSQL waits for whoever does so at the moment.
_LOCK = 720_311_518
MENDED_TOGETHER = 500  # totals

_hooks: list[Callable[[Referral], None]] = []


class ReferralLoop(ValueError):
    """The introducer came, over some generations, through the very person that they would have brought."""

    def __init__(self) -> None:
        super().__init__(_("This would be a circle: they came through this very person."))


def on_brought(hook: Callable[[Referral], None]) -> None:
    """Call `hook` after each commit that set or changed a referral; called in `apps.ready()` of upper contexts."""
    if hook not in _hooks:
        _hooks.append(hook)


def lock_referrals() -> None:
    """Let nobody else change referrals until this transaction ends.

    Two crossing introducers (A by B, and B by A) are each harmless to the transaction that cannot see the other's
    row, so one has to wait. On SQLite a transaction that writes is alone anyway. Take it before rows of contacts are
    written: whoever has them and waits for this could be waited for.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def node_of(holder: Holder) -> int:
    """Return the number of a contact or company in trees: see `Referral.node`."""
    return holder.pk * 2 if isinstance(holder, Contact) else holder.pk * 2 + 1


_ABOVE = """
WITH RECURSIVE above(node) AS (
  SELECT CAST(%s AS bigint)
  UNION
  SELECT r.by_node FROM contacts_referral r JOIN above a ON r.node = a.node WHERE r.by_node IS NOT NULL
)
SELECT 1 FROM above WHERE node = %s
"""


def makes_loop(newcomer: Holder, introducer: Introducer) -> bool:
    """Whether `introducer` came through `newcomer`, or is the same. One query, however long the chain is."""
    if not isinstance(introducer, Contact | Company):
        return False
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, [node_of(introducer), node_of(newcomer)])
        return cursor.fetchone() is not None


@transaction.atomic
def bring(
    newcomer: Holder,
    introducer: Introducer,
    *,
    by: User | None,
    how: str = Referral.How.TOLD,
    note: str = "",
    at: datetime | None = None,
    audited: bool = True,
    told: bool = True,
) -> Referral:
    """Say that `introducer` brought `newcomer`, whoever was said to have before; returns the referral.

    When it is news: puts it on both timelines and audits it (unless not `told`, or the caller audits), keeps the
    totals, and tells upper contexts after the commit. `by` is None when the newcomer came by themselves, through a
    link. Raises ReferralLoop when the introducer came through the newcomer.
    """
    lock_referrals()
    if makes_loop(newcomer, introducer):
        raise ReferralLoop
    now = timezone.now()
    known = Referral.objects.of(newcomer).with_people().first()
    was = known.introducer if known else None
    referral: Referral = known or Referral(**_link(newcomer), brought_at=at or now)
    _name(referral, introducer)
    referral.how, referral.note = how, note[:300]
    referral.brought_at = at or referral.brought_at
    referral.noted_by, referral.noted_at = by, now
    referral.save()
    if was != introducer:
        count_again(introducer, *([was] if was else []))
        if told:
            _tell(referral, was, by, audited=audited)
        transaction.on_commit(lambda: _run_hooks(referral.pk))
    return referral


@transaction.atomic
def forget_introducer(newcomer: Holder, *, by: User, audited: bool = True) -> bool:
    """Say that nobody brought them; False when nobody was said to have."""
    lock_referrals()
    known = Referral.objects.of(newcomer).with_people().first()
    if known is None:
        return False
    was = known.introducer
    known.delete()
    count_again(was)
    if audited:
        _audit(newcomer, was, None, by)
    return True


def _link(newcomer: Holder) -> dict[str, Any]:
    return {"contact": newcomer} if isinstance(newcomer, Contact) else {"company": newcomer}


def _name(referral: Referral, introducer: Introducer) -> None:
    referral.by_contact = referral.by_company = referral.by_user = None
    referral.by_partner = ""
    for column, value in introducer_link(introducer).items():
        setattr(referral, column, value)


def count_again(*introducers: Introducer) -> None:
    """Bring the kept totals of these introducers up to date."""
    for introducer in dict.fromkeys(introducers):
        link = {name.removeprefix("by_"): value for name, value in introducer_link(introducer).items()}
        people = Referral.objects.by(introducer).count()
        rows = IntroducerTotal.objects.filter(**link)
        if not people:
            rows.delete()
        elif not rows.update(people=people):
            IntroducerTotal.objects.create(**link, people=people)


def _tell(referral: Referral, was: Introducer | None, by: User | None, *, audited: bool) -> None:
    """Write the line on both timelines. It holds no names: each reader sees those that they may know of."""
    ends: list[Introducer] = [referral.newcomer, referral.introducer]
    now, given = timezone.now(), referral.brought_at
    snapshot: dict[str, Any] = {"newcomer": _key(referral.newcomer), "changed": was is not None}
    if isinstance(referral.introducer, User | str):
        snapshot["by"] = str(referral.introducer)
    log_moment(
        Moment(
            text=referral.note,
            kind=KIND,
            occurred_at=now if was is not None else min(given, now),
            contacts=[end for end in ends if isinstance(end, Contact)],
            companies=[end for end in ends if isinstance(end, Company)],
            snapshot=snapshot,
        ),
        by=by,
    )
    if audited:
        _audit(referral.newcomer, was, referral.introducer, by)


def _audit(newcomer: Holder, before: Introducer | None, after: Introducer | None, by: User | None) -> None:
    kind = "contact" if isinstance(newcomer, Contact) else "company"
    changes = {"source_contact": [str(before or ""), str(after or "")]}
    audit("changed", by=by, kind=kind, object_id=newcomer.pk, title=newcomer.display_name, changes=changes)


def _key(holder: Holder) -> str:
    return f"{'contact' if isinstance(holder, Contact) else 'company'}-{holder.pk}"


def _run_hooks(pk: int) -> None:
    referral = Referral.objects.with_people().filter(pk=pk).first()
    for hook in _hooks if referral else ():
        hook(referral)  # type: ignore[arg-type]


def mend_totals() -> int:
    """Bring every kept total in line with the referrals that are there; returns how many were not.

    All are compared first; those that differ are mended a few hundred at a time, so that nobody waits long to write.
    """
    mended = 0
    for name in ("contact", "company", "user", "partner"):
        column, own = (f"by_{name}", name) if name == "partner" else (f"by_{name}_id", f"{name}_id")
        nobody = "" if name == "partner" else None
        people = _counted(Referral.objects.exclude(**{column: nobody}), column)
        totals = IntroducerTotal.objects.exclude(**{own: nobody})
        kept = dict(totals.values_list(own, "people"))
        wrong = [key for key in people.keys() | kept.keys() if people.get(key) != kept.get(key)]
        for first in range(0, len(wrong), MENDED_TOGETHER):
            _mend(column, own, wrong[first : first + MENDED_TOGETHER])
        mended += len(wrong)
    return mended


def _counted(referrals: QuerySet[Referral], column: str) -> dict[Any, int]:
    return dict(referrals.order_by().values_list(column).annotate(people=Count("pk")))


@transaction.atomic
def _mend(column: str, own: str, keys: Sequence[Any]) -> None:
    """Count the people of these introducers once more, while nobody changes referrals, and keep that."""
    lock_referrals()
    totals = IntroducerTotal.objects.filter(**{f"{own}__in": keys})
    people = _counted(Referral.objects.filter(**{f"{column}__in": keys}), column)
    totals.exclude(**{f"{own}__in": list(people)}).delete()
    kept = list(totals)
    for total in kept:
        total.people = people.pop(getattr(total, own))
    IntroducerTotal.objects.bulk_update(kept, ["people"])
    missing = [IntroducerTotal(**{own: key}, people=count) for key, count in people.items()]
    IntroducerTotal.objects.bulk_create(missing)
