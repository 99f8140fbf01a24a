"""The progress page of long work: how far it is, cancel, undo, what came of it."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from regulars.access import operations
from regulars.access.door import SignedInRequest, require, signed_in
from regulars.access.models import Operation, User
from regulars.lib.toast import toast

UNDONE_AT_ONCE = 200  # rows that are put back while the person waits


def get_operation(user: User, pk: int) -> Operation:
    """Return the operation that `user` started, or any for those who see all. Raises Http404 for others."""
    operation = Operation.objects.select_related("by").filter(pk=pk).first()
    if operation is None or not (operation.by_id == user.pk or user.sees_all):
        raise Http404("There is no such operation.")
    return operation


@signed_in
@require_GET
def operation(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page; htmx gets the part that changes, until the work has ended."""
    found = get_operation(request.user, pk)
    kind = kind_or_none(found)
    if kind and kind.page and kind.page != "operation" and not request.htmx:
        return redirect(reverse(kind.page, args=[found.pk]))
    template = "access/operation_progress.html" if request.htmx else "access/operation.html"
    return render(request, template, {"operation": found, "can_undo": can_undo(found), "back_url": back_url(found)})


def back_url(operation: Operation) -> str:
    """Where the work was started from, if its kind says so in `state["back"]`: a path of this site, or ""."""
    back = str(operation.state.get("back") or "")
    return back if back.startswith("/") and not back.startswith("//") else ""


def can_undo(operation: Operation) -> bool:
    """Whether the work has ended, can be undone, and is not older than 30 days."""
    kind, until = kind_or_none(operation), operation.undo_until
    undoable = (Operation.Status.DONE, Operation.Status.CANCELLED, Operation.Status.FAILED)
    open_still = until is not None and until > timezone.now() and operation.status in undoable
    return bool(kind and kind.undo_step and open_still and operation.done)


def kind_or_none(operation: Operation) -> operations.OperationKind | None:
    """Return the kind of an operation, or None when its context is gone."""
    try:
        return operations.kind_of(operation)
    except KeyError:
        return None


@signed_in
@require_POST
def cancel_operation(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask the worker to stop after its batch."""
    found = get_operation(request.user, pk)
    if not operations.request_cancel(found):
        toast(request, _("This has ended already."))
    return redirect("operation", pk=pk)


@signed_in
@require_POST
def undo_operation(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin undoing; what is small is undone at once. Its starter and managers may, if they may edit."""
    found = get_operation(request.user, pk)
    require(request.user, "edit")
    if not can_undo(found) or not operations.request_undo(found, by=request.user):
        toast(request, _("This can’t be undone any more."))
    elif (found.total or 0) <= UNDONE_AT_ONCE:
        operations.run(found)
    return redirect("operation", pk=pk)
