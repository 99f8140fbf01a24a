"""The work on Today: promises and tasks that are due, appointments, and thanks that are owed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.access.models import User
from regulars.access.notices import Line
from regulars.contacts.models import Company, Contact
from regulars.desk.today_brief import BriefLine, two_lines
from regulars.desk.today_sections import SHOWN, Found, Look
from regulars.desk.today_words import begin, count_word, number_word
from regulars.promises.calendar import ASK_FOR, occurrences
from regulars.promises.due import days_ahead
from regulars.promises.models import Occasion, Promise, Task
from regulars.promises.occurrence import Occurrence
from regulars.promises.promise_words import say_due
from regulars.promises.task_list import due_words
from regulars.promises.wall_time import zone_named

DUE_SHOWN = 7
MOST = 50  # due things beyond these are not counted
APPOINTMENTS_SHOWN = 6
THANKS_LOOKED_AT = 30


def business_zone(look: Look) -> ZoneInfo:
    """The zone that due days are told in."""
    return zone_named(look.organisation.time_zone)


def end_of_today(look: Look) -> datetime:
    """When today is over where the business is."""
    return days_ahead(0, business_zone(look), look.now)


# Promises


@dataclass(frozen=True)
class DuePromise:
    """A promise with its badge."""

    promise: Promise
    is_late: bool

    @property
    def due(self) -> str:
        """Yesterday, today 16:00."""
        return say_due(self.promise)

    @property
    def to_whom(self) -> str:
        """Maya Okafor · Lumen Studios."""
        return " · ".join(str(one) for one in (self.promise.contact, self.promise.company) if one)


def due_promises(look: Look) -> Found[DuePromise]:
    """The promises I answer for that are late or due today, late ones first. One query along an index."""
    rows = Promise.objects.visible_to(look.user).due_for(look.user, until=end_of_today(look)).for_list()[:MOST]
    return _promises(look, list(rows), DUE_SHOWN)


def team_late_promises(look: Look) -> Found[DuePromise]:
    """Late promises that colleagues answer for, the longest late first. One query along an index."""
    late = Promise.objects.visible_to(look.user).late(look.now).exclude(owner=look.user)
    return _promises(look, list(late.for_list().order_by("due_at", "pk")[:MOST]), SHOWN)


def _promises(look: Look, rows: list[Promise], shown: int) -> Found[DuePromise]:
    late = sum(row.due_at < look.now for row in rows)
    found = [DuePromise(row, row.due_at < look.now) for row in rows[:shown]]
    return Found(found, len(rows), len(rows) >= MOST, late)


def say_promises(found: Found[DuePromise]) -> list[str]:
    """Two promises are due, one is late."""
    due = {"count": count_word(found), "late": number_word(found.late)}
    if found.late == found.count:
        line = ngettext("%(count)s promise is late.", "%(count)s promises are late.", found.count)
    elif found.late:
        line = ngettext("%(count)s promises are due, %(late)s is late.",
                        "%(count)s promises are due, %(late)s are late.", found.late)  # fmt: skip
    else:
        line = ngettext("%(count)s promise is due today.", "%(count)s promises are due today.", found.count)
    return [begin(line % due)]


def say_team(found: Found[DuePromise]) -> list[str]:
    """The team has four late promises."""
    line = ngettext("The team has %(count)s late promise.", "The team has %(count)s late promises.", found.count)
    return [line % {"count": count_word(found)}]


def promise_lines(found: Found[DuePromise]) -> list[Line]:
    """What is due to whom, for the daily mail."""
    return [
        Line(f"{one.due}: {one.promise.what} ({one.to_whom})", one.promise.get_absolute_url()) for one in found.shown
    ]


def team_lines(found: Found[DuePromise]) -> list[Line]:
    """Who is late with what, for the daily mail."""
    return [
        Line(f"{one.promise.owner}: {one.promise.what} ({one.to_whom}), {one.due}", one.promise.get_absolute_url())
        for one in found.shown
    ]


# Tasks


@dataclass(frozen=True)
class DueTask:
    """A task with its badge."""

    task: Task
    due: str
    is_late: bool


def due_tasks(look: Look) -> Found[DueTask]:
    """What I have to do by the end of today, late ones first. One query along an index."""
    mine = Task.objects.visible_to(look.user).open().filter(assignee=look.user, due_at__lte=end_of_today(look))
    rows = list(mine.select_related("contact", "company").order_by("due_at", "pk")[:MOST])
    zone = business_zone(look)
    found = [DueTask(row, due_words(row, zone), row.is_late) for row in rows[:DUE_SHOWN]]
    return Found(found, len(rows), len(rows) >= MOST)


def say_tasks(found: Found[DueTask]) -> list[str]:
    """Three tasks are due."""
    line = ngettext("%(count)s task is due.", "%(count)s tasks are due.", found.count)
    return [begin(line % {"count": count_word(found)})]


def task_lines(found: Found[DueTask]) -> list[Line]:
    """What is to be done, for the daily mail."""
    return [Line(f"{one.due}: {one.task.what}", one.task.get_absolute_url()) for one in found.shown]


# Appointments


@dataclass(frozen=True)
class Visit:
    """An appointment of today, with the two lines to know before it and the colleagues whose it is."""

    occurrence: Occurrence
    brief: list[BriefLine] = field(default_factory=list)
    colleagues: list[str] = field(default_factory=list)

    @property
    def with_whom(self) -> str:
        """The names, for the line under the title."""
        return ", ".join(self.occurrence.names)

    @cached_property
    def person(self) -> Contact | None:
        """Whose Brief the button opens."""
        return self.occurrence.contacts[0] if self.occurrence.contacts else None

    @property
    def first(self) -> Contact | Company | None:
        """Whom it is with, for the picture."""
        return next(iter(self.occurrence.holders), None)

    @property
    def names_them(self) -> bool:
        """Whether the title says already whom it is with."""
        return any(name in self.occurrence.title for name in self.occurrence.names)


class Calendar:
    """A colleague's last two weeks and today, read once for both sections that need it."""

    def __init__(self, look: Look) -> None:
        end = end_of_today(look)
        self.rows = occurrences([look.user.pk], look.now - ASK_FOR, end, look.user)


