"""The page behind a personal link: one question, no sign-in, and thanks."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.contacts.models import Contact
from regulars.contacts.referrals import guard
from regulars.contacts.views.referrals_public import for_visitors
from regulars.insights.forms.winback import WhyForm
from regulars.insights.tables.winback import Why
from regulars.insights.winback.trying import answered, open_question


@require_http_methods(["GET", "POST"])
@for_visitors
def why(request: HttpRequest, token: str) -> HttpResponse:
    """Ask why somebody stayed away, keep their words, and thank them. Wrong links are limited by address."""
    address = guard.address_key(request)
    if guard.is_too_often("why", address, guard.LOOKS):
        return _page(request, None, {"problem": _("Too many answers from your network. Please try later.")}, 429)
    found = open_question(token)
    if found is None:
        guard.count("wrong", address)
        return _page(request, None, {"gone": True}, 404)
    if found.answered_at:
        return _page(request, found, {"done": True})
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        answered(found, form.cleaned_data["words"], form.cleaned_data["cause"])
        return redirect("why", token)
    return _page(request, found, {"form": form}, 422 if form.is_bound else 200)


def _page(request: HttpRequest, found: Why | None, context: dict[str, Any], status: int = 200) -> HttpResponse:
    contact = found.contact if found else None
    name = contact.given_name if isinstance(contact, Contact) else ""
    return render(request, "insights/why.html", context | {"name": name}, status=status)
