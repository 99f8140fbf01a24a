"""The bin: what is thrown away stays there for 30 days, then goes for good."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.contacts.actions.adding import Holder
from regulars.contacts.models import Company, Contact

KEPT_FOR = timedelta(days=30)


@transaction.atomic
def bin_holder(holder: Holder, *, by: User) -> bool:
    """Move a contact or company to the bin; False when it is there already. Audited."""
    mine = type(holder).objects.filter(pk=holder.pk, binned_at=None)
    if not mine.update(binned_at=timezone.now()):
        return False
    _note("binned", holder, by)
    return True


@transaction.atomic
def restore_holder(holder: Holder, *, by: User) -> bool:
    """Take a contact or company out of the bin; False when it is not in it, or was merged or erased. Audited."""
    binned = type(holder).objects.filter(pk=holder.pk, merged_into=None).exclude(binned_at=None)
    if isinstance(holder, Contact):
        binned = binned.filter(erased_at=None)
    if not binned.update(binned_at=None):
        return False
    _note("restored", holder, by)
    return True


def _note(verb: str, holder: Holder, by: User) -> None:
    kind = "contact" if isinstance(holder, Contact) else "company"
    audit(verb, by=by, kind=kind, object_id=holder.pk, title=holder.display_name)


def empty_bins(now: datetime | None = None, at_most: int = 500) -> int:
    """Delete for good what has been in the bin for 30 days, each record in a transaction of its own; returns how many.

    Files are deleted from disk. At most `at_most` of each kind, so that a run stays short; the next run goes on.
    """
    from regulars.contacts.actions.erasing import delete_entries, delete_for_good, forget_merged

    before = (now or timezone.now()) - KEPT_FOR
    done = 0
    for model in (Contact, Company):
        old = model.objects.binned_before(before)
        if model is Contact:
            old = old.filter(erased_at=None)
        for holder in old[:at_most]:
            delete_for_good(holder)
            done += 1
        done += forget_merged(model, before, at_most)
    return done + delete_entries(before, at_most)
