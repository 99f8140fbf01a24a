"""When something is due: a day, or a moment. A day is over at its end where the business is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from regulars.access.models import Organisation
from regulars.contacts.capture.due_dates import end_of
from regulars.promises.times.wall_time import zone_named


def business_zone(organisation: Organisation | None = None) -> ZoneInfo:
    """Return the zone that the business lives by. One query, none when `organisation` is at hand."""
    business = organisation or Organisation.current()
    return zone_named(business.time_zone if business else "UTC")


def end_of_day(day: date, zone: ZoneInfo | None = None) -> datetime:
    """Return the moment (UTC) at which something due on `day` becomes late."""
    return end_of(day, zone or business_zone()).astimezone(UTC)


def days_ahead(days: int, zone: ZoneInfo | None = None, now: datetime | None = None) -> datetime:
    """Return the end of the day in `days` days: 0 for today."""
    zone = zone or business_zone()
    return end_of_day((now or timezone.now()).astimezone(zone).date() + timedelta(days=days), zone)
