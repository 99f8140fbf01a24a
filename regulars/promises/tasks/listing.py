"""The list of tasks that an address describes, and tasks as rows with their words.

A page walks one small index: open ones by their due time, done ones by when they were done.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from regulars.access.models import User
from regulars.lib import moments
from regulars.lib.keyset import Page, Section, by, read_page
from regulars.lib.text import number_in
from regulars.promises.models.task import Task
from regulars.promises.times import repeats
from regulars.promises.times.due import business_zone, days_ahead

SIZE = 40
SHOWS = (
    ("open", gettext_lazy("Open")),
    ("late", gettext_lazy("Late")),
    ("today", gettext_lazy("Due today")),
    ("week", gettext_lazy("Next 7 days")),
    ("someday", gettext_lazy("Without a day")),
    ("done", gettext_lazy("Done")),
)
GROUPS: dict[str, str | Promise] = {
    "late": gettext_lazy("Late"),
    "today": gettext_lazy("Today"),
    "tomorrow": gettext_lazy("Tomorrow"),
    "week": gettext_lazy("Next 7 days"),
    "later": gettext_lazy("Later"),
    "someday": gettext_lazy("Without a day"),
    "done": gettext_lazy("Done"),
}


@dataclass(frozen=True)
class TaskRow:
    """A task as a list shows it. `heading` stands above it when a new group begins."""

    task: Task
    group: str
    due: str
    tone: str
    repeat: str
    ticked: int
    lines: int
    heading: str | Promise = ""


def task_rows(tasks: Iterable[Task], zone: ZoneInfo | None = None, *, after_group: str | None = None) -> list[TaskRow]:
    """Return tasks (loaded with `for_list`) as rows; no query but one for the zone when it is not given.

    `after_group` is the group that the page before ended with ("" for the first page); None for a list without
    headings.
    """
    zone = zone or business_zone()
    today = timezone.now().astimezone(zone).date()
    rows, last = [], after_group
    for task in tasks:
        group = group_of(task, today, zone)
        items = list(task.items.all())
        rows.append(
            TaskRow(
                task,
                group,
                due_words(task, zone),
                "risk" if group == "late" else "secondary",
                repeats.in_words(task.repeat, zone),
                sum(item.done_at is not None for item in items),
                len(items),
                GROUPS[group] if last is not None and group != last else "",
            )
        )
        last = group if last is not None else None
    return rows


def group_of(task: Task, today: date, zone: ZoneInfo) -> str:
    """Return which of GROUPS a task stands in."""
    if task.done_at:
        return "done"
    if task.due_at is None:
        return "someday"
    if task.is_late:
        return "late"
    ahead = (task.due_at.astimezone(zone).date() - today).days
    return "today" if ahead <= 0 else "tomorrow" if ahead == 1 else "week" if ahead <= 7 else "later"


def due_words(task: Task, zone: ZoneInfo) -> str:
    """Return "today 16:00", "yesterday", "Thu", "18 Nov"; "" without a day."""
    if task.due_at is None:
        return ""
    local = task.due_at.astimezone(zone)
    ahead = (local.date() - timezone.now().astimezone(zone).date()).days
    words = date_format(local.date(), "D") if 1 < ahead < 7 else moments.short(local.date())
    return f"{words} {local:%H:%M}" if task.has_time else words


class TaskList:
    """The tasks that an address describes. Reading it never fails: what makes no sense is left out."""

    def __init__(self, data: QueryDict, user: User, zone: ZoneInfo) -> None:
        self.data, self.user, self.zone = data, user, zone
        shows = dict(SHOWS)
        self.show = data.get("show", "") if data.get("show", "") in shows else "open"
        self.who = data.get("who", "me")
        self.is_urgent = data.get("priority") == "high"

    @property
    def assignee_id(self) -> int | None:
        """Whose tasks; None for everybody's."""
        if self.who == "all":
            return None
        known = number_in(self.who)
        return self.user.pk if known is None else known

    @property
    def tasks(self) -> QuerySet[Task]:
        """All tasks of the list that the colleague may know of, in no order."""
        found: QuerySet[Task] = Task.objects.visible_to(self.user)
        if self.assignee_id is not None:
            found = found.filter(assignee_id=self.assignee_id)
        if self.is_urgent:
            found = found.filter(priority=Task.Priority.HIGH)
        return found.filter(**self._of_show())

    def _of_show(self) -> dict[str, Any]:
        now = timezone.now()
        shows: dict[str, dict[str, Any]] = {
            "open": {"done_at": None},
            "late": {"done_at": None, "due_at__lt": now},
            "today": {"done_at": None, "due_at__gte": now, "due_at__lte": days_ahead(0, self.zone)},
            "week": {"done_at": None, "due_at__gte": now, "due_at__lte": days_ahead(7, self.zone)},
            "someday": {"done_at": None, "due_at": None},
            "done": {"done_at__isnull": False},
        }
        return shows[self.show]

    @property
    def sections(self) -> list[Section]:
        """The order: what is due first, then what has no day; done ones newest first."""
        if self.show == "done":
            return by("done_at", descending=True)
        if self.show == "someday":
            return by("pk")
        return by("due_at", nullable=self.show == "open")

    def page(self) -> Page:
        """Return the ids of one page and its neighbours."""
        return read_page(self.tasks, self.sections, self.data.get("after", "")[:2000], SIZE)

    def rows(self, ids: list[int]) -> list[TaskRow]:
        """Return the rows of a page in its order: two queries."""
        found = {task.pk: task for task in Task.objects.filter(pk__in=ids).for_list()}
        group = self.data.get("group", "") if self.show == "open" else None
        return task_rows([found[pk] for pk in ids if pk in found], self.zone, after_group=group)

    def address(self, **changes: str) -> str:
        """Return the query of this list with other parameters; the position is dropped."""
        data = self.data.copy()
        for name in ("after", "group"):
            data.pop(name, None)
        for name, value in changes.items():
            data[name] = value
            if not value:
                data.pop(name)
        return data.urlencode()
