"""The calendar: a day, a week or a month of one colleague, a team or everybody."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from regulars.access.door import SignedInRequest, can, signed_in
from regulars.lib.toast import toast
from regulars.promises.appointments.calendar import awaiting, to_remind
from regulars.promises.appointments.calendar_page import CalendarPage
from regulars.promises.forms.appointments import CalendarSettingsForm
from regulars.promises.models.appointment import CalendarSettings


@require_GET
@can("view")
def calendar(request: SignedInRequest) -> HttpResponse:
    """Show a calendar; htmx gets the calendar alone."""
    page = CalendarPage(request.user, request.organisation, request.GET.dict())
    context = {"page": page, "may_log": request.user.can("log"), "today": timezone.localdate()}
    name = "promises/calendar_body.html" if request.htmx else "promises/calendar.html"
    return render(request, name, context)


@require_GET
@signed_in
def waiting(request: SignedInRequest) -> HttpResponse:
    """What waits for the colleague: appointments that are over, and customers to remind."""
    hours = CalendarSettings.current().remind_hours
    context = {
        "awaiting": awaiting(request.user)[:5],
        "reminders": to_remind(request.user, hours)[:5],
        "may_log": request.user.can("log"),
    }
    return render(request, "promises/calendar_waiting.html", context)


@require_http_methods(["GET", "POST"])
@can("settings")
def calendar_settings(request: SignedInRequest) -> HttpResponse:
    """When customers are to be reminded."""
    settings = CalendarSettings.current()
    form = CalendarSettingsForm(request.POST if request.method == "POST" else None, settings=settings)
    if request.method == "POST" and form.is_valid():
        settings.remind_hours = form.cleaned_data["remind_hours"]
        settings.save()
        toast(request, _("Saved."), tone="good")
        return redirect("calendar-settings")
    status = 422 if form.errors else 200
    return render(request, "promises/calendar_settings.html", {"form": form}, status=status)
