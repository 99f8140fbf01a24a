"""Puts the business on the request and sets the clock and language."""

import zoneinfo
from collections.abc import Callable
from contextlib import nullcontext

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from regulars.access.models import Organisation

SAFE = ("GET", "HEAD")  # methods that change nothing
OPEN_BEFORE_SETUP = ("/setup", "/static/", "/health", "/manifest", "/service-worker")


class OrganisationMiddleware:
    """Sets `request.organisation`, the time zone and the language; before set-up leads every page to it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in the colleague's or the business's zone and language; before set-up in the browser's."""
        organisation = Organisation.current()
        if organisation is None and not request.path.startswith(OPEN_BEFORE_SETUP):
            return redirect("setup")
        request.organisation = organisation  # type: ignore[attr-defined]
        zone = getattr(request.user, "time_zone", "") or (organisation.time_zone if organisation else "")
        language = getattr(request.user, "language", "") or (organisation.language if organisation else "")
        language = language or translation.get_language_from_request(request)
        with (
            timezone.override(zoneinfo.ZoneInfo(zone or settings.TIME_ZONE)),
            translation.override(language),
            organisation.known() if organisation is not None and request.method in SAFE else nullcontext(),
        ):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response
