"""Taking back what was done to an appointment."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.contacts.moments import remove_moment
from regulars.promises.actions.appointments_rows import NotPossible, Status, Verb, carry_times, link_people
from regulars.promises.models.appointment import Appointment, AppointmentChange
from regulars.promises.times import recurrence
from regulars.promises.times.wall_time import zone_named
from regulars.timeline.models import Entry


@transaction.atomic
def undo_change(change: AppointmentChange, *, by: User) -> Appointment | None:
    """Take one change back; returns the appointment as it stands then, None when the change had made it.

    Raises NotPossible when it was taken back already or the appointment was changed since.
    """
    row = Appointment.objects.select_related("series").get(pk=change.appointment_id)
    claimed = AppointmentChange.objects.filter(pk=change.pk, undone_at=None)
    if row.sequence != change.sequence or not claimed.update(undone_at=timezone.now()):
        raise NotPossible(_("This can’t be undone any more: it was changed since."))
    before = dict(change.before)
    _undo_entry(before, by)
    _plan_again(before)
    _put_back(before)
    if change.verb == Verb.MADE or before.get("own_row"):
        row.delete()
        return None
    if "split_from" in before:
        return _join_again(row, before)
    _restore(row, before)
    return row


def _undo_entry(before: dict[str, Any], by: User) -> None:
    entry = Entry.objects.filter(pk=before.pop("entry_made", None)).first()
    if entry is not None:
        remove_moment(entry, by=by)


def _plan_again(before: dict[str, Any]) -> None:
    """Bring back the times of a series that were called off with it."""
    also = Appointment.objects.filter(pk__in=before.pop("also", []), status=Status.CANCELLED)
    also.update(status=Status.PLANNED, settled_at=None, settled_by=None, sequence=F("sequence") + 1)


def _put_back(before: dict[str, Any]) -> None:
    """Give a time of a series that went along the place it had."""
    pk, starts_at, ends_at = before.pop("own", (None, "", ""))
    row = Appointment.objects.filter(pk=pk).first()
    if row is not None:
        row.starts_at, row.ends_at = _value("starts_at", starts_at), _value("ends_at", ends_at)
        row.sequence += 1
        row.save(update_fields=["starts_at", "ends_at", "sequence"])
        carry_times(row)


def _shift_places(row: Appointment, seconds: float, series: Appointment) -> None:
    """Move the places that own times have in a series, so that none meets another on the way."""
    delta, zone = timedelta(seconds=seconds), zone_named(series.time_zone)
    for own in row.occurrences.order_by("recurs_at" if delta < timedelta() else "-recurs_at"):
        if own.recurs_at:
            place = recurrence.later(own.recurs_at, delta, zone)
            Appointment.objects.filter(pk=own.pk).update(series=series, recurs_at=place)


def _restore(row: Appointment, before: dict[str, Any]) -> None:
    """Write back what stood there."""
    people, shifted = before.pop("people", None), before.pop("shifted", 0)
    values = {name.replace("settled_by", "settled_by_id"): _value(name, value) for name, value in before.items()}
    Appointment.objects.filter(pk=row.pk).update(sequence=F("sequence") + 1, entry=None, **values)
    row.refresh_from_db()
    _shift_places(row, -shifted, row)
    if people:
        row.colleague_links.all().delete()
        row.contact_links.all().delete()
        row.company_links.all().delete()
        link_people(
            row,
            list(User.objects.filter(pk__in=people["colleagues"])),
            list(Contact.objects.filter(pk__in=people["contacts"])),
            list(Company.objects.filter(pk__in=people["companies"])),
        )
    carry_times(row)


def _value(name: str, value: Any) -> Any:
    return parse_datetime(value) if value and (name.endswith("_at") or name == "until") else value


def _join_again(row: Appointment, before: dict[str, Any]) -> Appointment:
    """Give the times of a series that was split back to the one they came from."""
    series: Appointment = Appointment.objects.get(pk=before["split_from"])
    if series.sequence != before["split_sequence"]:
        raise NotPossible(_("This can’t be undone any more: it was changed since."))
    _shift_places(row, -before.get("shifted", 0), series)
    row.delete()
    _restore(series, dict(before["series_was"]))
    return series
