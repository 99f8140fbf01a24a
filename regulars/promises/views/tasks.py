"""Tasks as lists: the page, its quick line, and the panels on the pages of contacts and companies."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from regulars.access.door import SignedInRequest, can, signed_in
from regulars.access.models import User
from regulars.contacts.capture.box import holder_named
from regulars.contacts.door import get_company, get_contact
from regulars.contacts.models import Company, Contact
from regulars.lib.toast import toast
from regulars.promises.actions.tasks import add_task
from regulars.promises.models.task import Task
from regulars.promises.tasks.line import read_task_line
from regulars.promises.tasks.listing import SHOWS, TaskList, task_rows
from regulars.promises.times.wall_time import zone_named

IN_PANEL = 12


@signed_in
@require_GET
def tasks(request: SignedInRequest) -> HttpResponse:
    """The list; htmx gets the part that changes with filters, or the next page."""
    listed = TaskList(request.GET, request.user, zone_named(request.organisation.time_zone))
    page = listed.page()
    rows = listed.rows(page.ids)
    follow = f"?{listed.address(after=page.next)}&group={rows[-1].group}" if page.next and rows else ""
    context = {"list": listed, "rows": rows, "next_url": follow, "may_log": request.user.can("log")}
    if request.htmx and "after" in request.GET and not request.htmx.history_restore_request:
        return render(request, "promises/task_rows.html", context)
    response = render(request, "promises/tasks.html", context | _choices(listed))
    patch_vary_headers(response, ["HX-Request"])
    return response


def _choices(listed: TaskList) -> dict[str, Any]:
    """What the filters offer, with the address each leads to."""
    colleagues = list(User.objects.active())
    return {
        "shows": [(label, f"?{listed.address(show='' if key == 'open' else key)}", key) for key, label in SHOWS],
        "colleagues": colleagues,
        "urgent_url": f"?{listed.address(priority='' if listed.is_urgent else 'high')}",
        "own": next((user for user in colleagues if user.pk == listed.assignee_id), None),
        "is_mine": listed.assignee_id == listed.user.pk,
    }


@require_POST
@can("log")
def add_task_line(request: SignedInRequest) -> HttpResponse:
    """Make a task from one typed line; `on` ("contact-5") says whom it is for."""
    text = request.POST.get("line", "").strip()
    holder = holder_named(request.POST.get("on", ""), request.user)
    back = _back_to(holder)
    if not text:
        toast(request, _("Say what is to be done."), tone="risk")
        return redirect(back)
    try:
        draft = read_task_line(text, by=request.user, organisation=request.organisation, holder=holder)
        task = add_task(draft, by=request.user)
    except ValueError as problem:
        toast(request, str(problem), tone="risk")
    else:
        _say_added(request, task)
    return draw_panel(request, holder) if request.htmx and holder else _led_to(request, back)


def _back_to(holder: Contact | Company | None) -> str:
    return holder.get_absolute_url() if holder else reverse("tasks")


def _led_to(request: SignedInRequest, url: str) -> HttpResponse:
    return HttpResponse(status=204, headers={"HX-Refresh": "true"}) if request.htmx else redirect(url)


def _say_added(request: SignedInRequest, task: Task) -> None:
    row = task_rows([task])[0]
    words = {"what": task.what, "due": row.due, "name": task.assignee.first_name}
    mine = task.assignee_id == request.user.pk
    if mine:
        text = _("Task: %(what)s, %(due)s") if row.due else _("Task: %(what)s")
    else:
        text = _("Task for %(name)s: %(what)s, %(due)s") if row.due else _("Task for %(name)s: %(what)s")
    toast(
        request, text % words, tone="good", undo_url=reverse("task-remove", args=[task.pk]), undo_method="POST",
        link_url=task.get_absolute_url(), link_text=_("Open"),
    )  # fmt: skip


@signed_in
@require_GET
def contact_tasks(request: SignedInRequest, pk: int) -> HttpResponse:
    """The open tasks for a contact, with the line that makes another."""
    return draw_panel(request, get_contact(request.user, pk, alone=True))


@signed_in
@require_GET
def company_tasks(request: SignedInRequest, pk: int) -> HttpResponse:
    """The open tasks for a company, with the line that makes another."""
    return draw_panel(request, get_company(request.user, pk))


def draw_panel(request: SignedInRequest, holder: Contact | Company) -> HttpResponse:
    """Answer with the open tasks for somebody."""
    found = Task.objects.visible_to(request.user).of(holder).open().for_list().order_by("due_at", "pk")
    tasks = list(found[: IN_PANEL + 1])
    kind = "contact" if isinstance(holder, Contact) else "company"
    context = {
        "rows": task_rows(tasks[:IN_PANEL], zone_named(request.organisation.time_zone)),
        "is_more": len(tasks) > IN_PANEL,
        "holder": holder,
        "on": f"{kind}-{holder.pk}",
        "kind": kind,
        "may_log": request.user.can("log"),
    }
    return render(request, "promises/task_panel.html", context)
