"""Today: the first page of the day."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from regulars.access.door import SignedInRequest, signed_in
from regulars.access.models import User
from regulars.desk.demo import demo_operation
from regulars.desk.starter import starter_steps
from regulars.desk.today.page import greeting, load_today
from regulars.lib.toast import toast


@require_safe
@signed_in
def today(request: SignedInRequest) -> HttpResponseBase:
    """Show what is waiting, who has gone quiet, what comes up, and the first steps of a new colleague."""
    steps = [] if request.user.starter_dismissed_at else starter_steps(request.user)
    context = {
        "today": load_today(request.user, request.organisation),
        "greeting": greeting(request.user),
        "steps": steps,
        "has_sample": has_sample(request),
        "steps_done": sum(step.done for step in steps),
        "now": timezone.localtime(),
    }
    return render(request, "desk/today.html", context)


def has_sample(request: SignedInRequest) -> bool:
    """Whether sample data stands among the business's own, and this colleague may remove it. One query."""
    asks = request.user.can("settings") and not request.organisation.is_demo
    return asks and demo_operation() is not None


@require_http_methods(["POST", "DELETE"])
@signed_in
def dismiss_starter(request: SignedInRequest) -> HttpResponseBase:
    """Put the starter list away, or bring it back."""
    away = request.method == "POST"
    User.objects.filter(pk=request.user.pk).update(starter_dismissed_at=timezone.now() if away else None)
    if not away:
        return HttpResponse(status=204)
    toast(request, _("The first steps are put away."), undo_url=reverse("starter-dismiss"))
    return redirect("today")
