"""What people do with one task: open it, make and change it, do it, tick its lines, put it off, take it away."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.access.door import SignedInRequest, can, require, signed_in
from regulars.access.models import User
from regulars.contacts.capture.box import holder_named
from regulars.contacts.models import Contact
from regulars.contacts.moments import get_moment
from regulars.lib.text import number_in
from regulars.lib.toast import toast
from regulars.promises.actions.tasks import (
    EditedMeanwhile,
    add_task,
    may_know_of,
    put_off,
    remove_task,
    restore_task,
    revise_task,
)
from regulars.promises.forms.tasks import TaskForm
from regulars.promises.models.task import Task, TaskDone, TaskItem
from regulars.promises.tasks.listing import task_rows
from regulars.promises.times.due import business_zone, days_ahead
from regulars.promises.views.tasks import draw_panel
from regulars.timeline.models import Entry


def get_task(user: User, pk: int, to: str = "view") -> Task:
    """Return the task that `user` may know of and may do `to` with. Raises Http404 and PermissionDenied."""
    task: Task | None = Task.objects.visible_to(user).for_list().filter(pk=pk).first()
    if task is None:
        raise Http404("There is no such task.")
    require(user, to)
    return task


@signed_in
@require_GET
def task(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page of a task."""
    return draw_task(request, get_task(request.user, pk))


def draw_task(request: SignedInRequest, found: Task) -> HttpResponse:
    """Answer with the page, or for htmx with what changes of it."""
    name = "promises/task_body.html" if request.htmx else "promises/task.html"
    entry = found.entry if found.entry and found.entry.removed_at is None else None
    context = {"row": task_rows([found])[0], "task": found, "entry": entry, "may_log": request.user.can("log")}
    return render(request, name, context)


@require_http_methods(["GET", "POST"])
@can("log")
def add_task_page(request: SignedInRequest) -> HttpResponse:
    """Make a task: the dialog on GET. `on` ("contact-5") says whom for, `entry` the moment it comes from."""
    entry = _entry(request)
    form = TaskForm(
        request.POST if request.method == "POST" else None, user=request.user, initial=_start(request, entry)
    )
    if request.method == "POST" and form.is_valid():
        made = add_task(form.draft(), by=request.user, entry=entry)
        toast(
            request, _("Task: %(what)s") % {"what": made.what}, tone="good",
            link_url=made.get_absolute_url(), link_text=_("Open"),
        )  # fmt: skip
        return _after(request, made)
    return _form(request, form, {"entry": entry})


def _entry(request: SignedInRequest) -> Entry | None:
    """The moment that a task comes from, if it is said and may be known of."""
    pk = number_in(request.POST.get("entry") or request.GET.get("entry"))
    return None if pk is None else get_moment(request.user, pk)


def _start(request: SignedInRequest, entry: Entry | None) -> dict[str, object]:
    """Whom the new task is for: whose page it was, else whom the moment concerns."""
    holder = holder_named(request.GET.get("on", ""), request.user)
    if holder is None and entry is not None:
        rows = entry.involvements.filter(is_implied=False).visible_to(request.user)
        first = rows.select_related("contact", "company").order_by("pk").first()
        holder = (first.contact or first.company) if first else None
    if holder is None:
        return {}
    return {"contact" if isinstance(holder, Contact) else "company": holder.pk}


