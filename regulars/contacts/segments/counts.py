"""How many people a segment has, kept for each colleague: pages show what was counted last and never count.

A count that is older than STALE when somebody sees it is taken anew by a worker.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django_tasks import task

from regulars.access.door import viewer
from regulars.access.home import at_home_of
from regulars.access.models import Organisation, User
from regulars.contacts.filters.base import CONTACT, Scope
from regulars.contacts.lists.listing import PeopleList
from regulars.contacts.models import Segment, SegmentCount
from regulars.lib.prepared import Fixed, prepared

STALE = timedelta(minutes=15)


def with_counts(user: User, limit: int = 200) -> Sequence[Any]:
    """Return the segments that `user` may see with `counted` ("84", "1,000+", "" before the first count). One query.

    Stale counts are queued to be taken anew.
    """
    segments: list[Any] = _with_kept(user.pk, Fixed(limit))
    old = timezone.now() - STALE
    for segment in segments:
        segment.counted = segment.kept or ""
    queue([one.pk for one in segments if one.kept_at is None or one.kept_at < old], user)
    return segments


@prepared
def _with_kept(me: int, limit: int) -> QuerySet[Segment]:
    user = viewer(me, sees_all=False)
    own = FilteredRelation("counts", condition=Q(counts__user=me))
    rows = Segment.objects.visible_to(user).annotate(own=own, kept=F("own__words"), kept_at=F("own__counted_at"))
    return rows.order_by("name", "pk")[:limit]


def queue(ids: Sequence[int], user: User) -> None:
    """Let a worker count these; a count is queued once, also when many pages ask at once."""
    if not ids:
        return
    now = timezone.now()
    with transaction.atomic():
        SegmentCount.objects.bulk_create(
            [SegmentCount(segment_id=pk, user=user, count=0, words="", counted_at=now - 2 * STALE) for pk in ids],
            ignore_conflicts=True,
        )
        stale = SegmentCount.objects.filter(segment__in=ids, user=user, counted_at__lt=now - STALE)
        if stale.update(counted_at=now):
            transaction.on_commit(lambda: count_segments.enqueue(user.pk, list(ids)))


@task()
def count_segments(user_id: int, ids: list[int]) -> None:
    """Count segments for a colleague and keep the results. Safe to run twice."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    with at_home_of(user):
        for segment in Segment.objects.visible_to(user).filter(pk__in=ids):
            keep_count(segment, user, *people_list(segment, user).size())


def people_list(segment: Segment, user: User) -> PeopleList:
    """Return the list of the segment as `user` sees it."""
    data = QueryDict(mutable=True)
    data["segment"] = str(segment.pk)
    return PeopleList(data, Scope(CONTACT, user, Organisation.current()))


def keep_count(segment: Segment, user: User, count: int, words: str) -> None:
    """Keep what was counted just now."""
    SegmentCount.objects.update_or_create(
        segment=segment,
        user=user,
        defaults={"count": count, "words": words[:20], "counted_at": timezone.now()},
    )
