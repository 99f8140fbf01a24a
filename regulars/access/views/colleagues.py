"""Colleagues: who they are, what they may do, how they leave."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.access import actions
from regulars.access.addresses import client_address
from regulars.access.door import SignedInRequest, can, signed_in
from regulars.access.forms import ColleagueForm, HandOverForm
from regulars.access.models import User
from regulars.access.roles import MEANS
from regulars.lib.toast import toast


def get_colleague(pk: int) -> User:
    """Return the colleague with this key, closed accounts too. Raises Http404 for none."""
    found = User.objects.filter(pk=pk).prefetch_related("teams").first()
    if found is None:
        raise Http404("There is no such colleague.")
    return found


@require_safe
@signed_in
def colleagues(request: SignedInRequest) -> HttpResponseBase:
    """List everybody with an account; those who lead see closed accounts as well."""
    known = User.objects.prefetch_related("teams").order_by("-is_active", "name", "pk")
    if not request.user.can("people"):
        known = known.filter(is_active=True)
    context = {"colleagues": known, "can_lead": request.user.can("people")}
    return render(request, "access/colleagues.html", context)


@require_http_methods(["GET", "POST"])
@can("people")
def colleague(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a colleague's role and teams."""
    user = get_colleague(pk)
    start = {"role": user.role, "teams": list(user.teams.all())}
    form = ColleagueForm(request.POST if request.method == "POST" else None, by=request.user, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            address = client_address(request)
            actions.change_role(user, form.cleaned_data["role"], by=request.user, address=address)
            actions.set_teams(user, form.cleaned_data["teams"], by=request.user, address=address)
        except actions.NotPossible as problem:
            form.add_error("role", problem)
        else:
            toast(request, _("Saved."), tone="good")
            return redirect("colleagues")
    context = {"colleague": user, "form": form, "means": MEANS, "hand_over": HandOverForm(leaving=user)}
    return render(request, "access/colleague.html", context, status=422 if form.is_bound else 200)


@require_POST
@can("people")
def reactivate_colleague(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Open an account again, from a page."""
    return _open_again(request, get_colleague(pk))


def _open_again(request: SignedInRequest, user: User) -> HttpResponseBase:
    try:
        actions.reactivate(user, by=request.user, address=client_address(request))
        toast(request, _("%s can sign in again.") % user, tone="good")
    except actions.NotPossible as problem:
        toast(request, problem.messages[0], tone="risk")
    return redirect("colleagues") if request.method == "POST" else HttpResponse(status=204)


@require_http_methods(["POST", "DELETE"])
@can("people")
def deactivate_colleague(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Close an account (POST), or open it again (DELETE)."""
    user = get_colleague(pk)
    if request.method == "DELETE":
        return _open_again(request, user)
    form = HandOverForm(request.POST, leaving=user)
    successor = form.cleaned_data["successor"] if form.is_valid() else None
    try:
        moved = actions.deactivate(user, by=request.user, successor=successor, address=client_address(request))
        toast(request, _closed(user, successor, moved), undo_url=reverse("colleague-deactivate", args=[pk]))
    except actions.NotPossible as problem:
        toast(request, problem.messages[0], tone="risk")
    return redirect("colleagues")


def _closed(user: User, successor: User | None, moved: int) -> str:
    if successor is None:
        return _("The account of %s is closed.") % user
    words = {"user": user, "count": moved, "successor": successor}
    return _("The account of %(user)s is closed; %(count)d of theirs went to %(successor)s.") % words
