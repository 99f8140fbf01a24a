"""What people do with a moment: edit, pin, settle, remove and bring back."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from regulars.access.door import SignedInRequest, signed_in
from regulars.contacts import moments
from regulars.contacts.forms.moments import EditMomentForm
from regulars.contacts.models import Company, Contact
from regulars.contacts.moments import NotPossible, get_moment
from regulars.contacts.timeline import draw_lines
from regulars.lib.text import number_in
from regulars.lib.toast import toast
from regulars.timeline.models import Entry


@require_http_methods(["GET", "POST"])
@signed_in
def edit_moment(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change text, kind, time and outcome; the earlier version is kept."""
    entry = get_moment(request.user, pk, to="change")
    form = EditMomentForm(request.POST if request.method == "POST" else None, entry=entry)
    if request.method == "POST" and form.is_valid():
        try:
            moments.revise_moment(entry, **form.cleaned_data, by=request.user)
        except NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            toast(request, _("Changed. The earlier text is kept."))
            return changed(request, entry)
    return dialog(request, "contacts/moment_edit", {"form": form, "entry": entry})


@require_GET
@signed_in
def moment_history(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a moment said before it was edited."""
    entry = get_moment(request.user, pk)
    revisions = entry.revisions.select_related("replaced_by")[:50]
    return dialog(request, "contacts/moment_history", {"entry": entry, "revisions": revisions})


@require_http_methods(["POST", "DELETE"])
@signed_in
def pin_moment(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep a moment at the top of its timelines, or let it go."""
    entry = get_moment(request.user, pk, to="log")
    moments.pin_moment(entry, pinned=request.method == "POST")
    undo = "DELETE" if request.method == "POST" else "POST"
    text = _("Pinned to the top.") if request.method == "POST" else _("No longer pinned.")
    toast(request, text, undo_url=request.path, undo_method=undo)
    return changed(request, entry)


@require_http_methods(["POST", "DELETE"])
@signed_in
def settle_moment(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark a request as answered, or as open again."""
    entry = get_moment(request.user, pk, to="log")
    try:
        moments.settle_moment(entry, settled=request.method == "POST")
    except NotPossible as problem:
        toast(request, str(problem), tone="risk")
        return drawn(request, entry, status=422)
    undo = "DELETE" if request.method == "POST" else "POST"
    text = _("Answered.") if request.method == "POST" else _("Open again.")
    toast(request, text, undo_url=request.path, undo_method=undo)
    return changed(request, entry)


@require_http_methods(["POST", "DELETE"])
@signed_in
def remove_moment(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a moment off every timeline (POST), or bring it back (DELETE)."""
    entry = get_moment(request.user, pk, to="change", removed=True)
    if request.method == "DELETE":
        moments.bring_back_moment(entry)
        return changed(request, entry)
    moments.remove_moment(entry, by=request.user)
    toast(request, _("Removed from every timeline."), undo_url=reverse("moment-remove", args=[pk]))
    if not request.htmx:
        return redirect("today")
    response = HttpResponse("")
    response.headers["HX-Trigger"] = "brief-changed"
    return response


def dialog(request: SignedInRequest, stem: str, context: dict[str, object]) -> HttpResponse:
    """Answer with `stem`.html in the dialog host, with `stem`_form.html for a form sent back, or as a page."""
    form = context.get("form")
    status = 422 if getattr(form, "errors", None) else 200
    if not request.htmx:
        return render(request, "contacts/moment_page.html", {**context, "part": f"{stem}_form.html"}, status=status)
    return render(request, f"{stem}{'_form' if status == 422 else ''}.html", context, status=status)


def changed(request: SignedInRequest, entry: Entry) -> HttpResponse:
    """Answer after a verb: the timeline and the Brief on the page fetch themselves again, an open dialog closes."""
    if not request.htmx:
        return redirect("moment", entry.pk)
    response = HttpResponse(status=200)
    response.headers["HX-Trigger"] = '{"moment-changed": null, "brief-changed": null, "dialog:close": null}'
    response.headers["HX-Reswap"] = "none"
    return response


def drawn(request: SignedInRequest, entry: Entry, status: int = 200) -> HttpResponse:
    """Answer with the line of `entry` alone."""
    (line,) = draw_lines([entry], request.user, beside=_beside(request))
    return render(request, line.template, {"line": line}, status=status)


def _beside(request: SignedInRequest) -> Contact | Company | None:
    model, _dash, key = (request.POST.get("on") or request.GET.get("on", "")).partition("-")
    pk = number_in(key)
    if pk is None:
        return None
    return Contact(pk=pk) if model == "contact" else Company(pk=pk)
