"""The page of a contact, and the parts of it that are drawn alone."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from regulars.access.door import SignedInRequest, signed_in
from regulars.access.models.audit import audit_view
from regulars.contacts.brief.reading import build_brief
from regulars.contacts.door import get_contact
from regulars.contacts.models import Contact, Rhythm
from regulars.contacts.page import ContactPage
from regulars.contacts.records.merged import moved_to
from regulars.contacts.timeline import Filters, filter_choices, timeline_page

SECTIONS = ("reach", "about", "openers", "dates", "around", "companies", "details")


@signed_in
@require_GET
def contact(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show everything about a contact; somebody who was merged leads to who they are now."""
    try:
        found = get_contact(request.user, pk)
    except Http404:
        if moved := moved_to(Contact, pk, request.user):
            return HttpResponseRedirect(moved.get_absolute_url())
        raise
    audit_view(request.user, "contact", found.pk, found.display_name)
    filters = Filters()
    context = page_context(request, found)
    brief = build_brief(found, request.user, context["page"])
    context |= {
        "holder": found,
        "brief": brief,
        "may": may(request),
        "overdue": overdue_words(brief.rhythm),
        "timeline": timeline_page(found, request.user, "", filters),
        "choices": filter_choices(found, request.user, filters),
    }
    return render(request, "contacts/contact.html", context)


def may(request: SignedInRequest) -> dict[str, bool]:
    """What this colleague's role may do with a record, for the menus."""
    user = request.user
    found = {name: user.can(name) for name in ("merge", "delete", "erase")}
    return found | {"export": user.can("export") or user.can("erase")}


def overdue_words(rhythm: Rhythm | None) -> str:
    """Return "Overdue by 12 days", measured against their own rhythm, or ""."""
    days = rhythm.overdue_by(timezone.localdate()) if rhythm else 0
    return ngettext("Overdue by %(days)d day", "Overdue by %(days)d days", days) % {"days": days} if days else ""


def page_context(request: SignedInRequest, found: Contact) -> dict[str, Any]:
    """What the templates of the page and its parts need."""
    page = ContactPage(found, request.user, request.organisation)
    return {
        "contact": found,
        "page": page,
        "may_edit": request.user.can("edit"),
        "may_log": request.user.can("log"),
    }


@signed_in
@require_GET
def contact_section(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """Draw one part of the side column again, e.g. after an edit was given up."""
    found = get_contact(request.user, pk)
    return render(request, f"contacts/section_{name}.html", page_context(request, found))
