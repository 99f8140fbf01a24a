"""The browsers of a colleague that are told even when Regulars is closed."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regulars.access import push
from regulars.access.door import SignedInRequest, signed_in
from regulars.access.models import PushSubscription
from regulars.access.notice_forms import DeviceForm
from regulars.access.views.notifications import device_context
from regulars.lib.toast import toast


@require_POST
@signed_in
def devices(request: SignedInRequest) -> HttpResponseBase:
    """Keep the browser that asks as one that is told; answers with the list of devices."""
    form = DeviceForm(request.POST)
    if not form.is_valid():
        context = {**device_context(request), "problem": _("This browser gave an address we can’t send to.")}
        return render(request, "access/notice_devices.html", context, status=422)
    push.subscribe(
        request.user,
        **form.cleaned_data,
        device=push.device_name(request.headers.get("User-Agent", "")),
        session_key=request.session.session_key or "",
    )
    context = device_context(request, form.cleaned_data["endpoint"])
    return render(request, "access/notice_devices.html", context)


@require_http_methods(["DELETE"])
@signed_in
def device(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Tell one of my devices nothing more; answers with those that are left."""
    _mine(request, pk).delete()
    return render(request, "access/notice_devices.html", device_context(request, request.GET.get("endpoint", "")))


@require_POST
@signed_in
def try_device(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Send a first message to one of my devices, and say whether its push service took it."""
    message = {"title": "Regulars", "body": _("Notifications reach this device."), "url": "/", "tag": "trying"}
    if push.send(_mine(request, pk), message):
        toast(request, _("Sent. It shows up in a moment."), tone="good")
    else:
        toast(request, _("That device could not be reached. Switch it off and on again there."), tone="risk")
    return render(request, "access/notice_devices.html", device_context(request, request.GET.get("endpoint", "")))


def _mine(request: SignedInRequest, pk: int) -> PushSubscription:
    found = PushSubscription.objects.filter(user=request.user, pk=pk).first()
    if found is None:
        raise Http404("There is no such device.")
    return found
