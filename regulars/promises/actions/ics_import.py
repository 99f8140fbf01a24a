"""Taking in a calendar file: its events become appointments, matched to contacts and colleagues by their email.

Idempotent by UID: what is here already stays as it is, and whoever brings it takes part in it. An operation of kind
"calendar_import", with undo.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.access import operations
from regulars.access.models import Operation, UndoStep, User
from regulars.access.models.audit import audit
from regulars.contacts.models import Contact, ContactPoint
from regulars.promises.actions.appointments import NotPossible, make_appointment
from regulars.promises.appointments import calendar
from regulars.promises.appointments.occurrence import MARK
from regulars.promises.booking import claims
from regulars.promises.feeds.ics_reading import ReadEvent, read_file
from regulars.promises.models.appointment import Appointment, AppointmentColleague
from regulars.promises.models.feed import CalendarFile
from regulars.promises.times import recurrence
from regulars.promises.times.wall_time import zone_named

KIND = "calendar_import"
BATCH = 20
AT_ONCE = 60  # events that are taken in while the person waits
WHAT = "promises.appointment"


@dataclass(frozen=True)
class Planned:
    """An event of a file with what would become of it: "new", "here" (with or without `user`) or "past"."""

    event: ReadEvent
    becomes: str
    contacts: list[Contact] = field(default_factory=list)

    @property
    def start(self) -> datetime:
        """When it begins."""
        return moment(self.event.start)


def moment(text: str) -> datetime:
    """Return the time that an event holds as text."""
    found = parse_datetime(text)
    if found is None:
        raise ValueError(text)
    return found


def bring_calendar_file(content: bytes, name: str, *, by: User, time_zone: str) -> CalendarFile:
    """Read an uploaded file and keep it for a day, until its colleague says yes. Raises NoCalendar."""
    events, problems = read_file(content, zone_named(time_zone))
    held = [event.plain for event in events]
    made: CalendarFile = CalendarFile.objects.create(by=by, name=name[:200], events=held, problems=problems)
    return made


def plan(file: CalendarFile) -> list[Planned]:
    """Return what would become of each event. Three queries."""
    events = [ReadEvent(**event) for event in file.events]
    here = set(Appointment.objects.filter(uid__in=[event.uid for event in events]).values_list("uid", flat=True))
    people = contacts_by_email((email for event in events for email in event.emails), file.by)
    return [
        Planned(event, _becomes(event, here), [people[email] for email in event.emails if email in people])
        for event in events
        if not event.recurs_at
    ]


def _becomes(event: ReadEvent, here: set[str]) -> str:
    if event.uid in here:
        return "here"
    last: datetime | None = moment(event.end)
    if event.rule:
        last = recurrence.last_start(event.rule, moment(event.start), zone_named(event.zone))
    return "past" if last is not None and last < timezone.now() else "new"


def contacts_by_email(emails: Iterable[str], user: User) -> dict[str, Contact]:
    """Return the contacts that `user` may know of by their email; the first one where several share it."""
    keys = list(dict.fromkeys(emails))
    visible = Contact.objects.visible_to(user)
    points = ContactPoint.objects.filter(kind="email", key__in=keys, contact__in=visible).select_related("contact")
    found: dict[str, Contact] = {}
    for point in points.order_by("-pk"):
        if point.contact is not None:
            found[point.key] = point.contact
    return found


def start_calendar_import(file: CalendarFile, *, by: User) -> Operation:
    """Begin to take in the new events of a file; a small one is done when this returns."""
    title = _("Calendar file %(name)s") % {"name": file.name}
    total = len(file.events)
    with transaction.atomic():
        operation = operations.start(KIND, title, by=by, total=total, file=file.pk, at=0)
        audit("imported", by=by, kind="calendar", title=file.name)
    if total <= AT_ONCE:
        operations.run(operation)
        operation.refresh_from_db()
    return operation


def import_step(operation: Operation) -> bool:
    """Take in the next batch. Returns whether there is more."""
    file = CalendarFile.objects.filter(pk=operation.state["file"]).select_related("by").first()
    if file is None:
        raise operations.OperationError(_("The file is not here any more. Upload it again."))
    at = operation.state["at"]
    events = [ReadEvent(**event) for event in file.events[at : at + BATCH]]
    result = dict(operation.result)
    for event, outcome in _take_in(events, operation):
        result[outcome] = result.get(outcome, 0) + 1
        if outcome == "refused":
            result["titles"] = [*result.get("titles", []), event.title[:80]][:10]
    operation.result = result | {"sentence": sentence(result)}
    operation.advance(len(events), at=at + len(events))
    if at + BATCH < len(file.events):
        return True
    file.delete()
    return False


def _take_in(events: list[ReadEvent], operation: Operation) -> Iterable[tuple[ReadEvent, str]]:
    by = operation.by
    here = {row.uid: row for row in Appointment.objects.filter(uid__in=[event.uid for event in events])}
    emails = [email for event in events for email in event.emails]
    people, team = contacts_by_email(emails, by), _colleagues(emails)
    for event in events:
        row = here.get(event.uid)
        if event.recurs_at:
            yield event, _change_one(event, row, operation)
        elif row is not None:
            yield event, _join(row, operation)
        elif _becomes(event, set()) == "past":
            yield event, "past"
        else:
            made = _make(event, people, [by, *(team[email] for email in event.emails if email in team)], operation)
            if made is not None:
                here[event.uid] = made
            yield event, "made" if made is not None else "refused"


def _colleagues(emails: list[str]) -> dict[str, User]:
    return {user.email: user for user in User.objects.active().filter(email__in=emails)}


def _make(
    event: ReadEvent, people: dict[str, Contact], colleagues: list[User], operation: Operation
) -> Appointment | None:
    """Make the appointment with what a series leaves out; None when it can't be one."""
    contacts = list(dict.fromkeys(people[email] for email in event.emails if email in people))
    try:
        with transaction.atomic():
            made = make_appointment(
                title=event.title, starts_at=moment(event.start), ends_at=moment(event.end), by=operation.by,
                colleagues=list(dict.fromkeys(colleagues)), contacts=contacts, place=event.place, note=event.note,
                repeat=event.rule, time_zone=event.zone, uid=event.uid,
            )  # fmt: skip
            for at in event.skipped if event.rule else ():
                _call_off(made, moment(at), operation.by)
    except (NotPossible, recurrence.BadRule, IntegrityError):  # or a colleague brought it at the same moment
        return None
    UndoStep.objects.create(operation=operation, model=WHAT, object_id=made.pk, before=None)
    return made


