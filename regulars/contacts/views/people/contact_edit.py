"""Adding and editing a contact."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.access.door import SignedInRequest, can, signed_in
from regulars.access.models import User
from regulars.contacts.actions import EditedMeanwhile, Point, add_company, add_contact, set_addresses
from regulars.contacts.actions.bringing import ReferralLoop
from regulars.contacts.actions.photos import drop_photo, set_photo
from regulars.contacts.door import get_contact
from regulars.contacts.forms.people import ContactForm
from regulars.contacts.models import Company, Contact
from regulars.contacts.records.conflicts import Conflict, keep_theirs, version_to_edit
from regulars.contacts.records.picture import picture_of
from regulars.lib.toast import toast


@can("edit")
@require_http_methods(["GET", "POST"])
def add_contact_page(request: SignedInRequest) -> HttpResponse:
    """Add a person; a name and one way to reach them is enough."""
    if request.method == "GET":
        form = ContactForm(user=request.user)
        form.start_with(request.GET)
        return render(request, "contacts/contact_form.html", {"form": form})
    form = ContactForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return render(request, "contacts/contact_form.html", {"form": form}, status=422)
    added = add_from(form, by=request.user)
    toast(request, _("%(name)s is in the book.") % {"name": added.display_name}, tone="good")
    return redirect(added)


@transaction.atomic
def add_from(form: ContactForm, *, by: User) -> Contact:
    """Add the person that a valid form describes."""
    found = form.for_add()
    tags, changes = found.pop("tags"), form.changes()
    points = [Point(*point) for point in changes["points"]]
    added = add_contact(
        by=by,
        points=points,
        tags=tags,
        company=company_from(form.cleaned_data.get("company"), by=by),
        **found,
    )
    set_addresses(added, changes["addresses"])
    if form.cleaned_data.get("photo"):
        set_photo(added, form.cleaned_data["photo"], by=by)
    return added


def company_from(value: Any, *, by: User) -> Company | None:
    """The company that was picked, or a new one for a name that was typed."""
    return add_company(by=by, display_name=value) if isinstance(value, str) and value else value or None


@signed_in
@require_http_methods(["GET", "POST"])
def edit_contact(request: SignedInRequest, pk: int) -> HttpResponse:
    """Edit a person; the second of two who edit at once sees both versions and chooses."""
    found = get_contact(request.user, pk, to="edit")
    picture = picture_of(found)
    context = {"contact": found}
    if request.method == "GET":
        form = ContactForm(user=request.user, picture=picture, version=found.version, person=found)
        return render(request, "contacts/contact_form.html", {**context, "form": form})
    known = {"picture": picture, "version": found.version, "person": found}
    form = ContactForm(request.POST, request.FILES, user=request.user, **known)
    if not form.is_valid():
        return render(request, "contacts/contact_form.html", {**context, "form": form}, status=422)
    try:
        save_edit(found, form, request.POST, by=request.user)
    except ReferralLoop as loop:  # somebody else closed the circle between the form's look and the writing
        form.add_error("source_contact", str(loop))
        return render(request, "contacts/contact_form.html", {**context, "form": form}, status=422)
    except EditedMeanwhile:
        conflict = Conflict.of(found, form, request.user)
        return render(
            request, "contacts/contact_form.html", {**context, "form": form, "conflict": conflict}, status=409
        )
    toast(request, _("Saved."), tone="good")
    return redirect(found)


@transaction.atomic
def save_edit(contact: Contact, form: ContactForm, post: Any, *, by: User) -> None:
    """Write what a valid form says. Raises EditedMeanwhile, and then nothing was written."""
    changes = keep_theirs(form.changes(), post)
    version = version_to_edit(contact, form)
    if isinstance(changes.get("company"), str):
        company = company_from(changes["company"], by=by)
        changes["company"] = company.pk if company else None
    contact.revise(changes, expected_version=version, by=by)
    if form.cleaned_data.get("photo"):
        set_photo(contact, form.cleaned_data["photo"], by=by)
    elif form.cleaned_data.get("drop_photo"):
        drop_photo(contact, by=by)
