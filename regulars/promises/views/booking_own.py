"""What a visitor does with the secret link to their booking: look, take it into a calendar, move, cancel."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from regulars.promises.actions import booking as actions
from regulars.promises.booking import guard
from regulars.promises.booking.claims import Taken
from regulars.promises.booking.month import Asked, month_of, read_stamp
from regulars.promises.models import Appointment, Booking
from regulars.promises.views.booking import PublicRequest, gone, page_words, public_page, zone_only


def open_booking(request: PublicRequest, token: str) -> Booking | HttpResponse:
    """Return the booking that a link leads to, or the answer for one that is made up (404), cancelled or past (410).

    What is over shows nothing of whom it was for. Whoever tries many links is told to wait.
    """
    found = Booking.objects.filter(token=token).select_related("page", "appointment", "host").first()
    if found is None:
        if guard.is_too_often("link", guard.address_key(request), guard.GUESSES):
            return gone(request, "guessing", 429)
        return gone(request, "unknown-booking", 404)
    appointment = found.appointment
    if appointment.status == Appointment.Status.CANCELLED:
        return gone(request, "cancelled", 410, found.page)
    if appointment.status != Appointment.Status.PLANNED or appointment.is_over:
        return gone(request, "past", 410, found.page)
    return found


def own_words(request: PublicRequest, booking: Booking) -> dict[str, Any]:
    """What every page about a booking shows; `closed` says why it can't be changed."""
    try:
        actions.check_open(booking)
        closed = ""
    except actions.NotPossible as problem:
        closed = str(problem)
    hosts = [link.user for link in booking.appointment.colleague_links.select_related("user")]
    return page_words(request, booking.page) | {
        "booking": booking,
        "appointment": booking.appointment,
        "hosts": hosts,
        "closed": closed,
        "changes_until": actions.change_closes_at(booking),
        "own_link": request.build_absolute_uri(booking.get_absolute_url()),
    }


@require_safe
@public_page
def booking(request: PublicRequest, token: str) -> HttpResponse:
    """Show a visitor their booking."""
    found = open_booking(request, token)
    if isinstance(found, HttpResponse):
        return found
    done = request.GET.get("done", "")
    return render(request, "promises/booking.html", own_words(request, found) | {"done": done})


@require_safe
@public_page
def booking_file(request: PublicRequest, token: str) -> HttpResponse:
    """Give the booking as a file for calendars."""
    from regulars.promises.booking.file import calendar_file  # loads a library that most processes never need

    found = open_booking(request, token)
    if isinstance(found, HttpResponse):
        return found
    text = calendar_file(found, request.organisation, request.build_absolute_uri(found.get_absolute_url()))
    name = f'attachment; filename="{found.page.slug}.ics"'
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": name})


@require_http_methods(["GET", "POST"])
@public_page
def move_booking(request: PublicRequest, token: str) -> HttpResponse:
    """Show other times (GET), and move to one of them (POST)."""
    found = open_booking(request, token)
    if isinstance(found, HttpResponse):
        return found
    problem, start = "", read_stamp(request.POST.get("start", ""))
    if request.method == "POST" and start:
        try:
            actions.move_booking(found, start)
        except Taken:
            problem = _("Somebody was a moment faster: this time is taken now.")
        except actions.NotPossible as reason:
            problem = str(reason)
        else:
            return redirect(found.get_absolute_url() + Asked(kept=zone_only(request)).url(done="moved"))
    return _times(request, found, problem)


def _times(request: PublicRequest, found: Booking, problem: str) -> HttpResponse:
    words = own_words(request, found)
    asked = Asked(request.GET.get("day", ""), request.GET.get("month", ""), zone_only(request))
    hosts = [] if words["closed"] else actions.hosts_for_move(found)
    month = month_of(found.page, hosts, asked, request.zone, besides=found.appointment)
    status = 409 if problem or (words["closed"] and request.method == "POST") else 200
    return render(request, "promises/booking_move.html", words | {"month": month, "problem": problem}, status=status)


@require_http_methods(["GET", "POST"])
@public_page
def cancel_booking(request: PublicRequest, token: str) -> HttpResponse:
    """Ask whether they are sure (GET), and call it off (POST)."""
    found = open_booking(request, token)
    if isinstance(found, HttpResponse):
        return found
    words = own_words(request, found)
    if request.method == "GET":
        return render(request, "promises/booking_cancel.html", words)
    try:
        actions.cancel_booking(found, reason=request.POST.get("reason", "")[:300])
    except actions.NotPossible as problem:
        return render(request, "promises/booking_cancel.html", words | {"closed": str(problem)}, status=409)
    return render(request, "promises/booking_cancelled.html", words)
