"""The sections that Today begins with, their words, and the number beside it in the navigation."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from regulars.access.door import viewer
from regulars.access.models import Organisation, Role, User
from regulars.access.notices import Line, register_digest_part
from regulars.desk.today import goals, habits, people, winback, work
from regulars.desk.today.sections import ASIDE, TOP, Found, Look, Section, register_section, section_named
from regulars.lib import counts
from regulars.promises.models import Promise, Task

LEADS = frozenset({Role.OWNER, Role.MANAGER})
COUNTER = frozenset({Role.FRONT_DESK})
BACK_OFFICE = frozenset(set(Role) - COUNTER)


def register() -> None:
    """Make them known; called in `apps.ready()`."""
    for section in (*_work(), *_people()):
        register_section(section)
        if section.lines:
            register_digest_part(section.order, _part(section.key), section.title)
    counts.register("today", due_promises_of, module="promises")
    counts.register("today", due_tasks_of, module="tasks")


def _work() -> tuple[Section, ...]:
    return (
        Section("search", _always, "desk/today_search.html", 1, roles=COUNTER, column=TOP, queries=0, is_work=False),
        Section(
            "visitors", work.visitors, "desk/today_visitors.html", 5, _("Today’s visitors"), roles=COUNTER,
            module="appointments", says=work.say_visitors, lines=work.appointment_lines, queries=11,
            hears="calendar-changed",
        ),
        Section(
            "team", work.team_late_promises, "desk/today_team.html", 28, _("Late in the team"), roles=LEADS,
            orders={Role.MANAGER: 10}, module="promises", says=work.say_team, lines=work.team_lines,
            hears="promise-changed",
        ),
        Section(
            "promises", work.due_promises, "desk/today_promises.html", 20, _("Promises"), module="promises",
            says=work.say_promises, lines=work.promise_lines, hears="promise-changed",
        ),
        Section(
            "appointments", work.my_appointments, "desk/today_appointments.html", 22, _("Appointments"),
            roles=BACK_OFFICE, module="appointments", says=work.say_appointments,
            lines=work.appointment_lines, queries=10, hears="calendar-changed",
        ),
        Section(
            "happened", work.what_happened, "desk/today_happened.html", 24, _("What happened?"),
            module="appointments", capability="log", queries=7, hears="calendar-changed",
        ),
        Section(
            "tasks", work.due_tasks, "desk/today_tasks.html", 26, _("Tasks"), module="tasks",
            says=work.say_tasks, lines=work.task_lines, hears="task-changed",
        ),
        Section(
            "thanks", work.not_thanked, "desk/today_thanks.html", 20, _("Not thanked yet"), column=ASIDE,
            module="thanks", lines=work.thanks_lines, queries=3, hears="thanks-changed",
        ),
    )  # fmt: skip


def _people() -> tuple[Section, ...]:
    return (
        Section(
            "requests", people.open_requests, "desk/today_requests.html", 30, _("Waiting for an answer"),
            orders={Role.FRONT_DESK: 15},
            says=people.say_requests, lines=people.request_lines,
        ),
        Section(
            "quiet", people.gone_quiet, "desk/today_quiet.html", 50, _("Gone quiet"), module="rhythm",
            says=people.say_quiet, lines=people.quiet_lines, queries=2,
        ),
        Section(
            "winback", winback.slipping_away, "desk/today_winback.html", 55, _("Slipping away"), roles=LEADS,
            module="winback", queries=4, says=winback.say_slipping, hears="winback-changed",
        ),
        Section(
            "habits", habits.worth_a_word, "desk/today_habits.html", 57, _("Worth a word"), module="insights",
        ),
        Section(
            "openers", people.open_openers, "desk/today_openers.html", 60, _("Worth asking"), queries=2,
            says=people.say_openers,
        ),
        Section(
            "coming", people.coming_up, "desk/today_coming.html", 10, _("Coming up"), column=ASIDE,
            module="dates", says=people.say_coming, lines=people.coming_lines, queries=2,
        ),
        Section(
            "goals", goals.running_goals, "desk/today_goals.html", 5, _("Goals"), column=ASIDE, roles=LEADS,
            module="goals", capability="insights", queries=4, is_work=False,
        ),
        Section("news", people.unread_news, "desk/today_news.html", 30, _("For you"), column=ASIDE),
    )  # fmt: skip


def _always(look: Look) -> Found[bool]:
    return Found([True])


class _part:
    """The lines of one section for the daily mail; a section that the colleague doesn't see says nothing."""

    def __init__(self, key: str) -> None:
        self.key, self.__qualname__ = key, f"today-{key}"

    def __call__(self, user: User) -> list[Line]:
        section, business = section_named(self.key), Organisation.current()
        if business is None or section.lines is None:
            return []
        look = Look(user, business)
        found = section.load(look) if section.is_for(look) else Found()
        return list(section.lines(found)) if found else []


# The number beside Today: what is due and can be ticked, as the page shows it.


def due_promises_of(user: int, sees_all: bool, tomorrow: datetime) -> "QuerySet[Any, Any]":
    """The promises that stand on Today."""
    me = viewer(user, sees_all)
    mine: QuerySet[Any, Any] = Promise.objects.visible_to(me).due_for(me).filter(due_at__lt=tomorrow)
    return mine.order_by().values("pk")[: counts.AT_MOST]


def due_tasks_of(user: int, sees_all: bool, tomorrow: datetime) -> "QuerySet[Any, Any]":
    """The tasks that stand on Today."""
    mine: QuerySet[Any, Any] = Task.objects.visible_to(viewer(user, sees_all)).open().filter(assignee=user)
    return mine.filter(due_at__lt=tomorrow).order_by().values("pk")[: counts.AT_MOST]
