"""Timelines, single moments and the Brief as pages and fragments."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from regulars.access.door import SignedInRequest, signed_in
from regulars.contacts.actions.adding import Holder
from regulars.contacts.brief.reading import build_brief
from regulars.contacts.door import get_company, get_contact
from regulars.contacts.models import Involvement
from regulars.contacts.moments import get_moment, holders_of
from regulars.contacts.timeline import Filters, draw_lines, filter_choices, timeline_page


@require_GET
@signed_in
def contact_timeline(request: SignedInRequest, pk: int) -> HttpResponse:
    """A page of a person's timeline: rows for htmx, the whole page otherwise."""
    return _timeline(request, get_contact(request.user, pk, alone=bool(request.htmx)))


@require_GET
@signed_in
def company_timeline(request: SignedInRequest, pk: int) -> HttpResponse:
    """A page of a company's timeline, which is made of its people's."""
    return _timeline(request, get_company(request.user, pk))


def _timeline(request: SignedInRequest, holder: Holder) -> HttpResponse:
    filters, after = Filters.read(request.GET), request.GET.get("after", "")
    page = timeline_page(holder, request.user, after, filters)
    context: dict[str, Any] = {"timeline": page, "holder": holder, "request_on": page.on}
    if request.htmx and not page.is_first:
        return render(request, "contacts/timeline_rows.html", context)
    context["choices"] = filter_choices(holder, request.user, filters)
    return render(request, "contacts/timeline.html" if request.htmx else "contacts/timeline_page.html", context)


@require_GET
@signed_in
def moment(request: SignedInRequest, pk: int) -> HttpResponse:
    """One moment on a page of its own, with everyone it concerns."""
    entry = get_moment(request.user, pk)
    holders = holders_of(Involvement.objects.filter(entry=entry, is_implied=False).visible_to(request.user))
    (line,) = draw_lines([entry], request.user)
    return render(request, "contacts/moment.html", {"line": line, "holders": holders, "entry": entry})


@require_GET
@signed_in
def brief(request: SignedInRequest, pk: int) -> HttpResponse:
    """The Brief on a page of its own, for a phone in the hand or on paper."""
    contact = get_contact(request.user, pk)
    context = {"contact": contact, "brief": build_brief(contact, request.user)}
    return render(request, "contacts/brief.html", context)


@require_GET
@signed_in
def brief_card(request: SignedInRequest, pk: int) -> HttpResponse:
    """The Brief as a card, fetched again after something was logged."""
    contact = get_contact(request.user, pk)
    context = {"contact": contact, "brief": build_brief(contact, request.user)}
    return render(request, "contacts/brief_card.html", context)
