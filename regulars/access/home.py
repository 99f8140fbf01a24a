"""The zone and language of a colleague, where no request of theirs says so: in workers, mails and notifications."""

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone, translation

from regulars.access.models import Organisation, User


def zone_of(user: User | None, business: Organisation | None = None) -> zoneinfo.ZoneInfo:
    """Return the zone `user` lives by: their own, else the business's, else UTC."""
    return zoneinfo.ZoneInfo(getattr(user, "time_zone", "") or getattr(business, "time_zone", "") or "UTC")


@contextmanager
def at_home_of(user: User | None, business: Organisation | None = None) -> Iterator[None]:
    """Work in the zone and language of `user`, so that what is written reads as they read it.

    `business` spares the query for it.
    """
    business = business or Organisation.current()
    language = getattr(user, "language", "") or getattr(business, "language", "") or "en"
    with timezone.override(zone_of(user, business)), translation.override(language):
        yield
