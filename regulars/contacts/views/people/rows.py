"""What hangs on a contact, added, edited and removed in place: one pair of views for all kinds of rows."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from regulars.access.door import SignedInRequest, require, signed_in
from regulars.access.models import Operation
from regulars.access.models.audit import audit
from regulars.contacts.actions import mirror_main_employment, touch
from regulars.contacts.door import get_contact
from regulars.contacts.forms import rows as forms
from regulars.contacts.models import (
    Address,
    Consent,
    Contact,
    ContactPoint,
    Employment,
    Fact,
    ImportantDate,
    Opener,
    Relationship,
)
from regulars.contacts.records import removals
from regulars.contacts.records.picture import Picture, picture_of
from regulars.contacts.views.people.contact import page_context
from regulars.lib.toast import toast


@dataclass(frozen=True)
class RowKind:
    """One kind of row: its model and form, the part of the page that shows it, and its name."""

    model: Any
    form: Any
    section: str
    title: str | Promise


KINDS = {
    "points": RowKind(ContactPoint, forms.PointRowForm, "reach", gettext_lazy("A way to reach them")),
    "addresses": RowKind(Address, forms.AddressRowForm, "reach", gettext_lazy("Address")),
    "consents": RowKind(Consent, forms.ConsentForm, "reach", gettext_lazy("Consent")),
    "facts": RowKind(Fact, forms.FactForm, "about", gettext_lazy("Worth remembering")),
    "openers": RowKind(Opener, forms.OpenerForm, "openers", gettext_lazy("Ask next time")),
    "dates": RowKind(ImportantDate, forms.DateForm, "dates", gettext_lazy("Important date")),
    "relationships": RowKind(Relationship, forms.RelationshipForm, "around", gettext_lazy("Somebody around them")),
    "companies": RowKind(Employment, forms.EmploymentForm, "companies", gettext_lazy("Company")),
}


def find_row(request: SignedInRequest, contact: Contact, kind: str, row: int) -> Any:
    """Return a row of `contact`, or raise Http404; a tie to somebody hidden does not exist."""
    rows = KINDS[kind].model.objects.all()
    if kind == "relationships":
        found = rows.filter(contact=contact, pk=row).first() or rows.filter(other=contact, pk=row).first()
        if found is None:
            raise Http404("There is no such row.")
        get_contact(request.user, found.other_than(contact).pk)
        return found
    return get_object_or_404(rows, contact=contact, pk=row)


@signed_in
@require_http_methods(["GET", "POST"])
def add_row(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """Add a row: the form on GET, the part of the page with it on POST."""
    return _serve(request, get_contact(request.user, pk, to="edit"), kind, None)


@signed_in
@require_http_methods(["GET", "POST", "DELETE"])
def row(request: SignedInRequest, pk: int, kind: str, row: int) -> HttpResponse:
    """Edit a row, or remove it with Undo."""
    contact = get_contact(request.user, pk, to="edit")
    found = find_row(request, contact, kind, row)
    if request.method == "DELETE":
        remove(request, contact, kind, found)
        return draw(request, contact, kind)
    return _serve(request, contact, kind, found)


def _serve(request: SignedInRequest, contact: Contact, kind: str, found: Any) -> HttpResponse:
    spec = KINDS[kind]
    before = str(found) if found else ""
    form = spec.form(request.POST if request.method == "POST" else None, contact=contact, user=request.user, row=found)
    if request.method == "POST" and form.is_valid() and save(form):
        note(request, contact, kind, before, str(form.instance) if hasattr(form, "instance") else "")
        toast(request, _("Saved."), tone="good")
        return draw(request, contact, kind)
    context = {"contact": contact, "kind": kind, "spec": spec, "form": form, "row": found}
    answer = render(request, "contacts/row_form.html", context, status=422 if form.is_bound else 200)
    if form.is_bound:
        answer["HX-Retarget"], answer["HX-Reswap"] = f"#row-form-{kind}", "outerHTML"
    return answer


def save(form: Any) -> bool:
    """Write a valid form; False when the database knows better, with the reason on the form."""
    try:
        form.save_row()
    except ValidationError as problem:
        form.add_error(None, problem)
        return False
    return True


def note(request: SignedInRequest, contact: Contact, kind: str, before: str, after: str) -> None:
    """Move the contact to the top of the recent ones and audit the change; points and addresses did so themselves."""
    if kind in ("points", "addresses"):
        return
    touch([contact], timezone.now())
    Contact.objects.filter(pk=contact.pk).update(version=F("version") + 1)  # undoing an import must not take it away
    audit(
        "changed",
        by=request.user,
        kind="contact",
        object_id=contact.pk,
        title=contact.display_name,
        changes={kind: [before, after]},
    )


@transaction.atomic
def remove(request: SignedInRequest, contact: Contact, kind: str, found: Any) -> None:
    """Take a row off the contact and offer Undo."""
    title = str(found)
    if kind in ("points", "addresses"):
        picture = {kind: picture_of(contact)[kind]}
        KINDS[kind].form(contact=contact, user=request.user, row=found).remove()
        operation = keep_picture(contact, picture, title, request)
    else:
        operation = removals.remove_row(found, title=title, by=request.user, about={"contact": contact.pk})
        if kind == "companies":
            mirror_main_employment(contact)
        note(request, contact, kind, title, "")
    text = _("Removed: %(what)s") % {"what": title[:80]}
    toast(request, text, undo_url=reverse("removal", args=[operation.pk]))


def keep_picture(contact: Contact, picture: Picture, title: str, request: SignedInRequest) -> Operation:
    """Remember the points or addresses as they were, as a removal that Undo writes back."""
    return removals.keep_picture(contact, picture, title=title, by=request.user)


def draw(request: SignedInRequest, contact: Contact, kind: str) -> HttpResponse:
    """Answer with the part of the page that shows rows of this kind."""
    section = KINDS[kind].section
    fresh = get_contact(request.user, contact.pk)
    answer = render(request, f"contacts/section_{section}.html", page_context(request, fresh))
    answer["HX-Retarget"], answer["HX-Reswap"] = f"#section-{section}", "outerHTML"
    # The Brief draws itself again; an answer to an opener may stand on the timeline, too.
    answer["HX-Trigger"] = "brief-changed, moment-changed" if section == "openers" else "brief-changed"
    return answer


@signed_in
@require_http_methods(["DELETE"])
def undo_removal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Bring back what was removed, within 30 days."""
    operation = get_object_or_404(Operation, pk=pk, kind=removals.KIND)
    contact = get_contact(request.user, operation.state.get("contact", 0), to="edit")
    require(request.user, "edit")
    if not removals.undo_now(operation, by=request.user):
        toast(request, _("This was brought back already, or it is too long ago."), tone="risk")
        return HttpResponse(status=204)
    mirror_main_employment(contact)
    note(request, contact, "undone", "", operation.title)
    toast(request, _("Back again: %(what)s") % {"what": operation.title[:80]}, tone="good")
    return HttpResponse(status=204)
