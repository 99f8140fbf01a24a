"""The public side of booking: choosing a time and saying who one is. No account, no script needed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from regulars.access.models import Organisation
from regulars.contacts.referrals.reading import code_in
from regulars.lib import places
from regulars.promises.actions import booking as actions
from regulars.promises.booking import guard
from regulars.promises.booking.claims import Taken
from regulars.promises.booking.free_times import Span
from regulars.promises.booking.month import Asked, Slot, month_of, nearest, read_stamp, slot
from regulars.promises.booking.page_times import active_hosts, free_times
from regulars.promises.booking.people import Visitor
from regulars.promises.forms.booking import VisitorForm, minutes_in_words
from regulars.promises.models import BookingPage
from regulars.promises.times.due import business_zone

P = ParamSpec("P")
MODULE = "booking"


class PublicRequest(HttpRequest):
    """A request of a visitor: the zone they see times in, and the one of the business."""

    organisation: Organisation
    zone: ZoneInfo
    business_zone: ZoneInfo


def public_page(
    view: Callable[Concatenate[Any, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Answer in the visitor's language and zone, kept out of search engines and caches."""

    @wraps(view)
    def shown(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        language = request.organisation.language
        if request.headers.get("Accept-Language"):
            language = translation.get_language_from_request(request)
        request.business_zone = business_zone(request.organisation)
        request.zone = chosen_zone(request) or request.business_zone
        with timezone.override(request.zone), translation.override(language):
            response = view(request, *args, **kwargs)
        response.headers["Content-Language"] = language
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return cast(Any, shown)  # type: ignore[no-any-return]


def chosen_zone(request: HttpRequest) -> ZoneInfo | None:
    """Return the zone that the visitor chose, or None: none, or one that nobody lives in."""
    name = request.POST.get("zone") or request.GET.get("zone") or ""
    return ZoneInfo(name) if name in places.zone_names() else None


def kept(request: PublicRequest) -> dict[str, str]:
    """What stays in every address: the zone when it is not the business's, and the code the visitor came with."""
    zone = "" if request.zone == request.business_zone else request.zone.key
    return {"zone": zone, "from": (request.POST.get("from") or request.GET.get("from") or code_in(request))[:20]}


def city_of(zone: ZoneInfo) -> str:
    """Return "New York" for "America/New_York"."""
    return zone.key.rpartition("/")[2].replace("_", " ")


def page_words(request: PublicRequest, page: BookingPage) -> dict[str, Any]:
    """What every page about `page` shows."""
    return {
        "page": page,
        "length": minutes_in_words(page.length),
        "zone": request.zone,
        "business_zone": request.business_zone,
        "city": city_of(request.zone),
        "business_city": city_of(request.business_zone),
        "is_elsewhere": request.zone != request.business_zone,
        "zones": places.zone_choices(),
        "kept": {name: value for name, value in kept(request).items() if value},
    }


def gone(request: HttpRequest, reason: str, status: int, page: BookingPage | None = None) -> HttpResponse:
    """Say kindly that a link leads nowhere (404) or to something that is over (410)."""
    is_open = page is not None and page.closed_at is None
    return render(
        request, "promises/booking_gone.html", {"reason": reason, "page": page if is_open else None}, status=status
    )


def open_page(request: PublicRequest, slug: str) -> BookingPage | HttpResponse:
    """Return the page with this address, or the answer that says why it can't be booked."""
    page = BookingPage.objects.filter(slug=slug).first()
    if page is None:
        return gone(request, "unknown", 404)
    if page.closed_at or not request.organisation.has_module(MODULE):
        return gone(request, "closed", 410)
    return page


@require_safe
@public_page
def booking_page(request: PublicRequest, slug: str) -> HttpResponse:
    """Show a month of free times and those of one day."""
    page = open_page(request, slug)
    if isinstance(page, HttpResponse):
        return page
    hosts = active_hosts(page)
    if not hosts:
        return gone(request, "closed", 410)
    asked = Asked(request.GET.get("day", ""), request.GET.get("month", ""), kept(request))
    context = page_words(request, page) | {"hosts": hosts, "month": month_of(page, hosts, asked, request.zone)}
    return render(request, "promises/booking_page.html", context | {"asked": asked})


@require_http_methods(["GET", "POST"])
@public_page
def make_booking(request: PublicRequest, slug: str) -> HttpResponse:
    """Ask who the visitor is (GET), and book the time they chose (POST)."""
    page = open_page(request, slug)
    if isinstance(page, HttpResponse):
        return page
    start = read_stamp(request.POST.get("start") or request.GET.get("start") or "")
    if start is None:
        return redirect(page)
    if request.method == "POST":
        return _book(request, page, start)
    return _details(request, page, start, guard.new_note(page, kept(request)["from"]))


def _details(
    request: PublicRequest,
    page: BookingPage,
    start: datetime,
    note: guard.FormNote,
    *,
    form: VisitorForm | None = None,
    problem: str = "",
    others: list[Slot] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page that asks who they are. `others` are times to choose instead of one that is taken."""
    form = form or VisitorForm(country=request.organisation.country)
    form.fields["typed"].required = bool(note.asked_word)
    context = page_words(request, page) | {
        "form": form,
        "start": start,
        "slot": slot(start),
        "note": note,
        "problem": problem,
        "others": others,
    }
    return render(request, "promises/booking_make.html", context, status=status)


def _book(request: PublicRequest, page: BookingPage, start: datetime) -> HttpResponse:
    note = guard.read_note(request.POST.get("form", ""), page)
    form = VisitorForm(request.POST, country=request.organisation.country)
    address = guard.address_key(request)
    if guard.is_too_often("try", address, guard.TRIES) or guard.booked_from(address) >= guard.AT_MOST:
        problem = _("Many bookings came from your network just now. Please try again later, or call us.")
        return _details(request, page, start, note or guard.new_note(page), form=form, problem=problem, status=429)
    if note is None:
        problem = _("This page was open for very long. Nothing is lost: please send it once more.")
        return _details(request, page, start, guard.new_note(page), form=form, problem=problem, status=422)
    if not form.is_valid():
        return _details(request, page, start, note, form=form, status=422)
    said = form.cleaned_data
    if guard.seems_a_machine(note, said["website"], address) and not note.is_answered_by(said["typed"]):
        form.add_error("typed", _("Please type this word, so that we know a person is writing."))
        return _details(request, page, start, note.asking(), form=form, status=422)
    try:
        booking = actions.book(page, start, visitor_of(request, form, note, address))
    except Taken:
        return _taken(request, page, start, note, form)
    return redirect(f"{booking.get_absolute_url()}{Asked(kept=zone_only(request)).url(done='booked')}")


def zone_only(request: PublicRequest) -> dict[str, str]:
    """The chosen zone, for addresses behind the booking."""
    return {"zone": kept(request)["zone"]}


def visitor_of(request: PublicRequest, form: VisitorForm, note: guard.FormNote, address: str) -> Visitor:
    """Return who the visitor is, from a valid form."""
    said = form.cleaned_data
    return Visitor(
        name=said["name"],
        email=said["email"],
        phone=said["phone"],
        note=said["note"],
        nonce=note.nonce,
        code=note.code,
        language=translation.get_language() or "",
        time_zone=kept(request)["zone"],
        address_key=address,
    )


def _taken(
    request: PublicRequest, page: BookingPage, start: datetime, note: guard.FormNote, form: VisitorForm
) -> HttpResponse:
    """Say that somebody was faster, with what is free around it; what was typed stays."""
    around = Span(start - timedelta(days=4), start + timedelta(days=10))
    others = nearest(free_times(page, around, active_hosts(page)), start)
    problem = _("Somebody was a moment faster: this time is taken now.")
    return _details(request, page, start, note, form=form, problem=problem, others=others, status=409)
