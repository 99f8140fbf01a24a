"""The first ten minutes: set-up, and the three doors after it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.access import operations
from regulars.access.addresses import client_address
from regulars.access.door import SignedInRequest, can, signed_in
from regulars.access.models import Organisation
from regulars.access.trades import TRADES
from regulars.access.views.sessions import sign_in_first_time
from regulars.desk.actions import AlreadySetUp, set_up_business
from regulars.desk.forms import SetUpForm
from regulars.desk.sample import sample_is_here
from regulars.insights.forms.goals import first_goal
from regulars.lib import places
from regulars.lib.toast import toast


@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Ask for the business and its owner, once; afterwards lead to Today."""
    if Organisation.current() is not None:
        return redirect("today")
    form = SetUpForm(request.POST if request.method == "POST" else None, initial=_guess(request))
    if request.method == "POST" and form.is_valid():
        try:
            said = dict(form.cleaned_data)
            success, target = said.pop("success"), said.pop("success_target")
            owner = set_up_business(**said, address=client_address(request))
            first_goal(success, target, currency=said["currency"], by=owner)
        except AlreadySetUp:
            toast(request, _("Somebody else has just set up this installation. Sign in, or ask them to invite you."))
            return redirect("account_login")
        sign_in_first_time(request, owner)
        return redirect("doors")
    status = 422 if form.is_bound else 200
    return render(request, "desk/setup.html", {"form": form, "trades": TRADES.values()}, status=status)


def _guess(request: HttpRequest) -> dict[str, Any]:
    country = places.country_of_languages(request.headers.get("Accept-Language", ""))
    return {
        "currency": places.currency_of(country) or "EUR",
        "country": country,
        "time_zone": "UTC",
        "language": get_language(),
        "trade": "",
    }


@require_safe
@signed_in
def doors(request: SignedInRequest) -> HttpResponseBase:
    """Show the three ways to begin: sample data, a file, the first person."""
    return render(request, "desk/doors.html", {"has_sample": sample_is_here()})


@require_POST
@can("settings")
def load_sample(request: SignedInRequest) -> HttpResponseBase:
    """Fill the house with Harbor & Pine, and show how far it is."""
    if sample_is_here():
        toast(request, _("The sample data is here already."))
        return redirect("today")
    operation = operations.start("sample", _("Sample data"), by=request.user)
    return redirect("operation", operation.pk)
