"""The page of an appointment, its form, its file, and the warning before it is saved."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.access.door import SignedInRequest, can, signed_in
from regulars.access.models import User
from regulars.contacts.capture.box import holder_named
from regulars.contacts.models import Contact
from regulars.lib.text import number_in
from regulars.lib.toast import toast
from regulars.promises.actions.appointments import NotPossible, make_appointment, revise
from regulars.promises.appointments.calendar import clashes, find_occurrence
from regulars.promises.appointments.calendar_page import next_start
from regulars.promises.appointments.door import get_occurrence
from regulars.promises.appointments.occurrence import Occurrence
from regulars.promises.appointments.words import reminder, their_time, when_in_words
from regulars.promises.feeds.ics import appointment_calendar
from regulars.promises.forms.appointments import USUAL, AppointmentForm, SettleAppointmentForm
from regulars.promises.models.appointment import Appointment, AppointmentChange, CalendarSettings
from regulars.promises.models.booking import Booking
from regulars.promises.times import repeats
from regulars.promises.times.wall_time import from_wall, zone_named


@require_GET
@signed_in
def appointment(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one appointment, or one time of a repeating one."""
    one = get_occurrence(request.user, pk, request.GET.get("on", ""))
    return render(request, "promises/appointment.html", page_context(request, one))


def own_link(request: SignedInRequest, row: Appointment) -> str:
    """Where the customer can move or cancel what they booked themselves, for who may log; else ""."""
    booking = Booking.objects.filter(appointment=row).first() if request.user.can("log") else None
    return request.build_absolute_uri(booking.get_absolute_url()) if booking else ""


def page_context(request: SignedInRequest, one: Occurrence) -> dict[str, Any]:
    """What the page of an appointment shows."""
    row = one.appointment
    rule = (row.series or row).repeat
    changes = AppointmentChange.objects.filter(appointment__in=[one.series_pk, row.pk]).select_related("by")[:20]
    return {
        "one": one,
        "row": row,
        "when": when_in_words(one),
        "repeats": repeats.in_words(rule, zone_named(row.time_zone)) if rule else "",
        "colleagues": User.objects.filter(pk__in=one.user_ids).order_by("name"),
        "changes": changes,
        "their_time": their_time(one),
        "reminder": reminder(one, request.organisation, own_link=own_link(request, row)) if one.holders else "",
        "remind_hours": CalendarSettings.current().remind_hours,
        "form": SettleAppointmentForm(auto_id="settle_%s"),
        "may_log": request.user.can("log"),
        "has_begun": one.start <= timezone.now(),
    }


@require_http_methods(["GET", "POST"])
@can("log")
def add_appointment(request: SignedInRequest) -> HttpResponse:
    """Agree on a time. `on` ("contact-5") says with whom, `start` when."""
    posted = request.POST if request.method == "POST" else None
    form = AppointmentForm(posted, user=request.user, initial=_start(request), auto_id="appointment_%s")
    if posted is not None and form.is_valid():
        times = {"starts_at": form.cleaned_data["starts_at"], "ends_at": form.cleaned_data["ends_at"]}
        try:
            made = make_appointment(**vars(form.details), **times, repeat=form.cleaned_data["rule"], by=request.user)
        except NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            said(request, _("Agreed: %(what)s.") % {"what": made.title}, made.changes.get(), form.remarks)
            return changed(request, find_occurrence(made, "", request.user))
    return draw_form(request, form, None)


def _start(request: SignedInRequest) -> dict[str, Any]:
    """What the form starts with: with whom, whose, and when; the next full hour when nothing is said."""
    holder = holder_named(request.GET.get("on", ""), request.user)
    name = "contacts" if isinstance(holder, Contact) else "companies"
    try:
        wall = datetime.fromisoformat(request.GET.get("start", "")[:16])
        start = from_wall(wall, timezone.get_current_timezone())
    except (ValueError, OverflowError):
        start = from_wall(next_start(), timezone.get_current_timezone())
    whose = number_in(request.GET.get("who"))
    colleague = None if whose is None else User.objects.active().filter(pk=whose).first()
    start_with = {"starts_at": start, "ends_at": start + USUAL, "colleagues": [(colleague or request.user).pk]}
    return start_with | ({name: [holder.pk]} if holder else {})


