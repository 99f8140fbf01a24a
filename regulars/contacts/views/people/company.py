"""The page of a company, and adding and editing one."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from regulars.access.door import SignedInRequest, can, signed_in
from regulars.access.models import User
from regulars.access.models.audit import audit_view
from regulars.contacts.actions import EditedMeanwhile, Point, add_company, set_addresses
from regulars.contacts.company_page import CompanyPage
from regulars.contacts.door import get_company
from regulars.contacts.forms.people import CompanyForm
from regulars.contacts.models import Company
from regulars.contacts.records.conflicts import Conflict, keep_theirs, version_to_edit
from regulars.contacts.records.merged import moved_to
from regulars.contacts.records.picture import picture_of
from regulars.contacts.timeline import Filters, filter_choices, timeline_page
from regulars.contacts.views.people.contact import may
from regulars.contacts.views.people.contact_edit import company_from
from regulars.lib.toast import toast


@signed_in
@require_GET
def company(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show everything about a company; one that was merged leads to what it is now."""
    try:
        found = get_company(request.user, pk)
    except Http404:
        if moved := moved_to(Company, pk, request.user):
            return HttpResponseRedirect(moved.get_absolute_url())
        raise
    audit_view(request.user, "company", found.pk, found.display_name)
    filters = Filters()
    context: dict[str, Any] = {
        "company": found,
        "holder": found,
        "page": CompanyPage(found, request.user, request.organisation),
        "may_edit": request.user.can("edit"),
        "may_log": request.user.can("log"),
        "may": may(request),
        "timeline": timeline_page(found, request.user, "", filters),
        "choices": filter_choices(found, request.user, filters),
    }
    return render(request, "contacts/company.html", context)


@can("edit")
@require_http_methods(["GET", "POST"])
def add_company_page(request: SignedInRequest) -> HttpResponse:
    """Add a company."""
    if request.method == "GET":
        form = CompanyForm(user=request.user)
        form.start_with(request.GET)
        return render(request, "contacts/company_form.html", {"form": form})
    form = CompanyForm(request.POST, user=request.user)
    if not form.is_valid():
        return render(request, "contacts/company_form.html", {"form": form}, status=422)
    added = add_from(form, by=request.user)
    toast(request, _("%(name)s is in the book.") % {"name": added.display_name}, tone="good")
    return redirect(added)


@transaction.atomic
def add_from(form: CompanyForm, *, by: User) -> Company:
    """Add the company that a valid form describes."""
    data, changes = form.cleaned_data, form.changes()
    plain = ("display_name", "domain", "industry", "size", "stage", "owner", "team", "visibility")
    custom = {k.removeprefix("custom:"): v for k, v in changes.items() if k.startswith("custom:") and v is not None}
    added = add_company(
        by=by,
        points=[Point(*point) for point in changes["points"]],
        tags=changes["tags"],
        parent=company_from(data.get("parent"), by=by),
        custom=custom,
        **{name: data[name] for name in plain},
    )
    set_addresses(added, changes["addresses"])
    return added


@signed_in
@require_http_methods(["GET", "POST"])
def edit_company(request: SignedInRequest, pk: int) -> HttpResponse:
    """Edit a company; the second of two who edit at once sees both versions and chooses."""
    found = get_company(request.user, pk, to="edit")
    state = {"picture": picture_of(found), "version": found.version, "pk": found.pk}
    context = {"company": found}
    if request.method == "GET":
        return render(
            request,
            "contacts/company_form.html",
            {**context, "form": CompanyForm(user=request.user, **state)},
        )
    form = CompanyForm(request.POST, user=request.user, **state)
    if not form.is_valid():
        return render(request, "contacts/company_form.html", {**context, "form": form}, status=422)
    try:
        save_edit(found, form, request.POST, by=request.user)
    except EditedMeanwhile:
        conflict = Conflict.of(found, form, request.user)
        return render(
            request, "contacts/company_form.html", {**context, "form": form, "conflict": conflict}, status=409
        )
    toast(request, _("Saved."), tone="good")
    return redirect(found)


@transaction.atomic
def save_edit(company: Company, form: CompanyForm, post: Any, *, by: User) -> None:
    """Write what a valid form says. Raises EditedMeanwhile, and then nothing was written."""
    changes = keep_theirs(form.changes(), post)
    version = version_to_edit(company, form)
    if isinstance(changes.get("parent"), str):
        parent = company_from(changes["parent"], by=by)
        changes["parent"] = parent.pk if parent else None
    company.revise(changes, expected_version=version, by=by)
