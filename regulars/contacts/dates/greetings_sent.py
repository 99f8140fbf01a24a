"""Who was greeted already, from what stands on timelines."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from regulars.contacts.models import Involvement

REMEMBERED = timedelta(days=60)  # a greeting for a day may go out a month ahead


def greeted(contact_ids: Sequence[int]) -> set[str]:
    """Return the keys of the days ("date-5") for which these people were greeted lately. One query."""
    if not contact_ids:
        return set()
    rows = Involvement.objects.filter(
        contact__in=contact_ids,
        occurred_at__gt=timezone.now() - REMEMBERED,
        kind__in=("message", "email"),
        entry__removed_at=None,
    )
    snapshots = rows.order_by().values_list("entry__snapshot", flat=True)
    return {said["greeting"] for said in snapshots if isinstance(said, dict) and "greeting" in said}
