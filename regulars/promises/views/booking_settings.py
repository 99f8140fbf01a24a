"""Settings behind booking: working hours, days off, and the pages themselves."""

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from regulars.access.addresses import client_address
from regulars.access.door import SignedInRequest, can
from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.lib.qr import qr_code
from regulars.lib.toast import toast
from regulars.promises.actions.booking_pages import save_page
from regulars.promises.booking.working_hours import hours_in_words, set_week, weeks_of, zone_of
from regulars.promises.forms.booking import BookingPageForm, DayOffForm, WorkingHoursForm
from regulars.promises.models import BookingPage, DayOff


def get_diary(user: User, pk: int | None) -> User:
    """Return the colleague whose hours `user` may set: their own, or any for who leads. Raises Http404."""
    if pk is None or pk == user.pk:
        return user
    found = User.objects.filter(pk=pk, is_active=True).first() if user.can("people") else None
    if found is None:
        raise Http404("There is no such colleague.")
    return found


@require_http_methods(["GET", "POST"])
@can("log")
def working_hours(request: SignedInRequest, pk: int | None = None) -> HttpResponse:
    """Show and set when a colleague works."""
    user = get_diary(request.user, pk)
    form = WorkingHoursForm(request.POST if request.method == "POST" else None, week=weeks_of([user])[user.pk])
    if request.method == "POST" and form.is_valid():
        set_week(user, form.week)
        toast(request, _("Saved."), tone="good")
        return redirect(request.path)
    return _hours_page(request, user, form, DayOffForm(by=request.user))


def _hours_page(request: SignedInRequest, user: User, form: WorkingHoursForm, day_off: DayOffForm) -> HttpResponse:
    today = timezone.localdate()
    rows = DayOff.objects.filter(Q(user=user) | Q(user=None), removed_at=None, last_day__gte=today)
    others = User.objects.active().exclude(pk=user.pk) if request.user.can("people") else []
    context = {
        "diary": user,
        "form": form,
        "day_off": day_off,
        "days_off": rows[:200],
        "others": others,
        "zone": zone_of(user, request.organisation),
        "may_free_all": request.user.can("settings"),
    }
    status = 422 if form.is_bound or day_off.is_bound else 200
    return render(request, "promises/working_hours.html", context, status=status)


@require_http_methods(["POST"])
@can("log")
def add_day_off(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add days off to a colleague, or to everybody."""
    user = get_diary(request.user, pk)
    day_off = DayOffForm(request.POST, by=request.user)
    if not day_off.is_valid():
        return _hours_page(request, user, WorkingHoursForm(week=weeks_of([user])[user.pk]), day_off)
    row = day_off.save(commit=False)
    row.user = None if day_off.cleaned_data.get("for_everyone") else user
    row.save()
    toast(
        request, _("Nobody can book these days."), undo_url=reverse("day-off-remove", args=[row.pk]), undo_method="POST"
    )
    return redirect("working-hours-of", user.pk)


@require_http_methods(["POST", "DELETE"])
@can("log")
def remove_day_off(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Take days off back (POST), or undo that (DELETE)."""
    row = get_object_or_404(DayOff, pk=pk)
    if row.user_id is None and not request.user.can("settings"):
        raise Http404("There are no such days.")
    user = get_diary(request.user, row.user_id)
    if request.method == "DELETE":
        row.bring_back()
        return HttpResponse(status=204)
    if row.remove():
        toast(request, _("These days can be booked again."), undo_url=request.path)
    return HttpResponse(status=204) if request.htmx else redirect("working-hours-of", user.pk)


# The pages.


def pages_of(user: User) -> "QuerySet[BookingPage]":
    """The booking pages that `user` may set up: those they host, or all for who leads."""
    active = Prefetch("hosts", User.objects.order_by("name", "pk"))
    pages = BookingPage.objects.prefetch_related(active)
    return pages if user.can("settings") else pages.filter(hosts=user)


@require_safe
@can("edit")
def booking_pages(request: SignedInRequest) -> HttpResponse:
    """List the booking pages with their links."""
    lines = [(page, request.build_absolute_uri(page.get_absolute_url())) for page in pages_of(request.user)[:200]]
    week = weeks_of([request.user])[request.user.pk]
    return render(request, "promises/booking_pages.html", {"lines": lines, "works": any(map(hours_in_words, week))})


@require_http_methods(["GET", "POST"])
@can("edit")
def add_booking_page(request: SignedInRequest) -> HttpResponse:
    """Make a booking page."""
    return _edit(request, BookingPage(created_by=request.user))


@require_http_methods(["GET", "POST"])
@can("edit")
def edit_booking_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a booking page."""
    return _edit(request, get_object_or_404(pages_of(request.user), pk=pk))


def _edit(request: SignedInRequest, page: BookingPage) -> HttpResponse:
    start = {} if page.pk else {"hosts": [request.user.pk]}
    form = BookingPageForm(request.POST or None, instance=page, by=request.user, initial=start)
    if request.method == "POST" and form.is_valid():
        is_new = page.pk is None
        saved = save_page(form, by=request.user)
        verb = "added" if is_new else "changed"
        audit(
            verb,
            by=request.user,
            kind="booking_page",
            object_id=saved.pk,
            title=saved.title,
            address=client_address(request),
        )
        url = saved.get_absolute_url()
        toast(request, _("Saved."), tone="good", link_url=url, link_text=_("See the page"))
        return redirect("booking-pages")
    context = {"form": form, "page": page, "root": request.build_absolute_uri("/book/")}
    return render(request, "promises/booking_page_edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["POST", "DELETE"])
@can("edit")
def close_booking_page(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Take no more bookings (POST), or take them again (DELETE)."""
    page = get_object_or_404(pages_of(request.user), pk=pk)
    if request.method == "DELETE" or "reopen" in request.POST:
        if page.reopen():
            toast(request, _("%s can be booked again.") % page.title, tone="good")
    elif page.close():
        toast(request, _("Nobody can book %s now. What is booked stays.") % page.title, undo_url=request.path)
    return HttpResponse(status=204) if request.method == "DELETE" else redirect("booking-pages")


@require_safe
@can("edit")
def booking_page_code(request: SignedInRequest, pk: int) -> HttpResponse:
    """Draw the link of a page as a code for phones (SVG), to print and put on the counter."""
    page = get_object_or_404(pages_of(request.user), pk=pk)
    drawn = qr_code(request.build_absolute_uri(page.get_absolute_url()))
    name = f'inline; filename="{page.slug}.svg"'
    return HttpResponse(drawn, content_type="image/svg+xml", headers={"Content-Disposition": name})
