"""Appointments on the pages of contacts and companies."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from regulars.access.door import SignedInRequest, signed_in
from regulars.contacts.door import get_company, get_contact
from regulars.contacts.models import Company, Contact
from regulars.promises.appointments.calendar import ASK_FOR, occurrences_with
from regulars.promises.models.appointment import Appointment

AHEAD = timedelta(days=180)
SHOWN = 4


@signed_in
@require_GET
def contact_appointments(request: SignedInRequest, pk: int) -> HttpResponse:
    """The appointments of a contact that are to come, those that wait for an outcome, and how many they missed."""
    return _panel(request, get_contact(request.user, pk, alone=True))


@signed_in
@require_GET
def company_appointments(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same for a company."""
    return _panel(request, get_company(request.user, pk))


def _panel(request: SignedInRequest, holder: Contact | Company) -> HttpResponse:
    now = timezone.now()
    found = occurrences_with(holder, now - ASK_FOR, now + AHEAD, request.user)
    planned = [one for one in found if one.is_planned]
    name = "contact" if isinstance(holder, Contact) else "company"
    missed = Appointment.objects.filter(**{f"{name}_links__{name}": holder}, status=Appointment.Status.NO_SHOW)
    context = {
        "holder": holder,
        "host": name,
        "waiting": [one for one in planned if one.end <= now][:SHOWN],
        "coming": [one for one in planned if one.end > now][:SHOWN],
        "no_shows": missed.count(),
        "may_log": request.user.can("log"),
    }
    return render(request, "promises/appointment_panel.html", context)
