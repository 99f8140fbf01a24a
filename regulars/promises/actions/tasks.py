"""Tasks are made, changed, taken away; the timeline hears of those that were done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.models import Operation, UndoStep, User
from regulars.access.notices import notify
from regulars.contacts.actions import Moment, log_moment
from regulars.contacts.models import Company, Contact
from regulars.contacts.records import removals
from regulars.promises.models.task import SUBJECT, Task
from regulars.timeline.models import Entry

ASSIGNED = "task-assigned"  # the kind of notification


class EditedMeanwhile(Exception):
    """Somebody else saved the task since it was read; nothing was changed."""


@dataclass(frozen=True)
class TaskDraft:
    """What a task says. `items` are the lines of its checklist; `repeat` a checked rule or ""."""

    what: str
    assignee: User
    due_at: datetime | None = None
    has_time: bool = False
    contact: Contact | None = None
    company: Company | None = None
    priority: int = Task.Priority.NORMAL
    repeat: str = ""
    note: str = ""
    items: Sequence[str] = ()

    @property
    def columns(self) -> dict[str, Any]:
        """What stands in the row of the task."""
        return {
            "what": self.what.strip()[:500],
            "assignee": self.assignee,
            "due_at": self.due_at,
            "has_time": self.has_time and self.due_at is not None,
            "contact": self.contact,
            "company": self.company,
            "priority": self.priority,
            "repeat": self.repeat if self.due_at else "",
            "note": self.note,
        }


def may_know_of(user: User, contact: Contact | None, company: Company | None) -> bool:
    """Whether `user` can sign in and may know of those whom a task is for."""
    if not user.is_active:
        return False
    known = [
        type(holder).objects.visible_to(user).filter(pk=holder.pk).exists() for holder in (contact, company) if holder
    ]
    return all(known)


@transaction.atomic
def add_task(draft: TaskDraft, *, by: User, entry: Entry | None = None) -> Task:
    """Make a task and return it. `entry` is the moment it came from. Tells the assignee, unless it is `by`.

    Raises ValueError for a task that says nothing, and for an assignee who may not know of those it is for.
    """
    if not draft.what.strip():
        raise ValueError(_("Say what is to be done."))
    if not may_know_of(draft.assignee, draft.contact, draft.company):
        raise ValueError(_("%(name)s may not see whom this is for.") % {"name": draft.assignee.first_name})
    task: Task = Task.objects.create(**draft.columns, entry=entry, created_by=by)
    task.write_items(draft.items)
    _tell_assignee(task, by)
    return task


@transaction.atomic
def revise_task(task: Task, draft: TaskDraft, *, expected_version: int, by: User) -> Task:
    """Make an open task say what `draft` says, and return it. Tells a new assignee.

    Raises EditedMeanwhile when it was changed or done since `expected_version`, and ValueError as `add_task`.
    """
    if not draft.what.strip():
        raise ValueError(_("Say what is to be done."))
    if not may_know_of(draft.assignee, draft.contact, draft.company):
        raise ValueError(_("%(name)s may not see whom this is for.") % {"name": draft.assignee.first_name})
    mine = Task.objects.filter(pk=task.pk, version=expected_version, done_at=None)
    before = task.assignee_id
    if not mine.update(**draft.columns, version=F("version") + 1):
        raise EditedMeanwhile
    task.refresh_from_db()
    task.write_items(draft.items)
    if task.assignee_id != before:
        _tell_assignee(task, by)
    return task


@transaction.atomic
def put_off(task: Task, due_at: datetime, *, has_time: bool = False) -> bool:
    """Give an open task another due time; False when it is done already."""
    mine = Task.objects.filter(pk=task.pk, done_at=None)
    return bool(mine.update(due_at=due_at, has_time=has_time, version=F("version") + 1))


@transaction.atomic
def remove_task(task: Task, *, by: User) -> Operation:
    """Delete a task and its checklist; `restore_task` brings both back within 30 days."""
    rows: list[Any] = [*task.items.all(), task]  # undo goes from the last to the first: lines need their task
    operation = Operation.objects.create(
        kind=removals.KIND, title=task.what[:300], by=by, state={"task": task.pk}, total=1, done=1
    )
    for row in rows:
        UndoStep.objects.create(
            operation=operation, model=row._meta.label_lower, object_id=row.pk, before=removals.state_of(row)
        )
    task.delete()
    operation.started_at = timezone.now()
    operation.finish(Operation.Status.DONE)
    return operation


def restore_task(pk: int, *, by: User) -> Task | None:
    """Bring back a task that `by` removed; None when there is nothing to bring back."""
    removed = Operation.objects.filter(by=by, kind=removals.KIND, state__task=pk).order_by("-created_at", "-pk").first()
    if removed is None or not removals.undo_now(removed, by=by):
        return None
    found: Task | None = Task.objects.filter(pk=pk).first()
    return found


def note_done(task: Task, *, by: User) -> None:
    """Put "task done" on the timeline of those it was for; one for nobody leaves no line."""
    contact, company = task.contact, task.company
    if contact is None and company is None:
        return
    moment = Moment(
        text=task.what, kind="task", contacts=[contact] if contact else [], companies=[company] if company else []
    )
    entry = log_moment(moment, by=by)
    Entry.objects.filter(pk=entry.pk).update(subject_kind=SUBJECT, subject_id=task.pk)


def unnote_done(task: Task, *, by: User) -> None:
    """Take the line that `note_done` wrote off the timelines."""
    for entry in Entry.objects.filter(subject_kind=SUBJECT, subject_id=task.pk, removed_at=None):
        entry.remove(by=by)


def _tell_assignee(task: Task, by: User) -> None:
    def text(user: User) -> str:
        holder = task.holder
        words = {"name": by.first_name, "what": task.what, "whom": holder}
        line = (
            _("%(name)s gave you a task for %(whom)s: %(what)s") if holder else _("%(name)s gave you a task: %(what)s")
        )
        return line % words

    notify([task.assignee], kind=ASSIGNED, text=text, url=task.get_absolute_url(), actor=by)
