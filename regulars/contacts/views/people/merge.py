"""Merging two people or two companies, and undoing it."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.access.door import SignedInRequest, require, signed_in, visibility_filter
from regulars.access.models import Operation, User
from regulars.contacts.actions.merging import COLLECTIONS, KIND, chosen_values, merge
from regulars.contacts.door import get_company, get_contact
from regulars.contacts.forms.merge import MergeForm
from regulars.contacts.models import Company, Contact, CustomField, Involvement
from regulars.contacts.records.picture import label_of, picture_of, words_for
from regulars.contacts.records.removals import undo_now
from regulars.lib.toast import toast

COUNTED_TO = 1000


@dataclass(frozen=True)
class Field:
    """One field of both records; `chosen` is "into" or "other". Equal and empty ones are not shown."""

    key: str
    label: str
    mine: str
    theirs: str
    chosen: str


@signed_in
@require_http_methods(["GET", "POST"])
def merge_contact(request: SignedInRequest, pk: int) -> HttpResponse:
    """Merge another contact into this one: pick, choose, merge."""
    return _merge(request, get_contact(request.user, pk, to="merge"), get_contact)


@signed_in
@require_http_methods(["GET", "POST"])
def merge_company(request: SignedInRequest, pk: int) -> HttpResponse:
    """Merge another company into this one: pick, choose, merge."""
    return _merge(request, get_company(request.user, pk, to="merge"), get_company)


def _merge(request: SignedInRequest, holder: Any, door: Any) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET if "other" in request.GET else None
    form = MergeForm(data, holder=holder, user=request.user)
    if data is None or not form.is_valid():
        context = {"holder": holder, "form": form}
        return render(request, "contacts/merge.html", context, status=422 if form.is_bound else 200)
    other = door(request.user, form.cleaned_data["other"].pk, to="merge")
    if request.method == "GET":
        return render(request, "contacts/merge_choose.html", preview(holder, other, request.user))
    try:
        operation = merge(holder, other, choices_from(request.POST), by=request.user)
    except ValueError as problem:
        toast(request, str(problem), tone="risk")
        return redirect(holder)
    undo = reverse("merge-undo", args=[operation.pk])
    toast(request, _("Merged. You can undo this for 30 days."), undo_url=undo, tone="good")
    return redirect(holder)


def choices_from(post: Any) -> dict[str, str]:
    """Read the radio buttons."""
    given = {key.removeprefix("take-"): value for key, value in post.items() if key.startswith("take-")}
    return {key: value for key, value in given.items() if value in ("into", "other")}


def preview(holder: Any, other: Any, user: User) -> dict[str, Any]:
    """What the page of choices shows."""
    mine, theirs = picture_of(holder), picture_of(other)
    values = chosen_values(mine, theirs, {})
    labels = dict(CustomField.objects.values_list("key", "label"))
    fields = []
    for key in values:
        own, others = words_for(key, mine.get(key), user), words_for(key, theirs.get(key), user)
        if key not in COLLECTIONS and own != others:
            chosen = "into" if values[key] == mine.get(key) else "other"
            fields.append(Field(key, label_of(key, labels), own, others, chosen))
    return {"holder": holder, "other": other, "fields": fields, "both": both_have(holder, other)}


def both_have(holder: Any, other: Any) -> list[tuple[str, str, str]]:
    """What is put together: label, how many of this one, how many of the other; counted to a thousand."""
    parts: list[tuple[str, Any]] = [
        (_("Moments"), lambda one: Involvement.objects.of(one)),
        (_("Phones, emails, links"), lambda one: one.points.all()),
        (_("Addresses"), lambda one: one.addresses.all()),
        (_("Tags"), lambda one: one.tags.all()),
    ]
    if isinstance(holder, Contact):
        parts += [
            (_("Facts"), lambda one: one.facts.all()),
            (_("Openers"), lambda one: one.openers.all()),
            (_("Important dates"), lambda one: one.dates.all()),
            (_("Companies"), lambda one: one.employments.all()),
        ]
    else:
        parts.append((_("People"), lambda one: one.employments.all()))
    rows = [(label, _count(of(holder)), _count(of(other))) for label, of in parts]
    return [row for row in rows if row[1:] != ("0", "0")]


def _count(rows: Any) -> str:
    found = rows.order_by()[: COUNTED_TO + 1].count()
    return f"{COUNTED_TO:,}+" if found > COUNTED_TO else str(found)


@signed_in
@require_http_methods(["DELETE"])
def undo_merge(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make two of one again, within 30 days."""
    operation = get_object_or_404(Operation, pk=pk, kind=KIND)
    door = get_contact if operation.state["model"] == "contact" else get_company
    kept = door(request.user, operation.state["into"])
    if not _may_know_other(request.user, operation):
        raise Http404("There is no such merge.")
    require(request.user, "merge")
    if undo_now(operation, by=request.user):
        toast(request, _("They are two again."), tone="good")
    else:
        operation.refresh_from_db()
        toast(request, operation.problem or _("This can no longer be undone."), tone="risk")
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = kept.get_absolute_url()
    return answer


def _may_know_other(user: User, operation: Operation) -> bool:
    model: Any = Contact if operation.state["model"] == "contact" else Company
    return bool(model.objects.filter(visibility_filter(user), pk=operation.state["other"]).exists())
