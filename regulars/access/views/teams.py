"""Teams of colleagues."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.access.addresses import client_address
from regulars.access.door import SignedInRequest, can
from regulars.access.forms import TeamForm
from regulars.access.models import Team
from regulars.access.models.audit import audit
from regulars.lib.toast import toast


@require_http_methods(["GET", "POST"])
@can("people")
def teams(request: SignedInRequest) -> HttpResponse:
    """List the teams and add one."""
    form = TeamForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _save(request, form, "added")
        return redirect("teams")
    known = Team.objects.prefetch_related("members")
    return render(request, "access/teams.html", {"form": form, "teams": known}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST", "DELETE"])
@can("people")
def team(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Rename a team, change its members, or dissolve it (DELETE).

    What only a dissolved team could see is seen by its point of contact, owners and managers from then on.
    """
    found = Team.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such team.")
    if request.method == "DELETE":
        audit(
            "dissolved", by=request.user, kind="team", object_id=pk, title=found.name, address=client_address(request)
        )
        found.delete()
        toast(request, _("%s is dissolved.") % found.name)
        return HttpResponse(status=204, headers={"HX-Redirect": "/settings/teams/"})
    form = TeamForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        _save(request, form, "changed")
        return redirect("teams")
    return render(request, "access/team.html", {"form": form, "team": found}, status=422 if form.is_bound else 200)


def _save(request: SignedInRequest, form: TeamForm, verb: str) -> None:
    saved = form.save()
    saved.members.set(form.cleaned_data["members"])
    names = ", ".join(sorted(str(user) for user in form.cleaned_data["members"]))
    changes = {"members": [None, names]}
    audit(
        verb,
        by=request.user,
        kind="team",
        object_id=saved.pk,
        title=saved.name,
        changes=changes,
        address=client_address(request),
    )
    toast(request, _("Saved."), tone="good")
