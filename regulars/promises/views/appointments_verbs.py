"""What people do with an appointment: move, cancel, settle, remind, and take it back."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regulars.access.door import SignedInRequest, require, signed_in
from regulars.lib.toast import toast
from regulars.promises.actions.appointments import NotPossible, cancel, move, settle, undo_change
from regulars.promises.actions.appointments_rows import own_row
from regulars.promises.appointments.calendar import clashes
from regulars.promises.appointments.door import get_occurrence
from regulars.promises.appointments.occurrence import Occurrence
from regulars.promises.forms.appointments import MoveAppointmentForm, SettleAppointmentForm
from regulars.promises.models.appointment import Appointment, AppointmentChange
from regulars.promises.views.appointments import changed, named, page_context, said


@require_POST
@signed_in
def move_appointment(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move an appointment to where it was dropped; asks first when it is one of several or would overlap."""
    one = get_occurrence(request.user, pk, request.GET.get("on", ""), to="log")
    form = MoveAppointmentForm(request.POST)
    if not form.is_valid():
        return _refused(request, _("Give a day and a time."))
    start, scope = form.cleaned_data["starts_at"], form.cleaned_data["scope"]
    found = clashes(one.user_ids, [(start, start + (one.end - one.start))], request.user, besides=_besides(one))
    if not form.cleaned_data["sure"] and (found or one.repeats):
        context = {"one": one, "clashes": named(found[:4]), "start": start, "iso": request.POST["starts_at"][:16]}
        response = render(request, "promises/appointment_move.html", context)
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#dialog-host", "innerHTML"
        return response
    try:
        change = move(one, starts_at=start, by=request.user, following=scope == "following")
    except NotPossible as problem:
        return _refused(request, str(problem))
    said(request, _("Moved to %(when)s.") % {"when": _when(change.appointment)}, change)
    return changed(request, one)


def _besides(one: Occurrence) -> list[int]:
    return [one.pk, one.series_pk]


def _when(row: Appointment) -> str:
    return date_format(timezone.localtime(row.starts_at), _("D j M, H:i"))


def _refused(request: SignedInRequest, text: str) -> HttpResponse:
    toast(request, text, tone="risk")
    response = HttpResponse(status=422)
    response.headers["HX-Reswap"] = "none"
    response.headers["HX-Trigger"] = '{"calendar-changed": null}'
    return response


@require_http_methods(["GET", "POST"])
@signed_in
def cancel_appointment(request: SignedInRequest, pk: int) -> HttpResponse:
    """Call an appointment off; GET asks whether this time alone or all later ones, too."""
    one = get_occurrence(request.user, pk, request.GET.get("on", ""), to="log")
    if request.method == "GET":
        return render(request, "promises/appointment_cancel.html", {"one": one})
    try:
        change = cancel(one, by=request.user, following=request.POST.get("scope") == "following")
    except NotPossible as problem:
        return _refused(request, str(problem))
    said(request, _("Called off: %(what)s.") % {"what": one.title}, change)
    return changed(request, one)


@require_http_methods(["GET", "POST"])
@signed_in
def settle_appointment(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say what happened."""
    one = get_occurrence(request.user, pk, request.GET.get("on", ""), to="log")
    form = SettleAppointmentForm(request.POST if request.method == "POST" else None, auto_id="settle_%s")
    if request.method == "GET":
        return render(request, "promises/appointment_settle_dialog.html", {"one": one, "form": form})
    if form.is_valid():
        try:
            change = settle(one, outcome=form.cleaned_data["outcome"], text=form.cleaned_data["text"], by=request.user)
        except NotPossible as problem:
            return _refused(request, str(problem))
        said(request, OUTCOMES[form.cleaned_data["outcome"]](), change)
        return changed(request, one)
    if request.htmx:
        return render(request, "promises/appointment_settle.html", {"one": one, "form": form}, status=422)
    context = page_context(request, one) | {"form": form}
    return render(request, "promises/appointment.html", context, status=422)


OUTCOMES = {
    "held": lambda: _("It is on the timeline."),
    "no_show": lambda: _("Noted: nobody came."),
    "cancelled": lambda: _("Noted: it was called off."),
}


@require_http_methods(["POST", "DELETE"])
@signed_in
def remind_appointment(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note that the customer was reminded, or that they were not after all."""
    one = get_occurrence(request.user, pk, request.GET.get("on", ""), to="log")
    row = one.appointment
    if one.recurs_at:
        row, _before = own_row(one)
    reminded = timezone.now() if request.method == "POST" else None
    Appointment.objects.filter(pk=row.pk).update(reminded_at=reminded)
    if request.method == "POST":
        toast(request, _("Noted as reminded."), undo_url=one.address("appointment-remind"), tone="good")
    return changed(request, one)


@require_http_methods(["DELETE"])
@signed_in
def undo_appointment_change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take one change back."""
    change = get_object_or_404(AppointmentChange.objects.select_related("appointment"), pk=pk)
    if not Appointment.objects.visible_to(request.user).filter(pk=change.appointment_id).exists():
        raise Http404("There is no such change.")
    require(request.user, "log")
    try:
        undo_change(change, by=request.user)
    except NotPossible as problem:
        toast(request, str(problem), tone="risk")
        return HttpResponse(status=204)
    return HttpResponse(status=204)
