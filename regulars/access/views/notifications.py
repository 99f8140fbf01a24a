"""What the app tells a colleague."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regulars.access import notices
from regulars.access.door import SignedInRequest, signed_in
from regulars.access.models import Notification
from regulars.access.pages import older
from regulars.lib.toast import toast


@require_safe
@signed_in
def notifications(request: SignedInRequest) -> HttpResponseBase:
    """Show my notifications, the newest first, fifty at a time."""
    mine = Notification.objects.filter(user=request.user).select_related("actor")
    page = older(mine, "created_at", request.GET.get("after", ""))
    part = request.htmx and "after" in request.GET
    return render(request, "access/notification_rows.html" if part else "access/notifications.html", {"page": page})


@require_safe
@signed_in
def notification(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Mark one of mine as read and go where it leads."""
    found = Notification.objects.filter(user=request.user, pk=pk).first()
    if found is None:
        raise Http404("There is no such notification.")
    found.read()
    safe = url_has_allowed_host_and_scheme(found.url, allowed_hosts={request.get_host()})
    return redirect(found.url if found.url and safe else "notifications")


@require_POST
@signed_in
def read_notifications(request: SignedInRequest) -> HttpResponseBase:
    """Mark all of mine as read."""
    if notices.read_all(request.user):
        toast(request, _("All read."))
    return redirect("notifications")