@require_http_methods(["GET", "POST"])
@signed_in
def edit_appointment(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change what an appointment says, when it is and who takes part."""
    one = get_occurrence(request.user, pk, request.GET.get("on", ""), to="log")
    posted = request.POST if request.method == "POST" else None
    form = AppointmentForm(posted, user=request.user, occurrence=one, auto_id="appointment_%s")
    if posted is not None and form.is_valid():
        following = bool(form.cleaned_data.get("following")) or not one.repeats
        try:
            change = revise(
                one, form.details, starts_at=form.cleaned_data["starts_at"], ends_at=form.cleaned_data["ends_at"],
                repeat=_rule(form, one), by=request.user, following=following,
            )  # fmt: skip
        except NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            said(request, _("Changed."), change, form.remarks)
            return changed(request, find_occurrence(change.appointment, "", request.user))
    return draw_form(request, form, one)


def _rule(form: AppointmentForm, one: Occurrence) -> str | None:
    """The rule as the form says it; None when nobody touched it, so that it turns with the day."""
    touched = {"repeat", "until", "rule"} & set(form.changed_data)
    return form.cleaned_data["rule"] if touched or not one.repeats else None


def draw_form(request: SignedInRequest, form: AppointmentForm, one: Occurrence | None) -> HttpResponse:
    """Answer with the form: in the dialog for htmx, on a page of its own otherwise."""
    action = one.address("appointment-edit") if one else reverse("appointment-add")
    context = {"form": form, "one": one, "action": action}
    stem = "appointment_form_page" if not request.htmx else "appointment_form" if form.errors else "appointment_dialog"
    return render(request, f"promises/{stem}.html", context, status=422 if form.errors else 200)


@require_POST
@can("log")
def show_clashes(request: SignedInRequest) -> HttpResponse:
    """What the times in the form overlap with, and what to know of the clocks that night. It never blocks."""
    known, mark = number_in(request.GET.get("of")), request.GET.get("on", "")
    one = None if known is None else get_occurrence(request.user, known, mark)
    form = AppointmentForm(request.POST, user=request.user, occurrence=one)
    form.is_valid()
    ids = [colleague.pk for colleague in form.cleaned_data.get("colleagues") or []]
    besides = [one.pk, one.series_pk] if one else []
    found = clashes(ids, form.times, request.user, besides=besides)
    context = {"clashes": named(found[:4]), "more": max(0, len(found) - 4), "remarks": form.remarks}
    return render(request, "promises/appointment_clashes.html", context)


def named(found: list[Occurrence]) -> list[tuple[Occurrence, list[User]]]:
    """Each with its colleagues: one query."""
    people = User.objects.in_bulk({pk for one in found for pk in one.user_ids})
    return [(one, [people[pk] for pk in one.user_ids if pk in people]) for one in found]


@require_GET
@signed_in
def pick_colleague(request: SignedInRequest) -> HttpResponse:
    """Colleagues whose name contains the typed letters."""
    text = request.GET.get("q", "").strip()[:60]
    people = User.objects.active().filter(name__icontains=text)[:8]
    return render(request, "promises/appointment_colleagues.html", {"people": people})


@require_GET
@signed_in
def appointment_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """The appointment for the customer's calendar, without our notes."""
    one = get_occurrence(request.user, pk, request.GET.get("on", ""))
    title = f"{one.title} · {request.organisation.name}"
    body = appointment_calendar([one], summaries={one.pk: title})
    name = slugify(one.title)[:60] or "appointment"
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def said(request: SignedInRequest, text: str, change: AppointmentChange, remarks: list[str] | None = None) -> None:
    """A toast with Undo; what was made or split off is gone after that, so Undo leads back to the calendar."""
    gone = change.verb == AppointmentChange.Verb.MADE or "split_from" in change.before
    words = " ".join([text, *(remarks or [])])
    undo = reverse("appointment-change", args=[change.pk])
    toast(request, words, undo_url=undo, undo_next=reverse("calendar") if gone else "", tone="good")


def changed(request: SignedInRequest, one: Occurrence | None) -> HttpResponse:
    """Answer after a verb: what shows appointments fetches itself again, an open dialog closes."""
    if not request.htmx:
        return redirect(one.url if one and one.url else "calendar")
    response = HttpResponse(status=200)
    response.headers["HX-Trigger"] = '{"calendar-changed": null, "brief-changed": null, "dialog:close": null}'
    response.headers["HX-Reswap"] = "none"
    return response
