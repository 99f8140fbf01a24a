"""On which lists somebody stands: put on and taken off from their page."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.access.door import SignedInRequest, signed_in
from regulars.contacts.door import get_contact
from regulars.contacts.models import Contact, Segment
from regulars.contacts.segments.bulk import lists_of
from regulars.lib.text import number_in
from regulars.lib.toast import toast

SHOWN = 50


@signed_in
@require_http_methods(["GET", "POST"])
def contact_lists(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET: the panel. POST: put them on a list."""
    contact = get_contact(request.user, pk, to="view" if request.method == "GET" else "edit")
    if request.method == "POST":
        _list(request, request.POST.get("list", "")).add([contact.pk], by=request.user)
    return _panel(request, contact)


@signed_in
@require_http_methods(["POST", "DELETE"])
def contact_list(request: SignedInRequest, pk: int, segment_pk: int) -> HttpResponse:
    """POST: put them on this list (also undo). DELETE: take them off, with undo."""
    contact = get_contact(request.user, pk, to="edit")
    found = _list(request, str(segment_pk))
    if request.method == "POST":
        found.add([contact.pk], by=request.user)
    elif found.remove([contact.pk]):
        undo = reverse("contact-on-list", args=[pk, segment_pk])
        toast(request, _("Taken off “%(name)s”.") % {"name": found.name}, undo_url=undo, undo_method="POST")
    return _panel(request, contact)


def _list(request: SignedInRequest, pk: str) -> Segment:
    found: Segment | None = lists_of(request.user).filter(pk=number_in(pk)).first()
    if found is None:
        raise Http404("There is no such list.")
    return found


def _panel(request: SignedInRequest, contact: Contact) -> HttpResponse:
    visible = Segment.objects.visible_to(request.user).filter(is_list=True)
    on = visible.filter(members__contact=contact)[:SHOWN]
    can_edit = request.user.can("edit")
    changeable = set(lists_of(request.user).values_list("pk", flat=True))
    others = [one for one in lists_of(request.user)[:SHOWN] if one not in on] if can_edit else []
    rows = [(one, can_edit and one.pk in changeable) for one in on]
    context = {"contact": contact, "rows": rows, "others": others}
    return render(request, "contacts/contact_lists.html", context)
