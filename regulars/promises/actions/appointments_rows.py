"""The rows behind appointments: checked, written with what undo needs, split where a series changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.promises.appointments.occurrence import MARK, Occurrence
from regulars.promises.booking import claims
from regulars.promises.models.appointment import (
    FOREVER,
    LONGEST,
    Appointment,
    AppointmentChange,
    AppointmentColleague,
    AppointmentCompany,
    AppointmentContact,
)
from regulars.promises.times import recurrence
from regulars.promises.times.wall_time import zone_named

Target = Occurrence | Appointment
Verb = AppointmentChange.Verb
Status = Appointment.Status
LAST = datetime(2390, 1, 1, tzinfo=UTC)


class NotPossible(ValueError):
    """A verb that makes no sense now; the message is for the person who tried."""


@dataclass(frozen=True)
class Details:
    """What an appointment says, apart from its time."""

    title: str
    kind: str = "meeting"
    place: str = ""
    note: str = ""
    contacts: Sequence[Contact] = ()
    companies: Sequence[Company] = ()
    colleagues: Sequence[User] = ()


def check(title: str, starts_at: datetime, ends_at: datetime, colleagues: Iterable[User | None]) -> None:
    """Raise NotPossible for an appointment without a title, with times that can't be, or of nobody who works here."""
    if not title.strip():
        raise NotPossible(_("Say what it is about."))
    check_times(starts_at, ends_at)
    colleagues = list(colleagues)
    if not colleagues:
        raise NotPossible(_("Say which colleague takes part."))
    for colleague in colleagues:
        if colleague and not colleague.is_active:
            raise NotPossible(_("%(name)s’s account is closed.") % {"name": colleague})


def check_times(starts_at: datetime, ends_at: datetime) -> None:
    """Raise NotPossible for an end that is not after the start, more than 31 days, or a day too far away."""
    if ends_at.replace(microsecond=0) <= starts_at.replace(microsecond=0):
        raise NotPossible(_("It has to end after it begins."))
    if ends_at - starts_at > LONGEST:
        raise NotPossible(_("An appointment lasts at most 31 days."))
    if starts_at > LAST or starts_at.year < 1970:
        raise NotPossible(_("That day is too far away."))


def repeating(
    repeat: str, starts_at: datetime, ends_at: datetime, zone_name: str
) -> tuple[str, datetime, datetime, datetime | None]:
    """The checked rule, the first time it gives, and when its last time ends (FOREVER for never)."""
    if not repeat.strip():
        return "", starts_at, ends_at, None
    zone, length = zone_named(zone_name), ends_at - starts_at
    try:
        rule = recurrence.check_rule(repeat, starts_at, zone)
    except recurrence.BadRule as problem:
        raise NotPossible(str(problem)) from problem
    first = recurrence.first_start(rule, starts_at, zone)
    last = recurrence.last_start(rule, first, zone)
    return rule, first, first + length, last + length if last else FOREVER


def link_people(
    appointment: Appointment, colleagues: Sequence[User], contacts: Sequence[Contact], companies: Sequence[Company]
) -> None:
    """Let these take part."""
    at: dict[str, Any] = {"appointment": appointment, "starts_at": appointment.starts_at}
    times = at | {"ends_at": appointment.ends_at, "until": appointment.until}
    AppointmentColleague.objects.bulk_create([AppointmentColleague(user=one, **times) for one in colleagues])
    AppointmentContact.objects.bulk_create([AppointmentContact(contact=one, **at) for one in dict.fromkeys(contacts)])
    AppointmentCompany.objects.bulk_create([AppointmentCompany(company=one, **at) for one in dict.fromkeys(companies)])
    claims.settle(appointment)


def remember(appointment: Appointment, verb: Verb, before: dict[str, Any], by: User | None) -> AppointmentChange:
    """Write down that `by` did this, with what brings the earlier state back."""
    return AppointmentChange.objects.create(
        appointment=appointment, verb=verb, before=before, sequence=appointment.sequence, by=by
    )


def change(row: Appointment, verb: Verb, by: User | None, before: dict[str, Any], **values: Any) -> AppointmentChange:
    """Write `values` on a planned row that nobody changed since it was read, and keep what stood there."""
    kept = {name: plain(getattr(row, name)) for name in values}
    mine = Appointment.objects.filter(pk=row.pk, sequence=row.sequence, status=Status.PLANNED)
    if not mine.update(sequence=F("sequence") + 1, **values):
        raise NotPossible(_overtaken(row))
    for name, value in values.items():
        setattr(row, name, value)
    row.sequence += 1
    carry_times(row)
    return remember(row, verb, before | kept, by)


def plain(value: Any) -> Any:
    """The value as JSON can carry it."""
    return value.isoformat() if isinstance(value, datetime) else getattr(value, "pk", value)


def carry_times(row: Appointment) -> None:
    """Repeat the times of the appointment on the rows of those who take part."""
    row.colleague_links.update(starts_at=row.starts_at, ends_at=row.ends_at, until=row.until)
    row.contact_links.update(starts_at=row.starts_at)
    row.company_links.update(starts_at=row.starts_at)
    claims.settle(row)


