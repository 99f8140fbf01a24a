"""Connected shops and tills: the list, one of them with its events, and what can be done with it."""

import time

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.access.door import SignedInRequest, can
from regulars.access.models.audit import audit
from regulars.lib.toast import toast
from regulars.orders.forms.connections import ConnectionForm
from regulars.orders.hooks import working
from regulars.orders.hooks.connection_words import is_reachable, state_of
from regulars.orders.hooks.event_list import EventList, shown, toned
from regulars.orders.hooks.kinds import KINDS
from regulars.orders.models import Connection, HookEvent

AT_MOST = 50  # connections
NEAR = 20  # other events of one order


def get_connection(pk: int) -> Connection:
    """Return a connection that nobody removed. Raises Http404."""
    found: Connection = get_object_or_404(Connection.objects.kept(), pk=pk)
    return found


@require_GET
@can("settings")
def connections(request: SignedInRequest) -> HttpResponse:
    """List the shops that tell us of their orders, and those that could."""
    failed = HookEvent.objects.filter(connection=OuterRef("pk"), status=HookEvent.Status.FAILED)
    found = Connection.objects.kept().annotate(has_failed=Exists(failed))[: AT_MOST + 1]
    lines = [(one, KINDS[one.kind], state_of(one)) for one in found]
    context = {"lines": lines, "kinds": KINDS.values(), "is_full": len(lines) > AT_MOST}
    return render(request, "orders/connections.html", context)


@require_POST
@can("settings")
def add_connection(request: SignedInRequest, kind: str) -> HttpResponse:
    """Make a connection; its page shows the address and asks for the secret."""
    if kind not in KINDS:
        raise Http404("There is no such kind of shop.")
    if Connection.objects.kept().count() >= AT_MOST:
        toast(request, _("These are many shops. Remove one first."), tone="risk")
        return redirect("connections")
    return redirect(Connection.make(kind, _free_name(str(KINDS[kind].label)), by=request.user))


def _free_name(wanted: str) -> str:
    """Return `wanted`, with a number behind it where a connection is called so already."""
    taken = set(Connection.objects.kept().values_list("name", flat=True))
    return next(name for n in range(1, len(taken) + 2) if (name := wanted if n == 1 else f"{wanted} {n}") not in taken)


@require_http_methods(["GET", "POST"])
@can("settings")
@never_cache
def connection(request: SignedInRequest, pk: int) -> HttpResponse:
    """One connection: its address, what to do in the shop, its newest events; POST takes name and secret."""
    found = get_connection(pk)
    form = ConnectionForm(request.POST if request.method == "POST" else None, connection=found)
    if request.method == "POST" and form.is_valid():
        found.revise(form.cleaned_data["name"], form.cleaned_data["secret"], by=request.user)
        toast(request, _("Saved."), tone="good")
        return redirect(found)
    address = request.build_absolute_uri(found.hook_path)
    context = {
        "connection": found,
        "kind": KINDS[found.kind],
        "state": state_of(found),
        "form": form,
        "address": address,
        "is_reachable": is_reachable(address),
        "listed": EventList(request.GET, found),
    }
    return render(request, "orders/connection.html", context, status=422 if form.is_bound else 200)


@require_GET
@can("settings")
def hook_events(request: SignedInRequest, pk: int) -> HttpResponse:
    """The events of a connection, newest first; htmx gets the next page."""
    found = get_connection(pk)
    context = {"connection": found, "listed": EventList(request.GET, found)}
    is_more = request.htmx and "after" in request.GET
    return render(request, "orders/hook_event_rows.html" if is_more else "orders/hook_events.html", context)


@require_POST
@can("settings")
@never_cache
def test_connection(request: SignedInRequest, pk: int) -> JsonResponse:
    """Sign a sample for the browser to send to the real address, as the shop would."""
    found = get_connection(pk)
    if not found.is_readable:
        return JsonResponse({"problem": _("Save the secret first.")}, status=422)
    address = request.build_absolute_uri(found.hook_path)
    sample = KINDS[found.kind].sample(found.secrets()[0], address, time.time())
    audit("tested", by=request.user, kind="connection", object_id=found.pk, title=found.name)
    return JsonResponse({"url": address, "body": sample.body.decode(), "headers": sample.headers})


@require_http_methods(["POST", "DELETE"])
@can("settings")
def switch_off_connection(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Let no event in (POST), or let them in again (DELETE, or POST with “on”)."""
    found = get_connection(pk)
    if request.method == "DELETE" or "on" in request.POST:
        if found.switch_on(by=request.user):
            toast(request, _("%s is on: events come in again.") % found.name, tone="good")
    elif found.switch_off(by=request.user):
        toast(request, _("%s is off: its events are turned away now.") % found.name, undo_url=request.path)
    return HttpResponse(status=204) if request.method == "DELETE" else redirect(found)


@require_http_methods(["POST", "DELETE"])
@can("settings")
def remove_connection(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Take a connection away (POST), or bring it back (DELETE)."""
    found = get_object_or_404(Connection, pk=pk)
    if request.method == "DELETE":
        if found.bring_back(by=request.user):
            toast(request, _("%s is back.") % found.name, tone="good")
        return HttpResponse(status=204)
    if found.remove(by=request.user):
        back = reverse("connection", args=[pk])
        toast(request, _("%s is removed. Its orders stay.") % found.name, undo_url=request.path, undo_next=back)
    return redirect("connections")


@require_POST
@can("settings")
def replay_events(request: SignedInRequest, pk: int) -> HttpResponse:
    """Work again on all events of a connection that failed, or that were not understood."""
    found = get_connection(pk)
    status = request.POST.get("status", "failed")
    wanted = (status,) if status in (HookEvent.Status.FAILED, HookEvent.Status.UNKNOWN) else ()
    count = HookEvent.replay_all(found, wanted, by=request.user) if wanted else 0
    transaction.on_commit(working.wake)
    words = ngettext("%d event is tried again.", "%d events are tried again.", count) % count
    toast(request, words if count else _("There is nothing to try again."))
    return redirect("hook-events", pk)


@require_GET
@can("settings")
def hook_event(request: SignedInRequest, pk: int) -> HttpResponse:
    """One event: what it said, and what became of it."""
    found = get_event(pk)
    others = HookEvent.objects.filter(connection=found.connection_id, order_key=found.order_key).exclude(pk=pk)
    near = others.defer("body", "headers").order_by("-received_at", "-pk")[:NEAR] if found.order_key else []
    context = {
        "event": toned(found),
        "shown": shown(found),
        "connection": found.connection,
        "order": found.order,
        "others": [toned(one) for one in near],
    }
    return render(request, "orders/hook_event.html", context)


@require_POST
@can("settings")
def replay_event(request: SignedInRequest, pk: int) -> HttpResponse:
    """Work on one event again."""
    found = get_event(pk)
    if found.replay(by=request.user):
        transaction.on_commit(working.wake)
        toast(request, _("It is tried again."), tone="good")
    else:
        toast(request, _("It can’t be tried again: it is waiting, or its text is gone."))
    return redirect(found)


def get_event(pk: int) -> HookEvent:
    """Return an event of a connection that nobody removed. Raises Http404."""
    kept = HookEvent.objects.filter(connection__removed_at=None).select_related("connection", "order")
    found: HookEvent = get_object_or_404(kept, pk=pk)
    return found
