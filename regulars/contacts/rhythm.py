"""How often somebody is usually in touch, worked out from the days on which they were, and kept in `Rhythm`.

`log_moment` keeps it up to date for the few people of a moment (`keep`); everything that moves many moments (imports,
merges, removals, undo) leaves it to `heal`, which walks all people in the background and works out anew what differs
from "last contact", and first what `forget` marked.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby, pairwise
from statistics import median
from time import monotonic
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.contacts.models import NEVER, Contact, Involvement, Rhythm
from regulars.lib.prepared import prepared
from regulars.timeline import kinds

DAYS_NEEDED = 4  # fewer days in touch say nothing about a rhythm
LOOKS_BACK = 24  # the newest contacts that count, so that an old habit is forgotten
AT_ONCE = 5  # people of one moment whose rhythm is worked out while somebody waits
BATCH = 500
CLEAN = 10  # looks at 2,000 people each that found nothing, after which a run of the job has done enough
WORKED_OUT = ("owner_id", "usual_days", "days", "segment_days", "since", "due_on", "overdue_from", "counted_to")
_PLACE = "rhythm-walk"


def usual_rhythm(contact: Contact) -> Rhythm | None:
    """Return how often `contact` is in touch as an unsaved Rhythm, or None when fewer than four days are known.

    One query, along an index.
    """
    made = _worked_out(contact.pk, contact_moments(contact), contact.created_at)
    return made if made.usual_days else None


def contact_moments(contact: Contact) -> list[datetime]:
    """The times of the newest contacts, newest first."""
    return _moments(contact.pk)


@prepared
def _moments(contact: int) -> QuerySet[Involvement, Any]:
    rows: QuerySet[Involvement, Any] = in_touch().filter(contact=contact).newest_first()
    return rows.values_list("occurred_at", flat=True)[:LOOKS_BACK]


def in_touch() -> Any:
    """Involvements that count as being in touch: of kinds that are contact, and not removed."""
    return Involvement.objects.filter(kind__in=kinds.contact_kinds(), entry__removed_at=None)


def rhythm_of(contact: Contact) -> Rhythm | None:
    """Return the rhythm that counts: the kept one, else one worked out now; None when nothing is known.

    Reads the kept one with one query unless it was loaded along with the contact.
    """
    kept = getattr(contact, "rhythm", None)
    if kept is not None and kept.counted_to is not None:
        return kept if kept.is_known else None
    found = usual_rhythm(contact)
    if kept is None or not (kept.wish_days or kept.segment_days):
        return found
    found = found or Rhythm(contact=contact, since=kept.since)
    found.wish_days, found.segment_days = kept.wish_days, kept.segment_days
    found.settle()
    return found


def _worked_out(contact_id: int, moments: Sequence[datetime], known_since: datetime) -> Rhythm:
    """Return an unsaved Rhythm from the newest moments of contact, newest first."""
    days = sorted({timezone.localtime(moment).date() for moment in moments[:LOOKS_BACK]})
    since = days[-1] if days else timezone.localtime(known_since).date()
    made = Rhythm(contact_id=contact_id, days=len(days), since=since)
    if len(days) >= DAYS_NEEDED:
        gaps = [(later - earlier).days for earlier, later in pairwise(days)]
        made.usual_days = max(1, round(median(gaps)))
    made.settle()
    return made


def keep(contacts: Sequence[Contact]) -> None:
    """Work out anew how often these few people are in touch, and keep it. Two queries; one for many people.

    Called in the transaction that put them in touch.
    """
    ids = {contact.pk for contact in contacts}
    if len(ids) > AT_ONCE:
        forget(ids)
    elif ids:
        _write(list(ids))


def forget(contact_ids: Iterable[int]) -> None:
    """Let the next run of `heal` work out these people's rhythms anew. One query."""
    Rhythm.objects.filter(contact__in=list(contact_ids)).update(counted_to=None)


def _write(ids: Sequence[int]) -> set[int]:
    """Work out and write the rhythms of `ids`; returns those with whom nobody was in touch, who have none."""
    made = list(_read(ids))
    Rhythm.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["contact"], update_fields=list(WORKED_OUT), batch_size=BATCH
    )
    return set(ids) - {one.contact_id for one in made}


def _read(ids: Sequence[int]) -> Iterable[Rhythm]:
    """Read what rhythms are made of, with one query, and make them."""
    for pk, of_one in groupby(_newest(list(ids), len(ids) == 1), key=lambda row: row[0]):
        first, *others = of_one
        made = _worked_out(pk, [first[-1], *(row[-1] for row in others)], first[2])
        _pk, made.owner_id, _since, made.counted_to, made.wish_days, made.segment_days, _at = first
        made.settle()
        yield made