def _call_off(series: Appointment, at: datetime, by: User) -> None:
    found = calendar.find_occurrence(series, f"{at:{MARK}}", None)
    if found is not None and found.is_planned:
        calendar.cancel(found, by=by)


def _change_one(event: ReadEvent, series: Appointment | None, operation: Operation) -> str:
    """Move one time of a series that this import made; others stay as they are."""
    series = series or Appointment.objects.filter(uid=event.uid).first()
    made_here = series is not None and operation.undo_steps.filter(object_id=series.pk, before__isnull=True).exists()
    if series is None or not made_here:
        return "here"
    found = calendar.find_occurrence(series, f"{moment(event.recurs_at):{MARK}}", None)
    if found is None or not found.is_planned:
        return "here"
    try:
        with transaction.atomic():
            calendar.move(found, starts_at=moment(event.start), ends_at=moment(event.end), by=operation.by)
    except NotPossible:
        return "refused"
    return "moved"


def _join(row: Appointment, operation: Operation) -> str:
    """Let the one who brings the file take part in what a colleague brought before."""
    by = operation.by
    _link, is_new = AppointmentColleague.objects.get_or_create(
        appointment=row,
        user=by,
        defaults={"starts_at": row.starts_at, "ends_at": row.ends_at, "until": row.until},
    )
    if not is_new:
        return "here"
    claims.settle(row)
    UndoStep.objects.create(operation=operation, model=WHAT, object_id=row.pk, before={"joined": by.pk})
    return "joined"


def undo_import_step(operation: Operation) -> bool:
    """Take away what the import made, unless it has been settled since; everything in one batch."""
    back, kept = 0, 0
    for step in operation.undo_steps.order_by("-id"):
        row = Appointment.objects.filter(pk=step.object_id).first()
        if row is None:
            continue
        if step.before:
            AppointmentColleague.objects.filter(appointment=row, user=step.before["joined"]).delete()
        elif row.status != Appointment.Status.PLANNED or row.occurrences.filter(entry__isnull=False).exists():
            kept += 1
            continue
        else:
            row.delete()
        back += 1
    words: dict[str, Any] = {"count": back, "kept": kept}
    said = _("%(count)d taken away again.") % words
    if kept:
        said += " " + _("%(kept)d stay, because they have taken place since.") % words
    operation.result = {**operation.result, "sentence": said}
    operation.advance(-operation.done)
    return False


def sentence(result: dict[str, Any]) -> str:
    """Return what became of the events: "12 appointments taken in. 3 were here already." """
    made = result.get("made", 0)
    line = ngettext("%(count)d appointment taken in.", "%(count)d appointments taken in.", made) % {"count": made}
    here, past = result.get("here", 0) + result.get("joined", 0), result.get("past", 0)
    more = [line]
    if here:
        more.append(ngettext("%(n)d was here already.", "%(n)d were here already.", here) % {"n": here})
    if past:
        more.append(ngettext("%(n)d is over and stays out.", "%(n)d are over and stay out.", past) % {"n": past})
    if titles := result.get("titles"):
        more.append(_("Not possible: %(titles)s.") % {"titles": ", ".join(titles)})
    return " ".join(more)


def register() -> None:
    """Make the kind of operation known; called in `apps.ready()`."""
    operations.register(operations.OperationKind(KIND, import_step, undo_import_step))
