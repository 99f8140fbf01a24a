"""Which times of a booking page are free, and with whom: working hours, days off, buffers, notice, what is taken."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from regulars.access.models import Organisation, User
from regulars.promises.appointments import calendar
from regulars.promises.booking import claims
from regulars.promises.booking.free_times import Span, free_starts, joined, wall_moment, working_spans
from regulars.promises.booking.working_hours import days_off, weeks_of, zone_of
from regulars.promises.models import Appointment, BookingPage
from regulars.promises.times.due import business_zone

Free = dict[datetime, list[User]]  # start → hosts who are free then


def active_hosts(page: BookingPage) -> list[User]:
    """Return the hosts who can still be booked: not those whose account is closed. One query."""
    return list(page.hosts.filter(is_active=True).order_by("name", "pk"))


def last_day(page: BookingPage, zone: ZoneInfo, now: datetime) -> date:
    """The last day that can be booked."""
    return now.astimezone(zone).date() + timedelta(days=page.horizon)


def bounds(page: BookingPage, zone: ZoneInfo, now: datetime) -> Span:
    """From when to when an appointment of `page` may begin: after the notice, up to the end of the last day."""
    return Span(now + timedelta(hours=page.notice), wall_moment(last_day(page, zone, now), 24 * 60, zone))


def free_times(
    page: BookingPage,
    window: Span,
    hosts: Sequence[User],
    *,
    now: datetime | None = None,
    besides: Appointment | None = None,
) -> Free:
    """Return when an appointment of `page` may start in `window` and which of `hosts` are free then, in order.

    What `besides` (the appointment that is being moved) takes counts as free. A fixed number of queries.
    """
    organisation = Organisation.current()
    may = bounds(page, business_zone(organisation), now or timezone.now())
    first, last = max(window.start, may.start), min(window.end, may.end) - timedelta(microseconds=1)
    if first > last or not hosts:
        return {}
    length, before, after = (timedelta(minutes=n) for n in (page.length, page.buffer_before, page.buffer_after))
    around = Span(first - before, last + length + after)
    working = _working(hosts, around, organisation)
    busy = taken([host.pk for host in hosts], around, besides=besides)
    found: Free = {}
    for host in hosts:
        starts = free_starts(
            working[host.pk], busy[host.pk], length=length, step=timedelta(minutes=page.step),
            before=before, after=after, earliest=first, latest=last,
        )  # fmt: skip
        for start in starts:
            found.setdefault(start, []).append(host)
    return dict(sorted(found.items()))


def _working(hosts: Sequence[User], around: Span, organisation: Organisation | None) -> dict[int, list[Span]]:
    weeks = weeks_of(hosts)
    days = (around.start.date() - timedelta(days=2), around.end.date() + timedelta(days=2))
    off = days_off(weeks.keys(), *days)
    return {host.pk: working_spans(weeks[host.pk], zone_of(host, organisation), *days, off[host.pk]) for host in hosts}


def taken(user_ids: Collection[int], window: Span, *, besides: Appointment | None = None) -> dict[int, list[Span]]:
    """Return what each colleague has in `window`: what is claimed, and the times of series, which claim nothing."""
    found = claims.claimed(user_ids, window, besides=besides)
    for one in calendar.occurrences(user_ids, window.start, window.end, None):
        if besides is None or one.pk != besides.pk:
            for pk in one.user_ids:
                if pk in found:
                    found[pk].append(Span(one.start, one.end))
    return {pk: joined(spans) for pk, spans in found.items()}


def is_free(
    page: BookingPage, start: datetime, host: User, *, now: datetime, besides: Appointment | None = None
) -> bool:
    """Whether `host` is free for an appointment of `page` at exactly `start`."""
    return start in free_times(page, Span(start, start + timedelta(minutes=1)), [host], now=now, besides=besides)
