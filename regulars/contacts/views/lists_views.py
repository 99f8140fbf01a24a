"""Saving a list under a name, renaming, updating and removing it."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from regulars.access.door import SignedInRequest, signed_in
from regulars.contacts.lists.saved_views import PAGES, address_of, may_change, save_view, views_of
from regulars.contacts.models import SavedView
from regulars.contacts.views.lists import led_to
from regulars.lib.toast import toast


class SavedViewForm(forms.Form):
    """The name of a view, and whether everyone has it."""

    name = forms.CharField(max_length=80, label=gettext_lazy("Name"))
    is_shared = forms.BooleanField(required=False, label=gettext_lazy("Share it with everyone"))

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]


def _clean_query(text: str) -> str:
    """Return a list's query without its place (cursor, view)."""
    data = QueryDict(text[:8000]).copy()
    for name in ("after", "view"):
        data.pop(name, None)
    return data.urlencode()


@signed_in
@require_http_methods(["GET", "POST"])
def add_saved_view(request: SignedInRequest, host: str) -> HttpResponse:
    """The dialog that saves a list; a POST saves it and leads to it. Parameters may stand in the address (undo)."""
    may_share = request.user.can("share")
    if request.method == "GET":
        form = SavedViewForm(may_share=may_share)
        context = {"form": form, "query": _clean_query(request.GET.urlencode()), "host": host}
        return render(request, "contacts/contacts_view.html", context)
    data = request.POST if "name" in request.POST else request.GET
    form = SavedViewForm(data, may_share=may_share)
    query = _clean_query(data.get("query", ""))
    if not form.is_valid():
        context = {"form": form, "query": query, "host": host}
        return render(request, "contacts/contacts_view.html", context, status=422)
    shared = form.cleaned_data.get("is_shared", False)
    view = save_view(by=request.user, host=host, name=form.cleaned_data["name"], query=query, is_shared=shared)
    toast(request, _("Saved as “%(name)s”.") % {"name": view.name})
    return led_to(address_of(view))


@signed_in
@require_http_methods(["GET", "POST", "PUT", "DELETE"])
def change_saved_view(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET: the dialog to rename and share. POST: rename. PUT: keep the list as it is now. DELETE: remove, with undo."""
    view = views_of(request.user).filter(pk=pk).first()
    if view is None:
        raise Http404("There is no such view.")
    if not may_change(view, request.user):
        raise PermissionDenied("Only its owner or a manager may change this view.")
    if request.method == "DELETE":
        return _remove(request, view)
    if request.method == "PUT":
        return _update(request, view)
    return _rename(request, view)


def _rename(request: SignedInRequest, view: SavedView) -> HttpResponse:
    initial = {"name": view.name, "is_shared": view.is_shared}
    sent = request.POST if request.method == "POST" else None
    form = SavedViewForm(sent, initial=initial, may_share=request.user.can("share"))
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        taken = SavedView.objects.filter(owner=view.owner, host=view.host, name=name).exclude(pk=view.pk)
        if taken.exists():
            form.add_error("name", _("There is a view of this name already."))
        else:
            view.name, view.is_shared = name, form.cleaned_data.get("is_shared", view.is_shared)
            view.save(update_fields=["name", "is_shared"])
            return led_to(address_of(view))
    status = 422 if request.method == "POST" else 200
    return render(
        request, "contacts/contacts_view.html", {"form": form, "view": view, "host": view.host}, status=status
    )


def _update(request: SignedInRequest, view: SavedView) -> HttpResponse:
    view.query = {"query": _clean_query(request.GET.urlencode())}
    view.save(update_fields=["query"])
    toast(request, _("“%(name)s” now shows this list.") % {"name": view.name})
    return led_to(address_of(view))


def _remove(request: SignedInRequest, view: SavedView) -> HttpResponse:
    again = {"name": view.name, "query": view.query.get("query", "")}
    if view.is_shared:
        again["is_shared"] = "on"
    view.delete()
    undo = f"{reverse('saved-view-add' if view.host == 'contact' else 'company-view-add')}?{urlencode(again)}"
    toast(request, _("“%(name)s” is removed.") % {"name": view.name}, undo_url=undo, undo_method="POST")
    return led_to(reverse(PAGES[view.host]))
