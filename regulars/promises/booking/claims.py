"""Who has which five minutes: what makes double booking impossible, on every database.

Appointments of colleagues who can be booked claim the five minutes they touch (`TimeClaim`, unique for a colleague
and moment). A visitor's booking has to win all of its own, with its buffers (`take`); what colleagues write into
their own calendars claims what nobody has yet (`settle`), because they may overlap knowingly. Why it is done like this:
docs/adr/0008-claims-of-five-minutes.md.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from regulars.access.models import User
from regulars.promises.booking.free_times import TICK, Span, joined, ticks
from regulars.promises.models import Appointment, AppointmentColleague, BookingPage, TimeClaim

LONGEST_BUFFER = timedelta(hours=4)  # as `BookingPage` allows
AT_MOST = 100_000  # claims in one go


class Taken(Exception):
    """Somebody was faster: at least five minutes of it belong to another appointment."""


def take(appointment: Appointment, user: User, span: Span) -> None:
    """Claim all of `span` for `appointment`, in place of what it has claimed so far.

    Raises Taken when another appointment has any of it; the caller's transaction must then be given up.
    """
    TimeClaim.objects.filter(appointment=appointment).delete()
    rows = [TimeClaim(user=user, at=at, appointment=appointment) for at in ticks(span)]
    try:
        with transaction.atomic():
            TimeClaim.objects.bulk_create(rows)
    except IntegrityError as problem:
        raise Taken from problem


@transaction.atomic
def settle(appointment: Appointment) -> None:
    """Make the claims fit after `appointment` was made, moved, cancelled, planned again or given to others.

    Time that it leaves goes to appointments it stood in the way of. Costs one query more where nobody can be booked.
    """
    if not BookingPage.objects.exists():
        return
    before = list(TimeClaim.objects.filter(appointment=appointment).values_list("user_id", "at"))
    TimeClaim.objects.filter(appointment=appointment).delete()
    users = {pk for pk, _at in before}
    users |= set(AppointmentColleague.objects.filter(appointment=appointment).values_list("user_id", flat=True))
    moments = [at for _pk, at in before]
    hold(users, Span(min([*moments, appointment.starts_at]), max([*moments, appointment.ends_at])))


def hold(users: Collection[int], window: Span | None = None) -> None:
    """Claim, for those of `users` who can be booked, what their appointments touch and nobody has claimed.

    Without `window` it is everything from now on: for somebody who has just become bookable.
    """
    bookable = set(User.objects.filter(pk__in=users, booking_pages__isnull=False).values_list("pk", flat=True))
    if not bookable:
        return
    now = timezone.now()
    since = max(window.start, now - timedelta(days=1)) if window else now
    links = AppointmentColleague.objects.filter(user__in=bookable, ends_at__gt=since - LONGEST_BUFFER)
    if window:
        links = links.filter(starts_at__lt=window.end + LONGEST_BUFFER)
    links = links.filter(appointment__repeat="").exclude(appointment__status=Appointment.Status.CANCELLED)
    rows = (
        TimeClaim(user_id=link.user_id, at=at, appointment_id=link.appointment_id)
        for link in links.select_related("appointment__booking").order_by("appointment__created_at", "pk")
        for at in ticks(_held(link))
    )
    TimeClaim.objects.bulk_create(list(_some(rows)), ignore_conflicts=True, batch_size=1000)


def _some(rows: Iterable[TimeClaim]) -> Iterator[TimeClaim]:
    for number, row in enumerate(rows):
        if number >= AT_MOST:
            return
        yield row


def _held(link: AppointmentColleague) -> Span:
    """What a colleague's part in an appointment takes: a booking's with the buffers it was made with."""
    booking = getattr(link.appointment, "booking", None)
    before, after = (booking.buffer_before, booking.buffer_after) if booking else (0, 0)
    return Span(link.starts_at - timedelta(minutes=before), link.ends_at + timedelta(minutes=after))


def claimed(users: Collection[int], window: Span, *, besides: Appointment | None = None) -> dict[int, list[Span]]:
    """Return what is claimed of each of `users` in `window`, but for what `besides` holds. One query."""
    rows = TimeClaim.objects.filter(user__in=users, at__gte=window.start - TICK, at__lt=window.end)
    if besides:
        rows = rows.exclude(appointment=besides)
    found: dict[int, list[Span]] = {pk: [] for pk in users}
    for pk, at in rows.values_list("user_id", "at"):
        found[pk].append(Span(at, at + TICK))
    return {pk: joined(spans) for pk, spans in found.items()}


def forget_past(before: datetime | None = None) -> int:
    """Drop claims on time that has passed; returns how many."""
    before = before or datetime.now(UTC) - timedelta(days=1)
    return TimeClaim.objects.filter(at__lt=before).delete()[0]
