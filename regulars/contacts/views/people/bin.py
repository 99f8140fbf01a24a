"""The bin: throwing away, taking back, looking into it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from regulars.access.door import SignedInRequest, require, signed_in
from regulars.access.models import User
from regulars.contacts.actions.binning import KEPT_FOR, bin_holder, restore_holder
from regulars.contacts.door import get_company, get_contact
from regulars.contacts.models import Company, Contact, Involvement
from regulars.lib.keyset import by, read_page
from regulars.lib.toast import toast
from regulars.timeline.models import Entry

PARTS = ("people", "companies", "moments")


@signed_in
@require_http_methods(["POST", "DELETE"])
def bin_contact(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move a contact to the bin (POST) or take it out again (DELETE)."""
    if request.method == "DELETE":
        return _restore(request, get_binned(request.user, Contact, pk))
    return _bin(request, get_contact(request.user, pk, to="delete"), "contact-bin", "/contacts/")


@signed_in
@require_http_methods(["POST", "DELETE"])
def bin_company(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move a company to the bin (POST) or take it out again (DELETE)."""
    if request.method == "DELETE":
        return _restore(request, get_binned(request.user, Company, pk))
    return _bin(request, get_company(request.user, pk, to="delete"), "company-bin", "/companies/")


def get_binned(user: User, model: Any, pk: int) -> Any:
    """Return a record in the bin that `user` may restore. Raises Http404 and PermissionDenied like the door."""
    found = model.objects.in_bin(user).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such record in the bin.")
    require(user, "delete")
    return found


def _bin(request: SignedInRequest, holder: Any, name: str, leads_to: str) -> HttpResponse:
    bin_holder(holder, by=request.user)
    undo = reverse(name, args=[holder.pk])
    text = _("%(name)s is in the bin for 30 days.") % {"name": holder.display_name}
    toast(request, text, undo_url=undo, undo_next=holder.get_absolute_url())
    if not request.htmx:
        return redirect(leads_to)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = leads_to
    return answer


def _restore(request: SignedInRequest, holder: Any) -> HttpResponse:
    restore_holder(holder, by=request.user)
    url = holder.get_absolute_url()
    text = _("%(name)s is back.") % {"name": holder.display_name}
    toast(request, text, tone="good", link_url=url, link_text=_("Open"))
    return HttpResponse("")


@signed_in
@require_GET
def show_bin(request: SignedInRequest, part: str = "people") -> HttpResponse:
    """What is in the bin, the newest first: people, companies or removed moments."""
    require(request.user, "delete")
    page = read_page(_rows(request.user, part), by(_column(part), descending=True), request.GET.get("after", ""))
    found = _model(part).objects.in_bulk(page.ids)
    rows = [found[pk] for pk in page.ids if pk in found]
    if part == "moments":
        name_moments(rows, request.user)
    following = f"{reverse('bin', args=[part])}?after={page.next}" if page.next else ""
    context = {"rows": rows, "part": part, "parts": PARTS, "next_url": following, "days": KEPT_FOR.days}
    alone = request.htmx and request.GET.get("after")
    return render(request, "contacts/bin_rows.html" if alone else "contacts/bin.html", context)


def _model(part: str) -> Any:
    return {"people": Contact, "companies": Company, "moments": Entry}[part]


def _column(part: str) -> str:
    return "removed_at" if part == "moments" else "binned_at"


def _rows(user: User, part: str) -> Any:
    if part == "moments":
        seen = Involvement.objects.visible_to(user).values("entry")
        return Entry.objects.exclude(removed_at=None).filter(pk__in=seen)
    return _model(part).objects.in_bin(user)


def name_moments(entries: list[Any], user: User) -> None:
    """Say on each removed entry whom it was about, as far as `user` may know of them."""
    links = Involvement.objects.visible_to(user).filter(entry__in=entries, is_implied=False)
    names: dict[int, list[str]] = {}
    for link in links.select_related("contact", "company"):
        names.setdefault(link.entry_id, []).append(str(link.contact or link.company))
    for entry in entries:
        entry.about = ", ".join(names.get(entry.pk, []))
