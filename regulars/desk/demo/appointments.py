"""A busy week at Harbor & Pine: agreed times of the team, those of today first, some over and not yet told of."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from regulars.access.models import User
from regulars.contacts.models import Contact
from regulars.promises.models import Appointment, AppointmentColleague, AppointmentContact
from regulars.promises.models.appointment import FOREVER
from regulars.promises.times.recurrence import check_rule, first_start
from regulars.promises.times.wall_time import from_wall

if TYPE_CHECKING:
    from regulars.desk.demo.load import Loader

ROASTERY = "Harbor & Pine, roastery"
COUNTER = "Harbor & Pine, counter"


@dataclass(frozen=True)
class Agreed:
    """One appointment. `day` counts from today, or with `weekday` from the Monday of this week; `by` are colleagues."""

    day: int
    clock: str
    minutes: int
    title: str
    who: tuple[str, ...] = ()
    by: tuple[int, ...] = (0,)
    kind: str = "meeting"
    place: str = ""
    repeat: str = ""
    weekday: bool = False
    outcome: str = ""
    note: str = ""


def _week(day: int, clock: str, minutes: int, title: str, *who: str, by: tuple[int, ...] = (0,), **more: str) -> Agreed:
    return Agreed(day, clock, minutes, title, who, by, weekday=True, **more)


AGREED = (
    Agreed(0, "10:30", 60, "Cupping with Studio Norte", ("Marta Pires",), (0, 1), place=ROASTERY),
    Agreed(0, "15:00", 30, "Allergen list for the office", ("Jonas Lindqvist",), (0,), "call"),
    Agreed(0, "16:00", 60, "Tour of the roastery", ("Helena Prado",), (2,), "visit", ROASTERY),
    Agreed(-1, "11:00", 60, "Tasting for the December event", ("Maya Okafor",), (0,), "visit", ROASTERY),
    Agreed(-2, "09:30", 30, "Machine check", ("Jonas Lindqvist",), (0, 3), "job", outcome=""),
    Agreed(1, "10:00", 45, "Menu for forty people", ("Maya Okafor",), (0,), place="https://meet.example/lumen"),
    Agreed(2, "10:00", 60, "Filter course", ("Helena Prado",), (2,), "visit", ROASTERY),
    _week(0, "08:30", 30, "Week ahead", by=(0, 1, 2, 3), repeat="FREQ=WEEKLY;BYDAY=MO"),
    _week(0, "11:00", 60, "Green coffee samples", "Rafael Antunes", by=(1,)),
    _week(0, "14:00", 60, "Office coffee: two months on trial", "Tomás Reis", by=(2,)),
    _week(1, "09:00", 45, "Delivery route", by=(1, 3), repeat="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
    _week(1, "10:00", 60, "Barista training", "Luísa Marques", by=(0,), kind="visit", place=COUNTER),
    _week(1, "10:30", 60, "Supplier on the phone", by=(0,), kind="call"),
    _week(1, "16:00", 30, "Cake tasting", "Tomás Reis", by=(2,), kind="visit", place=COUNTER),
    _week(2, "09:30", 30, "Grinder repair", "Rafael Antunes", by=(1,), kind="job"),
    _week(2, "11:00", 90, "Cupping: new Ethiopians", by=(0, 1, 2), place=ROASTERY, note="Guji, Sidama, Yirgacheffe."),
    _week(3, "10:00", 60, "Wedding bar", "Luísa Marques", by=(2,), place=ROASTERY),
    _week(3, "15:00", 45, "Yearly talk", "Helena Prado", by=(0,), kind="visit", place=COUNTER),
    _week(4, "09:00", 60, "Accounts", by=(0,), repeat="FREQ=MONTHLY;BYDAY=-1FR"),
    _week(4, "14:00", 60, "Market stall", "Tomás Reis", by=(1, 3), kind="job"),
    _week(-5, "10:00", 60, "Roast profile talk", "Rafael Antunes", by=(0,), outcome="held"),
    _week(-4, "12:00", 30, "Coffee and a chat", "Helena Prado", by=(0,), kind="visit", outcome="no_show"),
    _week(-3, "16:00", 60, "Tasting", "Luísa Marques", by=(0,), kind="visit", outcome="held"),
    _week(7, "11:00", 60, "Spring order", "Maya Okafor", by=(0,)),
    _week(8, "10:00", 60, "Barista training, part two", "Luísa Marques", by=(0,), kind="visit", place=COUNTER),
    _week(9, "15:00", 60, "Photos for the menu", "Jonas Lindqvist", by=(2,)),
    _week(16, "09:30", 60, "Machine check", "Jonas Lindqvist", by=(0,), kind="job"),
)


def add_appointments(loader: "Loader") -> None:
    """Write them, with those that are over and have no outcome waiting for "what happened?"."""
    rows = [(_row(loader, agreed), agreed) for agreed in AGREED]
    loader.keep([row for row, _agreed in rows])
    contacts, colleagues = [], []
    for row, agreed in rows:
        at = {"appointment": row, "starts_at": row.starts_at}
        contacts += [AppointmentContact(contact=one, **at) for one in _people(loader, agreed)]
        times = at | {"ends_at": row.ends_at, "until": row.until}
        colleagues += [AppointmentColleague(user=one, **times) for one in _team(loader, agreed)]
    AppointmentContact.objects.bulk_create(contacts)
    AppointmentColleague.objects.bulk_create(colleagues)


def _row(loader: "Loader", agreed: Agreed) -> Appointment:
    today = loader.now.astimezone(loader.zone).date()
    day = today - timedelta(days=today.weekday() if agreed.weekday else 0) + timedelta(days=agreed.day)
    start = from_wall(datetime.combine(day, time.fromisoformat(agreed.clock)), loader.zone)
    row = Appointment(
        title=agreed.title,
        kind=agreed.kind,
        starts_at=start,
        ends_at=start + timedelta(minutes=agreed.minutes),
        time_zone=str(loader.zone),
        place=agreed.place,
        note=agreed.note,
        with_people=bool(_people(loader, agreed)),
        created_by=_team(loader, agreed)[0],
        created_at=start - timedelta(days=9),
    )
    if agreed.repeat:
        row.repeat, row.until = check_rule(agreed.repeat, start, loader.zone), FOREVER
        row.starts_at = first_start(row.repeat, start, loader.zone)
        row.ends_at = row.starts_at + timedelta(minutes=agreed.minutes)
    elif row.ends_at < loader.now and (agreed.outcome or (not agreed.who or agreed.weekday)):
        row.status = agreed.outcome or Appointment.Status.HELD
        row.settled_at, row.settled_by = row.ends_at, row.created_by
    return row


def _people(loader: "Loader", agreed: Agreed) -> list[Contact]:
    return [loader.contacts[name] for name in agreed.who if name in loader.contacts]


def _team(loader: "Loader", agreed: Agreed) -> list[User]:
    return [loader.colleagues[place] for place in agreed.by]
