"""Erasing a person at their request, and handing out all that is known of one."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from regulars.access.door import SignedInRequest, signed_in
from regulars.contacts.actions.erasing import erase_contact
from regulars.contacts.door import get_contact
from regulars.contacts.exporting import export_person
from regulars.contacts.forms.merge import EraseForm
from regulars.lib.toast import toast


@signed_in
@require_http_methods(["GET", "POST"])
def erase(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the name, then erase the person everywhere."""
    contact = get_contact(request.user, pk, to="erase")
    form = EraseForm(request.POST if request.method == "POST" else None, contact=contact)
    if request.method == "GET" or not form.is_valid():
        context = {"contact": contact, "form": form}
        return render(request, "contacts/contact_erase.html", context, status=422 if form.is_bound else 200)
    erase_contact(contact, by=request.user)
    toast(request, _("Erased. Nothing about this person is left."))
    return redirect("/contacts/")


@signed_in
@require_GET
def export_contact(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Answer with everything that is known of a person, as a ZIP."""
    contact = get_contact(request.user, pk)
    if not (request.user.can("export") or request.user.can("erase")):
        raise PermissionDenied("Your role may not export.")
    name = slugify(contact.display_name)[:60] or f"contact-{contact.pk}"
    file = export_person(contact, by=request.user)
    return FileResponse(file, as_attachment=True, filename=f"{name}.zip", content_type="application/zip")
