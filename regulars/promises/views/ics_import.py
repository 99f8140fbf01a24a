"""A calendar file: uploaded, looked through, taken in."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from regulars.access.door import SignedInRequest, can
from regulars.promises.actions.ics_import import bring_calendar_file, plan, start_calendar_import
from regulars.promises.feeds.ics_reading import NoCalendar
from regulars.promises.forms.feeds import CalendarFileForm
from regulars.promises.models.feed import CalendarFile


@require_http_methods(["GET", "POST"])
@can("log")
def import_calendar(request: SignedInRequest) -> HttpResponseBase:
    """Bring a file; a good one leads to what would become of it."""
    form = CalendarFileForm(request.POST, request.FILES) if request.method == "POST" else CalendarFileForm()
    if request.method == "POST" and form.is_valid():
        upload, zone = form.cleaned_data["file"], request.organisation.time_zone
        try:
            file = bring_calendar_file(upload.read(), upload.name, by=request.user, time_zone=zone)
        except NoCalendar as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("calendar-import-file", file.pk)
    return render(request, "promises/ics_import.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@can("log")
def import_calendar_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """What would become of each event (GET); take them in (POST)."""
    file = get_object_or_404(CalendarFile.objects.select_related("by"), pk=pk, by=request.user)
    if request.method == "POST":
        return redirect("operation", start_calendar_import(file, by=request.user).pk)
    planned = plan(file)
    counts = {key: sum(one.becomes == key for one in planned) for key in ("new", "here", "past")}
    return render(request, "promises/ics_preview.html", {"file": file, "planned": planned, "counts": counts})
