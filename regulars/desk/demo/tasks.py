"""What the team of Harbor & Pine has to do: some late, some today, some each week, some for nobody."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING

from regulars.contacts.capture.due_dates import end_of, moment_of
from regulars.promises.models import Task, TaskItem
from regulars.promises.times.recurrence import check_rule

if TYPE_CHECKING:
    from regulars.desk.demo.load import Loader


@dataclass(frozen=True)
class ToDo:
    """One task. `day` counts from today, None for no day; `by` is the colleague; `done` days ago, None for open."""

    what: str
    day: int | None = None
    by: int = 0
    who: str = ""
    hour: int = 0
    priority: int = 2
    repeat: str = ""
    items: tuple[str, ...] = ()
    done: int | None = None


TO_DO = (
    ToDo("Order paper cups for December", -1, 0, priority=1),
    ToDo("Weigh the beans for the December tasting", 0, 0, "Maya Okafor", 14, items=("Guji", "Sidama", "Decaf")),
    ToDo("Write the card for the shelf with the new Ethiopians", 0, 0),
    ToDo("Count the till", 0, 3, repeat="FREQ=DAILY"),
    ToDo("Water the plants at the window", 1, 0, repeat="FREQ=WEEKLY;BYDAY=MO,TH"),
    ToDo("Clean the grinders", 2, 1, repeat="FREQ=WEEKLY", items=("House", "Decaf", "Filter")),
    ToDo("Look for a quieter table for four", 3, 0, "Luísa Marques"),
    ToDo("Ask the landlord about the awning", 6, 0, priority=3),
    ToDo("Find out what Helena thinks of the filter course", 4, 2, "Helena Prado"),
    ToDo("Price list for offices", 5, 2, "Tomás Reis", priority=1, items=("Small", "Middle", "Large")),
    ToDo("Call the machine people", -2, 1, "Jonas Lindqvist", 10),
    ToDo("VAT return", 12, 0, repeat="FREQ=MONTHLY;BYMONTHDAY=15"),
    ToDo("Think about a loyalty card", None, 0),
    ToDo("New photos for the window", None, 2),
    ToDo("Book the stand at the spring market", -6, 2, done=5),
    ToDo("Send Maya’s recipe to the kitchen", -4, 0, "Maya Okafor", done=4),
    ToDo("Replace the filter of the machine", -9, 1, done=8),
)


def add_tasks(loader: "Loader") -> None:
    """Write them with their checklists; the first line of each list is ticked."""
    rows = [_row(loader, to_do) for to_do in TO_DO]
    loader.keep(rows)
    items = [
        TaskItem(task=row, text=text, position=place, done_at=None if place else loader.now - timedelta(hours=5))
        for row, to_do in zip(rows, TO_DO, strict=True)
        for place, text in enumerate(to_do.items)
    ]
    TaskItem.objects.bulk_create(items)


def _row(loader: "Loader", to_do: ToDo) -> Task:
    due_at = None
    if to_do.day is not None:
        day = (loader.now + timedelta(days=to_do.day)).astimezone(loader.zone).date()
        due_at = moment_of(day, time(to_do.hour), loader.zone) if to_do.hour else end_of(day, loader.zone)
    colleague = loader.colleagues[to_do.by]
    is_done = to_do.done is not None
    return Task(
        what=to_do.what,
        contact=loader.contacts.get(to_do.who),
        due_at=due_at,
        has_time=bool(to_do.hour),
        assignee=colleague,
        created_by=loader.colleagues[0],
        created_at=loader.now - timedelta(days=9),
        priority=to_do.priority,
        repeat=check_rule(to_do.repeat, due_at, loader.zone) if to_do.repeat and due_at else "",
        done_at=loader.now - timedelta(days=to_do.done or 0) if is_done else None,
        done_by=colleague if is_done else None,
    )
