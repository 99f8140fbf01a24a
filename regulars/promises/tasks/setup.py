"""What tasks add to the floors below: a module, a place, a command, panels, a kind of entry, and what erasing does."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.access.notices import NoticeKind, register_kind
from regulars.contacts.actions.erasing import Traces, on_erase
from regulars.contacts.actions.merging import Move, follow
from regulars.contacts.exporting import also_export
from regulars.contacts.models import Company, Contact
from regulars.contacts.new_owners import on_new_owner
from regulars.lib import modules, navigation, palette, panels
from regulars.promises.actions import reassigning
from regulars.promises.actions.handing_over import tell
from regulars.promises.actions.tasks import ASSIGNED
from regulars.promises.models.task import Task, TaskItem
from regulars.promises.tasks import conditions
from regulars.timeline import kinds

MODULE = "tasks"


def register() -> None:
    """Make tasks known; called in `apps.ready()`."""
    modules.register(
        modules.Module(
            MODULE,
            _("Tasks"),
            _("What the team has to do, for somebody or for nobody, once or again and again."),
            "square-check-big",
            order=12,
        )
    )
    navigation.register(navigation.NavItem(_("Tasks"), "tasks", "square-check-big", order=32, module=MODULE, key="k"))
    palette.register(
        palette.Command(
            "task-add",
            _("New task"),
            "square-plus",
            url_name="task-add",
            also=_("to do remind"),
            module=MODULE,
            permission="log",
            order=22,
        )
    )
    for host in ("contact", "company"):
        panels.register(
            panels.Panel(f"{host}-aside", _("Tasks"), f"{host}-tasks", permission="view", order=20, module=MODULE)
        )
    kinds.register(kinds.EntryKind("task", _("Task done"), "square-check-big", by_hand=False))
    register_kind(NoticeKind(ASSIGNED, _("A task for you"), _("Somebody gave you a task."), icon="square-check-big"))
    register_handing_over()
    conditions.register()
    follow(Contact, Move(Task, "contact"))
    follow(Company, Move(Task, "company"))
    on_erase(forget)
    also_export("tasks", everything_to_do)


def register_handing_over() -> None:
    """Make the step that hands work over known, its panel on a colleague's page, and the news of it."""
    reassigning.register()
    panels.register(
        panels.Panel("colleague", _("Hand over their work"), "colleague-reassign", permission="people", lazy=False)
    )
    register_kind(
        NoticeKind(
            reassigning.HANDED_OVER,
            _("Handed to you"),
            _("Somebody made you the point of contact, or gave you the work of a colleague."),
            icon="forward",
        )
    )
    on_new_owner(tell)


def forget(traces: Traces) -> None:
    """Erase what tasks say about a person: those for them go; others lose the name where it may stand."""
    Task.objects.filter(contact_id=traces.contact_id).delete()
    near = Task.objects.filter(Q(entry__in=traces.entry_ids) | Q(contact_id__in=traces.related_ids))
    for task in near.prefetch_related("items"):
        what, note = traces.without(task.what), traces.without(task.note)
        if (what, note) != (task.what, task.note):
            Task.objects.filter(pk=task.pk).update(what=what[:500], note=note)
        for item in task.items.all():
            if (text := traces.without(item.text)) != item.text:
                TaskItem.objects.filter(pk=item.pk).update(text=text[:300])


def everything_to_do(contact: Contact, by: User) -> list[dict[str, Any]]:
    """What was and is to be done for a person, for the file that they can take with them."""
    rows = Task.objects.of(contact).order_by("created_at", "pk")
    return [dict(row) for row in rows.values("what", "note", "created_at", "due_at", "repeat", "done_at")]
