"""Thanking, skipping, letting rest, each where it stands and each with undo."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.access.door import SignedInRequest, signed_in
from regulars.contacts.actions.adding import Holder
from regulars.contacts.door import get_company, get_contact
from regulars.lib.toast import toast
from regulars.promises.actions.thanking import SettledAlready, reason_of, take_back, thank
from regulars.promises.forms.thanks import SkipForm, ThankForm
from regulars.promises.models import Occasion, Thanks
from regulars.promises.thanks.door import get_occasion, get_thanks
from regulars.promises.thanks.occasions import say

CHANGED = {"HX-Trigger": "thanks-changed, brief-changed"}


@signed_in
@require_http_methods(["GET", "POST"])
def thank_occasion(request: SignedInRequest, pk: int) -> HttpResponse:
    """Thank for an occasion: the form in the place of its row, or at once with `quick`."""
    occasion = get_occasion(request.user, pk)
    start = {"reason": reason_of(occasion)}
    if request.method == "POST" and "quick" in request.POST:
        return _thanked(request, occasion.holder, start, occasion)
    return _serve(request, occasion.holder, start, occasion)


@signed_in
@require_http_methods(["GET", "POST"])
def thank_contact(request: SignedInRequest, pk: int) -> HttpResponse:
    """Thank somebody from their page."""
    return _serve(request, get_contact(request.user, pk, to="log"), {"reason": Thanks.Reason.OTHER})


@signed_in
@require_http_methods(["GET", "POST"])
def thank_company(request: SignedInRequest, pk: int) -> HttpResponse:
    """Thank a company from its page."""
    return _serve(request, get_company(request.user, pk, to="log"), {"reason": Thanks.Reason.OTHER})


def _serve(
    request: SignedInRequest, holder: Holder, start: dict[str, Any], occasion: Occasion | None = None
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = ThankForm(data, currency=request.organisation.currency, initial=start, auto_id=f"thank_{holder.pk}_%s")
    if form.is_bound and form.is_valid():
        return _thanked(request, holder, form.said, occasion)
    if occasion:
        say([occasion], request.user)
    context = {"form": form, "holder": holder, "occasion": occasion, "url": request.path, "is_row": _in_row(request)}
    return render(request, _form_page(request, form), context, status=422 if form.is_bound else 200)


def _in_row(request: SignedInRequest) -> bool:
    return "row" in request.GET or "row" in request.POST


def _form_page(request: SignedInRequest, form: ThankForm) -> str:
    """In the place of a row, in a dialog (its body after a refusal), or a page of its own without scripts."""
    if not request.htmx:
        return "promises/thank_page.html"
    if _in_row(request):
        return "promises/thank_row.html"
    return "promises/thank_form.html" if form.is_bound else "promises/thank.html"


def _thanked(request: SignedInRequest, holder: Holder, said: dict[str, Any], occasion: Occasion | None) -> HttpResponse:
    try:
        given = thank(holder, by=request.user, occasion=occasion, **said)
    except SettledAlready as problem:
        toast(request, str(problem), tone="risk")
        return _answer(request, occasion, holder)
    text = _("Thanked %(name)s.") % {"name": holder.display_name}
    toast(request, text, undo_url=reverse("thanks-take-back", args=[given.pk]), undo_method="POST", tone="good")
    return _answer(request, occasion, holder)


def _answer(request: SignedInRequest, occasion: Occasion | None, holder: Holder) -> HttpResponse:
    """The row says what became of it; without a row, the page is told that thanks have changed."""
    if not request.htmx:
        return redirect("thanks" if occasion else holder)
    if occasion is None or not _in_row(request):
        return HttpResponse(headers={"HX-Trigger": "thanks-changed, brief-changed, moment-changed, dialog:close"})
    occasion = get_occasion(request.user, occasion.pk)
    say([occasion], request.user)
    answer = render(request, "promises/occasion_row.html", {"occasion": occasion, "may_log": True})
    answer["HX-Trigger"] = "brief-changed"
    return answer


@signed_in
@require_http_methods(["GET", "POST", "DELETE"])
def skip_occasion(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say why no thanks are due (POST), or open it again (DELETE)."""
    occasion = get_occasion(request.user, pk)
    if request.method == "DELETE":
        occasion.reopen()
        return HttpResponse(status=204)
    form = SkipForm(request.POST if request.method == "POST" else None, auto_id=f"skip_{pk}_%s")
    if not form.is_bound or not form.is_valid():
        say([occasion], request.user)
        context = {"form": form, "occasion": occasion}
        page = "promises/occasion_skip.html" if request.htmx else "promises/occasion_skip_page.html"
        return render(request, page, context, status=422 if form.is_bound else 200)
    return _settled(request, occasion, occasion.skip(form.cleaned_data["reason"], by=request.user), "occasion-skip")


@signed_in
@require_http_methods(["POST", "DELETE"])
def rest_occasion(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let an occasion rest (POST), or open it again (DELETE)."""
    occasion = get_occasion(request.user, pk)
    if request.method == "DELETE":
        occasion.reopen()
        return HttpResponse(status=204)
    return _settled(request, occasion, occasion.rest(by=request.user), "occasion-rest")


def _settled(request: SignedInRequest, occasion: Occasion, done: bool, undo: str) -> HttpResponse:
    if done:
        words = _("No thanks needed.") if undo == "occasion-skip" else _("Let rest.")
        toast(request, words, undo_url=reverse(undo, args=[occasion.pk]))
    else:
        toast(request, str(SettledAlready(occasion)), tone="risk")
    return _answer(request, occasion, occasion.holder)


@signed_in
@require_http_methods(["GET"])
def occasion_row(request: SignedInRequest, pk: int) -> HttpResponse:
    """The row again, when a form was given up."""
    occasion = get_occasion(request.user, pk, to="view")
    say([occasion], request.user)
    return render(request, "promises/occasion_row.html", {"occasion": occasion, "may_log": request.user.can("log")})


@signed_in
@require_http_methods(["POST"])
def take_back_thanks(request: SignedInRequest, pk: int) -> HttpResponse:
    """Undo thanks."""
    given = get_thanks(request.user, pk)
    if take_back(given, by=request.user):
        toast(request, _("Taken back."))
    if not request.htmx:
        return redirect("thanks-given")
    return HttpResponse(headers=CHANGED)
