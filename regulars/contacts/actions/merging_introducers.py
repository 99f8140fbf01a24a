"""Who brought the one that two records become, and undoing it: the part of a merge that trees care about."""

from regulars.access.models import Operation, UndoStep
from regulars.contacts.actions.adding import Holder
from regulars.contacts.actions.bringing import count_again, makes_loop
from regulars.contacts.models import Contact, Referral
from regulars.contacts.records.removals import state_of


def merge_introducers(into: Holder, other: Holder, choice: str, operation: Operation) -> None:
    """Decide who brought `into` once everybody whom `other` brought belongs to it.

    What it says itself counts, or what `other` says where `choice` is "other" or there is nothing; never somebody who
    came through one of the two. What gives way is kept in the undo steps. The caller holds the lock of referrals.
    """
    mine, theirs = (Referral.objects.of(holder).with_people().first() for holder in (into, other))
    order = [theirs, mine] if choice == "other" else [mine, theirs]
    fits = [row for row in order if row and row.introducer not in (into, other) and not _loops(into, row)]
    best = fits[0] if fits else None
    if mine and best is not mine:
        step = {"gone": state_of(mine)}
        UndoStep.objects.create(operation=operation, model="contacts.referral", object_id=mine.pk, before=step)
        mine.delete()
    if best and best is theirs:
        field = "contact" if isinstance(into, Contact) else "company"
        before = {"moved": [best.pk], "field": field}
        UndoStep.objects.create(operation=operation, model="contacts.referral", object_id=other.pk, before=before)
        Referral.objects.filter(pk=best.pk).update(**{field: into})
    count_again(into, other, *(row.introducer for row in order if row))


def _loops(into: Holder, row: Referral) -> bool:
    return makes_loop(into, row.introducer)


def unmerge_introducers(into: Holder, other: Holder) -> None:
    """Bring the totals up to date after an undo, and let go of an introducer that would close a circle by now."""
    for holder in (other, into):
        row = Referral.objects.of(holder).with_people().first()
        if row and makes_loop(holder, row.introducer):
            row.delete()
        count_again(holder, *([row.introducer] if row else []))
