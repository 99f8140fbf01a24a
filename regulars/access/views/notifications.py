"""What the app tells a colleague, and how they want to be told."""

from datetime import datetime
from typing import Any

from django.conf import settings as django_settings
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from regulars.access import digest, notices, push
from regulars.access.door import SignedInRequest, signed_in
from regulars.access.models import NoticeSettings, Notification
from regulars.access.notice_forms import NoticeForm
from regulars.access.pages import older
from regulars.lib import counts, navigation
from regulars.lib.toast import toast


@require_safe
@signed_in
def notifications(request: SignedInRequest) -> HttpResponseBase:
    """Show my notifications, the newest first, fifty at a time; those of one kind with ?kind=."""
    kind = request.GET.get("kind", "")
    mine = Notification.objects.filter(user=request.user, **({"kind": kind} if kind else {})).select_related("actor")
    page = older(mine, "created_at", request.GET.get("after", ""))
    part = request.htmx and "after" in request.GET
    context = {"page": page, "kinds": [] if part else notices.kinds_of(request.user), "kind": kind}
    return render(request, "access/notification_rows.html" if part else "access/notifications.html", context)


@require_safe
@signed_in
def notification(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Mark one of mine as read and go where it leads."""
    found = _mine(request, pk)
    found.read()
    safe = url_has_allowed_host_and_scheme(found.url, allowed_hosts={request.get_host()})
    return redirect(found.url if found.url and safe else "notifications")


@require_http_methods(["POST", "DELETE"])
@signed_in
def read_notification(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Mark one of mine as read where it stands, or as new again."""
    found = _mine(request, pk)
    found.read() if request.method == "POST" else found.unread()
    if not request.htmx:
        return redirect("notifications")
    found.refresh_from_db(fields=["read_at"])
    return render(request, "access/notification_row.html", {"one": found})


@require_http_methods(["POST", "DELETE"])
@signed_in
def read_notifications(request: SignedInRequest) -> HttpResponseBase:
    """Mark all of mine as read; with DELETE and ?at= those that were read at that moment are new again."""
    if request.method == "DELETE":
        notices.unread_again(request.user, _moment(request.GET.get("at", "")))
        return HttpResponse(status=204)
    if at := notices.read_all(request.user):
        undo = f"{reverse('notifications-read')}?{urlencode({'at': at.isoformat()})}"
        toast(request, _("All read."), undo_url=undo)
    return redirect("notifications")


@require_safe
@signed_in
def place_counts(request: SignedInRequest) -> HttpResponseBase:
    """Say the numbers beside the places as JSON, {address: "3"}; 304 when they are those of the ETag. One query."""
    numbers = counts.of_request(request)
    etag = '"' + ".".join(str(numbers[name]) for name in sorted(numbers)) + '"'
    response = JsonResponse(
        {reverse(name): navigation.bounded(number) for name, number in numbers.items()},
        headers={"ETag": etag, "Cache-Control": "private, no-cache"},
    )
    return get_conditional_response(request, etag=etag, response=response) or response


@require_http_methods(["GET", "POST"])
@signed_in
def notice_settings(request: SignedInRequest) -> HttpResponseBase:
    """Choose what one wants to be told, on which devices, and when the daily mail comes."""
    mine = NoticeSettings.objects.filter(user=request.user).first() or NoticeSettings(user=request.user)
    form = NoticeForm(request.POST if request.method == "POST" else None, instance=mine)
    if request.method == "POST" and form.is_valid():
        digest.choose_time(form.save(commit=False), request.build_absolute_uri("/"))
        toast(request, _("Saved."), tone="good")
        return redirect("notice-settings")
    context = {
        "form": form,
        "mail_is_off": django_settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"),
        **device_context(request),
    }
    return render(request, "access/notice_settings.html", context, status=422 if form.is_bound else 200)


def device_context(request: SignedInRequest, endpoint: str = "") -> dict[str, Any]:
    """What the list of devices shows; `endpoint` is that of the browser that asks."""
    devices = list(request.user.push_subscriptions.order_by("-created_at"))
    return {"devices": devices, "endpoint": endpoint, "push_key": push.public_key()}


def _mine(request: SignedInRequest, pk: int) -> Notification:
    found = Notification.objects.filter(user=request.user, pk=pk).select_related("actor").first()
    if found is None:
        raise Http404("There is no such notification.")
    return found


def _moment(text: str) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Http404("That is no moment.")
    return found