def own_row(target: Target) -> tuple[Appointment, dict[str, Any]]:
    """The row of one time, made for it if it has none; and what undo needs to know of that."""
    appointment = target.appointment if isinstance(target, Occurrence) else target
    at = target.recurs_at if isinstance(target, Occurrence) else None
    if at is None:
        return appointment, {}
    try:
        with transaction.atomic():
            row = Appointment.objects.create(
                title=appointment.title,
                kind=appointment.kind,
                starts_at=at,
                ends_at=at + appointment.length,
                time_zone=appointment.time_zone,
                place=appointment.place,
                note=appointment.note,
                with_people=appointment.with_people,
                series=appointment,
                recurs_at=at,
                uid=f"{appointment.uid[:230]}/{at:{MARK}}",
                sequence=appointment.sequence,
                created_by=appointment.created_by,
            )
    except IntegrityError as error:
        raise NotPossible(_("Somebody else changed this appointment meanwhile.")) from error
    link_people(row, *people_of(appointment))
    return row, {"own_row": True}


def people_of(appointment: Appointment) -> tuple[list[User], list[Contact], list[Company]]:
    """Everyone who takes part, hidden or not."""
    return (
        [link.user for link in appointment.colleague_links.select_related("user").order_by("pk")],
        [link.contact for link in appointment.contact_links.select_related("contact").order_by("pk")],
        [link.company for link in appointment.company_links.select_related("company").order_by("pk")],
    )


def length_of(target: Target) -> timedelta:
    """How long it lasts."""
    return target.end - target.start if isinstance(target, Occurrence) else target.length


def is_repeating(target: Target) -> bool:
    """Whether it is one of several."""
    appointment = target.appointment if isinstance(target, Occurrence) else target
    return bool(appointment.repeat or appointment.series_id)


def from_here_on(target: Target, by: User | None) -> tuple[Appointment, dict[str, Any]]:
    """The series that has this time and all later ones: the series itself from its first time, else a new one."""
    appointment = target.appointment if isinstance(target, Occurrence) else target
    series = appointment.series or appointment
    at = (target.recurs_at if isinstance(target, Occurrence) else None) or appointment.recurs_at or series.starts_at
    if at <= series.starts_at:
        return series, {}
    zone, length = zone_named(series.time_zone), series.length
    rule = recurrence.continued(series.repeat, series.starts_at, zone, at)
    kept = {"repeat": series.repeat, "until": plain(series.until)}
    ended = recurrence.ended_before(series.repeat, at)
    mine = Appointment.objects.filter(pk=series.pk, sequence=series.sequence, status=Status.PLANNED)
    if not mine.update(repeat=ended, until=at, sequence=F("sequence") + 1):
        raise NotPossible(_("Somebody else changed this appointment meanwhile."))
    series.repeat, series.until, series.sequence = ended, at, series.sequence + 1
    carry_times(series)
    colleagues, contacts, companies = people_of(series)
    follower = Appointment.objects.create(
        title=series.title, kind=series.kind, starts_at=at, ends_at=at + length, time_zone=series.time_zone,
        place=series.place, note=series.note, with_people=series.with_people, created_by=by,
        **_rule_from(rule, at, length, series.time_zone),
    )  # fmt: skip
    link_people(follower, colleagues, contacts, companies)
    Appointment.objects.filter(series=series, recurs_at__gte=at).update(series=follower)
    return follower, {"split_from": series.pk, "split_sequence": series.sequence, "series_was": kept}


def _rule_from(rule: str, at: datetime, length: timedelta, zone_name: str) -> dict[str, Any]:
    rule, _first, _end, until = repeating(rule, at, at + length, zone_name)
    return {"repeat": rule, "until": until}


def ids_of(row: Appointment) -> dict[str, list[int]]:
    """The keys of everyone who takes part."""
    return {
        "colleagues": list(row.colleague_links.values_list("user", flat=True)),
        "contacts": list(row.contact_links.values_list("contact", flat=True)),
        "companies": list(row.company_links.values_list("company", flat=True)),
    }


def set_people(row: Appointment, details: Details, by: User) -> None:
    """Make exactly these take part, as far as `by` can see; whom they can't see stays."""
    before = ids_of(row)
    gone = set(before["contacts"]) - {one.pk for one in details.contacts}
    row.contact_links.filter(contact__in=list(Contact.objects.visible_to(by).filter(pk__in=gone))).delete()
    gone = set(before["companies"]) - {one.pk for one in details.companies}
    row.company_links.filter(company__in=list(Company.objects.visible_to(by).filter(pk__in=gone))).delete()
    row.colleague_links.exclude(user__in=details.colleagues).delete()
    there = ids_of(row)
    link_people(
        row,
        [one for one in dict.fromkeys(details.colleagues) if one.pk not in there["colleagues"]],
        [one for one in details.contacts if one.pk not in there["contacts"]],
        [one for one in details.companies if one.pk not in there["companies"]],
    )


def _overtaken(row: Appointment) -> str:
    status = Appointment.objects.filter(pk=row.pk).values_list("status", flat=True).first()
    if status == Status.CANCELLED:
        return _("It is cancelled already.")
    if status in (Status.HELD, Status.NO_SHOW):
        return _("Somebody said already what became of it.")
    return _("Somebody else changed this appointment meanwhile.")


def bring_along(target: Target, starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    """When a series changes from one of its times on and that time had been moved before: move it, too.

    Returns what undo needs to know of that.
    """
    row = target.appointment if isinstance(target, Occurrence) else target
    if not row.series_id or row.status != Status.PLANNED:
        return {}
    kept = {"own": [row.pk, plain(row.starts_at), plain(row.ends_at)]}
    row.starts_at, row.ends_at = starts_at, ends_at
    Appointment.objects.filter(pk=row.pk).update(starts_at=starts_at, ends_at=ends_at, sequence=F("sequence") + 1)
    carry_times(row)
    return kept
