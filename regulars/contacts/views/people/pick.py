"""Picking a person, company or tag by typing part of its name: the answers of comboboxes."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from regulars.access.door import SignedInRequest, signed_in
from regulars.contacts.finding import matching
from regulars.contacts.models import Company, Contact, Tag
from regulars.contacts.models.names import split_name
from regulars.lib.search import Query
from regulars.lib.text import digits

SHOWN = 8


@signed_in
@require_GET
def pick_contact(request: SignedInRequest) -> HttpResponse:
    """People whose names begin with the typed words."""
    people = named(Contact, "contact", request)
    return render(request, "contacts/pick_contact.html", {"people": people})


@signed_in
@require_GET
def pick_company(request: SignedInRequest, prefix: str = "") -> HttpResponse:
    """Companies whose names begin with the typed words. `prefix` stands before the ids where a name may be typed."""
    context = {"companies": named(Company, "company", request), "prefix": prefix}
    return render(request, "contacts/pick_company.html", context)


@signed_in
@require_GET
def pick_tag(request: SignedInRequest) -> HttpResponse:
    """Tags that contain the typed letters."""
    text = request.GET.get("q", "").strip().lstrip("#")[:60]
    tags = Tag.objects.filter(name__icontains=text)[:SHOWN] if text else Tag.objects.all()[:SHOWN]
    return render(request, "contacts/pick_tag.html", {"tags": tags})


def named(model: Any, link: matching.Link, request: SignedInRequest) -> list[Any]:
    """Records that the typed words mean, mine first; without words those touched last. All visible to the user."""
    user, text = request.user, request.GET.get("q", "").strip()[:100]
    apart = int(digits(request.GET.get("except", ""))[:18] or 0)
    query, parts = Query(text), split_name(text)
    if not text:
        return list(model.objects.visible_to(user).exclude(pk=apart).order_by("-touched_at")[:SHOWN])
    ids = matching.by_name(user, parts, link, SHOWN + 1)
    if not ids:
        points = matching.by_digits if query.is_number else matching.by_address
        ids = points(user, query, SHOWN + 1)[link] or matching.by_misspelt_name(user, parts, link, SHOWN + 1)
    found = model.objects.visible_to(user).in_bulk([pk for pk in ids if pk != apart])
    return [found[pk] for pk in ids if pk in found][:SHOWN]
