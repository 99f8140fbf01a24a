"""The page behind a personal link: somebody new leaves their name and is linked with whoever sent them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.access.models import Organisation
from regulars.contacts.actions.newcomers import Newcomer, welcome
from regulars.contacts.forms.referrals import NewcomerForm
from regulars.contacts.models import Contact, ReferralSettings
from regulars.contacts.referrals import guard
from regulars.contacts.referrals.reading import COOKIE, KEPT_FOR, doors_for, introducer_for, is_on

View = Callable[..., HttpResponse]


def for_visitors(view: View) -> View:
    """Answer in the visitor's language, kept out of search engines and caches."""

    @wraps(view)
    def shown(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        organisation = Organisation.current()
        language = organisation.language if organisation else translation.get_language()
        if request.headers.get("Accept-Language"):
            language = translation.get_language_from_request(request)
        with translation.override(language):
            response = view(request, *args, **kwargs)
        response.headers["Content-Language"] = language
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return cast(View, shown)


@require_http_methods(["GET", "POST"])
@for_visitors
def referral_landing(request: HttpRequest, code: str) -> HttpResponse:
    """Welcome somebody who comes through a personal link, and take down their name."""
    address = guard.address_key(request)
    if guard.is_too_often("look", address, guard.LOOKS):
        return _page(request, None, {"problem": _too_many()}, status=429)
    introducer = introducer_for(code) if is_on(Organisation.current()) else None
    if introducer is None:
        guard.count("wrong", address)
        return _page(request, None, {"gone": True}, status=404)
    if request.method == "GET":
        context = {"done": True} if "done" in request.GET else {"form": NewcomerForm(), "note": guard.new_note(code)}
        return _remember(_page(request, introducer, context), code)
    return _leave_name(request, introducer, code, address)


def _leave_name(request: HttpRequest, introducer: Contact, code: str, address: str) -> HttpResponse:
    form = NewcomerForm(request.POST)
    note = request.POST.get("form", "")
    context = {"form": form, "note": guard.new_note(code)}
    if guard.is_too_often("leave", address, guard.LEAVES):
        return _page(request, introducer, context | {"problem": _too_many()}, status=429)
    if not form.is_valid():
        return _page(request, introducer, context | {"note": note}, status=422)
    done = redirect(f"{reverse('referral-landing', args=[code])}?done=1")
    seconds = guard.age_of(note, code)
    if seconds is None:
        problem = _("This page was open for very long. Nothing is lost: please send it once more.")
        return _page(request, introducer, context | {"problem": problem}, status=422)
    said = form.cleaned_data
    # A machine is thanked like everybody else, so that it learns nothing.
    if said["website"] or seconds < guard.FASTEST or guard.was_sent(note):
        return done
    language = translation.get_language() or ""
    welcome(Newcomer(said["name"], said["email"], said["phone"], said["note"], language), introducer, code)
    return done


def _too_many() -> str:
    return _("Many people came from your network just now. Please try again later, or call us.")


def _page(request: HttpRequest, introducer: Contact | None, context: dict[str, Any], status: int = 200) -> HttpResponse:
    words = ReferralSettings.current()
    by = (introducer.given_name or introducer.display_name.split()[0]) if introducer and words.shows_first_name else ""
    context |= {"welcome": words.welcome, "by": by, "doors": doors_for(request) if introducer else []}
    return render(request, "contacts/referral_landing.html", context, status=status)


def _remember(response: HttpResponse, code: str) -> HttpResponse:
    response.set_cookie(COOKIE, code[:20], max_age=KEPT_FOR, httponly=True, samesite="Lax")
    return response
