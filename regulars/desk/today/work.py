"""The work on Today: promises and tasks that are due, appointments, and thanks that are owed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.access.door import viewer
from regulars.access.notices import Line
from regulars.contacts.models import Company, Contact
from regulars.desk.today.brief import BriefLine, two_lines
from regulars.desk.today.calendar import MOST as CALENDAR_MOST
from regulars.desk.today.calendar import end_of_today, my_day, names_of, visitors_of_today
from regulars.desk.today.sections import SHOWN, Found, Look
from regulars.desk.today.words import begin, count_word, number_word
from regulars.lib.prepared import prepared
from regulars.promises.appointments.occurrence import Occurrence
from regulars.promises.ledger.words import say_due
from regulars.promises.models import Occasion, Promise, Task
from regulars.promises.tasks.listing import due_words
from regulars.promises.thanks.occasions import say
from regulars.promises.times.due import business_zone

DUE_SHOWN = 7
MOST = 50  # due things beyond these are not counted
THANKS_LOOKED_AT = 30


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
    """The promises I answer for that are late or due today, late ones first. Two queries along indexes."""
    return _promises(look, _my_due(look.user.pk, look.user.sees_all, end_of_today(look)), DUE_SHOWN)


def team_late_promises(look: Look) -> Found[DuePromise]:
    """Late promises that colleagues answer for, the longest late first. Two queries along indexes."""
    return _promises(look, _late_of_others(look.user.pk, look.user.sees_all, look.now), SHOWN)


def _promises(look: Look, due: list[tuple[int, datetime]], shown: int) -> Found[DuePromise]:
    late = sum(at < look.now for _pk, at in due)
    rows = {row.pk: row for row in _promise_rows([pk for pk, _at in due[:shown]])}
    found = [DuePromise(rows[pk], at < look.now) for pk, at in due[:shown] if pk in rows]
    return Found(found, len(due), len(due) >= MOST, late)


@prepared
def _my_due(user: int, sees_all: bool, until: datetime) -> "QuerySet[Any, Any]":
    me = viewer(user, sees_all)
    rows: QuerySet[Any] = Promise.objects.visible_to(me).due_for(me, until=until)
    return rows.values_list("pk", "due_at")[:MOST]


@prepared
def _late_of_others(user: int, sees_all: bool, now: datetime) -> "QuerySet[Any, Any]":
    rows: QuerySet[Any] = Promise.objects.visible_to(viewer(user, sees_all)).late(now).exclude(owner=user)
    return rows.order_by("due_at", "pk").values_list("pk", "due_at")[:MOST]


@prepared
def _promise_rows(ids: list[int]) -> "QuerySet[Any, Any]":
    rows: QuerySet[Any] = Promise.objects.filter(pk__in=ids).for_list()
    return rows


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
    """What I have to do by the end of today, late ones first. Two queries along indexes."""
    ids = [pk for (pk,) in _my_tasks(look.user.pk, look.user.sees_all, end_of_today(look))]
    rows = {row.pk: row for row in _task_rows(ids[:DUE_SHOWN])}
    zone = business_zone(look.organisation)
    shown = [rows[pk] for pk in ids[:DUE_SHOWN] if pk in rows]
    return Found([DueTask(row, due_words(row, zone), row.is_late) for row in shown], len(ids), len(ids) >= MOST)


@prepared
def _my_tasks(user: int, sees_all: bool, until: datetime) -> "QuerySet[Any, Any]":
    rows: QuerySet[Any] = Task.objects.visible_to(viewer(user, sees_all)).open()
    return rows.filter(assignee=user, due_at__lte=until).order_by("due_at", "pk").values_list("pk")[:MOST]


@prepared
def _task_rows(ids: list[int]) -> "QuerySet[Any, Any]":
    names = ("contact__display_name", "company__display_name")
    own = ("what", "due_at", "has_time", "done_at", "contact_id", "company_id")
    rows: QuerySet[Any] = Task.objects.filter(pk__in=ids).select_related("contact", "company").only(*own, *names)
    return rows


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


def my_appointments(look: Look) -> Found[Visit]:
    """My appointments of today that are not over, with two lines of each Brief. The calendar and three queries."""
    day = my_day(look)
    briefs = two_lines(day.coming, look)
    visits = [Visit(one, briefs.get(one.key, [])) for one in day.coming]
    return Found(visits, day.count, day.count >= CALENDAR_MOST)


def visitors(look: Look) -> Found[Visit]:
    """Everybody's appointments with people today that are not over: who comes to the counter, and for whom."""
    rows, count = visitors_of_today(look)
    briefs, names = two_lines(rows, look), names_of(look, rows)
    visits = [Visit(one, briefs.get(one.key, []), [names[pk] for pk in one.user_ids if pk in names]) for one in rows]
    return Found(visits, count, count >= CALENDAR_MOST)


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
    day = my_day(look)
    return Found([Past(one) for one in day.past], day.past_count)


# Thanks


def not_thanked(look: Look) -> Found[Occasion]:
    """Reasons to thank somebody, of the newest those of my own people first. Two queries, and one for one's teams."""
    newest = _open_occasions(look.user.pk, look.user.sees_all, look.now)
    ids = [pk for pk, *_owners in sorted(newest, key=lambda row: look.user.pk not in row[1:])]
    rows = {row.pk: row for row in _occasion_rows(ids[:SHOWN])}
    shown = say([rows[pk] for pk in ids[:SHOWN] if pk in rows], look.user)
    return Found(shown, len(ids), len(ids) >= THANKS_LOOKED_AT)


@prepared
def _open_occasions(user: int, sees_all: bool, now: datetime) -> "QuerySet[Any, Any]":
    rows: QuerySet[Any] = Occasion.objects.open(now).visible_to(viewer(user, sees_all))
    return rows.values_list("pk", "contact__owner_id", "company__owner_id")[:THANKS_LOOKED_AT]


@prepared
def _occasion_rows(ids: list[int]) -> "QuerySet[Any, Any]":
    rows: QuerySet[Any] = Occasion.objects.filter(pk__in=ids).for_list()
    return rows


def thanks_lines(found: Found[Occasion]) -> list[Line]:
    """Who is to be thanked for what since yesterday, for the daily mail."""
    since = timezone.now() - timedelta(days=1)
    return [
        Line(f"{one.holder} {getattr(one, 'words', one.why)}", one.holder.get_absolute_url())
        for one in found.shown
        if one.found_at > since
    ]
