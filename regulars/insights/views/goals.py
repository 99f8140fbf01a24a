"""Goals: the list, one goal, setting, changing and putting one away."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from regulars.access.door import SignedInRequest, can, signed_in
from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.insights.forms.goals import GoalForm
from regulars.insights.goals.progress import progress_of
from regulars.insights.tables import Goal
from regulars.lib.toast import toast

SHOWN = 50


def get_goal(user: User, pk: int) -> Goal:
    """The door to one goal: 404 for one that `user` may not know of."""
    goal: Goal | None = Goal.objects.visible_to(user).select_related("team", "owner").filter(pk=pk).first()
    if goal is None:
        raise Http404("There is no such goal.")
    return goal


@signed_in
@require_GET
def goals(request: SignedInRequest) -> HttpResponse:
    """Goals that run, and those that are over or were put away."""
    today = timezone.localdate()
    seen = Goal.objects.visible_to(request.user).select_related("team", "owner")
    running = list(seen.running(today).order_by("ends_on", "pk")[:SHOWN])
    past = list(seen.exclude(pk__in=[one.pk for one in running]).order_by("-ends_on", "-pk")[:10])
    context = {
        "running": progress_of(running, request.organisation, today),
        "past": progress_of(past, request.organisation, today),
    }
    return render(request, "insights/goals.html", context)


@signed_in
@require_GET
def goal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where one goal stands, at what pace, and what would reach it."""
    found = progress_of([get_goal(request.user, pk)], request.organisation, timezone.localdate())
    if not found:
        raise Http404("What this goal measures is gone.")
    return render(request, "insights/goal.html", {"one": found[0]})


@can("insights")
@require_http_methods(["GET", "POST"])
def add_goal(request: SignedInRequest) -> HttpResponse:
    """Set a goal."""
    form = GoalForm(request.POST if request.method == "POST" else None, business=request.organisation)
    if form.is_bound and form.is_valid():
        made = form.save(by=request.user)
        audit("added", by=request.user, kind="goal", object_id=made.pk, title=str(made))
        return redirect(made)
    context = {"form": form, "title": _("Set a goal")}
    return render(request, "insights/goal_form.html", context, status=422 if form.is_bound else 200)


@can("insights")
@require_http_methods(["GET", "POST"])
def edit_goal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a goal."""
    found = get_goal(request.user, pk)
    data = request.POST if request.method == "POST" else None
    form = GoalForm(data, business=request.organisation, goal=found)
    if form.is_bound and form.is_valid():
        form.save(by=request.user)
        audit("changed", by=request.user, kind="goal", object_id=found.pk, title=str(found))
        return redirect(found)
    context = {"form": form, "title": _("Change the goal"), "goal": found}
    return render(request, "insights/goal_form.html", context, status=422 if form.is_bound else 200)


@can("insights")
@require_http_methods(["POST", "DELETE"])
def close_goal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a goal away; DELETE takes it up again."""
    found = get_goal(request.user, pk)
    if request.method == "DELETE":
        found.reopen(by=request.user)
        return HttpResponse(status=204)
    if found.close(by=request.user):
        toast(request, _("The goal was put away."), undo_url=reverse("goal-close", args=[pk]))
    return redirect("goals")
