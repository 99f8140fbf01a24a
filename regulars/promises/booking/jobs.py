"""What booking cleans up by itself."""

from datetime import timedelta

from django.utils import timezone

from regulars.lib.schedule import every
from regulars.promises.booking import claims
from regulars.promises.models import Booking, DayOff

KEPT = timedelta(days=30)


@every(hours=6)
def tidy_booking() -> None:
    """Forget where bookings came from after a day, claims on time that has passed, and days off long removed."""
    now = timezone.now()
    Booking.objects.exclude(address_key="").filter(made_at__lt=now - timedelta(days=1)).update(address_key="")
    claims.forget_past(now - timedelta(days=1))
    DayOff.objects.filter(removed_at__lt=now - KEPT).delete()
