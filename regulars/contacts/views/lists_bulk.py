"""Bulk edits: the dialog that asks for the new value, and the act."""

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from regulars.access.door import SignedInRequest, can, require
from regulars.access.models import Operation
from regulars.contacts.filters.base import as_ints
from regulars.contacts.lists.bulk import Selection, start_bulk_edit
from regulars.contacts.lists.bulk_changes import Change, change_named
from regulars.contacts.lists.listing import COUNTED, count_words
from regulars.contacts.views.lists import NAMES, led_to, scope_of
from regulars.lib.toast import toast


def selection_of(data: QueryDict, host: str) -> Selection | None:
    """Return what was chosen in the list, or None for nothing."""
    if data.get("everything"):
        return Selection(host, query=data.get("query", "")[:8000])
    ids = as_ints(data.getlist("ids"))
    return Selection(host, ids) if ids else None


@can("bulk")
@require_http_methods(["GET", "POST"])
def bulk_edit(request: SignedInRequest, host: str, key: str) -> HttpResponse:
    """GET: the dialog with the form and how many it concerns. POST: do it; answers 422 with the dialog on errors."""
    scope = scope_of(request, host)
    change = change_named(key, scope)
    if change is None:
        raise Http404("This can't be changed in many at once.")
    require(request.user, change.capability)
    data = request.POST if request.method == "POST" else request.GET
    selection = selection_of(data, host)
    if selection is None:
        toast(request, _("Choose at least one first."))
        return HttpResponse(status=204)
    asks = request.method == "GET"
    form = change.form(None if asks else request.POST, scope)
    if not asks and form.is_valid():
        return _done(request, start_bulk_edit(selection, change, change.value(form), by=request.user), host)
    return _dialog(request, selection, change, form, status=200 if asks else 422)


def _dialog(request: SignedInRequest, selection: Selection, change: Change, form: object, status: int) -> HttpResponse:
    ids = selection.rows(request.user).order_by().values_list("pk", flat=True)[: COUNTED + 1]
    context = {
        "change": change,
        "form": form,
        "selection": selection,
        "count": count_words(len(ids)),
        "stem": NAMES[selection.host]["stem"],
    }
    return render(request, "contacts/contacts_bulk.html", context, status=status)


def _done(request: SignedInRequest, operation: Operation, host: str) -> HttpResponse:
    """Lead to the progress page, or say what was done when it is done already."""
    if operation.status != Operation.Status.DONE:
        return led_to(reverse("operation", args=[operation.pk]))
    changed = operation.result.get("changed", 0)
    if operation.state["change"] == "bin":
        text = ngettext("%(count)d is in the bin.", "%(count)d are in the bin.", changed) % {"count": changed}
    else:
        text = ngettext("%(count)d changed.", "%(count)d changed.", changed) % {"count": changed}
    undo = reverse("operation-undo", args=[operation.pk]) if changed else ""
    toast(request, text, undo_url=undo, undo_method="POST")
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


@can("bulk")
@require_GET
def bulk_field(request: SignedInRequest, host: str) -> HttpResponse:
    """The dialog that asks which custom field to change."""
    if selection_of(request.GET, host) is None:
        toast(request, _("Choose at least one first."))
        return HttpResponse(status=204)
    fields = scope_of(request, host).fields
    context = {"fields": fields, "chosen": request.GET, "stem": NAMES[host]["stem"], "query": request.GET.urlencode()}
    return render(request, "contacts/contacts_bulk_field.html", context)
