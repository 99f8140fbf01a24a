"""What segments and rhythms do by themselves."""

from django.db.models import Q
from django.utils import timezone

from regulars.access.home import at_home_of
from regulars.access.models import Organisation, User
from regulars.contacts import rhythm
from regulars.contacts.filters.base import CONTACT, Scope
from regulars.contacts.models import Contact, Rhythm, Segment
from regulars.contacts.segments.reading import people_in
from regulars.lib.schedule import every

BATCH = 2_000
MOST = 50_000  # people of one segment that get its rhythm; a wish for more is no wish


@every(minutes=2)
def heal_rhythms() -> None:
    """Work out the rhythms of contact that imports, merges and removals left behind."""
    with at_home_of(None):
        rhythm.heal()


@every(hours=6)
def spread_segment_rhythms() -> None:
    """Give the people of segments that ask for a rhythm that rhythm, where nothing better is known of them."""
    with at_home_of(None):
        wanted: dict[int, int] = {}
        for segment in Segment.objects.exclude(rhythm_days=None).select_related("owner"):
            for pk in _people(segment, segment.owner):
                wanted[pk] = min(segment.rhythm_days or 0, wanted.get(pk, segment.rhythm_days or 0))
        _spread(wanted)


def _people(segment: Segment, owner: User) -> list[int]:
    found = people_in(segment, Scope(CONTACT, owner, Organisation.current()))
    return list(found.filter(Q(rhythm=None) | Q(rhythm__usual_days=None)).values_list("pk", flat=True)[:MOST])


def _spread(wanted: dict[int, int]) -> None:
    gone = [one for one in Rhythm.objects.exclude(segment_days=None).iterator() if one.contact_id not in wanted]
    for kept in gone:
        kept.segment_days = None
        kept.settle()
        kept.save(update_fields=["segment_days", "due_on", "overdue_from"])
    ids = list(wanted)
    for start in range(0, len(ids), BATCH):
        _write(ids[start : start + BATCH], wanted)


def _write(ids: list[int], wanted: dict[int, int]) -> None:
    """Write what differs of one batch."""
    rows = []
    for contact in Contact.objects.filter(pk__in=ids).select_related("rhythm"):
        kept = getattr(contact, "rhythm", None)
        if kept is None:
            since = timezone.localtime(contact.last_contact or contact.created_at).date()
            kept = Rhythm(contact=contact, owner_id=contact.owner_id, since=since, counted_to=contact.last_contact_at)
        if kept.segment_days != wanted[contact.pk]:
            kept.segment_days = wanted[contact.pk]
            kept.settle()
            rows.append(kept)
    Rhythm.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["contact"],
        update_fields=["segment_days", "due_on", "overdue_from"],
        batch_size=500,
    )