@prepared
def _newest(ids: list[int], is_one: bool) -> QuerySet[Involvement, Any]:
    """The moments of contact of these people, newest first, with what is kept beside them."""
    of_contact = ("owner_id", "created_at", "last_contact_at", "rhythm__wish_days", "rhythm__segment_days")
    columns = ("contact_id", *(f"contact__{name}" for name in of_contact), "occurred_at")
    ordered = in_touch().filter(contact__in=ids).order_by("contact_id", "-occurred_at", "-entry_id")
    newest: QuerySet[Involvement, Any] = ordered.values_list(*columns)
    return newest[:LOOKS_BACK] if is_one else newest


@transaction.atomic
def wish(contact: Contact, days: int | None, *, by: User) -> Rhythm:
    """Set how often `by` wants to be in touch with `contact` (None: as usual again) and return the rhythm. Audited."""
    made = usual_rhythm(contact) or _worked_out(contact.pk, contact_moments(contact), contact.created_at)
    kept = Rhythm.objects.filter(contact=contact).first()
    before = kept.wish_days if kept else None
    made.owner_id, made.counted_to = contact.owner_id, contact.last_contact_at
    made.wish_days, made.segment_days = days, kept.segment_days if kept else None
    made.settle()
    Rhythm.objects.bulk_create(
        [made], update_conflicts=True, unique_fields=["contact"], update_fields=[*WORKED_OUT, "wish_days"]
    )
    if before != days:
        changes = {"wish for contact (days)": [before, days]}
        audit("changed", by=by, kind="contact", object_id=contact.pk, title=contact.display_name, changes=changes)
    return Rhythm.objects.get(contact=contact)


def heal(seconds: float = 10.0) -> int:
    """Work out anew what is marked, then walk on through all people for some seconds; returns how many were written.

    Where the walk is stands in the cache of the worker: a new one begins at the beginning.
    """
    until = monotonic() + seconds
    written = 0
    while monotonic() < until:
        marked = list(Rhythm.objects.filter(counted_to=None).values_list("contact_id", flat=True)[:BATCH])
        if not marked:
            break
        written += work_out(marked)
    place, clean = int(cache.get(_PLACE, 0)), 0
    while monotonic() < until and clean < CLEAN:
        place, wrote = _walk(place)
        written, clean = written + wrote, clean + (not wrote)
        cache.set(_PLACE, place, None)
        if not place:
            break
    return written


@transaction.atomic
def work_out(ids: Sequence[int]) -> int:
    """Work out the rhythms of `ids` anew; where nobody was in touch any more only the wish stays. Returns how many."""
    silent = _write(ids)
    kept = list(Rhythm.objects.filter(contact__in=silent).select_related("contact"))
    for one in kept:
        _silence(one)
    return len(ids) - len(silent) + len(kept)


def _silence(kept: Rhythm) -> None:
    """Nobody was in touch: a wish counts from the day we got to know them; without one there is nothing to keep."""
    if not (kept.wish_days or kept.segment_days):
        kept.delete()
        return
    kept.usual_days, kept.days, kept.counted_to = None, 0, kept.contact.last_contact_at
    kept.owner_id, kept.since = kept.contact.owner_id, timezone.localtime(kept.contact.created_at).date()
    kept.settle()
    kept.save(update_fields=list(WORKED_OUT))


def _walk(place: int) -> tuple[int, int]:
    """Look at the next people after `place`; returns where it ended (0 at the end) and how many were written."""
    rows = Contact.objects.filter(pk__gt=place).order_by("pk")
    columns = ("pk", "owner_id", "last_contact_at", "rhythm__owner_id", "rhythm__counted_to")
    seen = list(rows.values_list(*columns)[: BATCH * 4])
    differing = [
        pk
        for pk, owner, last, kept_owner, counted_to in seen
        if (last != NEVER or counted_to is not None) and (counted_to != last or owner != kept_owner)
    ]
    written = sum(work_out(differing[start : start + BATCH]) for start in range(0, len(differing), BATCH))
    return (seen[-1][0] if len(seen) == BATCH * 4 else 0), written


def follow_owner(contact_ids: Iterable[int], owner_id: int | None) -> None:
    """Repeat a new point of contact. One query."""
    Rhythm.objects.filter(contact__in=list(contact_ids)).update(owner_id=owner_id)
