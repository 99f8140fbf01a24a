"""What is done with appointments: made, moved, revised, cancelled, settled, each with undo.

Every verb takes an `Occurrence` or an `Appointment`. A time of a series without a row of its own gets one first, so
that what happens to it stays with it; with `following` the series ends before it and a new one goes on from there.
Whoever is second when two people change the same appointment gets NotPossible and should look again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.models import User
from regulars.contacts.actions import Moment, log_moment, touch
from regulars.contacts.models import Company, Contact
from regulars.promises.actions.appointments_rows import (
    Details,
    NotPossible,
    Status,
    Target,
    Verb,
    bring_along,
    change,
    check,
    check_times,
    from_here_on,
    ids_of,
    is_repeating,
    length_of,
    link_people,
    own_row,
    people_of,
    remember,
    repeating,
    set_people,
)
from regulars.promises.actions.appointments_undo import undo_change
from regulars.promises.models.appointment import Appointment, AppointmentChange, new_uid
from regulars.promises.times import recurrence
from regulars.promises.times.wall_time import own_zone_name, to_wall, zone_named
from regulars.timeline.models import Entry


@transaction.atomic
def make_appointment(
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    by: User | None,
    colleagues: Sequence[User] = (),
    contacts: Sequence[Contact] = (),
    companies: Sequence[Company] = (),
    kind: str = "meeting",
    place: str = "",
    note: str = "",
    repeat: str = "",
    time_zone: str = "",
    uid: str = "",
) -> Appointment:
    """Agree on a time and return the appointment. Nobody is written to; the timeline hears of it when it is settled.

    `colleagues` is `by` when nobody is named. `time_zone` is the one it was agreed in, the current one unless given. A
    repeating one begins at the first time that its rule has at or after `starts_at`. Raises NotPossible for an end
    that is not after the start, more than 31 days, a colleague who has left, nobody at all, or a rule that is not
    understood or never occurs.
    """
    everyone = list(dict.fromkeys(colleagues)) or ([by] if by else [])
    check(title, starts_at, ends_at, everyone)
    starts_at, ends_at = starts_at.replace(microsecond=0), ends_at.replace(microsecond=0)
    zone_name = time_zone or own_zone_name()
    rule, starts_at, ends_at, until = repeating(repeat, starts_at, ends_at, zone_name)
    appointment = Appointment.objects.create(
        title=title.strip()[:200],
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=zone_name,
        place=place.strip()[:300],
        note=note.strip(),
        with_people=bool(contacts or companies),
        repeat=rule,
        until=until,
        uid=uid or new_uid(),
        created_by=by,
    )
    link_people(appointment, everyone, contacts, companies)
    touch([*contacts, *companies], timezone.now())
    remember(appointment, Verb.MADE, {}, by)
    return appointment


@transaction.atomic
def move(
    target: Target, *, starts_at: datetime, ends_at: datetime | None = None, by: User | None, following: bool = False
) -> AppointmentChange:
    """Agree on another time; without `ends_at` it lasts as long as before. Returns the change, which can be undone.

    One time of a series is moved alone, or with `following` all from it on. Raises NotPossible for times that can't
    be, and for what is settled, cancelled or was changed by somebody else meanwhile.
    """
    starts_at = starts_at.replace(microsecond=0)
    ends_at = (ends_at or starts_at + length_of(target)).replace(microsecond=0)
    check_times(starts_at, ends_at)
    if following and is_repeating(target):
        row, before = from_here_on(target, by)
        return _move_series(row, starts_at, ends_at, by, before | bring_along(target, starts_at, ends_at))
    row, before = own_row(target)
    if row.repeat:
        return _move_series(row, starts_at, ends_at, by, before)
    return change(row, Verb.MOVED, by, before, starts_at=starts_at, ends_at=ends_at, reminded_at=None)


def _move_series(
    row: Appointment, starts_at: datetime, ends_at: datetime, by: User | None, before: dict[str, Any]
) -> AppointmentChange:
    """Move a series: its rule turns with the day of the week or month, its end and exceptions go along."""
    zone = zone_named(row.time_zone)
    delta = to_wall(starts_at, zone) - to_wall(row.starts_at, zone)
    rule = recurrence.turned(row.repeat, row.starts_at, starts_at, zone)
    rule, first, last, until = repeating(rule, starts_at, ends_at, row.time_zone)
    for own in row.occurrences.order_by("recurs_at" if delta.total_seconds() < 0 else "-recurs_at"):
        if own.recurs_at:
            Appointment.objects.filter(pk=own.pk).update(recurs_at=recurrence.later(own.recurs_at, delta, zone))
    before = before | {"shifted": delta.total_seconds()}
    return change(row, Verb.MOVED, by, before, starts_at=first, ends_at=last, repeat=rule, until=until)


@transaction.atomic
def cancel(target: Target, *, by: User | None, following: bool = False) -> AppointmentChange:
    """Call it off: one time, or with `following` this and all later ones. Returns the change, which can be undone.

    Raises NotPossible for what is settled or cancelled already.
    """
    now = timezone.now()
    off: dict[str, Any] = {"status": Status.CANCELLED, "settled_at": now, "settled_by": by}
    if following and is_repeating(target):
        row, before = from_here_on(target, by)
        planned = row.occurrences.filter(status=Status.PLANNED)
        before |= {"also": list(planned.values_list("pk", flat=True))}
        planned.update(sequence=F("sequence") + 1, **off)
    else:
        row, before = own_row(target)
    return change(row, Verb.CANCELLED, by, before, **off)


@transaction.atomic
def revise(
    target: Target,
    details: Details,
    *,
    starts_at: datetime,
    ends_at: datetime,
    repeat: str | None = None,
    by: User,
    following: bool = False,
) -> AppointmentChange:
    """Write what the form says: what, when, where, with whom. `repeat` None leaves the rule as it is.

    Whom `by` may not know of stays. One time of a series is changed alone, or with `following` all from it on.
    Raises NotPossible as `make_appointment` and `move` do. Undo brings the words and times back, and the people.
    """
    check(details.title, starts_at, ends_at, details.colleagues)
    alone = not following and is_repeating(target)
    row, before = own_row(target) if alone else from_here_on(target, by)
    starts_at, ends_at = starts_at.replace(microsecond=0), ends_at.replace(microsecond=0)
    if not alone:
        before |= bring_along(target, starts_at, ends_at)
    values: dict[str, Any] = {
        "title": details.title.strip()[:200], "kind": details.kind,
        "place": details.place.strip()[:300], "note": details.note.strip(),
    }  # fmt: skip
    if alone:
        values |= {"starts_at": starts_at, "ends_at": ends_at}
    else:
        rule = repeat
        if rule is None:
            rule = recurrence.turned(row.repeat, row.starts_at, starts_at, zone_named(row.time_zone))
        rule, first, last, until = repeating(rule, starts_at, ends_at, row.time_zone)
        values |= {"starts_at": first, "ends_at": last, "repeat": rule, "until": until}
    if starts_at != row.starts_at:
        values["reminded_at"] = None
    before |= {"people": ids_of(row)}
    set_people(row, details, by)
    there = ids_of(row)
    values["with_people"] = bool(there["contacts"] or there["companies"])
    return change(row, Verb.REVISED, by, before, **values)


@transaction.atomic
def settle(target: Target, *, outcome: str, by: User, text: str = "", kind: str = "") -> AppointmentChange:
    """Say what became of it: `outcome` "held", "no_show" or "cancelled". Returns the change, which can be undone.

    What was held becomes an entry of `kind` on the timelines of everyone it was with, a no-show one of its own kind
    that is no contact. Raises NotPossible for what has not begun, is settled already or repeats as a whole.
    """
    if outcome == Status.CANCELLED:
        return cancel(target, by=by)
    if outcome not in (Status.HELD, Status.NO_SHOW):
        raise NotPossible(_("Say what happened."))
    row, before = own_row(target)
    if row.repeat:
        raise NotPossible(_("Say which of its times is meant."))
    if row.starts_at > timezone.now():
        raise NotPossible(_("It has not begun yet."))
    done = change(row, Verb.SETTLED, by, before, status=outcome, settled_at=timezone.now(), settled_by=by)
    entry = _log(row, outcome, text, kind, by)
    if entry:
        Appointment.objects.filter(pk=row.pk).update(entry=entry)
        row.entry = entry
        done.before |= {"entry_made": entry.pk}
        done.save(update_fields=["before"])
    return done


def _log(row: Appointment, outcome: str, text: str, kind: str, by: User) -> Entry | None:
    _colleagues, contacts, companies = people_of(row)
    contacts = [one for one in contacts if not one.binned_at and not one.erased_at]
    companies = [one for one in companies if not one.binned_at]
    if not contacts and not companies:
        return None
    missed = outcome == Status.NO_SHOW
    words = f"{row.title}: {text.strip()}" if text.strip() else row.title
    moment = Moment(
        words,
        kind="no_show" if missed else (kind or row.kind),
        occurred_at=row.starts_at,
        contacts=contacts,
        companies=companies,
        snapshot={"appointment": row.pk},
    )
    return log_moment(moment, by=by)


__all__ = ["Details", "NotPossible", "cancel", "make_appointment", "move", "revise", "settle", "undo_change"]
