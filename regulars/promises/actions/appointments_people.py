"""What becomes of appointments when a person is erased. When a colleague leaves: see `reassigning_parts`."""

from django.db.models import Q

from regulars.contacts.actions.erasing import Traces, blank_values
from regulars.promises.models.appointment import (
    Appointment,
    AppointmentChange,
    AppointmentContact,
)


def forget(traces: Traces) -> None:
    """Erase what appointments say about a person: those with them alone go, in others the name goes."""
    mine = Appointment.objects.filter(contact_links__contact=traces.contact_id)
    ids = {pk for row in mine.values_list("pk", "series") for pk in row if pk is not None}
    others = AppointmentContact.objects.filter(appointment__in=ids).exclude(contact=traces.contact_id)
    shared = set(others.values_list("appointment", flat=True))
    shared |= set(Appointment.objects.filter(pk__in=ids, company_links__isnull=False).values_list("pk", flat=True))
    AppointmentContact.objects.filter(contact=traces.contact_id).delete()
    Appointment.objects.filter(pk__in=ids - shared).delete()
    near = Q(pk__in=shared) | Q(series__in=shared) | Q(contacts__in=traces.related_ids)
    near |= Q(entry__in=traces.entry_ids)
    for appointment in Appointment.objects.filter(near).distinct():
        _blank(appointment, traces)


def _blank(appointment: Appointment, traces: Traces) -> None:
    words = {name: traces.without(getattr(appointment, name)) for name in ("title", "place", "note")}
    words["title"], words["place"] = words["title"][:200], words["place"][:300]
    Appointment.objects.filter(pk=appointment.pk).update(**words)
    for change in AppointmentChange.objects.filter(appointment=appointment).exclude(before={}):
        before = blank_values(change.before, traces)
        if "people" in before:
            before["people"]["contacts"] = [pk for pk in before["people"]["contacts"] if pk != traces.contact_id]
        AppointmentChange.objects.filter(pk=change.pk).update(before=before)
