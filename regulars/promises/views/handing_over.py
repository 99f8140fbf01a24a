"""Handing over: the work of a colleague in one step, and what the one who takes over sees."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from regulars.access.actions import NotPossible
from regulars.access.door import SignedInRequest, can, signed_in
from regulars.access.models import Operation, User
from regulars.access.views.colleagues import get_colleague
from regulars.contacts.brief.reading import build_brief
from regulars.contacts.door import get_company, get_contact
from regulars.contacts.lists import bulk
from regulars.contacts.models import Company, Contact
from regulars.promises.actions.reassigning import KIND, amounts, counts_of, start_reassigning
from regulars.promises.actions.reassigning_parts import PARTS
from regulars.promises.appointments import calendar
from regulars.promises.models import Promise, Task
from regulars.promises.tasks.listing import task_rows
from regulars.promises.times.wall_time import zone_named

SHOWN = 50
AHEAD = timedelta(days=60)


class ReassignForm(forms.Form):
    """Who takes over, and what."""

    to = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Who takes over"))
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("What goes to them"), widget=forms.CheckboxSelectMultiple, required=True
    )

    def __init__(self, *args: Any, leaving: User, counts: dict[str, int], people: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["to"].queryset = User.objects.active().exclude(pk=leaving.pk)
        fields["to"].empty_label = _("Choose…")
        names = {part.key: part.label for part in PARTS} | {"contacts": people}
        labels = [(key, f"{name} · {counts[key]:,}") for key, name in names.items() if counts[key]]
        fields["parts"].choices = labels
        self.initial.setdefault("parts", [key for key, _label in labels])


@require_http_methods(["GET", "POST"])
@can("people")
def reassign_colleague(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Hand everything of a colleague to another (POST); GET shows how much that is."""
    leaving = get_colleague(pk)
    counts = counts_of(leaving)
    data, people = request.POST if request.method == "POST" else None, request.organisation.words["People"]
    form = ReassignForm(data, leaving=leaving, counts=counts, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            operation = start_reassigning(
                leaving, form.cleaned_data["to"], by=request.user, parts=form.cleaned_data["parts"]
            )
        except NotPossible as problem:
            form.add_error("to", problem)
        else:
            return redirect("operation", operation.pk) if operation else redirect("colleague", pk)
    last = Operation.objects.filter(kind=KIND, state__leaving=leaving.pk).order_by("-pk")[:3]
    context = {"colleague": leaving, "form": form, "has_any": any(counts.values()), "operations": last}
    name = "promises/reassign_panel.html" if request.htmx else "promises/reassign.html"
    return render(request, name, context, status=422 if form.is_bound else 200)


@signed_in
@require_GET
def contact_handed_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """Somebody whose point of contact one has become: the Brief, and what is open."""
    contact = get_contact(request.user, pk)
    context = {"contact": contact, "brief": build_brief(contact, request.user)}
    return render(request, "promises/handed_over.html", context | _open_with(request, contact))


@signed_in
@require_GET
def company_handed_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """A company whose point of contact one has become: what is open."""
    return render(request, "promises/handed_over.html", _open_with(request, get_company(request.user, pk)))


def _open_with(request: SignedInRequest, holder: Contact | Company) -> dict[str, Any]:
    """Open promises, open tasks and the next appointments with somebody. Six queries at most."""
    now = timezone.now()
    tasks = Task.objects.visible_to(request.user).of(holder).open().for_list().order_by("due_at", "pk")
    return {
        "holder": holder,
        "is_mine": holder.owner_id == request.user.pk,
        "promises": list(
            Promise.objects.visible_to(request.user).open().of(holder).for_list().order_by("due_at", "pk")[:SHOWN]
        ),
        "rows": task_rows(tasks[:SHOWN], zone_named(request.organisation.time_zone)),
        "appointments": calendar.occurrences_with(holder, now, now + AHEAD, request.user)[:SHOWN],
        "may_log": request.user.can("log"),
        "now": now,
    }


@signed_in
@require_GET
def handed_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """Everything that one hand-over gave to a colleague, the first of each sort."""
    operation = _hand_over(request.user, pk)
    given = _given(operation)
    user = request.user
    tasks = Task.objects.visible_to(user).open().filter(pk__in=given[Task]).for_list().order_by("due_at", "pk")
    context = {
        "operation": operation,
        "amounts": amounts(operation.result) or [],
        "contacts": Contact.objects.visible_to(user).filter(pk__in=given[Contact]).select_related("company"),
        "companies": Company.objects.visible_to(user).filter(pk__in=given[Company]),
        "promises": _promises(user, given),
        "rows": task_rows(tasks, zone_named(request.organisation.time_zone)),
        "may_log": user.can("log"),
        "now": timezone.now(),
    }
    return render(request, "promises/handed_over_many.html", context)


def _hand_over(user: User, pk: int) -> Operation:
    """The hand-over that `user` started or was given, or any for those who see all. Raises Http404 for others."""
    operation = Operation.objects.select_related("by").filter(pk=pk, kind__in=(KIND, bulk.KIND)).first()
    if operation is None or (operation.kind == bulk.KIND and operation.state.get("change") != "owner"):
        raise Http404("There is no such hand-over.")
    to = operation.state["to"] if operation.kind == KIND else operation.state["value"]
    if not (user.pk in (to, operation.by_id) or user.sees_all):
        raise Http404("There is no such hand-over.")
    return operation


def _given(operation: Operation) -> dict[Any, list[int]]:
    """The first things of each sort that were given, by their model."""
    return {
        model: list(
            operation.undo_steps.filter(model=model._meta.label_lower)
            .order_by("pk")
            .values_list("object_id", flat=True)[:SHOWN]
        )
        for model in (Contact, Company, Promise, Task)
    }


def _promises(user: User, given: dict[Any, list[int]]) -> list[Promise]:
    """Open promises that were given, and those to the people that were given."""
    visible = Promise.objects.visible_to(user).open().for_list().order_by("due_at", "pk")
    own = visible.filter(pk__in=given[Promise])[:SHOWN]
    return list(own) or list(visible.filter(contact__in=given[Contact])[:SHOWN])