@require_http_methods(["GET", "POST"])
@can("log")
def edit_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change an open task."""
    found = get_task(request.user, pk, to="log")
    if found.done_at:
        toast(request, _("This is done. Open it again to change it."))
        return _after(request, found)
    form = TaskForm(request.POST if request.method == "POST" else None, user=request.user, task=found)
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("version", "")
        try:
            version = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
            revise_task(found, form.draft(), expected_version=version, by=request.user)
        except EditedMeanwhile:
            form.add_error(None, _("Somebody changed this meanwhile. Open it again to see what it says now."))
        else:
            toast(request, _("Changed."), tone="good")
            return _after(request, found)
    return _form(request, form, {"task": found})


def _after(request: SignedInRequest, task: Task) -> HttpResponse:
    """After saving: the page draws itself again, so that the task stands where it belongs."""
    return HttpResponse(status=204, headers={"HX-Refresh": "true"}) if request.htmx else redirect(task)


def _form(request: SignedInRequest, form: TaskForm, context: dict[str, object]) -> HttpResponse:
    """The dialog, its body after errors, or a page for those without JavaScript."""
    name = "promises/task_form_page.html"
    if request.htmx:
        name = "promises/task_form.html" if form.is_bound else "promises/task_form_dialog.html"
    return render(request, name, {"form": form, **context}, status=422 if form.is_bound else 200)


@require_http_methods(["POST", "DELETE"])
@can("log")
def complete_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark a task as done (POST), or as open again (DELETE); answers with its row."""
    found = get_task(request.user, pk, to="log")
    if request.method == "DELETE":
        if found.reopen(by=request.user):
            toast(request, _("Open again: %(what)s") % {"what": found.what[:80]})
    else:
        _complete(request, found)
    if not request.htmx:
        return redirect("tasks")
    if holder := holder_named(request.POST.get("on", ""), request.user):
        return draw_panel(request, holder)
    if request.POST.get("whole") or request.GET.get("whole"):
        return draw_task(request, get_task(request.user, pk))
    return draw_row(request, pk)


def _complete(request: SignedInRequest, found: Task) -> None:
    try:
        following = found.done(by=request.user)
    except TaskDone:
        fresh = Task.objects.select_related("done_by").get(pk=found.pk)
        toast(request, _("%(name)s has done this already.") % {"name": fresh.done_by or _("Somebody")})
        return
    text = _("Done: %(what)s") % {"what": found.what[:80]}
    if following and following.due_at:
        day = date_format(following.due_at.astimezone(business_zone()), _("j M"))
        text = _("Done. The next one is due %(day)s.") % {"day": day}
    toast(request, text, tone="good", undo_url=reverse("task-complete", args=[found.pk]))


def draw_row(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer with the row of a task, wherever it stands."""
    row = task_rows([get_task(request.user, pk)])[0]
    return render(request, "promises/task_row.html", {"row": row, "may_log": request.user.can("log")})


@require_http_methods(["POST", "DELETE"])
@can("log")
def tick_task_item(request: SignedInRequest, pk: int, row: int) -> HttpResponse:
    """Tick one line of the checklist (POST), or take the tick away (DELETE)."""
    found = get_task(request.user, pk, to="log")
    get_object_or_404(TaskItem, task=found, pk=row).tick(request.method == "POST")
    return draw_task(request, get_task(request.user, pk)) if request.htmx else redirect(found)


@require_POST
@can("log")
def put_off_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make a task due tomorrow, or in `days` days."""
    found = get_task(request.user, pk, to="log")
    days = {"7": 7}.get(request.POST.get("days", ""), 1)
    zone = business_zone()
    due_at = days_ahead(days, zone)
    if found.has_time and found.due_at:  # it keeps its hour
        day = timezone.now().astimezone(zone).date() + timedelta(days=days)
        due_at = found.due_at.astimezone(zone).replace(year=day.year, month=day.month, day=day.day)
    if put_off(found, due_at, has_time=found.has_time):
        toast(request, _("Due %(day)s now.") % {"day": date_format(due_at.astimezone(zone), _("j M"))})
    return draw_row(request, pk) if request.htmx else redirect("tasks")


@require_http_methods(["POST", "DELETE"])
@can("log")
def remove_task_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete a task (POST), or bring it back (DELETE)."""
    if request.method == "DELETE":
        back = restore_task(pk, by=request.user)
        if back is None or not may_know_of(request.user, back.contact, back.company):
            raise Http404("There is nothing to bring back.")
        toast(request, _("Back again: %(what)s") % {"what": back.what[:80]}, tone="good")
        return HttpResponse(status=204)
    found = get_task(request.user, pk, to="log")
    remove_task(found, by=request.user)
    toast(
        request, _("Removed: %(what)s") % {"what": found.what[:80]}, undo_url=reverse("task-remove", args=[pk]),
        undo_next=reverse("task", args=[pk]) if request.POST.get("whole") else "",
    )  # fmt: skip
    if request.POST.get("whole"):
        return (
            HttpResponse(status=204, headers={"HX-Redirect": reverse("tasks")}) if request.htmx else redirect("tasks")
        )
    return HttpResponse("") if request.htmx else redirect("tasks")