def my_calendar(look: Look) -> Calendar:
    """The calendar of this look. Seven queries at most, once."""
    if "my_calendar" not in look.__dict__:
        look.__dict__["my_calendar"] = Calendar(look)
    found: Calendar = look.__dict__["my_calendar"]
    return found


def start_of_today(look: Look) -> datetime:
    """When today began where the business is."""
    return end_of_today(look) - timedelta(days=1)


def my_appointments(look: Look) -> Found[Visit]:
    """My appointments of today that are not over, with two lines of each Brief. The calendar and three queries."""
    coming = [one for one in my_calendar(look).rows if one.end > look.now and one.is_planned]
    return _visits(look, coming)


def visitors(look: Look) -> Found[Visit]:
    """Everybody's appointments with people today that are not over: who comes to the counter, and for whom."""
    names = dict(User.objects.active().values_list("pk", "name"))
    rows = occurrences(list(names), look.now, end_of_today(look), look.user)
    return _visits(look, [one for one in rows if one.holders and one.is_planned], names)


def _visits(look: Look, rows: list[Occurrence], names: dict[int, str] | None = None) -> Found[Visit]:
    shown = rows[:APPOINTMENTS_SHOWN]
    briefs = two_lines(shown, look)
    visits = [
        Visit(one, briefs.get(one.key, []), [names[pk].split()[0] for pk in one.user_ids if names and names.get(pk)])
        for one in shown
    ]
    return Found(visits, len(rows))


def say_appointments(found: Found[Visit]) -> list[str]:
    """The next appointment is at 10:30."""
    at = timezone.localtime(found.shown[0].occurrence.start)
    if found.shown[0].occurrence.start <= timezone.now():
        return []
    words = _("Your next appointment is at %s.") if found.count > 1 else _("Your appointment is at %s.")
    return [words % f"{at:%H:%M}"]


def say_visitors(found: Found[Visit]) -> list[str]:
    """Four visitors are expected today."""
    line = ngettext("%(count)s visitor is expected.", "%(count)s visitors are expected.", found.count)
    return [begin(line % {"count": count_word(found)})]


def appointment_lines(found: Found[Visit]) -> list[Line]:
    """When, what and with whom, for the daily mail."""
    return [
        Line(
            f"{timezone.localtime(one.occurrence.start):%H:%M} {one.occurrence.title}"
            + (f" ({one.with_whom})" if one.with_whom and not one.names_them else ""),
            one.occurrence.url,
        )
        for one in found.shown
    ]


@dataclass(frozen=True)
class Past:
    """An appointment that is over."""

    occurrence: Occurrence

    @property
    def settling(self) -> str:
        """Where one says what happened."""
        return self.occurrence.address("appointment-settle")


def what_happened(look: Look) -> Found[Past]:
    """My appointments with people that are over and have not become an entry yet, newest first."""
    past = [one for one in my_calendar(look).rows if one.is_planned and one.end <= look.now and one.holders]
    return Found.of([Past(one) for one in past[::-1]])


# Thanks


def not_thanked(look: Look) -> Found[Occasion]:
    """Reasons to thank somebody, those of my own people first. One query along an index."""
    rows = list(Occasion.objects.open(look.now).visible_to(look.user).for_list()[:THANKS_LOOKED_AT])
    mine = sorted(rows, key=lambda one: (one.holder.owner_id != look.user.pk, -one.occurred_at.timestamp()))
    return Found.of(mine, most=THANKS_LOOKED_AT)


def thanks_lines(found: Found[Occasion]) -> list[Line]:
    """Who is to be thanked for what since yesterday, for the daily mail."""
    since = timezone.now() - timedelta(days=1)
    return [
        Line(f"{one.holder} {one.why}", one.holder.get_absolute_url()) for one in found.shown if one.found_at > since
    ]
